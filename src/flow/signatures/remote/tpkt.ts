/** ISO transport over TCP: TPKT (RFC 1006 §6) with X.224, as RDP begins with it ([MS-RDPBCGR] §2.2.1). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// TPKT: version 3, a reserved octet, the length. Then X.224: its length, and its type in the high half of an octet.
const TPKT_VERSION = 3
const TPKT_HEADER = 4
const CONNECTION_REQUEST = 0xe0
const CONNECTION_CONFIRM = 0xd0
const DISCONNECT_REQUEST = 0x80
const DATA = 0xf0
/** Of classes 0 and 2 data has a number, 0 in class 0, and the bit that ends a message. */
const DATA_HEADER = 2

/** Wireshark shows TPKT directly above TCP. */
export const tpkt: Signature = {
  name: 'tpkt',
  title: 'TPKT - ISO on TCP - RFC1006',
  transport: 'tcp',
  evidence: 'TPKT header with an X.224 message',
  begins: [TPKT_VERSION],
  matches: ({ bytes, at, end, length: total }) => {
    if (end - at < TPKT_HEADER + 3 || bytes[at + 1] !== 0) return false
    const length = read16(bytes, at + 2)
    const type = bytes[at + 5]
    const headerLength = bytes[at + 4]
    // The next message, if the segment has more.
    if (length < total && at + length < end && bytes[at + length] !== TPKT_VERSION) return false
    if (type === DATA) return headerLength === DATA_HEADER && length >= 7 && (bytes[at + 6] & 0x7f) === 0
    return (
      (type === CONNECTION_REQUEST || type === CONNECTION_CONFIRM || type === DISCONNECT_REQUEST) &&
      headerLength >= 6 &&
      headerLength + TPKT_HEADER + 1 === length
    )
  },
}
