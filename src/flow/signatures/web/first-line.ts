/** The first line of the protocols that are written as HTTP is: `method target version`. */
import type { Payload } from '../payload.ts'

/** Hot: whether the first line ends within what is looked at, and in `text`. */
export function firstLineEndsIn(payload: Payload, text: string): boolean {
  const offset = firstLineLength(payload) - text.length
  return offset > 0 && payload.startsWith(text, offset)
}

/** Hot: octets of the first line without its end (CR LF, or LF alone); -1 if it goes on beyond what is looked at. */
export function firstLineLength({ bytes, at, end }: Payload): number {
  for (let i = at; i < end; i++) if (bytes[i] === 0x0d || bytes[i] === 0x0a) return i - at
  return -1
}

/** Hot: whether a status code stands there: three digits, the first from 1 to 6, and a space behind. */
export function hasStatusCode({ bytes, at, end }: Payload, offset: number): boolean {
  const code = at + offset
  return (
    end - code >= 4 &&
    bytes[code] >= 0x31 &&
    bytes[code] <= 0x36 &&
    isDigit(bytes[code + 1]) &&
    isDigit(bytes[code + 2]) &&
    bytes[code + 3] === 0x20
  )
}

/** Hot. */
export function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39
}

/** Hot: ASCII that shows: letters, digits, signs and the space. */
export function isPrintable(octet: number): boolean {
  return octet >= 0x20 && octet < 0x7f
}

/** Hot: whether nothing but printable ASCII stands from `from` up to `to`; not empty. */
export function isText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isPrintable(bytes[i])) return false
  return to > from
}
