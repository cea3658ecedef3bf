/** Apache Thrift: "Thrift Binary protocol encoding" and "Thrift Compact protocol encoding" (message), "Framed transport". */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// Strict binary: 0x8001, 0, the type; the length of the method's name, the name, the sequence identifier.
const STRICT = 0x80010000
const HEADER = 8
const LAST_TYPE = 4
// Compact: 0x82; the type in the three high bits, version 1; sequence identifier and name's length as varints.
const COMPACT = 0x82
const COMPACT_VERSION = 1
const MAX_VARINT = 5
const MIN_NAME = 2
const MAX_NAME = 128
/** The length that goes before a frame. */
const FRAME = 4
const MAX_FRAME = 0x1000000

/** Hot: letters, digits, "_", "." and ":", of which the first is a letter: the name of a method, of a service before it. */
function isName(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (length < MIN_NAME || length > MAX_NAME || end - at < length) return false
  for (let i = at; i < at + length; i++) {
    const octet = bytes[i]
    const letter = octet | 0x20
    if ((letter >= 0x61 && letter <= 0x7a) || octet === 0x5f) continue
    if (i === at || !((octet >= 0x30 && octet <= 0x39) || octet === 0x2e || octet === 0x3a)) return false
  }
  return true
}

/** Hot: a call, reply, exception or one-way call. */
function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER) return false
  if (bytes[at] !== COMPACT) {
    const type = read32(bytes, at) - STRICT
    return type >= 1 && type <= LAST_TYPE && isName(bytes, at + HEADER, end, read32(bytes, at + 4))
  }
  const type = bytes[at + 1] >> 5
  if ((bytes[at + 1] & 0x1f) !== COMPACT_VERSION || type < 1 || type > LAST_TYPE) return false
  let name = at + 2
  while (name < at + 2 + MAX_VARINT && name < end && bytes[name] >= 0x80) name++
  // The sequence identifier's last octet, and the length of the name in one.
  return end - name > 2 && isName(bytes, name + 2, end, bytes[name + 1])
}

export const thrift: Signature = {
  name: 'thrift',
  title: 'Thrift Protocol',
  transport: 'both',
  evidence: "message of Thrift with a method's name",
  begins: [0x80, COMPACT],
  matches: ({ bytes, at, end }) => isMessage(bytes, at, end),
}

export const thriftFrame: Signature = {
  name: 'thrift',
  title: 'Thrift Protocol',
  transport: 'tcp',
  evidence: "frame and message of Thrift with a method's name",
  begins: [0],
  matches: ({ bytes, at, end }) => {
    if (end - at < FRAME + HEADER || (bytes[at + FRAME] & 0xfd) !== 0x80) return false
    const length = read32(bytes, at)
    return length > HEADER && length <= MAX_FRAME && isMessage(bytes, at + FRAME, end)
  },
}
