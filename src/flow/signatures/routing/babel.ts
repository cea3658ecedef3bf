/** Babel: RFC 8966 §4.2: magic number, version, length of the body; authentication may follow it (RFC 8967 §4.1). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const MAGIC = 42
const VERSION = 2
const HEADER = 4
const PAD_1 = 0
/** TLVs that one body is followed through. */
const MAX_TLVS = 32
/** Up to the MAC and challenges of RFC 8967; experimental ones go to 255. */
const LAST_TYPE = 32

export const babel: Signature = {
  name: 'babel',
  title: 'Babel Routing Protocol',
  transport: 'udp',
  evidence: 'magic number, version and a body of TLVs',
  begins: [MAGIC],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER || bytes[at + 1] !== VERSION) return false
    const body = HEADER + read16(bytes, at + 2)
    if (body > length || body === HEADER) return false
    let offset = HEADER
    for (let i = 0; i < MAX_TLVS && offset + 2 <= body && at + offset + 2 <= end; i++) {
      const type = bytes[at + offset]
      if (type > LAST_TYPE) return false
      offset += type === PAD_1 ? 1 : 2 + bytes[at + offset + 1]
    }
    return offset <= body
  },
}
