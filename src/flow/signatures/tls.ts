/** TLS: RFC 8446 §5.1 (records), §4 (handshake). */
import { read16 } from '../../packet/bytes.ts'
import type { Signature } from './signature.ts'

const RECORD_HEADER = 5
const HANDSHAKE = 22
const LAST_CONTENT_TYPE = 24
const FIRST_CONTENT_TYPE = 20
const MAX_RECORD = 16_384 + 2048
const CLIENT_HELLO = 1
const SERVER_HELLO = 2

export const tls: Signature = {
  name: 'tls',
  title: 'Transport Layer Security',
  transport: 'tcp',
  begins: [20, 21, 22, 23, 24],
  matches: (bytes, at, end, sourcePort, destinationPort) => {
    if (end - at < RECORD_HEADER + 1) return false
    const type = bytes[at]
    const length = read16(bytes, at + 3)
    if (bytes[at + 1] !== 3 || bytes[at + 2] > 4 || length === 0 || length > MAX_RECORD) return false
    if (type === HANDSHAKE) return bytes[at + 5] === CLIENT_HELLO || bytes[at + 5] === SERVER_HELLO
    // A stream whose handshake was missed: any record, but only where TLS is expected.
    const expected = sourcePort === 443 || destinationPort === 443
    return expected && type >= FIRST_CONTENT_TYPE && type <= LAST_CONTENT_TYPE
  },
}
