/** Elasticsearch between its nodes: the header that its source has (`TcpHeader`). */
import { read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const MAGIC = 'ES'
/** The magic, the length of what follows, the request's number, its status, the version. */
const PREFIX = 6
const HEADER = 19
const PING = 0xffffffff
const STATUS = 14
const MAX_STATUS = 0x1f
const MAX_MESSAGE = 0x10000000

export const elasticsearch: Signature = {
  name: 'elasticsearch',
  title: 'Elasticsearch',
  transport: 'tcp',
  evidence: 'header of a message between nodes of Elasticsearch',
  begins: firstOctets([MAGIC]),
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.startsWith(MAGIC) || end - at < PREFIX) return false
    const size = read32(bytes, at + 2)
    if (size === PING) return payload.length === PREFIX
    if (end - at < HEADER || bytes[at + STATUS] > MAX_STATUS || size < HEADER - PREFIX || size > MAX_MESSAGE)
      return false
    const version = read32(bytes, at + STATUS + 1)
    // 1.0.0 is 1000099, and no release yet has 100 in the first place.
    return version >= 1_000_000 && version < 100_000_000
  },
}
