/** Gearman: its "protocol" document, "Binary Packet". */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 12
const MAX_TYPE = 42
const MAX_SIZE = 0x10000000

export const gearman: Signature = {
  name: 'gearman',
  title: 'Gearman Protocol',
  transport: 'tcp',
  evidence: 'request or response magic of Gearman',
  begins: [0],
  matches: (payload) => {
    if (!payload.startsWith('\0REQ') && !payload.startsWith('\0RES')) return false
    const { bytes, at, end } = payload
    if (end - at < HEADER) return false
    const type = read32(bytes, at + 4)
    return type >= 1 && type <= MAX_TYPE && read32(bytes, at + 8) <= MAX_SIZE
  },
}
