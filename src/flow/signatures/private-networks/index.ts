import type { Signature } from '../signature.ts'
import { gtp, gtpPrime } from './gtp.ts'
import { isakmp, tcpEncapsulation, udpEncapsulation } from './ike.ts'
import { l2tp } from './l2tp.ts'
import { lispOverTcp } from './lisp.ts'
import { nebula } from './nebula.ts'
import { openVpn, openVpnOverTcp } from './openvpn.ts'
import { pptp } from './pptp.ts'
import { tailscale } from './tailscale.ts'
import { tinc } from './tinc.ts'
import { wireGuardData, wireGuardHandshake } from './wireguard.ts'
import { zeroTier } from './zerotier.ts'

export const privateNetworks: readonly Signature[] = [
  wireGuardHandshake,
  tailscale,
  openVpn,
  openVpnOverTcp,
  udpEncapsulation,
  isakmp,
  tcpEncapsulation,
  l2tp,
  pptp,
  gtp,
  gtpPrime,
  lispOverTcp,
  tinc,
  nebula,
  zeroTier,
  wireGuardData,
]
