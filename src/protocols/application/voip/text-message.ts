/** Messages that are a first line, header lines and a body, as of SIP and RTSP (RFC 3261 §7, RFC 2326 §4). */
import type { Packet } from '../../../packet/packet.ts'
import { beginsWith, lineEnd, nextLine } from '../lines.ts'

/** What `readHead` found; one object, refilled. */
export const head = {
  /** Where the body begins: behind the empty line; -1 if that was not found. */
  bodyAt: -1,
  /** The body's length as the header says; -1 if it does not. */
  contentLength: -1,
  /** Where the value of Content-Type lies; -1 if there is none. */
  typeAt: -1,
  typeEnd: -1,
}

const COLON = 0x3a
const SPACE = 0x20
const TAB = 0x09
/** Header lines of one message that are looked at. */
const MAX_LINES = 4096

/** Hot: reads the header of the message whose first line begins at `at`. `c` and `l` are SIP's short names. */
export function readHead(packet: Packet, at: number, end: number, hasShortNames: boolean): void {
  const { bytes } = packet
  head.bodyAt = -1
  head.contentLength = -1
  head.typeAt = -1
  lineEnd(bytes, at, end, false)
  let next = nextLine
  for (let i = 0; i < MAX_LINES && next < end; i++) {
    const from = next
    const to = lineEnd(bytes, from, end, false)
    if (to >= end) return
    next = nextLine
    if (to === from) {
      head.bodyAt = next
      return
    }
    if (isNamed(bytes, from, to, 'content-length') || (hasShortNames && isNamed(bytes, from, to, 'l'))) {
      const value = valueAt(bytes, from, to)
      if (value < to) head.contentLength = readNumber(bytes, value, to)
    } else if (isNamed(bytes, from, to, 'content-type') || (hasShortNames && isNamed(bytes, from, to, 'c'))) {
      head.typeAt = valueAt(bytes, from, to)
      head.typeEnd = to
    }
  }
}

/** Hot: whether the header line at `at` has that name, given in lower case. */
export function isNamed(bytes: Uint8Array, at: number, end: number, name: string): boolean {
  if (!beginsWith(bytes, at, end, name)) return false
  let next = at + name.length
  while (next < end && (bytes[next] === SPACE || bytes[next] === TAB)) next++
  return next < end && bytes[next] === COLON
}

/** Hot: where the value of the header line begins: behind the colon and spaces. */
function valueAt(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end && bytes[next] !== COLON) next++
  next++
  while (next < end && (bytes[next] === SPACE || bytes[next] === TAB)) next++
  return Math.min(next, end)
}

/** Hot: the decimal number at `at`; -1 if there is none. */
function readNumber(bytes: Uint8Array, at: number, end: number): number {
  let value = -1
  for (let i = at; i < end && bytes[i] >= 0x30 && bytes[i] <= 0x39 && value < 100_000_000; i++)
    value = Math.max(0, value) * 10 + bytes[i] - 0x30
  return value
}

/** Calls `each` for each header line, with where its name and its value lie; a folded line's value goes on to its end. */
export function eachHeader(
  packet: Packet,
  layer: number,
  each: (at: number, nameEnd: number, value: number, end: number) => boolean,
): boolean {
  const { bytes } = packet
  const end = packet.layerEnd[layer]
  lineEnd(bytes, packet.layerAt[layer], end, false)
  let next = nextLine
  for (let i = 0; i < MAX_LINES && next < end; i++) {
    const at = next
    let to = lineEnd(bytes, at, end, false)
    if (to === at) return false
    next = nextLine
    // RFC 3261 §7.3.1: a line that begins with white space belongs to the one before.
    while (next < end && (bytes[next] === SPACE || bytes[next] === TAB)) {
      to = lineEnd(bytes, next, end, false)
      next = nextLine
    }
    let nameEnd = at
    while (nameEnd < to && bytes[nameEnd] !== COLON) nameEnd++
    if (nameEnd === to) continue
    const value = valueAt(bytes, nameEnd, to)
    while (nameEnd > at && (bytes[nameEnd - 1] === SPACE || bytes[nameEnd - 1] === TAB)) nameEnd--
    if (each(at, nameEnd, value, to)) return true
  }
  return false
}
