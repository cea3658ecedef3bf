import type { Signature } from '../signature.ts'
import { bitTorrentDht, bitTorrentLocalDiscovery, bittorrent } from './bittorrent.ts'
import { bitTorrentTrackerAnnounce, bitTorrentTrackerConnect } from './bt-tracker.ts'
import { directConnect, directConnectResult } from './direct-connect.ts'
import { dropboxDiscovery } from './dropbox.ts'
import { eDonkey, kademlia } from './edonkey.ts'
import { gnutella, gnutellaOverUdp } from './gnutella.ts'
import { libp2p } from './libp2p.ts'
import { resilio } from './resilio.ts'
import { soulseek } from './soulseek.ts'
import { spotifyDiscovery, spotifyHello } from './spotify.ts'
import { syncthing } from './syncthing.ts'
import { bitTorrentUtp, bitTorrentUtpHeaders } from './utp.ts'

export const peerToPeer: readonly Signature[] = [
  bittorrent,
  bitTorrentDht,
  bitTorrentLocalDiscovery,
  bitTorrentTrackerConnect,
  libp2p,
  gnutella,
  directConnect,
  directConnectResult,
  dropboxDiscovery,
  syncthing,
  resilio,
  spotifyDiscovery,
  spotifyHello,
  bitTorrentUtp,
  soulseek,
  eDonkey,
  kademlia,
  gnutellaOverUdp,
  bitTorrentTrackerAnnounce,
  bitTorrentUtpHeaders,
]
