/**
 * IPv6 extension headers, RFC 8200 §4: hop-by-hop options (§4.3), routing (§4.4), fragment (§4.5), destination options
 * (§4.6). Segment routing: RFC 8754. Atomic fragments: RFC 6946. Each is a layer of its own.
 *
 *    0             1             2             4  octets
 *  0 | next header |   length    |  options ...  |    hop-by-hop, destination
 *  0 | next header |   length    | type  | left  |    routing
 *  0 | next header |  reserved   | offset    | M |    fragment
 *  4 |              identification               |
 *
 * The length counts units of 8 octets behind the first 8.
 */
import { read16, read32, read32s } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ipv6 as address, bits, computed, type Field, flag, u8, u32, when } from './field.ts'
import { byIpProtocol } from './handoff.ts'
import { IPV6 } from './ipv6-id.ts'
import { ipProtocolNames } from './names.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const HOP_BY_HOP = protocolId('ipv6.hopopts')
export const ROUTING = protocolId('ipv6.routing')
export const FRAGMENT = protocolId('ipv6.fraghdr')
export const DESTINATION_OPTIONS = protocolId('ipv6.dstopts')

/** Octets in the unit of lengths, and in the fragment header. */
const UNIT = 8

// Octets from the first octet of any of these headers.
const NEXT_HEADER = 0
const LENGTH = 1
const OPTIONS = 2

// Routing header.
const ROUTING_TYPE = 2
const SEGMENTS_LEFT = 3
const SEGMENT_ADDRESSES = 8
const ADDRESS_LENGTH = 16
// Segment routing header (RFC 8754 §2).
const LAST_ENTRY = 4
const SRH_FLAGS = 5
const SEGMENT_ROUTING = 4
const SOURCE_ROUTE = 0
const MOBILE_HOME = 2

// Fragment header.
const RESERVED = 1
const OFFSET_MORE = 2
const IDENTIFICATION = 4
const OFFSET_MASK = 0xfff8
const MORE_FRAGMENTS = 1

// Option types (RFC 8200 §4.2, RFC 2675 §2, RFC 2711 §2.1).
const PAD1 = 0
export const ROUTER_ALERT = 0x05
export const JUMBO_PAYLOAD = 0xc2

/** A jumbo payload has more octets than the IPv6 header could say (RFC 2675 §3). */
const MAX_PAYLOAD = 65_535

// The IPv6 header: octets in it, first octets of its payload length and of its addresses, and octets in both of these.
const IPV6_HEADER_LENGTH = 40
const IPV6_PAYLOAD_LENGTH = 4
const IPV6_ADDRESSES = 8
const IPV6_ADDRESSES_LENGTH = 32

/**
 * Hot: the payload length in a jumbo payload option (RFC 2675 §2) of the hop-by-hop header at `at`, or 0 if there is none.
 */
export function jumboLength(packet: Packet, at: number): number {
  const bytes = packet.bytes
  if (at + UNIT > packet.end) return 0
  const end = Math.min(packet.end, at + (bytes[at + LENGTH] + 1) * UNIT)
  let option = at + OPTIONS
  while (option < end) {
    if (bytes[option] === PAD1) {
      option++
      continue
    }
    if (option + 2 > end) return 0
    if (bytes[option] === JUMBO_PAYLOAD && option + 6 <= end) {
      const length = read32(bytes, option + 2)
      return length > MAX_PAYLOAD ? length : 0
    }
    option += 2 + bytes[option + 1]
  }
  return 0
}

/** Hot: whether the options between `at` and `end` were all captured. One may claim more octets than its header has. */
function hasOptions(packet: Packet, at: number, end: number): boolean {
  const bytes = packet.bytes
  let option = at
  while (option < end) {
    if (bytes[option] === PAD1) option++
    else if (option + 2 > packet.end) return false
    else option += 2 + bytes[option + 1]
  }
  return option <= packet.end
}

/** Hot: a header whose second octet says how long it is. */
function decodeLengthed(packet: Packet, at: number, protocol: number): number {
  packet.enter(protocol, at)
  if (packet.end - at < UNIT) return packet.truncated(protocol)
  const next = at + (packet.bytes[at + LENGTH] + 1) * UNIT
  if (next > packet.end) return packet.truncated(protocol)
  if (protocol !== ROUTING && !hasOptions(packet, at + OPTIONS, next)) return packet.truncated(protocol)
  packet.payload = next
  return byIpProtocol[packet.bytes[at + NEXT_HEADER]] || DATA
}

/** The fields that every header with a length has. */
function lengthedFields(prefix: string): Field[] {
  return [
    u8(`${prefix}.nxt`, NEXT_HEADER, 'What follows this header', { values: ipProtocolNames }),
    u8(`${prefix}.len`, LENGTH, 'Length, in units of 8 octets behind the first 8'),
    computed('uint16', `${prefix}.len_oct`, 'Length of this header, in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return at + OPTIONS <= packet.layerEnd[layer] && visit((packet.bytes[at + LENGTH] + 1) * UNIT, 0)
    }),
  ]
}

/** Calls `visit(type, at, length)` for each option of one header; `at` and `length` are those of its data. */
function eachOptionOf(
  packet: Packet,
  layer: number,
  visit: (type: number, at: number, length: number) => boolean,
): boolean {
  const bytes = packet.bytes
  const at = packet.layerAt[layer]
  if (at + OPTIONS > packet.layerEnd[layer]) return false
  const end = Math.min(packet.layerEnd[layer], at + (bytes[at + LENGTH] + 1) * UNIT)
  let option = at + OPTIONS
  while (option < end) {
    if (bytes[option] === PAD1) {
      if (visit(PAD1, option, 0)) return true
      option++
      continue
    }
    if (option + 2 > end) return false
    if (visit(bytes[option], option + 2, bytes[option + 1])) return true
    option += 2 + bytes[option + 1]
  }
  return false
}

/** The same for each option of the hop-by-hop and destination headers that follow the IPv6 header of layer `network`. */
export function eachOption(
  packet: Packet,
  network: number,
  visit: (type: number, at: number, length: number) => boolean,
): boolean {
  for (let layer = network + 1; layer < packet.layerCount; layer++) {
    const protocol = packet.layerProtocol[layer]
    if (protocol === HOP_BY_HOP || protocol === DESTINATION_OPTIONS) {
      if (eachOptionOf(packet, layer, visit)) return true
    } else if (protocol !== ROUTING && protocol !== FRAGMENT) return false
  }
  return false
}

export const hopByHop: Protocol = {
  id: HOP_BY_HOP,
  name: 'ipv6.hopopts',
  title: 'IPv6 Hop-by-Hop Option',
  carriedBy: { 'ip.proto': 0 },
  fields: lengthedFields('ipv6.hopopts'),

  /** Hot. */
  decode(packet, at) {
    return decodeLengthed(packet, at, HOP_BY_HOP)
  },
}

export const destinationOptions: Protocol = {
  id: DESTINATION_OPTIONS,
  name: 'ipv6.dstopts',
  title: 'Destination Options for IPv6',
  carriedBy: { 'ip.proto': 60 },
  fields: lengthedFields('ipv6.dstopts'),

  /** Hot. */
  decode(packet, at) {
    return decodeLengthed(packet, at, DESTINATION_OPTIONS)
  },
}

/** The condition that a routing header is of this type. */
function isRoutingType(type: number) {
  return (packet: Packet, layer: number): boolean =>
    packet.layerAt[layer] + UNIT <= packet.layerEnd[layer] &&
    packet.bytes[packet.layerAt[layer] + ROUTING_TYPE] === type
}

/** The addresses that a routing header of `type` lists. */
function routeAddresses(name: string, type: number, description: string): Field {
  return when(
    isRoutingType(type),
    computed('ipv6', name, description, (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      const end = Math.min(packet.layerEnd[layer], at + (packet.bytes[at + LENGTH] + 1) * UNIT)
      for (let entry = at + SEGMENT_ADDRESSES; entry + ADDRESS_LENGTH <= end; entry += ADDRESS_LENGTH) {
        if (visit(entry, ADDRESS_LENGTH)) return true
        // Type-length-values may stand behind the last segment (RFC 8754 §2.1).
        if (
          type === SEGMENT_ROUTING &&
          entry >= at + SEGMENT_ADDRESSES + packet.bytes[at + LAST_ENTRY] * ADDRESS_LENGTH
        )
          return false
      }
      return false
    }),
  )
}

export const routing: Protocol = {
  id: ROUTING,
  name: 'ipv6.routing',
  title: 'Routing Header for IPv6',
  carriedBy: { 'ip.proto': 43 },
  fields: [
    ...lengthedFields('ipv6.routing'),
    u8('ipv6.routing.type', ROUTING_TYPE, 'Kind of routing header'),
    u8('ipv6.routing.segleft', SEGMENTS_LEFT, 'Nodes on the list still to be visited'),
    routeAddresses('ipv6.routing.src.addr', SOURCE_ROUTE, 'Nodes to visit (deprecated: RFC 5095)'),
    when(
      isRoutingType(MOBILE_HOME),
      address('ipv6.routing.mipv6.home_address', SEGMENT_ADDRESSES, 'Home address (RFC 6275 §6.4)'),
    ),
    when(isRoutingType(SEGMENT_ROUTING), u8('ipv6.routing.srh.last_entry', LAST_ENTRY, 'Index of the last segment')),
    when(
      isRoutingType(SEGMENT_ROUTING),
      u8('ipv6.routing.srh.flags', SRH_FLAGS, 'Flags (RFC 8754 §8.1)', { base: 'hex' }),
    ),
    routeAddresses('ipv6.routing.srh.addr', SEGMENT_ROUTING, 'Segments, last one first (RFC 8754 §2)'),
  ],

  /** Hot. */
  decode(packet, at) {
    return decodeLengthed(packet, at, ROUTING)
  },
}

export const fragment: Protocol = {
  id: FRAGMENT,
  name: 'ipv6.fraghdr',
  title: 'Fragment Header for IPv6',
  carriedBy: { 'ip.proto': 44 },
  fields: [
    u8('ipv6.fraghdr.nxt', NEXT_HEADER, 'What the fragmentable part starts with', { values: ipProtocolNames }),
    u8('ipv6.fraghdr.reserved_octet', RESERVED, 'Reserved', { base: 'hex' }),
    computed('uint16', 'ipv6.fraghdr.offset', 'Fragment offset, in units of 8 octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return at + UNIT <= packet.layerEnd[layer] && visit(read16(packet.bytes, at + OFFSET_MORE) >> 3, 0)
    }),
    bits('uint16', 'ipv6.fraghdr.reserved_bits', OFFSET_MORE, 2, 0x0006, 'Reserved'),
    flag('ipv6.fraghdr.more', OFFSET_MORE, 2, MORE_FRAGMENTS, 'More fragments follow'),
    u32('ipv6.fraghdr.ident', IDENTIFICATION, 'Identification of the packet that a fragment belongs to', {
      base: 'hex',
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(FRAGMENT, at)
    if (packet.end - at < UNIT) return packet.truncated(FRAGMENT)
    const bytes = packet.bytes
    packet.payload = at + UNIT
    const next = byIpProtocol[bytes[at + NEXT_HEADER]] || DATA
    const offsetMore = read16(bytes, at + OFFSET_MORE)
    // Offset 0 and nothing more: an atomic fragment is the whole packet (RFC 6946 §4).
    if ((offsetMore & (OFFSET_MASK | MORE_FRAGMENTS)) === 0 || packet.payload >= packet.wireEnd) return next
    const layer = packet.network
    if (packet.wireEnd > packet.end || packet.quotedFrom <= packet.layerCount) return DATA
    if (layer < 0 || packet.layerProtocol[layer] !== IPV6) return DATA
    const ipv6At = packet.layerAt[layer]
    // Cut short within another packet: the octets that the IPv6 header promises are not there.
    if (ipv6At + IPV6_HEADER_LENGTH + read16(bytes, ipv6At + IPV6_PAYLOAD_LENGTH) > packet.end) return DATA
    const key = fragmentKey(bytes, ipv6At + IPV6_ADDRESSES, read32s(bytes, at + IDENTIFICATION))
    const more = (offsetMore & MORE_FRAGMENTS) !== 0
    return packet.reassemble(key, offsetMore & OFFSET_MASK, more) ? next : DATA
  },
}

/** What fragments of one packet share: source, destination and identification (RFC 8200 §4.5). */
function fragmentKey(bytes: Uint8Array, addresses: number, identification: number): string {
  let key = `6 ${identification}`
  for (let at = addresses; at < addresses + IPV6_ADDRESSES_LENGTH; at += 4) key += ` ${read32s(bytes, at)}`
  return key
}
