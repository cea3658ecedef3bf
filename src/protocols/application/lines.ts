/** Lines of text within a payload: HTTP, FTP, SMTP, POP, IMAP. */

const CR = 0x0d
const LF = 0x0a

/** Where the line after the one that `lineEnd` found begins. Valid until its next call. */
export let nextLine = 0

/**
 * Hot: where the line that begins at `at` ends: at a CR LF, a CR or an LF, which is not part of it. Sets `nextLine`. Without
 * any, -1 if `wait`, else `end`. With `wait`, a CR that is the last octet does not end a line: an LF may follow.
 */
export function lineEnd(bytes: Uint8Array, at: number, end: number, wait: boolean): number {
  let i = at
  while (i < end && bytes[i] !== CR && bytes[i] !== LF) i++
  if (i >= end || (wait && i === end - 1 && bytes[i] === CR)) {
    nextLine = end
    return wait ? -1 : i
  }
  nextLine = bytes[i] === CR && i + 1 < end && bytes[i + 1] === LF ? i + 2 : i + 1
  return i
}

/** Hot: where `octet` first is, from `at` on; -1 if it is not before `end`. (`indexOf` would look through the whole block.) */
export function octetBefore(bytes: Uint8Array, octet: number, at: number, end: number): number {
  for (let i = at; i < end; i++) if (bytes[i] === octet) return i
  return -1
}

/** Hot: the end of the token at `at`: the first space or `end`. `nextToken` is then where the next one begins. */
export function tokenEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at
  while (i < end && bytes[i] !== SPACE) i++
  const stop = i
  while (i < end && bytes[i] === SPACE) i++
  nextToken = i
  return stop
}

const SPACE = 0x20

/** Where the token after the one that `tokenEnd` found begins. Valid until its next call. */
export let nextToken = 0

/** Hot: whether the octets from `at` to `end` begin with `text`, whatever the case; `text` is in lower case, and ASCII. */
export function beginsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (end - at < text.length) return false
  for (let i = 0; i < text.length; i++) {
    const octet = bytes[at + i]
    const lower = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet
    if (lower !== text.charCodeAt(i)) return false
  }
  return true
}

/** Hot: the same, case and all. */
export function beginsExactly(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (end - at < text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/** The octets from `at` to `end` as text: ASCII, every other octet as U+FFFD, as Wireshark reads text of such protocols. */
export function asciiText(bytes: Uint8Array, at: number, end: number): string {
  let text = ''
  let from = at
  for (let i = at; i < end; i++) {
    if (bytes[i] < 0x80) continue
    text += `${latin1(bytes, from, i)}\ufffd`
    from = i + 1
  }
  return text + latin1(bytes, from, end)
}

/** The octets from `at` to `end`, one character each. */
export function latin1(bytes: Uint8Array, at: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, end - at)).toString('latin1')
}

/** The octets from `at` to `end` as UTF-8; what is none becomes U+FFFD. */
export function utf8(bytes: Uint8Array, at: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, end - at)).toString('utf8')
}
