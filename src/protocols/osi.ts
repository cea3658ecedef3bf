/**
 * OSI network layer: ISO/IEC TR 9577. The first octet of each protocol is its network layer protocol identifier, so this
 * layer has no octets of its own.
 */
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { byEthertype, byOsiIdentifier } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const OSI = protocolId('osi')

// Identifiers that are not part of the protocol they name (RFC 2427 §3), with the EtherType of the same.
const NLPID_IPV6 = 0x8e
const NLPID_IPV4 = 0xcc
const NLPID_PPP = 0xcf
const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd

export const osi: Protocol = {
  id: OSI,
  name: 'osi',
  title: 'OSI',
  carriedBy: {
    'llc.dsap': [0x14, 0x20, 0x34, 0x54, 0xfe],
    'ppp.protocol': 0x0023,
    'gre.proto': 0x00fe,
  },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(OSI, at)
    packet.payload = at
    if (at >= packet.end) return NONE
    return nextByNlpid(packet.bytes[at], at, packet) || DATA
  },
}

/** Hot: what follows the identifier at `at`, with the payload set behind it where it is not part of what follows; 0 if unknown. */
export function nextByNlpid(identifier: number, at: number, packet: Packet): number {
  switch (identifier) {
    case NLPID_IPV4:
      packet.payload = at + 1
      return byEthertype[IPV4_TYPE]
    case NLPID_IPV6:
      packet.payload = at + 1
      return byEthertype[IPV6_TYPE]
    case NLPID_PPP:
      packet.payload = at + 1
      return byOsiIdentifier[NLPID_PPP]
    default:
      packet.payload = at
      return byOsiIdentifier[identifier]
  }
}
