/** Modbus/TCP: "MODBUS Messaging on TCP/IP Implementation Guide" §3.1.3 (header), "MODBUS Application Protocol Specification" §6. */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const MODBUS_PORT = 502
/** Transaction, protocol (0), length of what follows, unit; the function code stands behind. */
const HEADER = 6
const FUNCTION = 7
const COUNT = 8
const SHORTEST = 2
/** 253 octets of function and data, and the unit. */
const LONGEST = 254

const EXCEPTION = 0x80
const LAST_EXCEPTION_CODE = 11
/** Function codes of the specification: 1 to 8, 11, 12, 15 to 17, 20 to 24, 43. */
const FUNCTIONS = [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24, 43]
/** Schneider's own function, which its tools use. */
const UMAS = 90

/** Hot: a header with the payload's length, and a function code; -1 if there is none. */
function functionOf({ bytes, at, end, length }: Payload): number {
  if (end - at < HEADER + SHORTEST || read16(bytes, at + 2) !== 0) return -1
  const rest = read16(bytes, at + 4)
  if (rest < SHORTEST || rest > LONGEST || rest + HEADER !== length) return -1
  return bytes[at + FUNCTION]
}

/** Hot: whether the data is as long as the function demands: reading and writing of bits and registers, or an exception. */
function hasFittingData({ bytes, at, end, length }: Payload, code: number): boolean {
  const data = length - HEADER - SHORTEST
  if (end - at <= COUNT) return false
  if ((code & EXCEPTION) !== 0) return data === 1 && bytes[at + COUNT] >= 1 && bytes[at + COUNT] <= LAST_EXCEPTION_CODE
  if (code >= 1 && code <= 4) return data === 4 || (data > 1 && data === 1 + bytes[at + COUNT])
  if (code === 5 || code === 6) return data === 4
  if (code === 15 || code === 16) return data === 4 || (end - at > 12 && data === 5 + bytes[at + 12])
  return false
}

export const modbus: Signature = {
  name: 'mbtcp',
  title: 'Modbus/TCP',
  transport: 'tcp',
  evidence: `header with the payload's length, and a function, on port ${MODBUS_PORT}`,
  matches: (payload) => {
    if (!payload.hasPort(MODBUS_PORT)) return false
    const code = functionOf(payload)
    return code >= 0 && (FUNCTIONS.includes(code & ~EXCEPTION) || code === UMAS)
  },
}

/** On any port, if several messages are as long as their functions demand. */
export const modbusMessages: Signature = {
  name: 'mbtcp',
  title: 'Modbus/TCP',
  transport: 'tcp',
  evidence: 'messages as long as their functions demand',
  payloads: 3,
  matches: (payload) => {
    const code = functionOf(payload)
    return code >= 0 && hasFittingData(payload, code)
  },
}
