/** OLSR: RFC 3626 §3.3: length of all, sequence number, messages with their own lengths. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const OLSR_PORT = 698
const HEADER = 4
const MESSAGE_HEADER = 12
const MESSAGE_LENGTH = HEADER + 2

export const olsr: Signature = {
  name: 'olsr',
  title: 'Optimized Link State Routing Protocol',
  transport: 'udp',
  evidence: `lengths of packet and message on port ${OLSR_PORT}`,
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(OLSR_PORT) || end - at < HEADER + MESSAGE_HEADER || read16(bytes, at) !== length) return false
    const message = read16(bytes, at + MESSAGE_LENGTH)
    return bytes[at + HEADER] !== 0 && message >= MESSAGE_HEADER && HEADER + message <= length
  },
}
