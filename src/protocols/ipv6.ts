/**
 * IPv6: Internet Protocol version 6, RFC 8200.
 *
 *    0                       2                        4  octets
 *  0 | ver |  traffic class  |       flow label       |
 *  4 |    payload length     | next header | hop limit |
 *  8 |                 source (16)                    |
 * 24 |               destination (16)                 |
 * 40 |    extension headers, data ...
 */
import { read16 } from '../packet/bytes.ts'
import { DATA } from './data.ts'
import { ipv6 as address, bits, computed, either, type Field, type FieldType, readInteger, u8, u16 } from './field.ts'
import { byIpProtocol } from './handoff.ts'
import { eachOption, HOP_BY_HOP, JUMBO_PAYLOAD, jumboLength, ROUTER_ALERT } from './ipv6-extension.ts'
import { IPV6 } from './ipv6-id.ts'
import { ipProtocolNames } from './names.ts'
import type { Protocol } from './protocol.ts'

export { IPV6 }

/** Octets in the fixed header. */
export const HEADER_LENGTH = 40

const VERSION_6 = 6

// Octets from the first octet of this header.
const VERSION = 0
const PAYLOAD_LENGTH = 4
const NEXT_HEADER = 6
const HOP_LIMIT = 7
export const SOURCE = 8
export const DESTINATION = 24

/** The number in options of one type. */
function option(type: FieldType, name: string, kind: number, width: number, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) =>
    eachOption(packet, layer, (each, at, length) => {
      if (each !== kind || length !== width || at + width > packet.layerEnd[layer]) return false
      return visit(readInteger(packet.bytes, at, width), 0)
    }),
  )
}

const source = address('ipv6.src', SOURCE, 'Source address')
const destination = address('ipv6.dst', DESTINATION, 'Destination address')

export const ipv6: Protocol = {
  id: IPV6,
  name: 'ipv6',
  title: 'Internet Protocol Version 6',
  carriedBy: { linktype: 229, ethertype: 0x86dd, 'ip.proto': 41, 'ppp.protocol': 0x0057, 'gre.proto': 0x86dd },
  fields: [
    bits('uint8', 'ipv6.version', VERSION, 1, 0xf0, 'Version: 6'),
    bits('uint32', 'ipv6.tclass', VERSION, 4, 0x0ff00000, 'Traffic class', { base: 'hex' }),
    bits('uint32', 'ipv6.tclass.dscp', VERSION, 4, 0x0fc00000, 'Differentiated services code point (RFC 2474)'),
    bits('uint32', 'ipv6.tclass.ecn', VERSION, 4, 0x00300000, 'Explicit congestion notification (RFC 3168)'),
    bits('uint24', 'ipv6.flow', VERSION, 4, 0x000fffff, 'Flow label (RFC 6437)', { base: 'hex' }),
    u16('ipv6.plen', PAYLOAD_LENGTH, 'Octets behind this header; 0 in a jumbogram (RFC 2675)'),
    u8('ipv6.nxt', NEXT_HEADER, 'What follows this header', { values: ipProtocolNames }),
    u8('ipv6.hlim', HOP_LIMIT, 'Hop limit'),
    source,
    either('ipv6.addr', 'Source or destination address', source, destination),
    destination,
    // The options of the extension headers have names of this protocol.
    computed(
      'uint8',
      'ipv6.opt.type',
      'Type of each option',
      (packet, layer, visit) => eachOption(packet, layer, (type) => visit(type, 0)),
      { base: 'hex' },
    ),
    option('uint16', 'ipv6.opt.router_alert', ROUTER_ALERT, 2, 'Why routers should look (RFC 2711)'),
    option('uint32', 'ipv6.opt.jumbo', JUMBO_PAYLOAD, 4, 'Octets behind the IPv6 header (RFC 2675)'),
  ],

  /** Hot. */
  decode(packet, at) {
    const bytes = packet.bytes
    if (at < packet.end && bytes[at] >> 4 !== VERSION_6) {
      packet.payload = at
      packet.malformed(IPV6)
      return DATA
    }
    packet.enterNetwork(IPV6, at)
    if (packet.end - at < HEADER_LENGTH) {
      if (packet.network === packet.layerCount - 1) packet.network = -1
      return packet.truncated(IPV6)
    }
    let length = read16(bytes, at + PAYLOAD_LENGTH)
    packet.payload = at + HEADER_LENGTH
    const next = byIpProtocol[bytes[at + NEXT_HEADER]] || DATA
    // RFC 2675 §3: a jumbogram's length is in an option of the hop-by-hop header, which must follow at once.
    if (length === 0 && next === HOP_BY_HOP) length = jumboLength(packet, packet.payload)
    packet.limit(packet.payload + length)
    return next
  },
}
