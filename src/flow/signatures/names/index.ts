import type { Signature } from '../signature.ts'
import { dns, dnsOverTcp, llmnr, mdns, nbns } from './dns.ts'

export const names: readonly Signature[] = [dnsOverTcp, dns, mdns, llmnr, nbns]
