/** BMP: RFC 7854 §4.1: version, length, type; then a peer (§4.2) or information (§4.4). */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const VERSION = 3
const HEADER = 6
const MAX_LENGTH = 0x1_0000
const TYPE = 5
const INITIATION = 4
const TERMINATION = 5
/** Route monitoring, statistics, peer down, peer up, mirroring. */
const LAST_TYPE = 6

const PEER_HEADER = 42
/** Global, of a VPN, local, and the local RIB (RFC 9069). */
const LAST_PEER_TYPE = 3
/** Text, name, description, table's name (RFC 9069), administrative label. */
const LAST_INFORMATION = 4

export const bmp: Signature = {
  name: 'bmp',
  title: 'BGP Monitoring Protocol',
  transport: 'tcp',
  evidence: 'common header, and a peer or information that fits',
  begins: [VERSION],
  matches: ({ bytes, at, end }) => {
    if (end - at < HEADER + 4) return false
    const length = read32(bytes, at + 1)
    const type = bytes[at + TYPE]
    if (length > MAX_LENGTH || type > LAST_TYPE) return false
    if (type === INITIATION || type === TERMINATION)
      return read16(bytes, at + HEADER) <= LAST_INFORMATION && read16(bytes, at + HEADER + 2) + HEADER + 4 <= length
    return (
      length >= HEADER + PEER_HEADER && bytes[at + HEADER] <= LAST_PEER_TYPE && (bytes[at + HEADER + 1] & 0x0f) === 0
    )
  },
}
