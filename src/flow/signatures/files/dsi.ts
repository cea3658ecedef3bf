/** DSI, under AFP: AppleTalk Filing Protocol Programming Guide, "Data Stream Interface Packet Header". */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const DSI_PORT = 548
const HEADER = 16
const REQUEST = 0
const REPLY = 1
/** CloseSession, Command, GetStatus, OpenSession, Tickle, Write; 7 is not used; Attention. */
const COMMANDS = [1, 2, 3, 4, 5, 6, 8]
const OPEN_SESSION = 4
const MAX_LENGTH = 0x1000000
/** OpenSession's only options: request and attention quantum, each a type, the length 4 and a number. */
const OPTION_LENGTH = 4

export const dsi: Signature = {
  name: 'dsi',
  title: 'Data Stream Interface',
  transport: 'tcp',
  evidence: `header of DSI on port ${DSI_PORT}, or its OpenSession`,
  begins: [REQUEST, REPLY],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER || !COMMANDS.includes(bytes[at + 1]) || read32(bytes, at + 12) !== 0) return false
    const length = read32(bytes, at + 8)
    if (length > MAX_LENGTH) return false
    if (payload.hasPort(DSI_PORT)) return true
    return (
      bytes[at + 1] === OPEN_SESSION &&
      read16(bytes, at + 2) <= 1 &&
      read32(bytes, at + 4) === 0 &&
      length === payload.length - HEADER &&
      length >= OPTION_LENGTH + 2 &&
      end - at >= HEADER + 2 &&
      bytes[at + HEADER] <= 2 &&
      bytes[at + HEADER + 1] === OPTION_LENGTH
    )
  },
}
