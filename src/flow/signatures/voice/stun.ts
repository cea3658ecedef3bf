/** STUN: RFC 8489 §5 (header), §14 (attributes); as it was first: RFC 3489 §11; ChannelData of TURN: RFC 8656 §12.4. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

// Type (its two high bits are 0), length of the attributes, magic cookie, transaction.
const HEADER = 20
const MAGIC_COOKIE = 0x2112a442
const MAX_LENGTH = 0x2000
/** The class is in two bits of the type, the method in the rest; few methods are assigned. */
const LAST_METHOD_OCTET = 0x3f

const TITLE = 'Session Traversal Utilities for NAT'

/** Hot. */
function hasCookie({ bytes, at, end }: Payload): boolean {
  return end - at >= HEADER && bytes[at] <= LAST_METHOD_OCTET && read32(bytes, at + 4) === MAGIC_COOKIE
}

export const stun: Signature = {
  name: 'stun',
  title: TITLE,
  transport: 'udp',
  evidence: 'magic cookie of STUN, and its length',
  begins: octetRange(0, LAST_METHOD_OCTET),
  matches: (payload) => {
    if (!hasCookie(payload)) return false
    const length = read16(payload.bytes, payload.at + 2)
    return length % 4 === 0 && HEADER + length === payload.length
  },
}

export const stunOverTcp: Signature = {
  name: 'stun',
  title: TITLE,
  transport: 'tcp',
  evidence: 'magic cookie of STUN, and its length',
  begins: octetRange(0, LAST_METHOD_OCTET),
  matches: (payload) => {
    if (!hasCookie(payload)) return false
    const length = read16(payload.bytes, payload.at + 2)
    return length % 4 === 0 && length <= MAX_LENGTH
  },
}

const PORT = 3478
/** Where others listen besides: Microsoft's and Zoom's relays, and STUN over DTLS. */
const LAST_PORT = 3481
const TLS_PORT = 5349

/** Hot. */
function isServerPort(port: number): boolean {
  return (port >= PORT && port <= LAST_PORT) || port === TLS_PORT
}

/** Binding and shared secret: request, response, error (RFC 3489 §11.1). */
const CLASSIC_TYPES = [0x0001, 0x0002, 0x0101, 0x0102, 0x0111, 0x0112]
/** MAPPED-ADDRESS to REFLECTED-FROM; from 0x8000 on they are optional (RFC 3489 §11.2). */
const LAST_CLASSIC_ATTRIBUTE = 0x000b
const FIRST_OPTIONAL = 0x8000
const ATTRIBUTE_HEADER = 4

/** Without a cookie: attributes that fill the datagram, and are known unless the port speaks for it. */
export const classicStun: Signature = {
  name: 'classicstun',
  title: 'Simple Traversal of UDP Through NAT',
  transport: 'udp',
  evidence: 'type of STUN as of RFC 3489, and attributes that fill the datagram',
  begins: [0x00, 0x01],
  matches: ({ bytes, at, end, length, sourcePort, destinationPort }) => {
    if (end - at < HEADER || !CLASSIC_TYPES.includes(read16(bytes, at))) return false
    if (HEADER + read16(bytes, at + 2) !== length || read32(bytes, at + 4) === MAGIC_COOKIE) return false
    const isExpected = isServerPort(sourcePort) || isServerPort(destinationPort)
    let offset = HEADER
    while (offset < length && at + offset + ATTRIBUTE_HEADER <= end) {
      const type = read16(bytes, at + offset)
      if (type === 0 || (type > LAST_CLASSIC_ATTRIBUTE && type < FIRST_OPTIONAL && !isExpected)) return false
      offset += ATTRIBUTE_HEADER + read16(bytes, at + offset + 2)
    }
    if (offset > length || (offset < length && end - at === length)) return false
    return length > HEADER || isExpected
  },
}

/** RFC 8656 §12: channel numbers. */
const FIRST_CHANNEL = 0x40
const LAST_CHANNEL = 0x4f
const CHANNEL_HEADER = 4

/** Wireshark shows it as STUN. Over UDP nothing need follow the data; what does is padding (RFC 8656 §12.5). */
export const channelData: Signature = {
  name: 'stun',
  title: TITLE,
  transport: 'udp',
  evidence: `two ChannelData messages of TURN on port ${PORT}`,
  begins: octetRange(FIRST_CHANNEL, LAST_CHANNEL),
  payloads: 2,
  matches: ({ bytes, at, end, length, sourcePort, destinationPort }) => {
    if (!isServerPort(sourcePort) && !isServerPort(destinationPort)) return false
    if (end - at < CHANNEL_HEADER) return false
    const data = CHANNEL_HEADER + read16(bytes, at + 2)
    return data > CHANNEL_HEADER && (data === length || ((data + 3) & ~3) === length)
  },
}
