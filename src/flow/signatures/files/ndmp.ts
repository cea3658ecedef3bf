/** NDMP: draft-skardal-ndmp4 §2 (header), §3 (messages). XDR behind the record mark of RFC 5531 §11. */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const NDMP_PORT = 10_000
const RECORD_MARK = 4
const HEADER = 24
/** The mark's first octet: the last-fragment bit, and 0 of the length. */
const LAST_FRAGMENT = 0x80
const REQUEST = 0
const REPLY = 1
const MAX_ERROR = 0x1b
const CONNECTED = 0x502
const CONNECT_OPEN = 0x900
const CONNECT_SERVER_AUTHENTICATION = 0x903
/** CONNECTED's reason: connected, shut down or refused. The versions there are go to 4. */
const MAX_REASON = 2
const MAX_VERSION = 5

export const ndmp: Signature = {
  name: 'ndmp',
  title: 'Network Data Management Protocol',
  transport: 'tcp',
  evidence: `connection message of NDMP, or its header on port ${NDMP_PORT}`,
  begins: [LAST_FRAGMENT],
  matches: (payload) => {
    const { bytes, at, end } = payload
    const header = at + RECORD_MARK
    if (end - header < HEADER || (read32(bytes, at) & 0x7fffffff) !== payload.length - RECORD_MARK) return false
    const kind = read32(bytes, header + 8)
    const message = read32(bytes, header + 12)
    const answered = read32(bytes, header + 16)
    if (kind > REPLY || read32(bytes, header + 20) > MAX_ERROR || (kind === REQUEST && answered !== 0)) return false
    if (message === CONNECTED)
      return (
        end - header >= HEADER + 8 &&
        read32(bytes, header + 24) <= MAX_REASON &&
        read32(bytes, header + 28) >= 1 &&
        read32(bytes, header + 28) <= MAX_VERSION
      )
    if (message >= CONNECT_OPEN && message <= CONNECT_SERVER_AUTHENTICATION && read32(bytes, header) < 8) return true
    return payload.hasPort(NDMP_PORT) && message >= 0x100 && message <= 0xfff
  },
}
