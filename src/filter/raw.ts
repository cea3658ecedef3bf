/** `@field`: the octets of a field as they lie in the packet, before anybody makes a number or a text of them. */
import type { Field, Place } from '../protocols/field.ts'
import type { FieldOperand } from './checked.ts'
import { WIDTHS } from './functions.ts'
import { PLACED_OCTETS } from './kinds.ts'

/** How the octets of a field are found. */
export type RawAccess =
  | { readonly from: 'place'; readonly place: Place }
  /** The value says where they are. */
  | { readonly from: 'value' }
  /** The value is a text: its octets in UTF-8. */
  | { readonly from: 'text' }
  /** The value is a whole number of so many octets, which lie in network byte order. */
  | { readonly from: 'number'; readonly width: number }

/** How the octets of `field`, whose values are of `kind`, are found; undefined if that is not known. */
export function rawAccess(field: Field, kind: FieldOperand['kind']): RawAccess | undefined {
  const place = field.place ?? field.lies
  if (place !== undefined) return { from: 'place', place }
  if (PLACED_OCTETS.includes(kind)) return { from: 'value' }
  if (kind === 'string') return { from: 'text' }
  const width = WIDTHS[field.type] ?? 0
  if ((kind === 'integer' || kind === 'wide' || kind === 'ipv4') && width > 0) return { from: 'number', width }
  return undefined
}

/** Why there are no octets to compare; undefined if there are. */
export function rawMistake(operand: FieldOperand): string | undefined {
  const known = operand.declarations.every(({ field }) =>
    (field.parts ?? [field]).every((part) => rawAccess(part, operand.kind) !== undefined),
  )
  return known ? undefined : `pcapx does not know where the octets of ${operand.name} lie`
}

/** A whole number of `width` octets, in network byte order, at the beginning of `into`. */
export function writeNumber(into: Uint8Array, value: number | bigint, width: number): void {
  let rest = BigInt(value)
  for (let i = width - 1; i >= 0; i--) {
    into[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
}
