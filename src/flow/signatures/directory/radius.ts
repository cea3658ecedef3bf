/** RADIUS: RFC 2865 §3 (packets), §5 (attributes); RFC 2866, RFC 5176 (more codes). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 20
const MAX_LENGTH = 4096
/** Access-Request, -Accept, -Reject, Accounting-Request, -Response, Access-Challenge, Status-Server and -Client, Disconnect and CoA. */
const CODES = [1, 2, 3, 4, 5, 11, 12, 13, 40, 41, 42, 43, 44, 45]
const PORTS = [1812, 1813, 1645, 1646, 3799]
/** Attributes that have to be well-formed where no port speaks for RADIUS. */
const MIN_ATTRIBUTES = 2

export const radius: Signature = {
  name: 'radius',
  title: 'RADIUS Protocol',
  transport: 'udp',
  evidence: 'code and length of RADIUS, and attributes that fill the datagram',
  begins: CODES,
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || read16(bytes, at + 2) !== length || length > MAX_LENGTH) return false
    let attributes = 0
    let offset = HEADER
    while (offset < length && at + offset + 2 <= end) {
      // A type is never 0, and the length counts itself and the type (RFC 2865 §5).
      if (bytes[at + offset] === 0 || bytes[at + offset + 1] < 2) return false
      offset += bytes[at + offset + 1]
      attributes++
    }
    if (offset > length || (offset < length && end - at === length)) return false
    return attributes >= MIN_ATTRIBUTES || PORTS.includes(payload.sourcePort) || PORTS.includes(payload.destinationPort)
  },
}
