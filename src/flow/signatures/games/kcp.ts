/**
 * KCP, https://github.com/skywind3000/kcp/blob/master/protocol.txt: segments of 24 octets and their data. Little-endian.
 *
 *   | conversation (4) | command (1) | fragment (1) | window (2) | time (4) | number (4) | unacknowledged (4) | length (4) |
 */
import { read32, read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 24
const COMMAND = 4
const LENGTH = 20
/** Push; acknowledgment, and asking for and telling of the window, which have no data. */
const PUSH = 0x51
const LAST_COMMAND = 0x54
const MAX_SEGMENTS = 64

export const kcp: Signature = {
  name: 'kcp',
  title: 'KCP',
  transport: 'udp',
  evidence: 'segments that fill the datagram',
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER || bytes[at + COMMAND] < PUSH || bytes[at + COMMAND] > LAST_COMMAND) return false
    const conversation = read32(bytes, at)
    let offset = 0
    for (let i = 0; i < MAX_SEGMENTS && at + offset + HEADER <= end; i++) {
      const command = bytes[at + offset + COMMAND]
      if (command < PUSH || command > LAST_COMMAND || read32(bytes, at + offset) !== conversation) return false
      const data = read32le(bytes, at + offset + LENGTH)
      if (command === PUSH ? data > length : data !== 0) return false
      offset += HEADER + data
      if (offset === length) return true
      if (offset > length) return false
    }
    // What is looked at ends within a segment: a message of several, of which the first were all right.
    return offset > HEADER && at + offset + HEADER > end && end - at < length && length - offset >= HEADER
  },
}
