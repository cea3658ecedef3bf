/**
 * The options behind an IPv4 header: RFC 791 §3.1, "Options".
 *
 *    0      1        2
 *  0 | type | length | value ...
 *
 * Types 0 (the list ends here) and 1 (no operation) have neither length nor value.
 */
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'

/** Octets in a header without options. */
export const MIN_HEADER_LENGTH = 20

// Types (IANA, "IP Option Numbers").
export const END_OF_LIST = 0
export const NO_OPERATION = 1
export const RECORD_ROUTE = 7
export const MTU_PROBE = 11
export const MTU_REPLY = 12
export const QUICK_START = 25
export const TIMESTAMP = 68
export const TRACEROUTE = 82
export const SECURITY = 130
export const LOOSE_ROUTE = 131
export const EXTENDED_SECURITY = 133
export const COMMERCIAL_SECURITY = 134
export const STREAM_IDENTIFIER = 136
export const STRICT_ROUTE = 137
export const ROUTER_ALERT = 148
export const DIRECTED_BROADCAST = 149

/** What the walk hands over in place of a type where the options end in one that has no length, or a wrong one. */
export const BROKEN = -1

/**
 * Octets without which Wireshark's decoder of an option gives up, and with it the options behind. Types that it does not
 * know are passed over.
 */
const needed: Readonly<Record<number, number>> = {
  [RECORD_ROUTE]: 3,
  [MTU_PROBE]: 4,
  [MTU_REPLY]: 4,
  [QUICK_START]: 3,
  [TIMESTAMP]: 4,
  [TRACEROUTE]: 12,
  [SECURITY]: 3,
  [LOOSE_ROUTE]: 3,
  [EXTENDED_SECURITY]: 3,
  [COMMERCIAL_SECURITY]: 6,
  [STREAM_IDENTIFIER]: 4,
  [STRICT_ROUTE]: 3,
  [ROUTER_ALERT]: 4,
  [DIRECTED_BROADCAST]: 2,
}

export function isKnown(type: number): boolean {
  return type === END_OF_LIST || type === NO_OPERATION || needed[type] !== undefined
}

/** Whether Wireshark's decoder runs out of octets inside the option. */
function isTooShort(bytes: Uint8Array, type: number, at: number, length: number): boolean {
  if (length < (needed[type] ?? 0)) return true
  if (type !== QUICK_START) return false
  // Only the two functions that RFC 4782 defines read on.
  const operation = bytes[at + 2] >> 4
  return (operation === 0 || operation === 8) && length < 8
}

/**
 * Calls `each` for each option with its type, first octet and length, and for `BROKEN`; stops and returns true as soon as
 * `each` does. A header that was not captured whole has no options.
 */
export function eachOption(
  packet: Packet,
  layer: number,
  each: (type: number, at: number, length: number) => boolean,
): boolean {
  const { bytes } = packet
  const start = packet.layerAt[layer]
  if (start >= packet.layerEnd[layer]) return false
  const end = start + (bytes[start] & 15) * 4
  if (end > packet.layerEnd[layer]) return false
  let at = start + MIN_HEADER_LENGTH
  while (at < end) {
    const type = bytes[at]
    if (type === END_OF_LIST || type === NO_OPERATION) {
      if (each(type, at, 1)) return true
      if (type === END_OF_LIST) return false
      at++
      continue
    }
    const length = at + 1 < end ? bytes[at + 1] : 0
    if (length < 2 || length > end - at) return each(BROKEN, at, end - at)
    if (each(type, at, length)) return true
    if (isTooShort(bytes, type, at, length)) return false
    at += length
  }
  return false
}

/** Whether the list of options at `at` ends, or breaks off, before `end`. */
export function endsBefore(bytes: Uint8Array, at: number, end: number): boolean {
  let next = at
  while (next < end) {
    const type = bytes[next]
    if (type === END_OF_LIST) return true
    if (type === NO_OPERATION) {
      next++
      continue
    }
    if (next + 1 >= end) return false
    if (bytes[next + 1] < 2) return true
    next += bytes[next + 1]
  }
  return false
}

/** Hands the values in the option of `length` octets at `at` on to `visit`. */
export type ReadOption = (packet: Packet, at: number, length: number, visit: Visit) => boolean

/** A field of the options of the given types. */
export function optionField(
  type: FieldType,
  name: string,
  description: string,
  types: readonly number[],
  read: ReadOption,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachOption(packet, layer, (found, at, length) => types.includes(found) && read(packet, at, length, visit)),
    options,
  )
}
