/** X11: "X Window System Protocol", version 11, chapter 8 (connection setup) and appendix B (its encoding). */
import { read16, read16le } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

/** The client's order of octets, as a letter. */
const BIG_ENDIAN = 0x42
const LITTLE_ENDIAN = 0x6c
const MAJOR_VERSION = 11
const SETUP_HEADER = 12
const MAX_NAME = 64
const MAX_DATA = 256
// The server's answer, in the client's order: octets of it that are always there, and where they hold what is known.
const SUCCESS = 1
const ANSWER = 40
const MIN_KEY_CODE = 8

/** Hot. */
function isSetup({ bytes, at, end, length }: Payload): boolean {
  if (end - at < SETUP_HEADER || bytes[at + 1] !== 0 || read16(bytes, at + 10) !== 0) return false
  const isLittle = bytes[at] === LITTLE_ENDIAN
  const read = isLittle ? read16le : read16
  const name = read(bytes, at + 6)
  const data = read(bytes, at + 8)
  if (read(bytes, at + 2) !== MAJOR_VERSION || read(bytes, at + 4) !== 0 || name > MAX_NAME || data > MAX_DATA)
    return false
  return SETUP_HEADER + padded(name) + padded(data) === length
}

/** Hot: to the next multiple of four. */
function padded(octets: number): number {
  return (octets + 3) & ~3
}

/** Hot: version, length in words, orders of octets and bits, units of scan lines, and the least key code. */
function isSuccess({ bytes, at, end, length }: Payload): boolean {
  if (end - at < ANSWER) return false
  const isLittle = bytes[at + 2] !== 0
  const read = isLittle ? read16le : read16
  return (
    read(bytes, at + 2) === MAJOR_VERSION &&
    read(bytes, at + 4) === 0 &&
    8 + 4 * read(bytes, at + 6) >= length &&
    bytes[at + 30] <= 1 &&
    bytes[at + 31] <= 1 &&
    isUnit(bytes[at + 32]) &&
    isUnit(bytes[at + 33]) &&
    bytes[at + 34] >= MIN_KEY_CODE &&
    bytes[at + 35] > bytes[at + 34]
  )
}

/** Hot: bits of a scan line's unit or padding. */
function isUnit(octet: number): boolean {
  return octet === 8 || octet === 16 || octet === 32
}

export const x11: Signature = {
  name: 'x11',
  title: 'X11',
  transport: 'tcp',
  evidence: 'connection setup of X11, or its success',
  begins: [BIG_ENDIAN, LITTLE_ENDIAN, SUCCESS],
  matches: (payload) => (payload.bytes[payload.at] === SUCCESS ? isSuccess(payload) : isSetup(payload)),
}
