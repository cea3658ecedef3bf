/** Gnutella 0.6, http://rfc-gnutella.sourceforge.net/src/rfc-0_6-draft.html: §2.1 (handshake), §2.2.1 (message header). */
import { read32le } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const CONNECT = 'GNUTELLA CONNECT/0.'
const ANSWER = 'GNUTELLA/0.6 '

export const gnutella: Signature = {
  name: 'gnutella',
  title: 'Gnutella Protocol',
  transport: 'tcp',
  evidence: 'request or status line of the handshake',
  begins: firstOctets([CONNECT]),
  matches: (payload) => payload.startsWith(CONNECT) || payload.startsWith(ANSWER),
}

// The header: message id (16), type, time to live, hops, the length of what follows (4, little-endian).
const HEADER = 23
const TYPE = 16
const TIME_TO_LIVE = 17
const HOPS = 18
const LENGTH = 19
/** Ping, pong, bye, push, query, query hit. */
const TYPES = [0x00, 0x01, 0x02, 0x40, 0x80, 0x81]
const MAX_HOPS = 7
const PING = 0x00
const PONG = 0x01
const PONG_LENGTH = 14

/** Over UDP, as "out of band" messages between leaves and ultrapeers. */
export const gnutellaOverUdp: Signature = {
  name: 'gnutella',
  title: 'Gnutella Protocol',
  transport: 'udp',
  evidence: "message header with the datagram's length",
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER || read32le(bytes, at + LENGTH) + HEADER !== length) return false
    const type = bytes[at + TYPE]
    const hops = bytes[at + HOPS]
    const timeToLive = bytes[at + TIME_TO_LIVE]
    if (!TYPES.includes(type) || hops + timeToLive === 0 || hops + timeToLive > MAX_HOPS) return false
    // A message id has 0xff in its middle and 0 at its end (§2.2.1).
    if (bytes[at + 8] !== 0xff || bytes[at + 15] !== 0) return false
    return type === PING || type === PONG ? length >= HEADER + (type === PING ? 0 : PONG_LENGTH) : length > HEADER
  },
}
