/** EtherCAT over UDP: ETG.1000.4 §5.3.3: length (11 bits), reserved (1), type (4), little-endian. */
import { read16le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const ETHERCAT_PORT = 0x88a4
const LENGTH_MASK = 0x07ff
const TYPE_SHIFT = 11
/** Type 1, and the reserved bit 0. */
const COMMANDS = 0x02
const LAST_COMMAND = 14

export const etherCat: Signature = {
  name: 'ecatf',
  title: 'EtherCAT frame header',
  transport: 'udp',
  evidence: `header and command on port ${ETHERCAT_PORT}`,
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(ETHERCAT_PORT) || end - at < 3) return false
    const header = read16le(bytes, at)
    if (header >> TYPE_SHIFT !== COMMANDS || (header & LENGTH_MASK) + 2 > length) return false
    return bytes[at + 2] <= LAST_COMMAND
  },
}
