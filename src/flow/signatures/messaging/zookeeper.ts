/** ZooKeeper: `zookeeper.jute` of its source, ConnectRequest and ConnectResponse; "four letter words" of its administrator's guide. */
import { read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const ZOOKEEPER_PORT = 2181
/** Length, protocol version, last transaction seen (requests only), timeout, session, and the password with its length. */
const REQUEST = 44
const RESPONSE = 36
const PASSWORD_LENGTH = 16
const MAX_TIMEOUT_MILLISECONDS = 3_600_000
const WORDS = ['ruok', 'stat', 'srvr', 'mntr', 'conf', 'cons', 'envi', 'imok']

/** Wireshark has had no name for it until version 4.4, which has this one. */
export const zookeeper: Signature = {
  name: 'zookeeper',
  title: 'ZooKeeper Protocol',
  transport: 'tcp',
  evidence: `connect request or response of ZooKeeper, or a four letter word on port ${ZOOKEEPER_PORT}`,
  begins: [0, ...firstOctets(WORDS)],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (payload.hasPort(ZOOKEEPER_PORT) && payload.length === 4)
      for (const word of WORDS) if (payload.startsWith(word)) return true
    if (end - at < RESPONSE + 4) return false
    const size = read32(bytes, at)
    if (size + 4 !== payload.length || read32(bytes, at + 4) !== 0) return false
    // Whether reading only will do takes an octet more, since version 3.4.
    const request = size === REQUEST || size === REQUEST + 1 ? 8 : 0
    if (request === 0 && size !== RESPONSE && size !== RESPONSE + 1) return false
    const timeout = read32(bytes, at + 8 + request)
    return timeout > 0 && timeout <= MAX_TIMEOUT_MILLISECONDS && read32(bytes, at + 20 + request) === PASSWORD_LENGTH
  },
}
