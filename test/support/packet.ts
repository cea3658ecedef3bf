/** Packets for unit tests: decoded from octets written out in the test. */
import { Packet, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { decode } from '../../src/protocols/decode.ts'
import type { Field } from '../../src/protocols/field.ts'
import { protocols } from '../../src/protocols/index.ts'
import { formatStack } from '../../src/protocols/stack.ts'

export interface PacketOptions {
  /** Octets on the wire; as many as were captured if not given. */
  originalLength?: number
  /** What stands behind the packet's octets, where no decoder may read. */
  filler?: number
  /** Shared by packets that carry fragments of one datagram. */
  reassembler?: Reassembler
}

/** Octets from hexadecimal digits; white space is ignored. */
export function octets(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ''), 'hex'))
}

/** A packet of one record, decoded. */
export function packetOf(linkType: number, bytes: Uint8Array | string, options: PacketOptions = {}): Packet {
  const data = typeof bytes === 'string' ? octets(bytes) : bytes
  const packet = new Packet()
  packet.bytes = new Uint8Array(data.length + SCRATCH_LENGTH)
  packet.bytes.fill(options.filler ?? 0xa5)
  packet.bytes.set(data)
  packet.scratch = data.length
  packet.number = 1
  packet.capturedLength = data.length
  packet.originalLength = options.originalLength ?? data.length
  packet.linkType = linkType
  packet.reassembler = options.reassembler ?? new Reassembler()
  decode(packet)
  return packet
}

/** The layers, as `frame.protocols` names them. */
export function stackOf(packet: Packet): string {
  return formatStack(packet)
}

/** The fields of a name, by protocol number: several protocols may declare it. */
const declared = new Map<string, Map<number, Field[]>>()
for (const { id, fields } of protocols)
  for (const field of fields) {
    const owners = declared.get(field.name) ?? new Map<number, Field[]>()
    declared.set(field.name, owners)
    owners.set(id, [...(owners.get(id) ?? []), field])
  }

/** Every value of a field in the packet, outermost layer first. Octets (addresses too) are given as hexadecimal digits. */
export function valuesOf(packet: Packet, name: string): unknown[] {
  const owners = declared.get(name)
  if (owners === undefined) throw new Error(`no field ${name}`)
  const values: unknown[] = []
  for (let layer = 0; layer < packet.layerCount; layer++)
    for (const field of owners.get(packet.layerProtocol[layer]) ?? [])
      field.each(packet, layer, (value, extra) => {
        const placed = ['ether', 'ipv6', 'bytes', 'protocol'].includes(field.type)
        values.push(placed ? Buffer.from(packet.bytes.subarray(value, value + extra)).toString('hex') : value)
        return false
      })
  return values
}
