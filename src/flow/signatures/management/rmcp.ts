/** RMCP: DSP0136 (ASF 2.0) §3.2.2; what it carries: ASF (§3.2.3) and IPMI (IPMI 2.0 §13.6). */
import { read16le, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// Version, a reserved octet, sequence number, class.
const VERSION_1_0 = 6
const HEADER = 4
const ACKNOWLEDGMENT = 0x80
const ASF = 6
const IPMI = 7
/** ASF's enterprise number, 4542, is its message's first field. */
const ASF_ENTERPRISE = 4542
const ASF_HEADER = 12

// IPMI: kind of authentication, sequence, session, [code of 16 octets], length. RMCP+: type, session, sequence, length.
const RMCP_PLUS = 6
const IPMI_HEADER = 14
const AUTHENTICATION_CODE = 16
const RMCP_PLUS_HEADER = 16

export const rmcp: Signature = {
  name: 'rmcp',
  title: 'Remote Management Control Protocol',
  transport: 'udp',
  evidence: 'header of RMCP, and a message of ASF or IPMI as long as the datagram',
  begins: [VERSION_1_0],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER || bytes[at + 1] !== 0) return false
    const kind = bytes[at + 3]
    if (kind === (ACKNOWLEDGMENT | ASF)) return length === HEADER
    if (kind === ASF)
      return (
        end - at >= ASF_HEADER &&
        read32(bytes, at + 4) === ASF_ENTERPRISE &&
        bytes[at + 10] === 0 &&
        ASF_HEADER + bytes[at + 11] === length
      )
    if (kind !== IPMI || end - at < IPMI_HEADER) return false
    const authentication = bytes[at + 4]
    if (authentication === RMCP_PLUS)
      return end - at >= RMCP_PLUS_HEADER && RMCP_PLUS_HEADER + read16le(bytes, at + 14) <= length
    if (authentication === 0) return IPMI_HEADER + bytes[at + 13] === length
    const stated = at + IPMI_HEADER - 1 + AUTHENTICATION_CODE
    return authentication < RMCP_PLUS && stated < end && IPMI_HEADER + AUTHENTICATION_CODE + bytes[stated] === length
  },
}
