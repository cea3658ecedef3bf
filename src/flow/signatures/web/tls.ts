/** TLS: RFC 8446 §5.1 (records), §4 (handshake). */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const RECORD_HEADER = 5
const FIRST_CONTENT_TYPE = 20
const LAST_CONTENT_TYPE = 24
const HANDSHAKE = 22
/** RFC 8446 §5.2: expansion included. */
const MAX_RECORD = 16_384 + 2048
const CLIENT_HELLO = 1
const SERVER_HELLO = 2

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

/** A stream whose handshake was missed: any record, but only where TLS is expected. */
export const tlsRecord: Signature = {
  name: 'tls',
  title: 'Transport Layer Security',
  transport: 'tcp',
  evidence: 'record on port 443',
  begins: octetRange(FIRST_CONTENT_TYPE, LAST_CONTENT_TYPE),
  matches: (payload) => payload.hasPort(443) && isRecord(payload),
}
