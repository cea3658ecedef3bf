/** TeamViewer, which nobody has specified: every message on its port begins with one of two pairs of octets. */
import type { Signature } from '../signature.ts'

const PORT = 5938
const FIRST = 0x17
const SECOND = 0x24
const OTHER_FIRST = 0x11
const OTHER_SECOND = 0x30

/** Wireshark has none. */
export const teamViewer: Signature = {
  name: 'teamviewer',
  title: 'TeamViewer',
  transport: 'tcp',
  evidence: `the first two octets of two messages, on port ${PORT}`,
  begins: [FIRST, OTHER_FIRST],
  payloads: 2,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.hasPort(PORT) || end - at < 2) return false
    return bytes[at + 1] === (bytes[at] === FIRST ? SECOND : OTHER_SECOND)
  },
}
