/** IAX2: RFC 5456 §8.1.1 (full frames), §8.4 (IAX control frames), §8.6 (information elements). */
import { read16 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'

const PORT = 4569
// The full-frame bit and the source's call; the destination's; time; sequence numbers; type; subclass.
const HEADER = 12
const IAX_CONTROL = 6
const NEW = 1
const LAST_SUBCLASS = 0x28
/** Elements: identifier, length, content. Version 2 is the first that a NEW has (RFC 5456 §6.2.2). */
const VERSION_ELEMENT = 0x0b
const VERSION_2 = 2
const LAST_ELEMENT = 0x3f

export const iax2: Signature = {
  name: 'iax2',
  title: 'Inter-Asterisk eXchange v2',
  transport: 'udp',
  evidence: `NEW with version 2, or a control frame with its elements on port ${PORT}`,
  begins: octetRange(0x80, 0xff),
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || bytes[at + 10] !== IAX_CONTROL) return false
    const subclass = bytes[at + 11]
    if (subclass === 0 || subclass > LAST_SUBCLASS) return false
    if (!payload.hasPort(PORT)) {
      if (subclass !== NEW || read16(bytes, at + 2) !== 0 || end - at < HEADER + 4) return false
      const version = at + HEADER
      if (bytes[version] !== VERSION_ELEMENT || bytes[version + 1] !== 2 || read16(bytes, version + 2) !== VERSION_2)
        return false
    }
    let offset = HEADER
    while (offset < length && at + offset + 2 <= end) {
      if (bytes[at + offset] === 0 || bytes[at + offset] > LAST_ELEMENT) return false
      offset += 2 + bytes[at + offset + 1]
    }
    return offset === length || (offset < length && end - at < length)
  },
}
