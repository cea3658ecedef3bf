/** EtherNet/IP's encapsulation: The CIP Networks Library, volume 2, §2-3. Little-endian. */
import { read16le, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const ENIP_PORT = 44_818
const HEADER = 24
const STATUS = 8
const OPTIONS = 20
/** Success to "unsupported protocol version", all in one octet. */
const LAST_STATUS = 0x6a

const LIST_SERVICES = 0x04
const LIST_IDENTITY = 0x63
const LIST_INTERFACES = 0x64
const REGISTER_SESSION = 0x65
const REGISTER_LENGTH = 4
const UNREGISTER_SESSION = 0x66
const SEND_RR_DATA = 0x6f
const SEND_UNIT_DATA = 0x70
/** Interface, timeout, number of items, and two items. */
const SEND_LENGTH = 16

/** Hot: `data` octets follow the header in a payload of `length`. Only what carries CIP comes several in one segment. */
function fits(command: number, data: number, length: number): boolean {
  if (command !== SEND_RR_DATA && command !== SEND_UNIT_DATA && HEADER + data !== length) return false
  switch (command) {
    case REGISTER_SESSION:
      return data === REGISTER_LENGTH
    case UNREGISTER_SESSION:
      return data === 0
    case SEND_RR_DATA:
    case SEND_UNIT_DATA:
      // An error's answer has no data.
      return (data >= SEND_LENGTH || data === 0) && HEADER + data <= length
    default:
      return true
  }
}

export const enip: Signature = {
  name: 'enip',
  title: 'EtherNet/IP (Industrial Protocol)',
  transport: 'both',
  evidence: 'command and length of the encapsulation',
  begins: [
    LIST_SERVICES,
    LIST_IDENTITY,
    LIST_INTERFACES,
    REGISTER_SESSION,
    UNREGISTER_SESSION,
    SEND_RR_DATA,
    SEND_UNIT_DATA,
  ],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || bytes[at + 1] !== 0 || read32(bytes, at + OPTIONS) !== 0) return false
    // The status is little-endian: but for its first octet it is 0.
    const status = read32(bytes, at + STATUS)
    if ((status & 0x00ff_ffff) !== 0 || status >>> 24 > LAST_STATUS) return false
    const data = read16le(bytes, at + 2)
    // A request for a list is nothing but its first octet.
    if (bytes[at] === LIST_SERVICES && data === 0 && !payload.hasPort(ENIP_PORT)) return false
    return fits(bytes[at], data, length)
  },
}
