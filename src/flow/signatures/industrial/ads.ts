/** Beckhoff's AMS/TCP and ADS, "Specification for the ADS/AMS communication" (infosys.beckhoff.com). Little-endian. */
import { read16, read16le, read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

/** Reserved (2), the length of what follows (4). */
const TCP_HEADER = 6
/** Target and source (8 each), command, flags, length, error, invoke id. */
const AMS_HEADER = 32
const COMMAND = TCP_HEADER + 16
const FLAGS = TCP_HEADER + 18
const LENGTH = TCP_HEADER + 20
/** Read device info to read and write. */
const LAST_COMMAND = 9
/** Response (1) or request (0), ADS command (4), over UDP (0x40). */
const ADS_COMMAND = 4
const FLAG_MASK = 0x0045

export const ams: Signature = {
  name: 'ams',
  title: 'AMS',
  transport: 'tcp',
  evidence: 'headers of AMS with lengths that agree',
  begins: [0],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < TCP_HEADER + AMS_HEADER || read16(bytes, at) !== 0) return false
    const rest = read32le(bytes, at + 2)
    if (rest + TCP_HEADER > length || read32le(bytes, at + LENGTH) + AMS_HEADER !== rest) return false
    const command = read16le(bytes, at + COMMAND)
    const flags = read16le(bytes, at + FLAGS)
    return command >= 1 && command <= LAST_COMMAND && (flags & ADS_COMMAND) !== 0 && (flags & ~FLAG_MASK) === 0
  },
}
