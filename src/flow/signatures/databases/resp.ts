/** RESP, of Redis: its "Redis serialization protocol specification". */
import { digitsAt, isLine, isOneLineOf, lineLength } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const REDIS_PORT = 6379
const LINE_END = '\r\n'
/** Answers of Redis and nobody else. */
const OWN_REPLIES = ['+pong', '+queued']
const OWN_ERRORS = [
  '-NOAUTH ',
  '-WRONGTYPE ',
  '-WRONGPASS ',
  '-NOPERM ',
  '-MOVED ',
  '-LOADING ',
  '-ERR unknown command',
]
const SIMPLE_STRING = 0x2b
const ERROR = 0x2d
const INTEGER = 0x3a
const BULK_STRING = 0x24
const ARRAY = 0x2a

export const resp: Signature = {
  name: 'resp',
  title: 'REdis Serialization Protocol',
  transport: 'tcp',
  evidence: `command of RESP, or its reply on port ${REDIS_PORT}`,
  begins: [...firstOctets(['*', '+', '-', ':', '$', 'P', 'p'])],
  matches: (payload) => {
    if (isArray(payload) || isOneLineOf(payload, OWN_REPLIES)) return true
    for (const error of OWN_ERRORS) if (payload.startsWith(error)) return lineLength(payload) > 0
    return payload.hasPort(REDIS_PORT) && (isReply(payload) || isLine(payload, 'ping'))
  },
}

/** Hot: how many there are, then the first: a string with its length before it. */
function isArray(payload: Payload): boolean {
  const digits = digitsAt(payload, 1)
  return (
    payload.startsWith('*') && digits > 0 && payload.startsWith(LINE_END, 1 + digits) && isString(payload, digits + 3)
  )
}

/** Hot. */
function isString(payload: Payload, offset: number): boolean {
  const digits = digitsAt(payload, offset + 1)
  return payload.startsWith('$', offset) && digits > 0 && payload.startsWith(LINE_END, offset + 1 + digits)
}

/** Hot. */
function isReply(payload: Payload): boolean {
  const { bytes, at } = payload
  switch (bytes[at]) {
    case SIMPLE_STRING:
    case ERROR:
      return lineLength(payload) > 0
    case INTEGER:
    case BULK_STRING:
    case ARRAY: {
      const sign = payload.startsWith('-', 1) ? 1 : 0
      const digits = digitsAt(payload, 1 + sign)
      return digits > 0 && payload.startsWith(LINE_END, 1 + sign + digits)
    }
    default:
      return false
  }
}
