/** HART-IP: HCF_SPEC-085 §9: version, message type, message id, status, sequence number, length of all. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HART_IP_PORT = 5094
const HEADER = 8
/** Request, response, publish, error. */
const TYPES = [0, 1, 2, 15]
/** Initiate, close, keep alive, token-passing data, direct data, audit log. */
const LAST_ID = 5

export const hartIp: Signature = {
  name: 'hart_ip',
  title: 'HART_IP Protocol',
  transport: 'both',
  evidence: `header with the payload's length on port ${HART_IP_PORT}`,
  begins: [1, 2],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || !payload.hasPort(HART_IP_PORT)) return false
    return TYPES.includes(bytes[at + 1]) && bytes[at + 2] <= LAST_ID && read16(bytes, at + 6) === length
  },
}
