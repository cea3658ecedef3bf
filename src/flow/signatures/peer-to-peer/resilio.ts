/** Resilio Sync, once BitTorrent Sync: "BSYNC", an octet 0, and a bencoded dictionary. */
import { firstOctets, type Signature } from '../signature.ts'

const PREFIX = 'BSYNC\0d'

export const resilio: Signature = {
  name: 'resilio',
  title: 'Resilio Sync',
  transport: 'udp',
  evidence: 'prefix "BSYNC" and a bencoded dictionary',
  begins: firstOctets([PREFIX]),
  matches: (payload) => payload.startsWith(PREFIX),
}
