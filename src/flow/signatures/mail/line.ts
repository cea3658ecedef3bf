/** Lines of text, as the protocols of commands and replies send them: RFC 5321 §2.3.8, RFC 959 §4.2 and their likes. */
import type { Payload } from '../payload.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const TAB = 0x09
const SPACE = 0x20
const HYPHEN = 0x2d
const DELETE = 0x7f
const ZERO = 0x30
const NINE = 0x39

/** The first octet of each text, which is in lower case, and its capital. */
export function eitherCase(texts: readonly string[]): readonly number[] {
  return [...new Set(texts.flatMap((text) => [text.charCodeAt(0), text.toUpperCase().charCodeAt(0)]))]
}

/**
 * Hot: octets of the line at `offset`, without the CR LF or LF behind it; -1 if it holds control octets or does not end
 * within what is looked at. Octets from 0x80 on are text of some other alphabet.
 */
export function lineLength({ bytes, at, end }: Payload, offset = 0): number {
  for (let i = at + offset; i < end; i++) {
    const octet = bytes[i]
    if (octet === LINE_FEED) return i - at - offset
    if (octet === CARRIAGE_RETURN) return i + 1 < end && bytes[i + 1] === LINE_FEED ? i - at - offset : -1
    if ((octet < SPACE && octet !== TAB) || octet === DELETE) return -1
  }
  return -1
}

/** Hot: whether the payload is the line `text` and nothing else; `text` is in lower case, the line in either. */
export function isLine(payload: Payload, text: string): boolean {
  return (
    payload.length === text.length + 2 &&
    payload.startsWithIgnoringCase(text) &&
    payload.startsWith('\r\n', text.length)
  )
}

/** Hot: whether the payload is one of the lines. */
export function isOneLineOf(payload: Payload, lines: readonly string[]): boolean {
  for (const line of lines) if (isLine(payload, line)) return true
  return false
}

/** Hot: whether the payload begins with one of the texts, which are in lower case. */
export function beginsWithOneOf(payload: Payload, texts: readonly string[]): boolean {
  for (const text of texts) if (payload.startsWithIgnoringCase(text)) return true
  return false
}

/** Hot: whether `text`, which is in lower case, stands anywhere in what is looked at. */
export function mentions(payload: Payload, text: string): boolean {
  const last = payload.end - payload.at - text.length
  for (let offset = 0; offset <= last; offset++) if (payload.startsWithIgnoringCase(text, offset)) return true
  return false
}

/** Hot: whether one of the texts does. */
export function mentionsOneOf(payload: Payload, texts: readonly string[]): boolean {
  for (const text of texts) if (mentions(payload, text)) return true
  return false
}

/** Hot: the code of a reply (three digits, then a space, a hyphen if more lines follow, or the line's end); -1 if it is none. */
export function replyCode({ bytes, at, end }: Payload): number {
  if (end - at < 5) return -1
  let code = 0
  for (let i = at; i < at + 3; i++) {
    if (!isDigit(bytes[i])) return -1
    code = code * 10 + bytes[i] - ZERO
  }
  const next = bytes[at + 3]
  return code >= 100 && code < 600 && (next === SPACE || next === HYPHEN || next === CARRIAGE_RETURN) ? code : -1
}

/** Hot. */
export function isDigit(octet: number): boolean {
  return octet >= ZERO && octet <= NINE
}

/** Hot: whether there are octets from `from` to before `to`, all of them ASCII that prints, and all within the payload. */
export function isPrintable({ bytes, at, end }: Payload, from: number, to: number): boolean {
  if (to <= from || at + to > end) return false
  for (let i = at + from; i < at + to; i++) if (bytes[i] < SPACE || bytes[i] >= DELETE) return false
  return true
}

/** Hot: digits that stand at `offset`, at most ten. */
export function digitsAt({ bytes, at, end }: Payload, offset: number): number {
  let count = 0
  for (let i = at + offset; i < end && count < 10 && isDigit(bytes[i]); i++) count++
  return count
}

/** Hot: the number that `count` digits at `offset` make. They were counted by `digitsAt`. */
export function decimalAt({ bytes, at }: Payload, offset: number, count: number): number {
  let number = 0
  for (let i = at + offset; i < at + offset + count; i++) number = number * 10 + bytes[i] - ZERO
  return number
}
