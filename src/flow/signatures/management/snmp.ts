/** SNMP: RFC 1157 §4 (version 1), RFC 1901 §3 (2c), RFC 3412 §6 (3). */

import { berHeader, berSize } from '../directory/ber.ts'
import type { Signature } from '../signature.ts'

const SEQUENCE = 0x30
const INTEGER = 0x02
const OCTET_STRING = 0x04
const VERSION_2C = 1
const VERSION_3 = 3
/** PDUs: context tags 0 (GetRequest) to 8 (Report), constructed. */
const FIRST_PDU = 0xa0
const LAST_PDU = 0xa8
const MAX_COMMUNITY = 255

export const snmp: Signature = {
  name: 'snmp',
  title: 'Simple Network Management Protocol',
  transport: 'both',
  evidence: 'version of SNMP, then a community and a PDU, or the header of version 3',
  begins: [SEQUENCE],
  matches: ({ bytes, at, end, length }) => {
    const size = berSize(bytes, at, end)
    if (size !== length) return false
    const version = at + berHeader(bytes, at, end)
    const next = version + 3
    if (end - next < 2 || bytes[version] !== INTEGER || bytes[version + 1] !== 1) return false
    const nextSize = berSize(bytes, next, end)
    const pdu = next + nextSize
    if (nextSize === 0) return false
    if (bytes[version + 2] === VERSION_3)
      // The message's identifier begins the header; the security model's parameters follow it, as a string.
      return pdu < end && bytes[next] === SEQUENCE && bytes[next + 2] === INTEGER && bytes[pdu] === OCTET_STRING
    if (bytes[version + 2] > VERSION_2C || bytes[next] !== OCTET_STRING || nextSize > MAX_COMMUNITY) return false
    if (pdu >= end || bytes[pdu] < FIRST_PDU || bytes[pdu] > LAST_PDU) return false
    return pdu - at + berSize(bytes, pdu, end) === length
  },
}
