/** MPLS echo, "LSP ping": RFC 8029 §3. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const MPLS_ECHO_PORT = 3503
const VERSION = 1
const HEADER = 32
/** Validate FEC stack, respond if TTL expired, validate the reverse path. */
const LAST_FLAGS = 7
/** Echo request, echo reply; the same in-band for another's sake (RFC 7555). */
const LAST_TYPE = 4
const LAST_REPLY_MODE = 5

export const mplsEcho: Signature = {
  name: 'mpls-echo',
  title: 'Multiprotocol Label Switching Echo',
  transport: 'udp',
  evidence: `header on port ${MPLS_ECHO_PORT}`,
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.hasPort(MPLS_ECHO_PORT) || end - at < HEADER) return false
    if (read16(bytes, at) !== VERSION || read16(bytes, at + 2) > LAST_FLAGS) return false
    const type = bytes[at + 4]
    const mode = bytes[at + 5]
    return type >= 1 && type <= LAST_TYPE && mode >= 1 && mode <= LAST_REPLY_MODE
  },
}
