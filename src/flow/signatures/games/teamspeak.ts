/** TeamSpeak 3's handshake: "TS3INIT1" where later packets have their authentication code, packet id 101, and type 8, not encrypted. */
import { read16 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const MAGIC = 'TS3INIT1'
const PACKET_ID = 101
const UNENCRYPTED_INIT = 0x88
/** A client sends its id, 0, before the type; a server sends none. */
const SERVER_TYPE = 10
const CLIENT_TYPE = 12

export const teamSpeak: Signature = {
  name: 'teamspeak3',
  title: 'TeamSpeak 3',
  transport: 'udp',
  evidence: 'handshake "TS3INIT1"',
  begins: firstOctets([MAGIC]),
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at <= CLIENT_TYPE || !payload.startsWith(MAGIC) || read16(bytes, at + MAGIC.length) !== PACKET_ID)
      return false
    return bytes[at + SERVER_TYPE] === UNENCRYPTED_INIT || bytes[at + CLIENT_TYPE] === UNENCRYPTED_INIT
  },
}
