/** VNC: RFC 6143 §7.1.1 (ProtocolVersion), which both sides begin with. */
import { firstOctets, type Signature } from '../signature.ts'
import { isDigit } from '../web/first-line.ts'

/** `RFB 003.008` and a line feed: three digits on either side of the point. */
const VERSION_LENGTH = 12
const POINT = 0x2e
const LINE_FEED = 0x0a

export const vnc: Signature = {
  name: 'vnc',
  title: 'Virtual Network Computing',
  transport: 'tcp',
  evidence: 'version "RFB 00"',
  begins: firstOctets(['RFB ']),
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (length !== VERSION_LENGTH || end - at < VERSION_LENGTH || !payload.startsWith('RFB 00')) return false
    if (bytes[at + 7] !== POINT || bytes[at + 11] !== LINE_FEED) return false
    return isDigit(bytes[at + 6]) && isDigit(bytes[at + 8]) && isDigit(bytes[at + 9]) && isDigit(bytes[at + 10])
  },
}
