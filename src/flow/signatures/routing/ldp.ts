/** LDP: RFC 5036 §3.1 (PDU), §3.4 (messages). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const VERSION = 1
/** Octets before what the PDU's length counts. */
const UNCOUNTED = 4
/** Version, length, LSR id, label space; then a message's type and length. */
const MESSAGE = 10
const SHORTEST = MESSAGE + 8
/** Notification, hello, initialization, keepalive, capability (RFC 5561), addresses, labels. */
const MESSAGES = [0x0001, 0x0100, 0x0200, 0x0201, 0x0202, 0x0300, 0x0301, 0x0400, 0x0401, 0x0402, 0x0403, 0x0404]

export const ldp: Signature = {
  name: 'ldp',
  title: 'Label Distribution Protocol',
  transport: 'both',
  evidence: 'PDU of version 1 with a message that fits',
  begins: [0],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < SHORTEST || read16(bytes, at) !== VERSION) return false
    const pdu = read16(bytes, at + 2) + UNCOUNTED
    // Type and length of the message are not counted by its own length.
    if (pdu > length || read16(bytes, at + MESSAGE + 2) + MESSAGE + 4 > pdu) return false
    // An LSR id is an IPv4 address of the router.
    return bytes[at + 4] !== 0 && MESSAGES.includes(read16(bytes, at + MESSAGE))
  },
}
