/** Queries to servers of Source and GoldSource: https://developer.valvesoftware.com/wiki/Server_queries. */
import { read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

/** Not split (SPLIT is 0xfffffffe). */
const SINGLE = 0xffff_ffff
const HEADER = 5
const INFO_REQUEST = 0x54
const INFO_TEXT = 'Source Engine Query\0'
const CHALLENGE = 0x41
const PLAYERS_REQUEST = 0x55
const RULES_REQUEST = 0x56
const WITH_CHALLENGE = 9
const INFO_RESPONSE = 0x49
/** Of Source; GoldSource says 0x30. */
const PROTOCOLS = [0x11, 0x30]
/** Name, map, folder, game. */
const TEXTS = 4

/** Hot: texts, none empty, each with an octet 0 behind it; colors are octets up to 7. */
function hasTexts({ bytes, at, end }: Payload): boolean {
  let texts = 0
  let start = at + HEADER + 1
  for (let i = start; i < end; i++) {
    if (bytes[i] === 0) {
      if (i === start) return false
      if (++texts === TEXTS) return true
      start = i + 1
    } else if (bytes[i] > 7 && bytes[i] < 0x20) return false
  }
  return false
}

export const sourceEngine: Signature = {
  name: 'source-engine',
  title: 'Source Engine server query',
  transport: 'udp',
  evidence: 'request or response of a server query',
  begins: [0xff],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || read32(bytes, at) !== SINGLE) return false
    switch (bytes[at + 4]) {
      case INFO_REQUEST:
        return payload.startsWith(INFO_TEXT, HEADER)
      case CHALLENGE:
      case PLAYERS_REQUEST:
      case RULES_REQUEST:
        return length === WITH_CHALLENGE
      case INFO_RESPONSE:
        return end - at > HEADER && PROTOCOLS.includes(bytes[at + HEADER]) && hasTexts(payload)
      default:
        return false
    }
  },
}
