/** RakNet's messages outside of a connection (its "OFFLINE_MESSAGE_DATA_ID"), as Minecraft's Bedrock Edition sends them. */
import type { Signature } from '../signature.ts'

const MAGIC = '\0\xff\xff\0\xfe\xfe\xfe\xfe\xfd\xfd\xfd\xfd\x124Vx'

const PING = 0x01
const PING_OPEN = 0x02
const REQUEST_1 = 0x05
const REPLY_1 = 0x06
const REQUEST_2 = 0x07
const REPLY_2 = 0x08
const INCOMPATIBLE = 0x19
const PONG = 0x1c

/** Hot: where the magic octets of a message of that type stand: behind a time; a time and an identity; a version; or at once. */
function magicOffset(type: number): number {
  if (type === PING || type === PING_OPEN) return 9
  if (type === PONG) return 17
  return type === INCOMPATIBLE ? 2 : 1
}

export const rakNet: Signature = {
  name: 'raknet',
  title: 'RakNet game networking protocol',
  transport: 'udp',
  evidence: 'magic octets of a message outside of a connection',
  begins: [PING, PING_OPEN, REQUEST_1, REPLY_1, REQUEST_2, REPLY_2, INCOMPATIBLE, PONG],
  matches: (payload) => payload.startsWith(MAGIC, magicOffset(payload.bytes[payload.at])),
}
