/** UFTP, file transfer over multicast, http://uftp-multicast.sourceforge.net/: its message type stands in the header and behind it. */
import type { Signature } from '../signature.ts'

const VERSION_4 = 0x40
const VERSION_5 = 0x50
const HEADER = 16
const TYPE = 1
const RESERVED = 15
const LAST_TYPE = 0x13
/** The message's type again, and its length in words of four octets. */
const MESSAGE_LENGTH = HEADER + 1

export const uftp: Signature = {
  name: 'uftp',
  title: 'UDP based FTP w/ multicast',
  transport: 'udp',
  evidence: 'header and message of one type',
  begins: [VERSION_4, VERSION_5],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER + 4) return false
    const type = bytes[at + TYPE]
    if (type === 0 || type > LAST_TYPE || bytes[at + HEADER] !== type || bytes[at + RESERVED] !== 0) return false
    const words = bytes[at + MESSAGE_LENGTH]
    return words > 0 && HEADER + 4 * words <= length
  },
}
