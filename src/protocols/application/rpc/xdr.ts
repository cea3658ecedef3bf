/** Reads of XDR (RFC 4506): all items are multiples of four octets, integers in network byte order. */
import { read32 } from '../../../packet/bytes.ts'

/** Octets of an item of `length` octets with its padding (RFC 4506 §3). */
export function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}

/** One past the variable-length item (opaque, string) at `at`; -1 if it does not lie before `end`. */
export function skipOpaque(bytes: Uint8Array, at: number, end: number): number {
  if (at < 0 || at + 4 > end) return -1
  const next = at + 4 + padded(read32(bytes, at))
  return next <= end ? next : -1
}
