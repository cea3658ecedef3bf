/** SLP: RFC 2608 §8 (version 2), RFC 2165 §4 (version 1). */
import { read16, read24 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const VERSION_1 = 1
const VERSION_2 = 2

// Version 2: function, length, flags, next extension, transaction, length of the language tag, the tag.
const HEADER_2 = 14
const LAST_FUNCTION_2 = 11
const RESERVED_FLAGS_2 = 0x1fff
const MIN_TAG = 1
const MAX_TAG = 35

// Version 1: function, length, flags, dialect, language in two letters, encoding of characters, transaction.
const HEADER_1 = 12
const LAST_FUNCTION_1 = 10
const RESERVED_FLAGS_1 = 0x07
const LAST_ENCODING = 3000

/** Hot: as language tags begin. */
function isLetter(octet: number): boolean {
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x7a
}

/** Hot. */
function isMessage({ bytes, at, end, length }: Payload): boolean {
  if (end - at < HEADER_1) return false
  const type = bytes[at + 1]
  if (type === 0) return false
  if (bytes[at] === VERSION_1)
    return (
      type <= LAST_FUNCTION_1 &&
      read16(bytes, at + 2) === length &&
      (bytes[at + 4] & RESERVED_FLAGS_1) === 0 &&
      bytes[at + 5] === 0 &&
      isLetter(bytes[at + 6]) &&
      isLetter(bytes[at + 7]) &&
      read16(bytes, at + 8) <= LAST_ENCODING
    )
  if (end - at <= HEADER_2 || type > LAST_FUNCTION_2 || read24(bytes, at + 2) !== length) return false
  const tag = read16(bytes, at + 12)
  return (
    (read16(bytes, at + 5) & RESERVED_FLAGS_2) === 0 &&
    read24(bytes, at + 7) < length &&
    tag >= MIN_TAG &&
    tag <= MAX_TAG &&
    isLetter(bytes[at + HEADER_2])
  )
}

export const serviceLocation: Signature = {
  name: 'srvloc',
  title: 'Service Location Protocol',
  transport: 'both',
  evidence: 'header of SLP with the length and a language tag',
  begins: [VERSION_1, VERSION_2],
  matches: isMessage,
}
