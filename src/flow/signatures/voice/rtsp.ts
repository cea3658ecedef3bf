/** RTSP: RFC 2326 §6 (requests), §7 (responses); version 2: RFC 7826 §7 and §8. */
import { firstOctets, type Signature } from '../signature.ts'
import { firstLineEndsIn, hasStatusCode } from '../web/first-line.ts'

const METHODS = [
  'OPTIONS ',
  'DESCRIBE ',
  'SETUP ',
  'PLAY ',
  'PAUSE ',
  'RECORD ',
  'TEARDOWN ',
  'ANNOUNCE ',
  'REDIRECT ',
  'PLAY_NOTIFY ',
  'GET_PARAMETER ',
  'SET_PARAMETER ',
]
const STATUS = 'RTSP/'
/** The version's three characters, and a space. */
const CODE = STATUS.length + 4

export const rtsp: Signature = {
  name: 'rtsp',
  title: 'Real Time Streaming Protocol',
  transport: 'both',
  evidence: 'request or status line of RTSP',
  begins: firstOctets([...METHODS, STATUS]),
  matches: (payload) => {
    if (payload.startsWith(STATUS)) return hasStatusCode(payload, CODE)
    for (const method of METHODS)
      if (payload.startsWith(method))
        return (
          payload.startsWithIgnoringCase('rtsp://', method.length) ||
          firstLineEndsIn(payload, ' RTSP/1.0') ||
          firstLineEndsIn(payload, ' RTSP/2.0')
        )
    return false
  },
}
