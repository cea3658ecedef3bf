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
import { absent, bits, computed, type Each, type Field, flag, u8, u32, when } from './field.ts'
import { fragmentFields } from './fragments.ts'
import { byIpProtocol } from './handoff.ts'
import { routingTypeNames } from './ipv6/names.ts'
import { optionItems, scanOptions } from './ipv6/options.ts'
import { routingItems, scanRouting } from './ipv6/routing.ts'
import { IPV6 } from './ipv6-id.ts'
import { ipProtocolNames } from './names.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { scanned } from './scan.ts'

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
/** Of a segment routing header: the index of its last address (RFC 8754 §2). */
const LAST_ENTRY = 4
const ADDRESS_LENGTH = 16
const MOBILE_HOME = 2
const SEGMENT_ROUTING = 4
const COMPACT_16 = 5
const COMPACT_32 = 6

// Fragment header.
const RESERVED = 1
const OFFSET_MORE = 2
const IDENTIFICATION = 4
const OFFSET_MASK = 0xfff8
const MORE_FRAGMENTS = 1

// Option types (RFC 8200 §4.2, RFC 2675 §2).
const PAD1 = 0
const JUMBO_PAYLOAD = 0xc2

/** A jumbo payload has more octets than the IPv6 header could say (RFC 2675 §3). */
const MAX_PAYLOAD = 65_535

// The IPv6 header: octets in it, first octets of its payload length and of its addresses, and octets in both of these.
const IPV6_HEADER_LENGTH = 40
const IPV6_PAYLOAD_LENGTH = 4
const IPV6_ADDRESSES = 8
const IPV6_ADDRESSES_LENGTH = 32

/**
 * Hot: the payload length in a jumbo payload option (RFC 2675 §2) of the hop-by-hop header at `at`, or 0 if there is none
 * before `captured`.
 */
export function jumboLength(bytes: Uint8Array, at: number, captured: number): number {
  if (at + UNIT > captured) return 0
  const end = Math.min(captured, at + (bytes[at + LENGTH] + 1) * UNIT)
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

/**
 * Hot: whether the routing header from `at` to `end` has the addresses that its type promises. Wireshark 4.0 always runs past the
 * end of the compact ones.
 */
function isRouteSound(bytes: Uint8Array, at: number, end: number): boolean {
  switch (bytes[at + ROUTING_TYPE]) {
    case MOBILE_HOME:
      return at + UNIT + ADDRESS_LENGTH <= end
    case SEGMENT_ROUTING:
      return at + UNIT + (bytes[at + LAST_ENTRY] + 1) * ADDRESS_LENGTH <= end
    case COMPACT_16:
    case COMPACT_32:
      return false
    default:
      return true
  }
}

/** Hot: a header whose second octet says how long it is. */
function decodeLengthed(packet: Packet, at: number, protocol: number): number {
  packet.enter(protocol, at)
  if (packet.end - at < UNIT) return packet.truncated(protocol)
  const next = at + (packet.bytes[at + LENGTH] + 1) * UNIT
  if (next > packet.end) return packet.truncated(protocol)
  if (protocol !== ROUTING && !hasOptions(packet, at + OPTIONS, next)) return packet.truncated(protocol)
  packet.payload = next
  if (protocol === ROUTING && !isRouteSound(packet.bytes, at, next)) return packet.malformed(ROUTING)
  return byIpProtocol[packet.bytes[at + NEXT_HEADER]] || DATA
}

/** Whether the first 8 octets of a header were captured: Wireshark shows nothing of a fragment header otherwise. */
function isCaptured(packet: Packet, layer: number): boolean {
  return packet.layerAt[layer] + UNIT <= packet.layerEnd[layer]
}

/** Whether a hop-by-hop header before this one makes the packet a jumbogram. */
const readJumbo: Each = (packet, layer, visit) => {
  for (let i = layer - 1; i > 0; i--)
    if (packet.layerProtocol[i] === HOP_BY_HOP && packet.layerProtocol[i - 1] === IPV6) {
      return jumboLength(packet.bytes, packet.layerAt[i], packet.layerEnd[i]) > 0 && visit(0, 0)
    }
  return false
}

/** The fields that every header with a length has. */
function lengthedFields(prefix: string): Field[] {
  return [
    u8(`${prefix}.nxt`, NEXT_HEADER, 'Next Header', { values: ipProtocolNames }),
    u8(`${prefix}.len`, LENGTH, 'Length; in units of 8 octets behind the first 8'),
    computed('uint16', `${prefix}.len_oct`, 'Length; of this header, in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return at + OPTIONS <= packet.layerEnd[layer] && visit((packet.bytes[at + LENGTH] + 1) * UNIT, 0)
    }),
  ]
}

export const hopByHop: Protocol = {
  id: HOP_BY_HOP,
  name: 'ipv6.hopopts',
  title: 'IPv6 Hop-by-Hop Option',
  carriedBy: { 'ip.proto': 0 },
  fields: [
    computed(
      'none',
      'ipv6.hopopts.not_first',
      'IPv6 Hop-by-Hop extension header must appear immediately after IPv6 header',
      (packet, layer, visit) =>
        isCaptured(packet, layer) && layer > 0 && packet.layerProtocol[layer - 1] !== IPV6 && visit(0, 0),
    ),
    ...lengthedFields('ipv6.hopopts'),
    ...scanned(optionItems, (scan) => scanOptions(scan, true)),
  ],

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
  fields: [...lengthedFields('ipv6.dstopts'), ...scanned(optionItems, (scan) => scanOptions(scan, false))],

  /** Hot. */
  decode(packet, at) {
    return decodeLengthed(packet, at, DESTINATION_OPTIONS)
  },
}

export const routing: Protocol = {
  id: ROUTING,
  name: 'ipv6.routing',
  title: 'Routing Header for IPv6',
  carriedBy: { 'ip.proto': 43 },
  fields: [
    ...lengthedFields('ipv6.routing'),
    u8('ipv6.routing.type', ROUTING_TYPE, 'Type; of routing header', { values: routingTypeNames }),
    ...scanned(routingItems, scanRouting),
    // Declared, and used nowhere.
    absent(
      'none',
      'ipv6.src_route_list.mult_inst_same_addr',
      'Multiple instances of the same address must not appear in the source route list',
    ),
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
    ...[
      u8('ipv6.fraghdr.nxt', NEXT_HEADER, 'Next header; of the fragmentable part', { values: ipProtocolNames }),
      u8('ipv6.fraghdr.reserved_octet', RESERVED, 'Reserved octet', { base: 'hex' }),
      bits('uint16', 'ipv6.fraghdr.offset', OFFSET_MORE, 2, OFFSET_MASK, 'Offset; in units of 8 octets'),
      bits('uint16', 'ipv6.fraghdr.reserved_bits', OFFSET_MORE, 2, 0x0006, 'Reserved bits'),
      flag('ipv6.fraghdr.more', OFFSET_MORE, 2, MORE_FRAGMENTS, 'More Fragments'),
      u32('ipv6.fraghdr.ident', IDENTIFICATION, 'Identification; of the packet that a fragment belongs to', {
        base: 'hex',
      }),
      computed(
        'none',
        'ipv6.opt.jumbo.fragment',
        'Jumbo Payload option cannot be used with a fragment header',
        readJumbo,
      ),
    ].map((field) => when(isCaptured, field)),
    ...fragmentFields('ipv6', 'IPv6'),
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
