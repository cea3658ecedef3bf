/** What a name in a filter means: a field, with every protocol that declares it, or a protocol. */
import { FAULT_MALFORMED, FAULT_TRUNCATED, type Packet } from '../packet/packet.ts'
import { computed, type Field, type Need } from '../protocols/field.ts'
import { protocols } from '../protocols/index.ts'
import type { Protocol } from '../protocols/protocol.ts'

/** `frame.*` belongs to the packet as a whole: there is no such layer, and its fields are read with layer -1. */
export const WHOLE_PACKET = -1

export interface Declaration {
  /** Number of the protocol in whose layers the field lies, or `WHOLE_PACKET`. */
  readonly protocol: number
  readonly field: Field
}

export type Meaning = (
  | { readonly kind: 'field'; readonly declarations: readonly Declaration[] }
  | { readonly kind: 'protocol'; readonly protocol: number; readonly title: string }
) & {
  /** What must have been computed before it can be read. */
  readonly needs: readonly Need[]
}

/** What decoding met, as the pseudo-protocols by which Wireshark shows it. */
const FAULTS = [fault('_ws.malformed', FAULT_MALFORMED), fault('_ws.short', FAULT_TRUNCATED)]

function fault(name: string, code: number): Field {
  const met = (packet: Packet): boolean => packet.fault === code
  return computed('none', name, 'Fault met in decoding', (packet, _layer, visit) => met(packet) && visit(0, 0))
}

/** Whether a payload is anybody's is only known when it has been decoded. */
const DISSECTED: ReadonlySet<string> = new Set(['data'])

let meanings: Map<string, Meaning> | undefined

/** What `name` means; undefined if nothing. */
export function lookUp(name: string): Meaning | undefined {
  return table().get(name)
}

/** Every name of a field or a protocol. */
export function knownNames(): Iterable<string> {
  return table().keys()
}

function table(): Map<string, Meaning> {
  if (meanings === undefined) {
    meanings = new Map()
    for (const protocol of protocols) enter(meanings, protocol)
    for (const field of FAULTS)
      if (!meanings.has(field.name))
        meanings.set(field.name, {
          kind: 'field',
          declarations: [{ protocol: WHOLE_PACKET, field }],
          needs: ['dissection'],
        })
  }
  return meanings
}

function enter(into: Map<string, Meaning>, { name, title, id, fields, need }: Protocol): void {
  const protocol = name === 'frame' ? WHOLE_PACKET : id
  const own = need ?? (DISSECTED.has(name) ? 'dissection' : undefined)
  into.set(name, { kind: 'protocol', protocol, title, needs: together(own) })
  for (const field of fields) {
    const known = into.get(field.name)
    // A field named like its protocol (or another) hides behind the protocol: what exists is the same.
    if (known?.kind === 'protocol') continue
    const declarations = known === undefined ? [] : known.declarations
    into.set(field.name, {
      kind: 'field',
      declarations: [...declarations, { protocol, field }],
      needs: together(own, field.need, ...(known?.needs ?? [])),
    })
  }
}

function together(...needs: readonly (Need | undefined)[]): readonly Need[] {
  return [...new Set(needs)].filter((need) => need !== undefined)
}
