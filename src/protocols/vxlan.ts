/**
 * VXLAN: Virtual eXtensible Local Area Network, RFC 7348 §5; group policy: draft-smith-vxlan-group-policy.
 * VXLAN-GPE (port 4790): draft-ietf-nvo3-vxlan-gpe. Wireshark does not name that header in `frame.protocols`, but gives it
 * the names of VXLAN's fields.
 *
 *    0              2             4  octets
 *  0 |    flags     | group policy |          GPE: flags (1), reserved (2), next protocol (1)
 *  4 |  network identifier (3) | reserved (1) |
 *  8 |  Ethernet frame ...
 */
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { bits, u8, u16, u24, type ValueNames } from './field.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { NSH } from './nsh.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const VXLAN = protocolId('vxlan')
export const VXLAN_GPE = protocolId('vxlan-gpe')

/** Octets in the header, of either kind. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const FLAGS = 0
const RESERVED_16 = 1
const GROUP_POLICY = 2
const NEXT_PROTOCOL = 3
const NETWORK_IDENTIFIER = 4
const RESERVED_8 = 7

// Next protocols of VXLAN-GPE (§3.2).
const NEXT_IPV4 = 1
const NEXT_IPV6 = 2
const NEXT_ETHERNET = 3
const NEXT_NSH = 4

const nextProtocolNames: ValueNames = {
  [NEXT_IPV4]: 'IPv4',
  [NEXT_IPV6]: 'IPv6',
  [NEXT_ETHERNET]: 'Ethernet',
  [NEXT_NSH]: 'Network Service Header',
  5: 'MPLS',
}

const identifier = u24('vxlan.vni', NETWORK_IDENTIFIER, 'VXLAN Network Identifier (VNI)')
const reserved = u8('vxlan.reserved8', RESERVED_8, 'Reserved')

export const vxlan: Protocol = {
  id: VXLAN,
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network',
  carriedBy: { 'udp.port': 4789 },
  fields: [
    u16('vxlan.flags', FLAGS, 'Flags', { base: 'hex' }),
    bits('boolean', 'vxlan.flag_g', FLAGS, 2, 0x8000, 'GBP Extension; the group policy counts'),
    bits('boolean', 'vxlan.flag_i', FLAGS, 2, 0x0800, 'VXLAN Network ID (VNI); the network identifier counts'),
    bits('boolean', 'vxlan.flag_d', FLAGS, 2, 0x0040, "Don't Learn"),
    bits('boolean', 'vxlan.flag_a', FLAGS, 2, 0x0008, 'Policy Applied'),
    bits('uint16', 'vxlan.flags_reserved', FLAGS, 2, 0x77b7, 'Reserved(R)', { base: 'hex' }),
    u16('vxlan.gbp', GROUP_POLICY, 'Group Policy ID'),
    identifier,
    reserved,
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
  fields: [
    u8('vxlan.flags', FLAGS, 'Flags', { base: 'hex' }),
    bits('uint8', 'vxlan.ver', FLAGS, 1, 0x30, 'Version'),
    bits('uint8', 'vxlan.i_bit', FLAGS, 1, 0x08, 'Instance; the network identifier counts'),
    bits('uint8', 'vxlan.p_bit', FLAGS, 1, 0x04, 'Next Protocol Bit; the next protocol counts'),
    bits('uint8', 'vxlan.o_bit', FLAGS, 1, 0x01, 'OAM bit; a control packet'),
    bits('uint8', 'vxlan.flags_reserved', FLAGS, 1, 0xc2, 'Reserved(R)'),
    u16('vxlan.reserved_16', RESERVED_16, 'Reserved'),
    u8('vxlan.next_proto', NEXT_PROTOCOL, 'Next Protocol', { values: nextProtocolNames }),
    identifier,
    reserved,
  ],

  /** Hot. Its layer has fields, but no name among the packet's protocols. What it cannot hand over is data as a whole. */
  decode(packet, at) {
    packet.enter(VXLAN_GPE, at)
    packet.layerRepeats[packet.layerCount - 1] = 1
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
      case NEXT_NSH:
        return NSH
      default:
        return DATA
    }
  },
}
