/** World of Warcraft: the challenge at a logon server, and the greeting of a realm. */
import { read16le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const LOGON_CHALLENGE = 0x00
const RECONNECT_CHALLENGE = 0x02
/** The greeting's length, little-endian, which the text's end follows. */
const GREETING_LENGTH = 0x30
const GREETING = 'WORLD OF WARCRAFT CONNECTION - '
/** The name of the game, reversed or not. */
const GAME = 'WoW\0'
const HEADER = 4

export const worldOfWarcraft: Signature = {
  name: 'wow',
  title: 'World of Warcraft',
  transport: 'tcp',
  evidence: 'logon challenge, or greeting "WORLD OF WARCRAFT CONNECTION"',
  begins: [LOGON_CHALLENGE, RECONNECT_CHALLENGE, GREETING_LENGTH],
  matches: (payload) => {
    if (payload.startsWith(GREETING, 2)) return true
    const { bytes, at, length } = payload
    return payload.startsWith(GAME, HEADER) && read16le(bytes, at + 2) + HEADER === length
  },
}
