/** RTMP: Adobe's specification 1.0 §5.2 (handshake). */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const PORT = 1935
const VERSION_3 = 3
/** C0 and C1, or S0 and S1: the version, and then the time, four octets of 0, and 1528 random ones. */
const HANDSHAKE = 1537
/** S2 may follow at once. */
const WHOLE_ANSWER = HANDSHAKE + 1536
/** The first segment of a handshake that takes two. */
const MIN_SEGMENT = 512

/** Wireshark calls it RTMPT, also where no HTTP tunnels it. */
export const rtmp: Signature = {
  name: 'rtmpt',
  title: 'Real Time Messaging Protocol',
  transport: 'tcp',
  evidence: `handshake of RTMP version 3, as long as it must be or on port ${PORT}`,
  begins: [VERSION_3],
  matches: (payload) => {
    const { bytes, at, end, length, isFirst } = payload
    if (!isFirst || end - at < 9) return false
    // Players give their version where the four octets of 0 were.
    if (payload.hasPort(PORT)) return length >= MIN_SEGMENT && length <= WHOLE_ANSWER
    return (length === HANDSHAKE || length === WHOLE_ANSWER) && read32(bytes, at + 5) === 0
  },
}
