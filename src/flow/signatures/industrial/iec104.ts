/** IEC 60870-5-104 §5: start octet, length of the rest, four control octets; what carries data continues with a type. */
import { read24 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const START = 0x68
const IEC104_PORT = 2404
const HEADER = 6
const CONTROL_LENGTH = 4
const MAX_LENGTH = 253
/** Messages that one payload is followed through. */
const MAX_MESSAGES = 64
/** STARTDT, STOPDT and TESTFR, each asked for and confirmed. */
const FUNCTIONS = [0x07, 0x0b, 0x13, 0x23, 0x43, 0x83]
const SUPERVISORY = 0x01
const LAST_TYPE = 127
/** Type, count, cause, addresses: the shortest data. */
const SHORTEST_DATA = CONTROL_LENGTH + 6

/** Hot: functions that are not numbered, alone in their payload. */
function isFunction({ bytes, at, length }: Payload): boolean {
  return length === HEADER && FUNCTIONS.includes(bytes[at + 2]) && read24(bytes, at + 3) === 0
}

/** Hot: numbered data or an acknowledgment; the lowest bits of both numbers are 0. */
function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const length = bytes[at + 1]
  if (bytes[at] !== START || length < CONTROL_LENGTH || length > MAX_LENGTH) return false
  if (FUNCTIONS.includes(bytes[at + 2])) return length === CONTROL_LENGTH
  if ((bytes[at + 4] & 1) !== 0) return false
  if (bytes[at + 2] === SUPERVISORY) return length === CONTROL_LENGTH && bytes[at + 3] === 0
  if ((bytes[at + 2] & 1) !== 0 || length < SHORTEST_DATA) return false
  return at + HEADER >= end || (bytes[at + HEADER] > 0 && bytes[at + HEADER] <= LAST_TYPE)
}

/** Hot: messages, one behind the other, up to the payload's end or that of what is looked at. */
function isMessages({ bytes, at, end, length }: Payload): boolean {
  let offset = 0
  for (let i = 0; i < MAX_MESSAGES && at + offset + HEADER <= end; i++) {
    if (!isMessage(bytes, at + offset, end)) return false
    offset += 2 + bytes[at + offset + 1]
  }
  return offset === length || (offset > 0 && at + offset + HEADER > end && end - at < length)
}

export const iec104: Signature = {
  name: 'iec60870_104',
  title: 'IEC 60870-5-104',
  transport: 'tcp',
  evidence: `STARTDT or its like; or numbered messages on port ${IEC104_PORT}`,
  begins: [START],
  matches: (payload) => {
    if (payload.end - payload.at < HEADER) return false
    return (
      (payload.bytes[payload.at + 1] === CONTROL_LENGTH && isFunction(payload)) ||
      (payload.hasPort(IEC104_PORT) && isMessages(payload))
    )
  },
}
