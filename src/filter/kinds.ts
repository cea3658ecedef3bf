/** Kinds of value: which one a field has, and what can be done with each. */
import type { FieldType } from '../protocols/field.ts'
import type { Kind, Operand } from './checked.ts'

export const KINDS: Record<FieldType, Kind> = {
  none: 'none',
  protocol: 'bytes',
  boolean: 'boolean',
  uint8: 'integer',
  uint16: 'integer',
  uint24: 'integer',
  uint32: 'integer',
  uint64: 'wide',
  int8: 'integer',
  int16: 'integer',
  int32: 'integer',
  int64: 'wide',
  float: 'float',
  double: 'float',
  framenum: 'integer',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  ether: 'ether',
  eui64: 'wide',
  bytes: 'bytes',
  string: 'string',
  absolute_time: 'time',
  relative_time: 'time',
}

/** Kinds that are octets in the packet, and so comparable with each other. */
export const OCTETS: readonly Kind[] = ['bytes', 'ether']

/** Kinds whose values are visited as a place in an array of octets. */
export const PLACED_OCTETS: readonly Kind[] = ['bytes', 'ether', 'ipv6']

/** What `contains` and `matches` search. */
export const SEARCHABLE: readonly Kind[] = ['bytes', 'ether', 'string']

export const SLICEABLE: readonly Kind[] = ['bytes', 'ether', 'ipv4', 'ipv6', 'string']

const NUMERIC: readonly Kind[] = ['integer', 'float', 'wide']

export function comparable(a: Kind, b: Kind): boolean {
  return a === b || (NUMERIC.includes(a) && NUMERIC.includes(b)) || (OCTETS.includes(a) && OCTETS.includes(b))
}

/** Whether `+ - * / % &` can be done with it. */
export function calculable(kind: Kind, operator: string): boolean {
  if (kind === 'integer' || kind === 'wide') return true
  if (kind === 'float') return operator !== '&' && operator !== '%'
  if (kind === 'time') return operator === '+' || operator === '-'
  return operator === '&' && (OCTETS.includes(kind) || kind === 'ipv4' || kind === 'ipv6')
}

/** An address is octets like others where it is searched or masked. */
export function asOctets(kind: Kind): Kind {
  return kind === 'ether' ? 'bytes' : kind
}

/** A search in a protocol goes through what it carries, too. */
export function withPayload(operand: Operand): Operand {
  return operand.type === 'protocol' ? { ...operand, payload: true } : operand
}
