/** Octets from a wire as text that is safe to show, piece by piece: UTF-8 where it is, escapes where it is not. */
import { escapeText } from './text.ts'

const CARRIAGE_RETURN = 0x0d
const NOTHING = new Uint8Array(0)

/**
 * Line feeds and tabs stay, carriage returns before them go, octets that are no UTF-8 become `\xff`, and the rest is as in `escapeText`.
 * A piece may end within a character or a line end: what is unfinished waits for the next piece, or for `flush`.
 */
export class OctetText {
  #unfinished = NOTHING

  /** The text of the next `length` octets, with what was unfinished before them. */
  push(bytes: Uint8Array, at: number, length: number): string {
    let from = at
    let end = at + length
    let octets = bytes
    if (this.#unfinished.length > 0) {
      octets = Buffer.concat([this.#unfinished, bytes.subarray(at, end)])
      from = 0
      end = octets.length
    }
    const whole = end - unfinishedAt(octets, from, end)
    this.#unfinished = octets.slice(whole, end)
    return textOf(octets, from, whole)
  }

  /** What is unfinished, as escapes: nothing follows that belongs to it. */
  flush(): string {
    const octets = this.#unfinished
    this.#unfinished = NOTHING
    return textOf(octets, 0, octets.length)
  }
}

/** How many octets at the end may belong together with what follows. */
function unfinishedAt(bytes: Uint8Array, from: number, end: number): number {
  if (end > from && bytes[end - 1] === CARRIAGE_RETURN) return 1
  for (let back = 1; back <= 3 && end - back >= from; back++) {
    const octet = bytes[end - back]
    if (octet < 0x80) return 0
    if (octet >= 0xc0) return sequenceLength(octet) > back && isSequence(bytes, end - back, end) ? back : 0
  }
  return 0
}

function textOf(bytes: Uint8Array, from: number, end: number): string {
  let text = ''
  for (let at = from; at < end; ) {
    let next = at
    while (next < end) {
      const length = sequenceLength(bytes[next])
      if (length === 0 || next + length > end || !isSequence(bytes, next, next + length)) break
      next += length
    }
    if (next > at) text += safe(Buffer.from(bytes.buffer, bytes.byteOffset + at, next - at).toString())
    for (at = next; at < end && !startsSequence(bytes, at, end); at++) text += `\\x${bytes[at].toString(16)}`
  }
  return text
}

function safe(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/[^\n\t]+/g, escapeText)
}

function startsSequence(bytes: Uint8Array, at: number, end: number): boolean {
  const length = sequenceLength(bytes[at])
  return length > 0 && at + length <= end && isSequence(bytes, at, at + length)
}

/** Octets of the character that the octet begins (RFC 3629 §4); 0 if it begins none. */
function sequenceLength(octet: number): number {
  if (octet < 0x80) return 1
  if (octet < 0xc2 || octet > 0xf4) return 0
  return octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4
}

/** Whether the octets behind the first, as far as they are there, may follow it (RFC 3629 §4: no surrogates, nothing twice). */
function isSequence(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at > 1) {
    const [least, most] = SECOND[bytes[at]] ?? [0x80, 0xbf]
    if (bytes[at + 1] < least || bytes[at + 1] > most) return false
  }
  for (let i = at + 2; i < end; i++) if (bytes[i] < 0x80 || bytes[i] > 0xbf) return false
  return true
}

/** What may follow these; 80 to BF may follow the others. */
const SECOND: Readonly<Record<number, readonly [number, number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
}
