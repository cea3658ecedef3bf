import type { Signature } from '../signature.ts'
import { dns, dnsAnywhere, dnsOverTcp, dnsOverTcpAnywhere, llmnr, mdns, nbns } from './dns.ts'
import { dnscrypt, dnscryptCertificate, dnscryptOverTcp } from './dnscrypt.ts'
import { netBiosDatagram } from './netbios-datagram.ts'

export const names: readonly Signature[] = [
  netBiosDatagram,
  dnscrypt,
  dnscryptOverTcp,
  dnscryptCertificate,
  dnsOverTcp,
  dns,
  mdns,
  llmnr,
  nbns,
  dnsOverTcpAnywhere,
  dnsAnywhere,
]
