/** NBD: the NetworkBlockDevice project's `doc/proto.md`, "Fixed newstyle negotiation", "Transmission". */
import { read16, read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const GREETING = 'NBDMAGIC'
const OPTIONS = 'IHAVEOPT'
/** What followed the greeting before there were options. */
const OLD_STYLE = '\x00\x00\x42\x02\x81\x86\x12\x53'
const MAX_FLAGS = 3
const MAX_OPTION = 16
const REQUEST_MAGIC = 0x25609513
const REQUEST = 28
const MAX_COMMAND = 7
const SIMPLE_REPLY_MAGIC = 0x67446698
const STRUCTURED_REPLY_MAGIC = 0x668e33ef

export const nbd: Signature = {
  name: 'nbd',
  title: 'Network Block Device',
  transport: 'tcp',
  evidence: 'greeting, option, request or reply of NBD',
  begins: [...firstOctets([GREETING, OPTIONS]), 0x00, 0x25, 0x67, 0x66],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (payload.startsWith(GREETING)) return payload.startsWith(OPTIONS, 8) || payload.startsWith(OLD_STYLE, 8)
    if (payload.startsWith(OPTIONS)) return end - at >= 16 && read32(bytes, at + 8) <= MAX_OPTION
    // The client's flags, then its first option.
    if (payload.startsWith(OPTIONS, 4)) return read32(bytes, at) <= MAX_FLAGS
    if (end - at < 16) return false
    switch (read32(bytes, at)) {
      case REQUEST_MAGIC:
        return payload.length >= REQUEST && read16(bytes, at + 6) <= MAX_COMMAND
      case SIMPLE_REPLY_MAGIC:
        return read32(bytes, at + 4) <= 0xff
      case STRUCTURED_REPLY_MAGIC:
        return read16(bytes, at + 4) <= 1
      default:
        return false
    }
  },
}
