/** ICAP: RFC 3507 §4.3.2 (requests), §4.3.3 (responses). */
import { firstOctets, type Signature } from '../signature.ts'
import { firstLineEndsIn, hasStatusCode } from './first-line.ts'

const METHODS = ['REQMOD ', 'RESPMOD ', 'OPTIONS ']
const STATUS = 'ICAP/1.0 '

export const icap: Signature = {
  name: 'icap',
  title: 'Internet Content Adaptation Protocol',
  transport: 'tcp',
  evidence: 'request or status line of ICAP',
  begins: firstOctets([...METHODS, STATUS]),
  matches: (payload) => {
    if (payload.startsWith(STATUS)) return hasStatusCode(payload, STATUS.length)
    for (const method of METHODS)
      if (payload.startsWith(method))
        return payload.startsWithIgnoringCase('icap://', method.length) || firstLineEndsIn(payload, ' ICAP/1.0')
    return false
  },
}
