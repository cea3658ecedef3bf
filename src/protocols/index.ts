/** Every protocol, in the order a reader would look for them. Adding one is a line here and a module beside this file. */
import { data } from './data.ts'
import { ethernet } from './ethernet.ts'
import type { Field } from './field.ts'
import { register } from './handoff.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'
import { llc } from './llc.ts'
import { type Decode, type Protocol, protocolCount } from './protocol.ts'
import { tcp } from './tcp.ts'
import { udp } from './udp.ts'
import { unknownLink } from './unknown-link.ts'

export const protocols: readonly Protocol[] = [
  // Link layer
  ethernet,
  llc,
  unknownLink,
  // Network layer
  ipv4,
  ipv6,
  // Transport layer
  tcp,
  udp,
  // What nothing decodes
  data,
]

/** Decoders by protocol number. */
export const decoders: Decode[] = new Array(protocolCount())
  .fill(null)
  .map((_, id) => protocols.find((p) => p.id === id)?.decode ?? missing)

function missing(): never {
  throw new Error('a protocol has a number but is not in the list of protocols')
}

for (const protocol of protocols) register(protocol)

/** The protocol of a number. */
export const protocolById: readonly (Protocol | undefined)[] = Array.from({ length: protocolCount() }, (_, id) =>
  protocols.find((p) => p.id === id),
)

/** The protocol and the declaration of a field name, or undefined. */
export function findField(name: string): { protocol: Protocol; field: Field } | undefined {
  for (const protocol of protocols)
    for (const field of protocol.fields) if (field.name === name) return { protocol, field }
  return undefined
}
