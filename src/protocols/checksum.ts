/**
 * The Internet checksum (RFC 1071) and what Wireshark says of one. Not hot: computed where a field asks for it.
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import type { ValueNames } from './field.ts'

// Wireshark's states of a checksum.
export const CHECKSUM_BAD = 0
export const CHECKSUM_GOOD = 1
/** Not all of what it covers was captured, or nobody wants it verified. */
export const CHECKSUM_UNVERIFIED = 2
export const CHECKSUM_NOT_PRESENT = 3
export const CHECKSUM_ILLEGAL = 4

export const checksumStatusNames: ValueNames = {
  [CHECKSUM_BAD]: 'Bad',
  [CHECKSUM_GOOD]: 'Good',
  [CHECKSUM_UNVERIFIED]: 'Unverified',
  [CHECKSUM_NOT_PRESENT]: 'Not present',
  [CHECKSUM_ILLEGAL]: 'Illegal',
}

/** The one's complement sum of the octets from `at` to `end`, added to `sum`. An odd octet counts as followed by a zero. */
export function onesComplementSum(bytes: Uint8Array, at: number, end: number, sum = 0): number {
  let total = sum
  let i = at
  for (; i + 1 < end; i += 2) total += read16(bytes, i)
  if (i < end) total += bytes[i] << 8
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x10000)
  return total
}

/** Whether octets that hold their own checksum, with what else it covers in `sum`, agree with it. */
export function isChecksumGood(bytes: Uint8Array, at: number, end: number, sum = 0): boolean {
  return onesComplementSum(bytes, at, end, sum) === 0xffff
}

/** Whether the layer was captured in full, and is no quotation: one was cut, or made up by who quotes. */
export function isVerifiable(packet: Packet, layer: number): boolean {
  return layer < packet.quotedFrom && packet.layerWireEnd[layer] <= packet.layerEnd[layer]
}
