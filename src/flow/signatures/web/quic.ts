/** QUIC: RFC 8999 §5 (what all versions share), RFC 9000 §17.2 (long headers), RFC 9369 §3.2 (version 2). */
import { read32 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'

const VERSION = 1
const DESTINATION_ID = 5
const VERSION_NEGOTIATION = 0
const VERSION_1 = 1
const VERSION_2 = 0x6b3343cf
/** Version 2 while it was a draft. */
const DRAFT_VERSION_2 = 0x709a50c4
/** Drafts 22 to 34 of version 1 have its header (draft-ietf-quic-transport §17.2); those before had another. */
const FIRST_DRAFT = 0xff000016
const LAST_DRAFT = 0xff000022
/** Facebook's mvfst, and Google's versions with IETF's header: Q050 on, T050 on. */
const MVFST = 0xfaceb000
const LAST_MVFST = 0xfaceb00f
const Q050 = 0x51303530
const Q059 = 0x51303539
const T050 = 0x54303530
const T059 = 0x54303539
/** RFC 9000 §17.2. */
const MAX_ID = 20
const FIXED_BIT = 0x40
/** RFC 9000 §14.1: what carries a client's Initial packet has at least these octets. */
const MIN_CLIENT_DATAGRAM = 1200
const RETRY_TAG = 16
/** A packet number and a sample of the ciphertext (RFC 9001 §5.4.2). */
const MIN_PROTECTED = 20
const MAX_VERSIONS = 32

/** Hot: reserved to see whether versions are negotiated (RFC 9000 §15). */
function isGreased(version: number): boolean {
  return (version & 0x0f0f0f0f) === 0x0a0a0a0a
}

/** Hot. */
function isKnown(version: number): boolean {
  return (
    version === VERSION_1 ||
    version === VERSION_2 ||
    version === DRAFT_VERSION_2 ||
    (version >= FIRST_DRAFT && version <= LAST_DRAFT) ||
    (version >= MVFST && version <= LAST_MVFST) ||
    (version >= Q050 && version <= Q059) ||
    (version >= T050 && version <= T059)
  )
}

// The kinds of packet in version 1's order; version 2 has them one further (RFC 9369 §3.2).
const INITIAL = 0
const RETRY = 3

/** Hot: octets of the integer at `at` (RFC 9000 §16). */
function integerOctets(bytes: Uint8Array, at: number): number {
  return 1 << (bytes[at] >> 6)
}

/** Hot: its value; what takes eight octets is larger than any datagram. */
function integerAt(bytes: Uint8Array, at: number): number {
  const octets = integerOctets(bytes, at)
  if (octets === 8) return Number.MAX_SAFE_INTEGER
  let value = bytes[at] & 0x3f
  for (let i = 1; i < octets; i++) value = value * 256 + bytes[at + i]
  return value
}

export const quic: Signature = {
  name: 'quic',
  title: 'QUIC IETF',
  transport: 'udp',
  evidence: 'long header of a known version of QUIC, with lengths that fit',
  begins: octetRange(0x80, 0xff),
  matches: ({ bytes, at, end, length }) => {
    if (end - at < DESTINATION_ID + 2) return false
    const version = read32(bytes, at + VERSION)
    const isReserved = isGreased(version)
    if (version !== VERSION_NEGOTIATION && !isReserved && !isKnown(version)) return false
    const sourceId = at + DESTINATION_ID + 1 + bytes[at + DESTINATION_ID]
    if (bytes[at + DESTINATION_ID] > MAX_ID || sourceId >= end || bytes[sourceId] > MAX_ID) return false
    const rest = sourceId + 1 + bytes[sourceId]
    if (version === VERSION_NEGOTIATION) return areVersions(bytes, rest, end, length - (rest - at))
    if ((bytes[at] & FIXED_BIT) === 0) return false
    // What follows is not known of a version that nobody has, but a client meant it to be a first packet.
    if (isReserved) return length >= MIN_CLIENT_DATAGRAM && bytes[at + DESTINATION_ID] >= 8
    const isVersion2 = version === VERSION_2 || version === DRAFT_VERSION_2
    const type = ((bytes[at] >> 4) - (isVersion2 ? 1 : 0)) & 3
    if (type === RETRY) return length - (rest - at) > RETRY_TAG
    return isProtected(bytes, rest, end, length - (rest - at), type === INITIAL)
  },
}

/** Hot: an Initial packet's token, and then any packet's length, which ends within the datagram. */
function isProtected(bytes: Uint8Array, at: number, end: number, length: number, hasToken: boolean): boolean {
  let offset = 0
  if (hasToken) {
    if (end - at < 8) return false
    offset = integerOctets(bytes, at) + integerAt(bytes, at)
    if (offset > length - MIN_PROTECTED) return false
    // A token longer than what is looked at.
    if (at + offset + 8 > end) return end - at < length
  }
  if (end - at - offset < 8) return false
  const packetLength = integerAt(bytes, at + offset)
  return packetLength >= MIN_PROTECTED && offset + integerOctets(bytes, at + offset) + packetLength <= length
}

/** Hot: the versions that a server offers: at least one of them known, all of them four octets (RFC 9000 §17.2.1). */
function areVersions(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (length < 4 || length % 4 !== 0 || length > 4 * MAX_VERSIONS || end - at < length) return false
  for (let version = at; version < at + length; version += 4) if (isKnown(read32(bytes, version))) return true
  return false
}
