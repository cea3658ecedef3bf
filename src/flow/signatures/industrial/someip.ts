/** SOME/IP: AUTOSAR PRS_SOMEIPProtocol §4.1.2: message id, length, request id, versions, message type, return code. */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 16
const LENGTH = 4
/** Octets before what the length counts. */
const UNCOUNTED = 8
const PROTOCOL_VERSION = 12
const TYPE = 14
const RETURN_CODE = 15

/** Requests, notifications, responses and errors; in segments (SOME/IP-TP), the sixth bit is set too. */
const SEGMENTED = 0x20
const TYPES = [0x00, 0x01, 0x02, 0x40, 0x41, 0x42, 0x80, 0x81, 0xc0, 0xc1]
const FIRST_ANSWER = 0x80
/** Up to 0x1f for all services, up to 0x5e for single ones. */
const LAST_RETURN_CODE = 0x5e
const SHORTEST_LENGTH = 8

export const someIp: Signature = {
  name: 'someip',
  title: 'SOME/IP Protocol',
  transport: 'both',
  evidence: 'length of the message, protocol version 1 and a message type',
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER || bytes[at + PROTOCOL_VERSION] !== 1 || read32(bytes, at) === 0) return false
    const counted = read32(bytes, at + LENGTH)
    if (counted < SHORTEST_LENGTH || counted + UNCOUNTED !== length) return false
    const type = bytes[at + TYPE]
    if (!TYPES.includes(type & ~SEGMENTED)) return false
    return type >= FIRST_ANSWER ? bytes[at + RETURN_CODE] <= LAST_RETURN_CODE : bytes[at + RETURN_CODE] === 0
  },
}
