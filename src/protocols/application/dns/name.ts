/**
 * Domain names in a message: RFC 1035 §3.1 (labels) and §4.1.4 (compression), RFC 2673 §3.2 (bit-string labels).
 * A label is an octet with its length, then that many octets; a length of 0 ends the name. The upper two bits of the
 * first octet say otherwise:
 *
 *   00 label   01 extended label   10 reserved   11 pointer: 14 bits, an offset into the message
 */

/** Octets of the shortest name that is no bare zero octet: a pointer. */
const POINTER_LENGTH = 2
/** Octets that the text of a name, its dots and its end may take (RFC 1035 §2.3.4). */
const MAX_NAME = 255
/** Pointers in one name before it is taken for a loop. */
const MAX_POINTERS = 255
/** Labels followed in one name; nothing that ends has as many, and a hostile message costs no more. */
const MAX_LABELS = 2048

const KIND = 0xc0
const LABEL = 0x00
const EXTENDED = 0x40
const POINTER = 0xc0
const BIT_STRING = 0x01

const ROOT = '<Root>'
const LOOP = '<Name contains a pointer that loops>'
const TOO_LONG = '<Name too long>'
const UNKNOWN_LABEL = '<Unknown extended label>'

/** The name read last: its text as Wireshark writes it, and the octets of that before anything was escaped. */
export const lastName = { text: '', length: 0 }

// What the name being followed consists of so far.
const collected = Buffer.alloc(MAX_NAME + 1)

/**
 * Hot: one past the name at `at` of the message that begins at `message`; -1 if it runs past `end` or has a label of a
 * reserved kind. A name that loops has an end all the same: that of its first pointer.
 */
export function skipName(bytes: Uint8Array, message: number, at: number, end: number): number {
  return follow(bytes, message, at, end, false, 0)
}

/** Offsets that a pointer can have. */
const OFFSETS = 0x4000
/** By offset: the pass that found a name there which ends. */
const endsIn = new Float64Array(OFFSETS)
let passes = 0

/** A number for one pass over the names of a message, for `skipNameIn`. */
export function newPass(): number {
  return ++passes
}

/**
 * Hot: `skipName` of one of many names of a message. What a pointer leads to is followed once in a pass: a message can be made
 * of pointers to names that are long to follow.
 */
export function skipNameIn(pass: number, bytes: Uint8Array, message: number, at: number, end: number): number {
  return follow(bytes, message, at, end, false, pass)
}

/** The same, and leaves the name's text in `lastName`. */
export function readName(bytes: Uint8Array, message: number, at: number, end: number): number {
  return follow(bytes, message, at, end, true, 0)
}

/** Hot, unless `keep` says that the text is wanted. */
function follow(bytes: Uint8Array, message: number, start: number, end: number, keep: boolean, pass: number): number {
  let target = -1
  let at = start
  let next = -1
  let pointers = 0
  // Wireshark counts the name's octets apart from what bit strings add to the text.
  let length = 0
  let used = 0
  for (let labels = 0; ; labels++) {
    if (at >= end) return -1
    const first = bytes[at++]
    if (first === 0) break
    const kind = first & KIND
    if (kind === LABEL) {
      if (at + first > end) return -1
      const isFirst = used === 0
      used += isFirst ? 1 : 0
      if (keep) length += collectLabel(bytes, at, first, length, isFirst)
      else length += first
      used += first + (isFirst ? 0 : 1)
      at += first
    } else if (kind === POINTER) {
      if (at >= end) return -1
      const offset = ((first & ~KIND) << 8) + bytes[at++]
      const place = message + offset
      if (next < 0) {
        next = at
        target = offset
      }
      // Only what has bit strings and nothing else before a pointer depends on whether a label follows.
      const isKnown = pass > 0 && endsIn[offset] === pass && (length > 0 || next - start <= POINTER_LENGTH)
      if (isKnown || place === at + 2 || ++pointers > MAX_POINTERS || labels > MAX_LABELS) {
        if (keep) remember(LOOP)
        if (pass > 0) endsIn[target] = pass
        return next
      }
      at = place
    } else if (kind === EXTENDED) {
      if ((first & ~KIND) !== BIT_STRING) {
        if (keep) remember(UNKNOWN_LABEL)
        return next < 0 ? at : next
      }
      if (at >= end) return -1
      const octets = ((bytes[at] || 256) + 7) >> 3
      at += 1 + octets
      if (at > end) return -1
      used += 6 + 2 * octets
    } else return -1
    if (labels > MAX_LABELS && next >= 0) {
      if (keep) remember(LOOP)
      if (pass > 0) endsIn[target] = pass
      return next
    }
  }
  if (next < 0) next = at
  if (length === 0 && next - start > POINTER_LENGTH) return -1
  if (pass > 0 && target >= 0) endsIn[target] = pass
  if (keep) {
    if (length === 0) remember(ROOT)
    else if (used >= MAX_NAME) remember(TOO_LONG)
    else {
      lastName.text = printable(collected, 0, length)
      lastName.length = length
    }
  }
  return next
}

/** Adds a label to what is collected, as far as there is room. Returns how many octets the name grew by. */
function collectLabel(bytes: Uint8Array, at: number, length: number, filled: number, isFirst: boolean): number {
  let to = filled
  if (!isFirst && to < MAX_NAME) collected[to++] = 0x2e
  for (let i = 0; i < length && to < MAX_NAME; i++) collected[to++] = bytes[at + i]
  return to - filled
}

function remember(text: string): void {
  lastName.text = text
  lastName.length = text.length
}

/** Labels of the name read last: Wireshark counts the dots of its text, one within a label included. */
export function labelsOfLastName(): number {
  if (lastName.length <= 1) return 0
  let labels = 1
  for (const char of lastName.text) if (char === '.') labels++
  return labels
}

const NAMED_ESCAPES: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
}

// Control and format characters, what no character is assigned to: what GLib calls not printable.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cn}]/u

const REPLACEMENT = '\ufffd'
const SURROGATES = 0xd800
const AFTER_SURROGATES = 0xe000
const LAST_CODE = 0x10ffff

/**
 * Octets `from` to `to` as text in which control characters are escaped, as Wireshark's `format_text` does. It is lenient
 * with UTF-8: a longer form than needed stands for its character, and each broken one is replaced as a whole.
 */
function printable(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  let at = from
  while (at < to) {
    const first = bytes[at++]
    if (first < 0x80) {
      text += first >= 0x20 && first < 0x7f ? String.fromCharCode(first) : escapeControl(first)
      continue
    }
    // Leading ones of the first octet say how many there are; 0x80 to 0xbf, 0xfe and 0xff begin nothing.
    const count = Math.clz32(~(first << 24)) - 1
    if (count < 1 || count > 5) {
      text += REPLACEMENT
      continue
    }
    let code = first & (0x3f >> count)
    let missing = count
    while (missing > 0 && at < to && (bytes[at] & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[at++] & 0x3f)
      missing--
    }
    text += missing > 0 ? REPLACEMENT : characterOf(code)
  }
  return text
}

function characterOf(code: number): string {
  if (code < 0 || code > LAST_CODE || (code >= SURROGATES && code < AFTER_SURROGATES)) return REPLACEMENT
  const char = String.fromCodePoint(code)
  if (!UNPRINTABLE.test(char)) return char
  const digits = code.toString(16).toUpperCase()
  return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`
}

function escapeControl(code: number): string {
  return NAMED_ESCAPES[String.fromCharCode(code)] ?? `\\${code.toString(8).padStart(3, '0')}`
}
