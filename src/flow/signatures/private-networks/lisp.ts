/** LISP over TCP: draft-ietf-lisp-map-server-reliable-transport §5: type, length, message id, content, end marker. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const FIRST_TYPE = 16
const LAST_TYPE = 22
/** The shortest message: header and end marker. */
const SHORTEST = 12
const END_MARKER = 0x9facade9

export const lispOverTcp: Signature = {
  name: 'lisp-tcp',
  title: 'Locator/ID Separation Protocol (Reliable Transport)',
  transport: 'tcp',
  evidence: 'message that ends in its end marker',
  begins: [0],
  matches: ({ bytes, at, end }) => {
    if (end - at < SHORTEST) return false
    const type = read16(bytes, at)
    const length = read16(bytes, at + 2)
    if (type < FIRST_TYPE || type > LAST_TYPE || length < SHORTEST || at + length > end) return false
    return read32(bytes, at + length - 4) === END_MARKER
  },
}
