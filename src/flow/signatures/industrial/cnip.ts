/** LonWorks over IP: ISO/IEC 14908-4 §7 (common header): length of all, version, packet type. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const CNIP_PORTS = [1628, 1629] as const
const HEADER = 20
const VERSION = 1

export const cnip: Signature = {
  name: 'cnip',
  title: 'Component Network over IP',
  transport: 'udp',
  evidence: `header with the datagram's length on port ${CNIP_PORTS.join(' or ')}`,
  begins: [0, 1, 2, 3, 4, 5],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(CNIP_PORTS[0]) && !payload.hasPort(CNIP_PORTS[1])) return false
    return end - at >= HEADER && read16(bytes, at) === length && bytes[at + 2] === VERSION && bytes[at + 3] !== 0
  },
}
