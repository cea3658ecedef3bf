/** RTCP: RFC 3550 §6.1 (compound packets), §6.4 (reports). */
import { read16 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'

// Version 2 in the two high bits, padding, a count; type; length in words less one.
const VERSION_2 = 2
const HEADER = 4
const PADDING = 0x20
const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const LAST_TYPE = 207
const REPORT_BLOCK = 24
const MAX_PACKETS = 16

export const rtcp: Signature = {
  name: 'rtcp',
  title: 'Real-time Transport Control Protocol',
  transport: 'udp',
  evidence: 'reports of RTCP, and packets behind them that fill the datagram',
  begins: octetRange(0x80, 0x9f),
  matches: ({ bytes, at, end, length }) => {
    if (end - at < 2 * HEADER || (bytes[at] & PADDING) !== 0) return false
    // A compound begins with a report: the sender's, with 20 octets about itself, or a receiver's; then a block for each source.
    const blocks = (bytes[at] & 0x1f) * REPORT_BLOCK
    const first = HEADER * (read16(bytes, at + 2) + 1)
    if (bytes[at + 1] !== SENDER_REPORT && bytes[at + 1] !== RECEIVER_REPORT) return false
    if (first < 2 * HEADER + (bytes[at + 1] === SENDER_REPORT ? 20 : 0) + blocks) return false
    let offset = first
    for (let packets = 1; packets < MAX_PACKETS && offset < length; packets++) {
      const packet = at + offset
      if (end - packet < HEADER) return end - at < length && offset <= length
      if (bytes[packet] >> 6 !== VERSION_2 || bytes[packet + 1] < SENDER_REPORT || bytes[packet + 1] > LAST_TYPE)
        return false
      offset += HEADER * (read16(bytes, packet + 2) + 1)
    }
    return offset === length
  },
}
