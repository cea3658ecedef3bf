/** XDMCP: "X Display Manager Control Protocol", version 1.1, §5 (packets). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const PORT = 177
// Version, operation, octets of what follows.
const HEADER = 6
const VERSION_1 = 1
/** BroadcastQuery to Alive. */
const LAST_OPERATION = 14

export const xdmcp: Signature = {
  name: 'xdmcp',
  title: 'X Display Manager Control Protocol',
  transport: 'udp',
  evidence: `version, operation and length of XDMCP on port ${PORT}`,
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(PORT) || end - at < HEADER || read16(bytes, at) !== VERSION_1) return false
    const operation = read16(bytes, at + 2)
    return operation >= 1 && operation <= LAST_OPERATION && HEADER + read16(bytes, at + 4) === length
  },
}
