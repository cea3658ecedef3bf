/** DTLS: RFC 6347 §4.1 (records), §4.2.2 (handshake). */
import { read16, read24 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'

// A record: type, version, epoch, sequence number, length. A handshake message: type, length, sequence, fragment's place.
const RECORD_HEADER = 13
const RECORD_LENGTH = 11
const HANDSHAKE_HEADER = 12
const CHANGE_CIPHER_SPEC = 20
const HANDSHAKE = 22
const CONNECTION_ID = 25
/** The versions count down from the ones' complement of 1.0; the last is 1.2 (RFC 6347 §4.1). */
const VERSION_1_0 = 0xfeff
const VERSION_1_2 = 0xfefd
/** What OpenSSL sent before there was a standard. */
const VERSION_OF_OPENSSL = 0x0100
const MAX_RECORD = 16_384 + 2048
const MAX_RECORDS = 64

/** Hot: whether a datagram of `length` octets that begins at `at` is nothing but records. */
export function areDtlsRecords(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  let offset = 0
  for (let records = 0; records < MAX_RECORDS && offset < length; records++) {
    const record = at + offset
    if (end - record < RECORD_HEADER) return records > 0 && end - at < length
    const type = bytes[record]
    const version = read16(bytes, record + 1)
    const recordLength = read16(bytes, record + RECORD_LENGTH)
    if (type < CHANGE_CIPHER_SPEC || type > CONNECTION_ID || recordLength === 0 || recordLength > MAX_RECORD)
      return false
    if (version !== VERSION_1_0 && version !== VERSION_1_2 && version !== VERSION_OF_OPENSSL) return false
    const isPlain = type === HANDSHAKE && read16(bytes, record + 3) === 0
    if (isPlain && !isFragment(bytes, record + RECORD_HEADER, end, recordLength)) return false
    offset += RECORD_HEADER + recordLength
  }
  return offset === length
}

/** Hot: whether the fragment of a handshake message lies within it and within its record. */
function isFragment(bytes: Uint8Array, at: number, end: number, recordLength: number): boolean {
  if (recordLength < HANDSHAKE_HEADER) return false
  if (end - at < HANDSHAKE_HEADER) return true
  const fragment = read24(bytes, at + 9)
  return read24(bytes, at + 6) + fragment <= read24(bytes, at + 1) && fragment <= recordLength - HANDSHAKE_HEADER
}

export const dtls: Signature = {
  name: 'dtls',
  title: 'Datagram Transport Layer Security',
  transport: 'udp',
  evidence: 'records of DTLS that fill the datagram',
  begins: octetRange(CHANGE_CIPHER_SPEC, CONNECTION_ID),
  matches: ({ bytes, at, end, length }) => areDtlsRecords(bytes, at, end, length),
}
