/** SPICE: "Spice protocol", link messages. */
import { read32le } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

// The magic octets, major and minor version, octets of the message that follows.
const MAGIC = 'REDQ'
const HEADER = 16
const LAST_MAJOR = 2
const LAST_MINOR = 8
const MIN_MESSAGE = 16
const MAX_MESSAGE = 4096

export const spice: Signature = {
  name: 'spice',
  title: 'Spice protocol',
  transport: 'tcp',
  evidence: 'link message "REDQ"',
  begins: firstOctets([MAGIC]),
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER || !payload.startsWith(MAGIC)) return false
    const major = read32le(bytes, at + 4)
    const message = read32le(bytes, at + 12)
    return (
      major >= 1 &&
      major <= LAST_MAJOR &&
      read32le(bytes, at + 8) <= LAST_MINOR &&
      message >= MIN_MESSAGE &&
      message <= MAX_MESSAGE
    )
  },
}
