import type { Signature } from '../signature.ts'
import { bitTorrentDht, bitTorrentUtp, bittorrent } from './bittorrent.ts'

export const peerToPeer: readonly Signature[] = [bittorrent, bitTorrentDht, bitTorrentUtp]
