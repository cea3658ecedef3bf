import type { Signature } from '../signature.ts'
import { dns, dnsAnywhere, dnsOverTcp, dnsOverTcpAnywhere, llmnr, mdns, nbns } from './dns.ts'
import { dnscrypt, dnscryptOverTcp } from './dnscrypt.ts'
import { netBiosDatagram } from './netbios-datagram.ts'

export const names: readonly Signature[] = [
  netBiosDatagram,
  dnscrypt,
  dnscryptOverTcp,
  dnsOverTcp,
  dns,
  mdns,
  llmnr,
  nbns,
  dnsOverTcpAnywhere,
  dnsAnywhere,
]
