/** Octets in place: comparing, searching and slicing them without copying. All but `slice` are Hot. */
import { AS_IT_IS, LinearSearch, MAX_EFFORT } from './linear-search.ts'
import type { Range } from './syntax.ts'

/** Negative, 0 or positive. A shorter sequence is less than a longer one whatever they hold, as in Wireshark. */
export function compareOctets(
  a: Uint8Array,
  aAt: number,
  aLength: number,
  b: Uint8Array,
  bAt: number,
  bLength: number,
): number {
  if (aLength !== bLength) return aLength - bLength
  for (let i = 0; i < aLength; i++) if (a[aAt + i] !== b[bAt + i]) return a[aAt + i] - b[bAt + i]
  return 0
}

/** The same for the first `bits` bits only. */
export function comparePrefix(
  a: Uint8Array,
  aAt: number,
  aLength: number,
  b: Uint8Array,
  bLength: number,
  bits: number,
): number {
  if (aLength !== bLength) return aLength - bLength
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[aAt + i] !== b[i]) return a[aAt + i] - b[i]
  const rest = bits & 7
  if (rest === 0) return 0
  const mask = (0xff << (8 - rest)) & 0xff
  return (a[aAt + whole] & mask) - (b[whole] & mask)
}

const linear = new LinearSearch()

/** Whether `needle` occurs; an empty one does not. */
export function containsOctets(
  bytes: Uint8Array,
  at: number,
  length: number,
  needle: Uint8Array,
  needleAt: number,
  needleLength: number,
): boolean {
  if (needleLength === 0) return false
  const last = at + length - needleLength
  const first = needle[needleAt]
  let effort = MAX_EFFORT * length
  for (let from = at; from <= last; from++) {
    if (bytes[from] !== first) continue
    let i = 1
    while (i < needleLength && bytes[from + i] === needle[needleAt + i]) i++
    if (i === needleLength) return true
    effort -= i
    if (effort < 0) {
      linear.prepare(needle, needleAt, needleLength, AS_IT_IS)
      return linear.find(bytes, from + 1, at + length, needle, needleAt, needleLength, AS_IT_IS)
    }
  }
  return false
}

/** Where `range` begins in something of `total` octets; -1 if it does not lie in it entirely. */
export function rangeStart(range: Range, total: number): number {
  const start = range.from < 0 ? total + range.from : range.from
  return start >= 0 && start < total && start + rangeLength(range, total) <= total ? start : -1
}

/** How long it is; at most 0 if it is empty. */
export function rangeLength(range: Range, total: number): number {
  const start = range.from < 0 ? total + range.from : range.from
  if (range.to !== undefined) {
    const last = range.to < 0 ? total + range.to : range.to
    // Reversed once resolved ([3--2] of four octets): outside.
    return last < start ? Infinity : last - start + 1
  }
  return range.length === Infinity ? total - start : (range.length as number)
}
