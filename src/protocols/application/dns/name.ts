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
/** Pointers in one name, past which it is taken for a loop, as in Wireshark. */
const MAX_POINTERS = 255
/** Octets of a message: UDP and DNS over TCP give its length in 16 bits. */
const MAX_MESSAGE = 0x1_0000

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

// What the name being read consists of so far.
const collected = Buffer.alloc(MAX_NAME + 1)

// How a name goes on from one of its labels.
const BREAKS = 0
const ENDS = 1
const LOOPS = 2
const IS_UNKNOWN = 3

/**
 * By offset in a message: what was found there of a name, from that label on. A message can be made of names that are long to
 * follow; in a pass over them no label is looked at twice.
 */
const places = {
  /** The pass that was here; negative while it is on its way. */
  pass: new Float64Array(MAX_MESSAGE),
  fate: new Uint8Array(MAX_MESSAGE),
  /** Where the name ends: behind its first pointer, if it has one. */
  next: new Uint32Array(MAX_MESSAGE),
  /** Octets of labels with their lengths, and what Wireshark counts for bit strings. */
  labels: new Uint32Array(MAX_MESSAGE),
  bitStrings: new Uint32Array(MAX_MESSAGE),
  pointers: new Uint16Array(MAX_MESSAGE),
}
/** The same of the name followed last. */
const found = { fate: BREAKS, next: 0, labels: 0, bitStrings: 0, pointers: 0 }
/** The labels that the name being followed goes through. */
const way = new Uint32Array(MAX_MESSAGE)

let passes = 0

/** A number for one pass over the names of one message. */
export function newPass(): number {
  return ++passes
}

/**
 * Hot: one past the name at `at` of the message that begins at `message`; -1 if it runs past `end` or has a label of a
 * reserved kind. A name that loops has an end all the same: that of its first pointer. `pass` is of this message.
 */
export function skipName(pass: number, bytes: Uint8Array, message: number, at: number, end: number): number {
  const next = skipShort(bytes, message, at, Math.min(end, message + MAX_MESSAGE))
  return next === UNDECIDED ? skipLong(pass, bytes, message, at, end) : next
}

/** The same, and leaves the name's text in `lastName`. */
export function readName(pass: number, bytes: Uint8Array, message: number, at: number, end: number): number {
  const next = skipLong(pass, bytes, message, at, end)
  if (next < 0) return -1
  if (found.fate === LOOPS || found.pointers > MAX_POINTERS) remember(LOOP)
  else if (found.fate === IS_UNKNOWN) remember(UNKNOWN_LABEL)
  else if (found.labels === 0) remember(ROOT)
  else if (found.labels + found.bitStrings >= MAX_NAME) remember(TOO_LONG)
  else collect(bytes, message, at)
  return next
}

/** Labels and pointers that are followed without a note of them; of names that people use none has more. */
const FEW_STEPS = 16
const UNDECIDED = -2

/** Hot: `skipName` of ordinary names; others are undecided. */
function skipShort(bytes: Uint8Array, message: number, start: number, end: number): number {
  let at = start
  let next = -1
  for (let steps = 0; steps < FEW_STEPS; steps++) {
    if (at >= end) return -1
    const first = bytes[at]
    if (first === 0) return next < 0 ? at + 1 : next
    const kind = first & KIND
    if (kind === LABEL) {
      at += 1 + first
      if (at > end) return -1
    } else if (kind === POINTER) {
      if (at + 1 >= end) return -1
      if (next < 0) next = at + POINTER_LENGTH
      const to = message + pointedTo(bytes, at)
      if (isSelfPointer(at, to)) return next
      at = to
    } else return UNDECIDED
  }
  return UNDECIDED
}

/** `skipName` that looks at no label twice in a pass, and leaves in `found` what it found. */
function skipLong(pass: number, bytes: Uint8Array, message: number, at: number, end: number): number {
  follow(pass, bytes, message, at - message, Math.min(end - message, MAX_MESSAGE))
  const next = message + found.next
  if (found.pointers > MAX_POINTERS) return next
  if (found.fate === BREAKS) return -1
  // Bit strings alone are no name.
  if (found.fate === ENDS && found.labels === 0 && next - at > POINTER_LENGTH) return -1
  return next
}

/** Leaves in `found` what the name at offset `start` is. */
function follow(pass: number, bytes: Uint8Array, message: number, start: number, end: number): void {
  found.fate = BREAKS
  found.next = 0
  found.labels = 0
  found.bitStrings = 0
  found.pointers = 0
  let steps = 0
  let at = start
  while (at < end && !recall(pass, bytes, message, at)) {
    const to = step(bytes, message, at, end)
    if (to < 0) break
    places.pass[at] = -pass
    way[steps++] = at
    at = to
  }
  retrace(pass, bytes, message, steps)
}

/** Whether the pass has been at the label; `found` is then what it found. */
function recall(pass: number, bytes: Uint8Array, message: number, at: number): boolean {
  const seen = places.pass[at]
  if (seen === pass) {
    found.fate = places.fate[at]
    found.next = places.next[at]
    found.labels = places.labels[at]
    found.bitStrings = places.bitStrings[at]
    found.pointers = places.pointers[at]
    return true
  }
  if (seen !== -pass) return false
  found.fate = LOOPS
  found.next = endOfPointer(bytes, message, at)
  return true
}

/** Where the name goes on behind the label at `at`; -1 if it does not, and `found` is then what becomes of it. */
function step(bytes: Uint8Array, message: number, at: number, end: number): number {
  const first = bytes[message + at]
  if (first === 0) {
    found.fate = ENDS
    found.next = at + 1
    return -1
  }
  switch (first & KIND) {
    case LABEL:
      return at + 1 + first <= end ? at + 1 + first : -1
    case POINTER: {
      if (at + 1 >= end) return -1
      const to = pointedTo(bytes, message + at)
      if (!isSelfPointer(at, to)) return to
      found.fate = LOOPS
      found.next = at + POINTER_LENGTH
      return -1
    }
    case EXTENDED: {
      if (first !== (EXTENDED | BIT_STRING)) {
        found.fate = IS_UNKNOWN
        found.next = at + 1
        return -1
      }
      const to = at + 1 < end ? at + 2 + bitStringOctets(bytes, message + at) : end + 1
      return to <= end ? to : -1
    }
    default:
      return -1
  }
}

/** Goes back the way, and notes of each place what is found from there on. */
function retrace(pass: number, bytes: Uint8Array, message: number, steps: number): void {
  for (let i = steps - 1; i >= 0; i--) {
    const at = way[i]
    const first = bytes[message + at]
    const kind = first & KIND
    if (kind === LABEL) found.labels += 1 + first
    else if (kind === EXTENDED) found.bitStrings += 6 + 2 * bitStringOctets(bytes, message + at)
    else {
      found.pointers++
      found.next = at + POINTER_LENGTH
    }
    places.pass[at] = pass
    places.fate[at] = found.fate
    places.next[at] = found.next
    places.labels[at] = found.labels
    places.bitStrings[at] = found.bitStrings
    places.pointers[at] = found.pointers
  }
}

/** Hot: what Wireshark takes for a pointer to itself. */
function isSelfPointer(at: number, to: number): boolean {
  return to === at + 2 * POINTER_LENGTH
}

/** Octets of the bit string whose label begins at `at` (RFC 2673 §3.2.1): a count of bits, 0 for 256, precedes them. */
function bitStringOctets(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] || 256) + 7) >> 3
}

function pointedTo(bytes: Uint8Array, at: number): number {
  return ((bytes[at] & ~KIND) << 8) | bytes[at + 1]
}

/** The end of the first pointer behind a label of a name that loops. */
function endOfPointer(bytes: Uint8Array, message: number, label: number): number {
  let at = label
  for (;;) {
    const first = bytes[message + at]
    if ((first & KIND) === POINTER) return at + POINTER_LENGTH
    at += (first & KIND) === LABEL ? 1 + first : 2 + bitStringOctets(bytes, message + at)
  }
}

/** Leaves the text of a name in `lastName` that ends, and is not too long. */
function collect(bytes: Uint8Array, message: number, start: number): void {
  let length = 0
  let isFirst = true
  let at = start
  for (let first = bytes[at]; first !== 0; first = bytes[at]) {
    const kind = first & KIND
    if (kind === POINTER) {
      at = message + pointedTo(bytes, at)
      continue
    }
    if (kind === LABEL) {
      length += collectLabel(bytes, at + 1, first, length, isFirst)
      at += 1 + first
    } else at += 2 + bitStringOctets(bytes, at)
    isFirst = false
  }
  lastName.text = printable(collected, 0, length)
  lastName.length = length
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
