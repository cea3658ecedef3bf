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
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ipv6 as address, bits, computed, type Each, either, type Field, u8, u16 } from './field.ts'
import { byIpProtocol } from './handoff.ts'
import { destinationFields, eitherFields, sourceFields } from './ipv6/addresses.ts'
import { HOP_BY_HOP, jumboLength } from './ipv6-extension.ts'
import { IPV6 } from './ipv6-id.ts'
import { ipProtocolNames } from './names.ts'
import type { Protocol } from './protocol.ts'
import { dscpNames, ecnNames } from './service-names.ts'

export { IPV6 }

/** Octets in the fixed header. */
const HEADER_LENGTH = 40

const VERSION_6 = 6

// Octets from the first octet of this header.
const VERSION = 0
const PAYLOAD_LENGTH = 4
const NEXT_HEADER = 6
const HOP_LIMIT = 7
export const SOURCE = 8
export const DESTINATION = 24

/** Next headers: hop-by-hop options, and none. */
const NEXT_HOP_BY_HOP = 0
const NEXT_NONE = 59

const source = address('ipv6.src', SOURCE, 'Source Address')
const destination = address('ipv6.dst', DESTINATION, 'Destination Address')

/** The version is read where nothing else is: of octets that are of another. */
const readVersion: Each = (packet, layer, visit) => {
  const at = packet.layerAt[layer]
  return at < packet.layerEnd[layer] && visit(packet.bytes[at] >> 4, 0)
}

function note(name: string, description: string, holds: (packet: Packet, layer: number) => boolean): Field {
  return computed('none', name, description, (packet, layer, visit) => holds(packet, layer) && visit(0, 0))
}

/** What is odd about the payload length. Of a quotation Wireshark expects no sense. */
type Oddity = 'none' | 'exceeds' | 'zero' | 'noJumbo'

function lengthOddity(packet: Packet, layer: number): Oddity {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  if (at + HEADER_LENGTH > packet.layerEnd[layer]) return 'none'
  const next = bytes[at + NEXT_HEADER]
  let length = read16(bytes, at + PAYLOAD_LENGTH)
  if (length === 0) {
    if (next === NEXT_NONE) return 'none'
    if (next !== NEXT_HOP_BY_HOP) return 'zero'
    length = jumboLength(bytes, at + HEADER_LENGTH, packet.layerEnd[layer])
    if (length === 0) return 'noJumbo'
  }
  const carried = packet.layerWireEnd[layer] - at - HEADER_LENGTH
  return length > carried && layer < packet.quotedFrom ? 'exceeds' : 'none'
}

export const ipv6: Protocol = {
  id: IPV6,
  name: 'ipv6',
  title: 'Internet Protocol Version 6',
  carriedBy: { linktype: 229, ethertype: 0x86dd, 'ip.proto': 41, 'ppp.protocol': 0x0057, 'gre.proto': 0x86dd },
  fields: [
    computed('uint8', 'ipv6.version', 'Version; 6', readVersion),
    computed('uint8', 'ip.version', 'Version; 6', readVersion),
    note('ipv6.bogus_ipv6_version', 'Bogus IP version', (packet, layer) => {
      const at = packet.layerAt[layer]
      return at < packet.layerEnd[layer] && packet.bytes[at] >> 4 !== VERSION_6
    }),
    note('ipv6.invalid_header', 'Invalid IPv6 header; cut short', (packet, layer) => {
      const { bytes, layerAt, layerEnd, layerWireEnd } = packet
      const at = layerAt[layer]
      const isHere = at < layerEnd[layer] && layerWireEnd[layer] - at < HEADER_LENGTH
      return isHere && bytes[at] >> 4 === VERSION_6
    }),
    bits('uint32', 'ipv6.tclass', VERSION, 4, 0x0ff00000, 'Traffic Class', { base: 'hex' }),
    bits('uint32', 'ipv6.tclass.dscp', VERSION, 4, 0x0fc00000, 'Differentiated Services Codepoint; RFC 2474', {
      values: dscpNames,
    }),
    bits('uint32', 'ipv6.tclass.ecn', VERSION, 4, 0x00300000, 'Explicit Congestion Notification; RFC 3168', {
      values: ecnNames,
    }),
    bits('uint24', 'ipv6.flow', VERSION, 4, 0x000fffff, 'Flow Label; RFC 6437', { base: 'hex' }),
    u16('ipv6.plen', PAYLOAD_LENGTH, 'Payload Length; octets behind this header; 0 in a jumbogram (RFC 2675)'),
    note(
      'ipv6.plen_exceeds_framing',
      'IPv6 payload length does not match expected framing length',
      (packet, layer) => lengthOddity(packet, layer) === 'exceeds',
    ),
    note(
      'ipv6.plen_zero',
      'IPv6 payload length equals 0 (maybe because of "TCP segmentation offload" (TSO))',
      (packet, layer) => lengthOddity(packet, layer) === 'zero',
    ),
    note(
      'ipv6.opt.jumbo.missing',
      'IPv6 payload length equals 0 and Hop-By-Hop present and Jumbo Payload option missing',
      (packet, layer) => lengthOddity(packet, layer) === 'noJumbo',
    ),
    u8('ipv6.nxt', NEXT_HEADER, 'Next Header', { values: ipProtocolNames }),
    u8('ipv6.hlim', HOP_LIMIT, 'Hop Limit'),
    source,
    either('ipv6.addr', 'Source or Destination Address', source, destination),
    destination,
    ...sourceFields,
    ...destinationFields,
    ...eitherFields,
  ],

  /** Hot. */
  decode(packet, at) {
    const bytes = packet.bytes
    if (at < packet.end && bytes[at] >> 4 !== VERSION_6) return otherVersion(packet, at)
    packet.enterNetwork(IPV6, at)
    if (packet.end - at < HEADER_LENGTH) {
      if (packet.network === packet.layerCount - 1) packet.network = -1
      return packet.truncated(IPV6)
    }
    let length = read16(bytes, at + PAYLOAD_LENGTH)
    packet.payload = at + HEADER_LENGTH
    const next = byIpProtocol[bytes[at + NEXT_HEADER]] || DATA
    // RFC 2675 §3: a jumbogram's length is in an option of the hop-by-hop header, which must follow at once.
    if (length === 0 && next === HOP_BY_HOP) length = jumboLength(bytes, packet.payload, packet.end)
    packet.limit(packet.payload + length)
    return next
  },
}

/** Hot: Wireshark does not name the layer, but shows its version, unless it is quoted; the octets are data as a whole. */
function otherVersion(packet: Packet, at: number): number {
  if (packet.quotedFrom === packet.layerCount) {
    packet.payload = at
    packet.malformed(IPV6)
    return DATA
  }
  packet.enter(IPV6, at)
  const layer = packet.layerCount - 1
  packet.layerRepeats[layer] = 1
  packet.layerEnd[layer] = at + 1
  packet.layerWireEnd[layer] = at + 1
  packet.payload = at
  packet.malformed(IPV6)
  return DATA
}
