/** RDP's transport over UDP: [MS-RDPEUDP] §2.2.2.1 (header), §2.2.2.5 (RDPUDP_SYNDATA_PAYLOAD). */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const PORT = 3389
// Sequence number acknowledged, receive window, flags; then the first sequence number, and the MTU of both directions.
const HEADER = 16
const SYN = 0x0001
const ACK = 0x0004
/** SYN, ACK, and what may come with them: SYNLOSSY, CORRELATION_ID and SYNEX. */
const FLAGS = SYN | ACK | 0x0200 | 0x0400 | 0x1000
/** Nothing has been received that a SYN could acknowledge. */
const NOTHING = 0xffffffff
const MIN_MTU = 1132
const MAX_MTU = 1232

export const rdpUdp: Signature = {
  name: 'rdpudp',
  title: 'UDP Remote Desktop Protocol',
  transport: 'udp',
  evidence: 'SYN of RDP over UDP as long as its MTU, or its answer',
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (length < MIN_MTU || length > MAX_MTU || end - at < HEADER) return false
    const acknowledged = read32(bytes, at)
    if (acknowledged !== NOTHING && !payload.hasPort(PORT)) return false
    const flags = read16(bytes, at + 6)
    if ((flags & SYN) === 0 || (flags & ~FLAGS) !== 0 || ((flags & ACK) === 0) !== (acknowledged === NOTHING))
      return false
    return isMtu(read16(bytes, at + 12)) && isMtu(read16(bytes, at + 14))
  },
}

/** Hot. */
function isMtu(octets: number): boolean {
  return octets >= MIN_MTU && octets <= MAX_MTU
}
