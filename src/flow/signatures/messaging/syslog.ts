/** syslog: RFC 5424 §6, RFC 3164 §4.1; over TCP with a count of octets before each message, or none (RFC 6587 §3.4). */
import { decimalAt, digitsAt, isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const SYSLOG_PORT = 514
/** Facility 23, severity 7. */
const MAX_PRIORITY = 191
const OPEN = 0x3c
const CLOSE = '>'
const MONTHS = ['Jan ', 'Feb ', 'Mar ', 'Apr ', 'May ', 'Jun ', 'Jul ', 'Aug ', 'Sep ', 'Oct ', 'Nov ', 'Dec ']
const MIN_TEXT = 8

export const syslog: Signature = {
  name: 'syslog',
  title: 'Syslog message',
  transport: 'udp',
  evidence: `priority and time of syslog, or a priority on port ${SYSLOG_PORT}`,
  begins: [OPEN],
  matches: (payload) => isMessage(payload, 0),
}

export const syslogOverTcp: Signature = {
  name: 'syslog',
  title: 'Syslog message',
  transport: 'tcp',
  evidence: 'priority and time of syslog',
  begins: [OPEN, ...octetRange(0x31, 0x39)],
  matches: (payload) => {
    if (payload.bytes[payload.at] === OPEN) return isMessage(payload, 0)
    const digits = digitsAt(payload, 0)
    return digits <= 5 && payload.startsWith(' ', digits) && isMessage(payload, digits + 1)
  },
}

/** Hot: the priority in angle brackets, then the version or the time. */
function isMessage(payload: Payload, offset: number): boolean {
  const digits = digitsAt(payload, offset + 1)
  if (!payload.startsWith('<', offset) || digits === 0 || digits > 3) return false
  if (decimalAt(payload, offset + 1, digits) > MAX_PRIORITY) return false
  const text = offset + 1 + digits
  if (!payload.startsWith(CLOSE, text)) return false
  if (isTime(payload, text + 1) || isMonth(payload, text + 1)) return true
  if (payload.startsWith('1 ', text + 1))
    return (
      isTime(payload, text + 3) || (payload.startsWith('- ', text + 3) && isPrintable(payload, text, text + MIN_TEXT))
    )
  return payload.hasPort(SYSLOG_PORT) && isPrintable(payload, text, text + MIN_TEXT)
}

/** Hot: "2003-10-11T22:14:15" (RFC 3339). */
function isTime(payload: Payload, offset: number): boolean {
  return (
    digitsAt(payload, offset) === 4 &&
    payload.startsWith('-', offset + 4) &&
    digitsAt(payload, offset + 5) === 2 &&
    payload.startsWith('-', offset + 7) &&
    digitsAt(payload, offset + 8) === 2 &&
    payload.startsWith('T', offset + 10)
  )
}

/** Hot: "Oct 11 22:14:15", or "Oct  1 " with a space in the place of a digit. */
function isMonth(payload: Payload, offset: number): boolean {
  for (const month of MONTHS)
    if (payload.startsWith(month, offset)) {
      const day = payload.startsWith(' ', offset + 4) ? offset + 5 : offset + 4
      const digits = digitsAt(payload, day)
      return (
        digits > 0 && digits <= 2 && payload.startsWith(' ', day + digits) && digitsAt(payload, day + digits + 1) > 0
      )
    }
  return false
}
