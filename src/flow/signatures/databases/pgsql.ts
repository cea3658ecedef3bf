/** PostgreSQL: its documentation, "Message Formats" of the frontend/backend protocol. */
import { read16, read32 } from '../../../packet/bytes.ts'
import { isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const PGSQL_PORT = 5432
/** A message: its type as a letter, and the length, which counts itself. The first message of a client has no type. */
const HEADER = 5
const LENGTH = 4
const VERSION_3 = 3
const MAX_MINOR = 2
/** In the place of a version, requests; 1234 was nobody's. */
const CANCEL = 0x04d2162e
const TLS = 0x04d2162f
const GSSAPI = 0x04d21630
const CANCEL_LENGTH = 16

const AUTHENTICATION = 0x52
const QUERY = 0x51
const ERROR = 0x45
// Kinds of authentication.
const OK = 0
const CLEAR_TEXT = 3
const MD5 = 5
const SASL = 10
/** Types of messages of either side. */
const TYPES = firstOctets([...'123ABCDEFGHIKNPQRSTVWXZcdfnpstv'])
const MAX_MESSAGE = 0x1000000
const MAX_CHAIN = 4
/** The smallest segment that IPv4 lets anybody have to send in full (RFC 9293 §3.7.1). */
const MIN_FULL_SEGMENT = 536

export const pgsql: Signature = {
  name: 'pgsql',
  title: 'PostgreSQL',
  transport: 'tcp',
  evidence: `startup, authentication or query of PostgreSQL, or its messages on port ${PGSQL_PORT}`,
  begins: [0, ...TYPES],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER + 3) return false
    if (bytes[at] === 0) return isStartup(payload)
    if (end - at < HEADER + 4) return payload.hasPort(PGSQL_PORT) && isChain(payload)
    const length = read32(bytes, at + 1)
    switch (bytes[at]) {
      case AUTHENTICATION:
        if (isAuthentication(payload, length)) return true
        break
      case QUERY:
        if (isQuery(payload, length)) return true
        break
      case ERROR:
        if (payload.startsWith('SFATAL\0', HEADER) || payload.startsWith('SERROR\0', HEADER)) return true
    }
    return payload.hasPort(PGSQL_PORT) && isChain(payload)
  },
}

/** Hot: the length, then the version and the user's name, or one of the requests. */
function isStartup(payload: Payload): boolean {
  const { bytes, at } = payload
  if (read32(bytes, at) !== payload.length) return false
  const version = read32(bytes, at + LENGTH)
  if (version === TLS || version === GSSAPI) return payload.length === 8
  if (version === CANCEL) return payload.length >= CANCEL_LENGTH
  return read16(bytes, at + 4) === VERSION_3 && read16(bytes, at + 6) <= MAX_MINOR && payload.indexOf('user\0', 8) > 0
}

/** Hot: kinds that have no more than their number stand alone, and the parameters follow when all is well. */
function isAuthentication(payload: Payload, length: number): boolean {
  const kind = read32(payload.bytes, payload.at + HEADER)
  switch (kind) {
    case OK:
      return length === 8 && (payload.length === 9 || payload.startsWith('S\0\0\0', 9))
    case CLEAR_TEXT:
      return length === 8 && payload.length === 9
    case MD5:
      return length === 12 && payload.length === 13
    case SASL:
      return payload.startsWith('SCRAM-', HEADER + 4)
    default:
      return false
  }
}

/** Hot: text that prints, and a zero octet where the length ends. */
function isQuery(payload: Payload, length: number): boolean {
  const { bytes, at, end } = payload
  if (length + 1 !== payload.length || length < 8) return false
  const textEnd = Math.min(length, end - at)
  for (let i = at + HEADER; i < at + textEnd; i++) {
    const octet = bytes[i]
    if (octet < 0x20 && (octet < 0x09 || octet > 0x0d)) return false
  }
  if (at + length < end && bytes[at + length] !== 0) return false
  return isPrintable(payload, HEADER, HEADER + 3)
}

/** Hot: messages one after another, each beginning where the one before it ends. */
function isChain({ bytes, at, end, length }: Payload): boolean {
  let offset = 0
  for (let messages = 0; messages < MAX_CHAIN; messages++) {
    if (offset === length) return true
    // A message that goes on in the next segment fills this one.
    if (at + offset + HEADER > end) return messages > 0 && (offset <= length || length >= MIN_FULL_SEGMENT)
    const size = read32(bytes, at + offset + 1)
    if (!TYPES.includes(bytes[at + offset]) || size < LENGTH || size > MAX_MESSAGE) return false
    offset += size + 1
  }
  return true
}
