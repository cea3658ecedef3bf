/** Whether octets are JSON (RFC 8259), so that Wireshark shows them as such and not as lines of text. */

/** Arrays and objects within one another; of what is deeper, nothing is said. */
const MAX_DEPTH = 64

/** Where reading stands. */
let position = 0

/** Hot: whether the octets from `at` to `end` are objects and arrays, and nothing else but white space. */
export function isJson(bytes: Uint8Array, at: number, end: number): boolean {
  position = at
  skipSpace(bytes, end)
  if (position >= end) return false
  while (position < end) {
    if (bytes[position] !== 0x7b && bytes[position] !== 0x5b) return false
    if (!readValue(bytes, end, 0)) return false
    skipSpace(bytes, end)
  }
  return true
}

/** Hot. */
function skipSpace(bytes: Uint8Array, end: number): void {
  while (position < end && isSpace(bytes[position])) position++
}

/** Hot. */
function isSpace(octet: number): boolean {
  return octet === 0x20 || (octet >= 0x09 && octet <= 0x0d)
}

/** Hot. */
function readValue(bytes: Uint8Array, end: number, depth: number): boolean {
  if (depth > MAX_DEPTH) return true
  switch (bytes[position]) {
    case 0x7b:
      return readList(bytes, end, 0x7d, depth, true)
    case 0x5b:
      return readList(bytes, end, 0x5d, depth, false)
    case 0x22:
      return readString(bytes, end)
    default:
      return readWord(bytes, end)
  }
}

/** Hot: members of an object, or elements of an array, up to `close`. */
function readList(bytes: Uint8Array, end: number, close: number, depth: number, isObject: boolean): boolean {
  position++
  skipSpace(bytes, end)
  if (position < end && bytes[position] === close) {
    position++
    return true
  }
  while (position < end) {
    if (isObject) {
      if (bytes[position] !== 0x22 || !readString(bytes, end)) return false
      skipSpace(bytes, end)
      if (position >= end || bytes[position++] !== 0x3a) return false
      skipSpace(bytes, end)
    }
    if (position >= end || !readValue(bytes, end, depth + 1)) return false
    skipSpace(bytes, end)
    if (position >= end) return false
    const separator = bytes[position++]
    if (separator === close) return true
    if (separator !== 0x2c) return false
    skipSpace(bytes, end)
  }
  return false
}

/** Hot. */
function readString(bytes: Uint8Array, end: number): boolean {
  for (position++; position < end; position++) {
    if (bytes[position] === 0x5c) position++
    else if (bytes[position] === 0x22) {
      position++
      return true
    }
  }
  return false
}

/** Hot: a number, `true`, `false` or `null`. */
function readWord(bytes: Uint8Array, end: number): boolean {
  const first = position
  while (position < end && isWord(bytes[position])) position++
  if (position === first) return false
  const octet = bytes[first]
  if (octet === 0x2d || (octet >= 0x30 && octet <= 0x39)) return true
  const length = position - first
  if (octet === 0x74) return length === 4 && bytes[first + 1] === 0x72
  if (octet === 0x66) return length === 5 && bytes[first + 1] === 0x61
  return octet === 0x6e && length === 4 && bytes[first + 1] === 0x75 && bytes[first + 2] === 0x6c
}

/** Hot: letters, digits, `+`, `-` and `.`. */
function isWord(octet: number): boolean {
  const letter = octet | 0x20
  return (
    (octet >= 0x30 && octet <= 0x39) ||
    (letter >= 0x61 && letter <= 0x7a) ||
    octet === 0x2b ||
    octet === 0x2d ||
    octet === 0x2e
  )
}
