/** TLS: RFC 8446 §5.1 (records), §4 (handshake); the ClientHello in SSL 2.0's form: RFC 5246 appendix E.2. */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const RECORD_HEADER = 5
const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const HANDSHAKE = 22
const APPLICATION_DATA = 23
const HEARTBEAT = 24
/** RFC 8446 §5.2: expansion included. */
const MAX_RECORD = 16_384 + 2048
/** What the shortest encrypted record carries: an authentication tag and the type (RFC 8446 §5.2), or a cipher's block. */
const MIN_ENCRYPTED = 16
const CLIENT_HELLO = 1
const SERVER_HELLO = 2
/** No segment that is looked at has more records; a bound for the walk. */
const MAX_RECORDS = 128

/** Hot: a record's header, with a length that is not absurd. */
function isRecord({ bytes, at, end }: Payload): boolean {
  if (end - at < RECORD_HEADER + 1 || bytes[at + 1] !== 3 || bytes[at + 2] > 4) return false
  const length = read16(bytes, at + 3)
  return length > 0 && length <= MAX_RECORD
}

export const tls: Signature = {
  name: 'tls',
  title: 'Transport Layer Security',
  transport: 'tcp',
  evidence: 'handshake record with a ClientHello or ServerHello',
  begins: [HANDSHAKE],
  matches: (payload) => {
    if (!isRecord(payload)) return false
    const type = payload.bytes[payload.at + RECORD_HEADER]
    return type === CLIENT_HELLO || type === SERVER_HELLO
  },
}

/** SSL 2.0: the length with its high bit set, the type, the version wanted, three lengths that make up the rest. */
export const sslHello: Signature = {
  name: 'tls',
  title: 'Transport Layer Security',
  transport: 'tcp',
  evidence: "ClientHello in SSL 2.0's form",
  begins: [0x80],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < 11 || bytes[at + 1] !== length - 2 || bytes[at + 2] !== CLIENT_HELLO) return false
    const version = read16(bytes, at + 3)
    const ciphers = read16(bytes, at + 5)
    const session = read16(bytes, at + 7)
    const challenge = read16(bytes, at + 9)
    return (
      (version === 2 || (version >= 0x300 && version <= 0x303)) &&
      ciphers > 0 &&
      ciphers % 3 === 0 &&
      (session === 0 || session === 16) &&
      challenge >= 16 &&
      challenge <= 32 &&
      11 + ciphers + session + challenge === length
    )
  },
}

/** Hot: whether a record of this type may have this length: what a stream carries once its handshake is over. */
function isPlausible(type: number, length: number): boolean {
  if (type === CHANGE_CIPHER_SPEC) return length === 1
  if (type === ALERT) return length === 2 || length >= MIN_ENCRYPTED
  if (type === HANDSHAKE) return length >= 4
  return type === APPLICATION_DATA && length >= MIN_ENCRYPTED
}

/** A stream whose handshake was missed: records that fill the segment to its last octet. */
export const tlsRecords: Signature = {
  name: 'tls',
  title: 'Transport Layer Security',
  transport: 'tcp',
  evidence: 'records that fill the segment',
  begins: octetRange(CHANGE_CIPHER_SPEC, APPLICATION_DATA),
  matches: ({ bytes, at, end, length }) => {
    let offset = 0
    for (let records = 0; records < MAX_RECORDS && offset < length; records++) {
      const record = at + offset
      // What follows is not looked at: the first record, which is shorter than the segment, has to do.
      if (end - record < RECORD_HEADER) return records > 0 && end - at < length
      const recordLength = read16(bytes, record + 3)
      if (bytes[record + 1] !== 3 || bytes[record + 2] > 4 || recordLength > MAX_RECORD) return false
      if (!isPlausible(bytes[record], recordLength)) return false
      offset += RECORD_HEADER + recordLength
    }
    return offset === length
  },
}

/** The same with a record that goes on in the next segment: only where TLS is expected. */
export const tlsRecord: Signature = {
  name: 'tls',
  title: 'Transport Layer Security',
  transport: 'tcp',
  evidence: 'record on port 443',
  begins: octetRange(CHANGE_CIPHER_SPEC, HEARTBEAT),
  matches: (payload) => payload.hasPort(443) && isRecord(payload),
}
