/** L2TP's control messages: RFC 2661 §3.1 (version 2), RFC 3931 §3.2.1 (version 3). */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

/** Type, Length and Sequence set, and no reserved bit. */
const CONTROL_FLAGS = 0xc8
const CONTROL_HEADER = 12
/** Message Type is the first AVP: mandatory, 8 octets, vendor 0, type 0 (RFC 2661 §4.4.1). */
const MESSAGE_TYPE_AVP = 0x8008_0000
/** RFC 3931 §3.1 counts to 20; RFC 4045 and others to 32. */
const MAX_MESSAGE_TYPE = 32

export const l2tp: Signature = {
  name: 'l2tp',
  title: 'Layer 2 Tunneling Protocol',
  transport: 'udp',
  evidence: 'control message with a message type',
  begins: [CONTROL_FLAGS],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < CONTROL_HEADER + 8 || read16(bytes, at + 2) !== length) return false
    const version = bytes[at + 1]
    if ((version !== 2 && version !== 3) || read32(bytes, at + CONTROL_HEADER) !== MESSAGE_TYPE_AVP) return false
    const type = read16(bytes, at + CONTROL_HEADER + 6)
    return read16(bytes, at + CONTROL_HEADER + 4) === 0 && type >= 1 && type <= MAX_MESSAGE_TYPE
  },
}
