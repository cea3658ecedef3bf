/** PPTP's control connection: RFC 2637 §2. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const MAGIC_COOKIE = 0x1a2b3c4d
const CONTROL_MESSAGE = 1
/** Length, type, cookie, control message type, reserved. */
const HEADER = 12
/** An Outgoing-Call-Reply's neighbors end at 220 octets (RFC 2637 §2.15). */
const LONGEST = 220
const LAST_TYPE = 15

export const pptp: Signature = {
  name: 'pptp',
  title: 'Point-to-Point Tunnelling Protocol',
  transport: 'tcp',
  evidence: 'magic cookie of a control message',
  begins: [0],
  matches: ({ bytes, at, end }) => {
    if (end - at < HEADER || read32(bytes, at + 4) !== MAGIC_COOKIE) return false
    const length = read16(bytes, at)
    const type = read16(bytes, at + 8)
    return read16(bytes, at + 2) === CONTROL_MESSAGE && length <= LONGEST && type >= 1 && type <= LAST_TYPE
  },
}
