/** DRDA, of DB2 and Derby: DRDA Volume 3 (DDM), "DSS" (data stream structures) and the code points. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

/** Length, the magic octet, format, correlation identifier; then the object's length and its code point. */
const HEADER = 6
const OBJECT = 4
const MAGIC = 0xd0
const MAX_TYPE = 5
/** Chained, and what to do on errors; the highest bit is reserved. */
const RESERVED = 0x80
const CODE_POINTS = [0x0c, 0x10, 0x11, 0x12, 0x14, 0x18, 0x1c, 0x20, 0x21, 0x22, 0x24]

export const drda: Signature = {
  name: 'drda',
  title: 'DRDA',
  transport: 'tcp',
  evidence: 'data stream structure of DRDA with an object',
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER + OBJECT || bytes[at + 2] !== MAGIC) return false
    const format = bytes[at + 3]
    const size = read16(bytes, at)
    return (
      (format & RESERVED) === 0 &&
      (format & 0x0f) >= 1 &&
      (format & 0x0f) <= MAX_TYPE &&
      size >= HEADER + OBJECT &&
      size <= length &&
      read16(bytes, at + HEADER) === size - HEADER &&
      CODE_POINTS.includes(bytes[at + HEADER + 2])
    )
  },
}
