/** Cyclic redundancy checks of 16 bits, bit by bit: a header has a few octets, and is checked when all else fits. */

/** Of CCITT: x^16 + x^12 + x^5 + 1. */
const CCITT = 0x1021
export const REVERSED_CCITT = 0x8408

/** Hot: CCITT's polynomial, the highest bit first, from `initial`. */
export function ccitt(bytes: Uint8Array, at: number, end: number, initial: number): number {
  let crc = initial
  for (let i = at; i < end; i++) {
    crc ^= bytes[i] << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ CCITT) & 0xffff : crc << 1
  }
  return crc
}

/** Hot: the lowest bit first, so that `polynomial` is written in reverse, from `initial`; the outcome is inverted. */
export function reversed(bytes: Uint8Array, at: number, end: number, polynomial: number, initial: number): number {
  let crc = initial
  for (let i = at; i < end; i++) {
    crc ^= bytes[i]
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >> 1) ^ polynomial : crc >> 1
  }
  return ~crc & 0xffff
}
