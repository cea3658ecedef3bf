/** MSDP: RFC 3618 §12: type, length of all. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const MSDP_PORT = 639
const SOURCE_ACTIVE = 1
const SOURCE_REQUEST = 2
const SOURCE_RESPONSE = 3
const KEEPALIVE = 4
const KEEPALIVE_LENGTH = 3
const REQUEST_LENGTH = 8
/** Before the entries, and of each of them; a multicast packet may follow. */
const HEADER = 8
const ENTRY = 12

export const msdp: Signature = {
  name: 'msdp',
  title: 'Multicast Source Discovery Protocol',
  transport: 'tcp',
  evidence: `type and length on port ${MSDP_PORT}`,
  begins: [SOURCE_ACTIVE, SOURCE_REQUEST, SOURCE_RESPONSE, KEEPALIVE],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.hasPort(MSDP_PORT) || end - at < KEEPALIVE_LENGTH) return false
    const length = read16(bytes, at + 1)
    switch (bytes[at]) {
      case KEEPALIVE:
        return length === KEEPALIVE_LENGTH
      case SOURCE_REQUEST:
        return length === REQUEST_LENGTH
      default:
        return end - at > KEEPALIVE_LENGTH && length >= HEADER + ENTRY * bytes[at + 3]
    }
  },
}
