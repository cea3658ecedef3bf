/** Minecraft, Java Edition: https://minecraft.wiki/w/Java_Edition_protocol, "Handshake" and "Status Response". */
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const HANDSHAKE_ID = 0
const MAX_VARINT_OCTETS = 5
const MORE = 0x80
/** Status, login, transfer. */
const LAST_NEXT_STATE = 3
const PORT_LENGTH = 2
/** Shortest and longest that a length of one octet can say. */
const SHORTEST = 7
const LONGEST = 127

/** Hot: the offset behind the number at `offset`. */
function endOfNumber({ bytes, at, end }: Payload, offset: number): number {
  const from = at + offset
  let i = from
  while (i < end && i - from < MAX_VARINT_OCTETS && (bytes[i] & MORE) !== 0) i++
  return i + 1 - at
}

/** Hot: length, id 0, version, the server's name, its port, the next state. Status requests may follow. */
function isHandshake(payload: Payload): boolean {
  const { bytes, at, end, length } = payload
  const packet = bytes[at] + 1
  if (packet > length || at + packet > end) return false
  const name = endOfNumber(payload, 2)
  if (at + name >= end) return false
  const nameEnd = name + 1 + bytes[at + name]
  if (nameEnd + PORT_LENGTH + 1 !== packet || nameEnd === name + 1) return false
  // Behind the name, some proxies add more of their own, which begins with an octet 0.
  for (let i = name + 1; i < nameEnd && bytes[at + i] !== 0; i++)
    if (bytes[at + i] < 0x21 || bytes[at + i] > 0x7e) return false
  const nextState = bytes[at + packet - 1]
  return nextState >= 1 && nextState <= LAST_NEXT_STATE
}

export const minecraft: Signature = {
  name: 'minecraft',
  title: 'Minecraft',
  transport: 'tcp',
  evidence: "handshake with the server's name and port",
  begins: octetRange(SHORTEST, LONGEST),
  matches: (payload) =>
    payload.end - payload.at > SHORTEST && payload.bytes[payload.at + 1] === HANDSHAKE_ID && isHandshake(payload),
}

/** Two lengths, one around the other, and an object with the version's protocol number. */
export const minecraftStatus: Signature = {
  name: 'minecraft',
  title: 'Minecraft',
  transport: 'tcp',
  evidence: 'status of a server',
  matches: (payload) => {
    const { bytes, at, end } = payload
    const id = endOfNumber(payload, 0)
    if (at + id >= end || bytes[at + id] !== HANDSHAKE_ID) return false
    const text = endOfNumber(payload, id + 1)
    if (!payload.startsWith('{"', text)) return false
    return payload.indexOf('"protocol":') > 0 || (payload.indexOf('"players":') > 0 && payload.indexOf('"max":') > 0)
  },
}
