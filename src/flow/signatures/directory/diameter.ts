/** Diameter: RFC 6733 §3 (header), §4.1 (AVP header). */
import { read24, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const VERSION_1 = 1
const HEADER = 20
const AVP_HEADER = 8
const MAX_LENGTH = 0x100000
/** The four low bits are reserved; a request may not say that it is an error. */
const RESERVED_FLAGS = 0x0f
const REQUEST = 0x80
const ERROR = 0x20
const AVP_RESERVED_FLAGS = 0x1f
const AVP_VENDOR = 0x80
/** Session-Id comes first if there is one (RFC 6733 §8.8); else the origin, the result or what proxies added. */
const FIRST_AVPS = [263, 264, 268, 282, 284, 296]

export const diameter: Signature = {
  name: 'diameter',
  title: 'Diameter Protocol',
  transport: 'tcp',
  evidence: 'header of Diameter, and a first AVP that fits',
  begins: [VERSION_1],
  matches: ({ bytes, at, end }) => {
    if (end - at < HEADER + AVP_HEADER) return false
    const length = read24(bytes, at + 1)
    const flags = bytes[at + 4]
    if (length < HEADER + AVP_HEADER || length > MAX_LENGTH || length % 4 !== 0) return false
    if ((flags & RESERVED_FLAGS) !== 0 || (flags & (REQUEST | ERROR)) === (REQUEST | ERROR)) return false
    const avp = at + HEADER
    const avpLength = read24(bytes, avp + 5)
    return (
      FIRST_AVPS.includes(read32(bytes, avp)) &&
      (bytes[avp + 4] & (AVP_RESERVED_FLAGS | AVP_VENDOR)) === 0 &&
      avpLength > AVP_HEADER &&
      avpLength <= length - HEADER
    )
  },
}
