/** SIP: RFC 3261 §7.1 (requests), §7.2 (responses); methods also of RFC 3262, 3265, 3311, 3428, 3515, 3903 and 6086. */
import { firstOctets, type Signature } from '../signature.ts'
import { firstLineEndsIn, firstLineLength, hasStatusCode } from '../web/first-line.ts'

const METHODS = [
  'INVITE ',
  'ACK ',
  'BYE ',
  'CANCEL ',
  'REGISTER ',
  'OPTIONS ',
  'PRACK ',
  'SUBSCRIBE ',
  'NOTIFY ',
  'PUBLISH ',
  'INFO ',
  'REFER ',
  'MESSAGE ',
  'UPDATE ',
]
const SCHEMES = ['sip:', 'sips:', 'tel:']
const STATUS = 'SIP/2.0 '

export const sip: Signature = {
  name: 'sip',
  title: 'Session Initiation Protocol',
  transport: 'both',
  evidence: 'request or status line of SIP/2.0',
  begins: firstOctets([...METHODS, STATUS]),
  matches: (payload) => {
    if (payload.startsWith(STATUS)) return hasStatusCode(payload, STATUS.length)
    for (const method of METHODS) {
      if (!payload.startsWith(method)) continue
      if (firstLineLength(payload) >= 0) return firstLineEndsIn(payload, ' SIP/2.0')
      // A line that goes on beyond what is looked at.
      for (const scheme of SCHEMES) if (payload.startsWithIgnoringCase(scheme, method.length)) return true
      return false
    }
    return false
  },
}
