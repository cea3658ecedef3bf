/** Every signature. The first that matches names the stream, so the stricter ones stand first. */
import { bitTorrentDht, bitTorrentUtp, bittorrent } from './bittorrent.ts'
import { dns, dnsOverTcp, llmnr, mdns, nbns } from './dns.ts'
import { http, ssdp } from './http.ts'
import { dhcp, ntp } from './infrastructure.ts'
import { ssh, tpkt } from './remote.ts'
import { rpc, rpcOverTcp } from './rpc.ts'
import type { Signature } from './signature.ts'
import { tls } from './tls.ts'

export const signatures: readonly Signature[] = [
  http,
  tls,
  ssh,
  bittorrent,
  tpkt,
  rpcOverTcp,
  dnsOverTcp,
  dns,
  mdns,
  llmnr,
  nbns,
  dhcp,
  ntp,
  ssdp,
  bitTorrentDht,
  bitTorrentUtp,
  rpc,
]
