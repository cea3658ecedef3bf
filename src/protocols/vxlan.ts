/**
 * VXLAN: Virtual eXtensible Local Area Network, RFC 7348 §5; group policy: draft-smith-vxlan-group-policy.
 * VXLAN-GPE (port 4790): draft-ietf-nvo3-vxlan-gpe. Wireshark gives that header no layer of its own in
 * `frame.protocols`, so neither do we.
 *
 *    0              2             4  octets
 *  0 |    flags     | group policy |          GPE: flags (1), reserved (2), next protocol (1)
 *  4 |  network identifier (3) | reserved (1) |
 *  8 |  Ethernet frame ...
 */
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { bits, u16, u24 } from './field.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const VXLAN = protocolId('vxlan')
export const VXLAN_GPE = protocolId('vxlan-gpe')

/** Octets in the header, of either kind. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const FLAGS = 0
const GROUP_POLICY = 2
const NEXT_PROTOCOL = 3
const NETWORK_IDENTIFIER = 4

// Next protocols of VXLAN-GPE (§3.2).
const NEXT_IPV4 = 1
const NEXT_IPV6 = 2
const NEXT_ETHERNET = 3

export const vxlan: Protocol = {
  id: VXLAN,
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network',
  carriedBy: { 'udp.port': 4789 },
  fields: [
    u16('vxlan.flags', FLAGS, 'Flags', { base: 'hex' }),
    bits('boolean', 'vxlan.flag_i', FLAGS, 2, 0x0800, 'The network identifier counts'),
    bits('boolean', 'vxlan.flag_g', FLAGS, 2, 0x8000, 'The group policy counts'),
    u16('vxlan.gbp', GROUP_POLICY, 'Group policy'),
    u24('vxlan.vni', NETWORK_IDENTIFIER, 'Network identifier'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(VXLAN, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(VXLAN)
    packet.payload = at + HEADER_LENGTH
    return ETHERNET
  },
}

export const vxlanGpe: Protocol = {
  id: VXLAN_GPE,
  name: 'vxlan-gpe',
  title: 'Virtual eXtensible Local Area Network, Generic Protocol Extension',
  carriedBy: { 'udp.port': 4790 },
  fields: [],

  /** Hot. Enters no layer; what it cannot hand over is data as a whole. */
  decode(packet, at) {
    packet.payload = at
    if (packet.end - at < HEADER_LENGTH) return DATA
    packet.payload = at + HEADER_LENGTH
    switch (packet.bytes[at + NEXT_PROTOCOL]) {
      case NEXT_IPV4:
        return IPV4
      case NEXT_IPV6:
        return IPV6
      case NEXT_ETHERNET:
        return ETHERNET
      default:
        return DATA
    }
  },
}
