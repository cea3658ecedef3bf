/** BitTorrent: BEP 3 (peer wire protocol), BEP 5 (DHT), BEP 29 (uTP). */
import { read16, read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

/** The handshake: the length of the name, the name, 8 reserved octets, info hash, peer id (BEP 3, "peer protocol"). */
const HANDSHAKE = '\x13BitTorrent protocol'

export const bittorrent: Signature = {
  name: 'bittorrent',
  title: 'BitTorrent',
  transport: 'tcp',
  begins: [HANDSHAKE.charCodeAt(0)],
  evidence: 'handshake "BitTorrent protocol"',
  matches: (payload) => payload.startsWith(HANDSHAKE),
}

/** A bencoded dictionary: a query's `a` (its arguments), a response's `r`, an error's `e`, each the first key in sorted order. */
export const bitTorrentDht: Signature = {
  name: 'bt-dht',
  title: 'BitTorrent DHT Protocol',
  transport: 'udp',
  begins: firstOctets(['d']),
  evidence: 'bencoded query, response or error of the DHT',
  matches: (payload) =>
    payload.startsWith('d1:ad2:id20:') ||
    payload.startsWith('d1:rd2:id20:') ||
    payload.startsWith('d2:ip6:') ||
    payload.startsWith('d1:eli20'),
}

// BEP 29: type and version share the first octet; ST_SYN is 4, version 1.
const SYN_VERSION_1 = 0x41
const UTP_HEADER = 20
const MAX_EXTENSION = 2

/**
 * A uTP connection's first packet: ST_SYN, sequence number 1, no timestamp difference and nothing acknowledged yet. Or
 * BitTorrent's own handshake behind any uTP header.
 */
export const bitTorrentUtp: Signature = {
  name: 'bt-utp',
  title: 'uTorrent Transport Protocol',
  transport: 'udp',
  evidence: 'ST_SYN of uTP, or a BitTorrent handshake within it',
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < UTP_HEADER || (bytes[at] & 0x0f) !== 1 || bytes[at + 1] > MAX_EXTENSION) return false
    if (bytes[at] === SYN_VERSION_1)
      return read32(bytes, at + 8) === 0 && read16(bytes, at + 16) === 1 && read16(bytes, at + 18) === 0
    return payload.startsWith(HANDSHAKE, UTP_HEADER)
  },
}
