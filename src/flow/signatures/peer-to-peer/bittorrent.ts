/** BitTorrent: BEP 3 (peer wire protocol), BEP 5 (DHT), BEP 14 (local service discovery). */
import { firstOctets, type Signature } from '../signature.ts'

/** The handshake: the length of the name, the name, 8 reserved octets, info hash, peer id (BEP 3, "peer protocol"). */
export const HANDSHAKE = '\x13BitTorrent protocol'

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

/** BEP 14: HTTP's form, multicast to port 6771. */
export const bitTorrentLocalDiscovery: Signature = {
  name: 'bt-lsd',
  title: 'BitTorrent Local Service Discovery',
  transport: 'udp',
  begins: firstOctets(['BT-SEARCH']),
  evidence: 'request "BT-SEARCH"',
  matches: (payload) => payload.startsWith('BT-SEARCH * HTTP/1.'),
}
