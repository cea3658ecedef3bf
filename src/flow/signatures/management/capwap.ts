/** CAPWAP: RFC 5415 §4.2 (preamble), §4.3 (header), §4.5.1.1 (control header); over DTLS: §4.1. */
import { read16, read24, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { areDtlsRecords } from '../web/dtls.ts'

const CONTROL_PORT = 5246
const DATA_PORT = 5247
const TITLE = 'Control And Provisioning of Wireless Access Points'
/** The preamble: version 0, and what follows: CAPWAP's header, or DTLS. */
const CLEAR = 0
const DTLS = 1
const DTLS_HEADER = 4
const MIN_HEADER = 8
/** IEEE 802.11 is 1; EPCGlobal 3 (RFC 5415 §4.3, "WBID"). */
const LAST_BINDING = 3
// Control: type (an enterprise and 1 to 26), sequence number, length, flags. Type and sequence number are not of the length.
const CONTROL_HEADER = 8
const LAST_TYPE = 31
const LENGTH_FROM = 5

/** Hot: octets of the header; 0 if there is none: its length in words is in 5 bits, and 3 bits at its end are 0. */
function headerLength({ bytes, at, end }: Payload): number {
  if (end - at < MIN_HEADER || (bytes[at + 7] & 0x07) !== 0) return 0
  const words = bytes[at + 1] >> 3
  const binding = (bytes[at + 2] >> 1) & 0x1f
  return words * 4 >= MIN_HEADER && binding <= LAST_BINDING ? words * 4 : 0
}

/** Hot. */
function isDtls({ bytes, at, end, length }: Payload): boolean {
  return (
    end - at > DTLS_HEADER &&
    read24(bytes, at + 1) === 0 &&
    areDtlsRecords(bytes, at + DTLS_HEADER, end, length - DTLS_HEADER)
  )
}

export const capwapControl: Signature = {
  name: 'capwap',
  title: `${TITLE} - Control`,
  transport: 'udp',
  evidence: `header of CAPWAP and of a control message, or DTLS, on port ${CONTROL_PORT}`,
  begins: [CLEAR, DTLS],
  matches: (payload) => {
    if (!payload.hasPort(CONTROL_PORT)) return false
    const { bytes, at, end, length } = payload
    if (bytes[at] === DTLS) return isDtls(payload)
    const header = headerLength(payload)
    const control = at + header
    if (header === 0 || end - control < CONTROL_HEADER) return false
    const type = read32(bytes, control)
    const stated = header + LENGTH_FROM + read16(bytes, control + LENGTH_FROM)
    // Some count flags and length, as the specification has it; some do not.
    return (type & 0xff) !== 0 && (type & 0xff) <= LAST_TYPE && stated <= length && stated + 3 >= length
  },
}

export const capwapData: Signature = {
  name: 'capwap.data',
  title: `${TITLE} - Data`,
  transport: 'udp',
  evidence: `header of CAPWAP, or DTLS, on port ${DATA_PORT}`,
  begins: [CLEAR, DTLS],
  matches: (payload) => {
    if (!payload.hasPort(DATA_PORT)) return false
    if (payload.bytes[payload.at] === DTLS) return isDtls(payload)
    const header = headerLength(payload)
    return header !== 0 && header <= payload.length
  },
}
