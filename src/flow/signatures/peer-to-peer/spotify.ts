/** Spotify: its search for other players in the local network, and the hello that its clients send to an access point. */
import { read16, read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const DISCOVERY = 'SpotUdp0'

export const spotifyDiscovery: Signature = {
  name: 'spotify',
  title: 'Spotify',
  transport: 'udp',
  evidence: 'discovery "SpotUdp0"',
  begins: firstOctets([DISCOVERY]),
  matches: (payload) => payload.startsWith(DISCOVERY),
}

const HELLO_VERSION = 0x0004
/** Field 10 of the hello, with a length: which build of the client this is. */
const BUILD_INFO = 0x52
const HEADER = 6

/** Two octets of version, the length of all, and a message in Protocol Buffers. */
export const spotifyHello: Signature = {
  name: 'spotify',
  title: 'Spotify',
  transport: 'tcp',
  evidence: 'hello of a client',
  begins: [0],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER + 4 || read16(bytes, at) !== HELLO_VERSION || read32(bytes, at + 2) !== length) return false
    // Field 10 of build info is an integer, the product.
    return bytes[at + HEADER] === BUILD_INFO && bytes[at + HEADER + 2] === 0x50
  },
}
