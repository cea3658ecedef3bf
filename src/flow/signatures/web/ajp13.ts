/** AJP13: Apache JServ Protocol 1.3, "Packet Headers", "Request Packet Structure", "Response Packet Structure". */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// To the container 0x1234, from it "AB"; then the length of what follows, of which the first octet is the type.
const TO_CONTAINER = 0x12
const FROM_CONTAINER = 0x41
const HEADER = 4
const FORWARD_REQUEST = 2
const LAST_METHOD = 27
const SHUTDOWN = 7
const PING = 8
const CPING = 10
const SEND_BODY_CHUNK = 3
const SEND_HEADERS = 4
const END_RESPONSE = 5
const GET_BODY_CHUNK = 6
const CPONG = 9

export const ajp13: Signature = {
  name: 'ajp13',
  title: 'Apache JServ Protocol v1.3',
  transport: 'tcp',
  evidence: 'magic octets, length and type of AJP13',
  begins: [TO_CONTAINER, FROM_CONTAINER],
  matches: ({ bytes, at, end, length: total }) => {
    if (end - at <= HEADER) return false
    const isRequest = bytes[at] === TO_CONTAINER
    if (bytes[at + 1] !== (isRequest ? 0x34 : 0x42)) return false
    const length = read16(bytes, at + 2)
    const type = bytes[at + HEADER]
    if (length === 0 || length + HEADER > total) return false
    // Of what is as short as one octet, nothing may follow.
    if (type === SHUTDOWN || type === PING || type === CPING) return isRequest && length === 1 && total === HEADER + 1
    if (type === CPONG) return !isRequest && length === 1 && total === HEADER + 1
    if (end - at < HEADER + 3) return false
    if (isRequest)
      // The method, and "HTTP/1." behind the length of the protocol.
      return (
        type === FORWARD_REQUEST &&
        bytes[at + 5] >= 1 &&
        bytes[at + 5] <= LAST_METHOD &&
        end - at >= HEADER + 6 &&
        read16(bytes, at + 6) === 8 &&
        bytes[at + 8] === 0x48
      )
    const value = read16(bytes, at + 5)
    if (type === SEND_HEADERS) return value >= 100 && value < 600
    if (type === SEND_BODY_CHUNK) return value + 4 === length || value + 3 === length
    if (type === GET_BODY_CHUNK) return length === 3
    return type === END_RESPONSE && length === 2 && bytes[at + 5] <= 1
  },
}
