/**
 * Reads of BER and DER (X.690): elements of a tag, a length and contents. Tags of more than one octet do not occur in the
 * protocols here. All are Hot, and read nothing at or behind `end`.
 */

/** An element as `readElement` found it; one object, refilled. */
export const element = {
  tag: 0,
  /** First octet of the contents, and one past the last, on the wire: it may lie beyond what was captured. */
  at: 0,
  end: 0,
}

/** Reads the tag and length at `at` into `element`. False if they are cut, or too long to be true. */
export function readElement(bytes: Uint8Array, at: number, end: number): boolean {
  if (at < 0 || at + 2 > end) return false
  element.tag = bytes[at]
  const first = bytes[at + 1]
  let next = at + 2
  let length = first
  if (first === 0x80) {
    // Indefinite: up to an end-of-contents that is not looked for; the element around it ends it.
    length = end - next
  } else if (first > 0x80) {
    const octets = first & 0x7f
    if (octets > 4 || next + octets > end) return false
    length = 0
    for (let i = 0; i < octets; i++) length = length * 256 + bytes[next + i]
    next += octets
  }
  element.at = next
  element.end = next + length
  return true
}

/** Where the contents of the element `tag` at `at` begin; -1 if another one is there. Its end is `element.end`. */
export function open(bytes: Uint8Array, at: number, end: number, tag: number): number {
  return readElement(bytes, at, end) && element.tag === tag ? element.at : -1
}

/** Finds the element `tag` among those from `at` to `end`; returns where it begins, or -1. `element` is set to it. */
export function find(bytes: Uint8Array, at: number, end: number, tag: number): number {
  let next = at
  while (readElement(bytes, next, end)) {
    if (element.tag === tag) return next
    if (element.end <= next) return -1
    next = element.end
  }
  return -1
}

/** The integer whose contents lie from `at` to `end`, as a signed number; -1 if it is empty or has more than 6 octets. */
export function readInteger(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || end - at > 6) return -1
  let value = bytes[at] >= 0x80 ? bytes[at] - 256 : bytes[at]
  for (let i = at + 1; i < end; i++) value = value * 256 + bytes[i]
  return value
}
