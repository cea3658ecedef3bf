/**
 * ICMPv6: Internet Control Message Protocol for IPv6, RFC 4443.
 * Neighbour discovery: RFC 4861. Multicast listener discovery: RFC 2710, RFC 3810. Extended echo: RFC 8335.
 *
 *    0      1      2             4  octets
 *  0 | type | code |  checksum   |
 *  4 |  what the type says       |
 *  8 |  data, or the packet that the message is about ...
 */
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ipv6 as address, bits, computed, type Field, flag, u8, u16, u32, when } from './field.ts'
import { ICMP } from './icmp.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const ICMPV6 = protocolId('icmpv6')

/** Octets in the part that every message has. */
const MIN_HEADER_LENGTH = 4
/** Octets before the data of an error or an echo. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const TYPE = 0
const CODE = 1
const CHECKSUM = 2
const IDENTIFIER = 4
const MTU = 4
const POINTER = 4
const MAXIMUM_RESPONSE = 4
const SEQUENCE = 6
const TARGET = 8
const MULTICAST_ADDRESS = 8

// Router advertisement (RFC 4861 §4.2).
const HOP_LIMIT = 4
const ROUTER_FLAGS = 5
const ROUTER_LIFETIME = 6
const REACHABLE_TIME = 8
const RETRANSMISSION_TIMER = 12

// Types (IANA).
const DESTINATION_UNREACHABLE = 1
const PACKET_TOO_BIG = 2
const PARAMETER_PROBLEM = 4
const ECHO_REQUEST = 128
const ECHO_REPLY = 129
const LISTENER_QUERY = 130
const LISTENER_REPORT = 131
const LISTENER_DONE = 132
const ROUTER_SOLICITATION = 133
const ROUTER_ADVERTISEMENT = 134
const NEIGHBOUR_SOLICITATION = 135
const NEIGHBOUR_ADVERTISEMENT = 136
const REDIRECT = 137
const EXTENDED_ECHO_REQUEST = 160
const EXTENDED_ECHO_REPLY = 161

/** Octets before the options of each neighbour discovery message (RFC 4861 §4). */
const OPTIONS_AT: Readonly<Record<number, number>> = {
  [ROUTER_SOLICITATION]: 8,
  [ROUTER_ADVERTISEMENT]: 16,
  [NEIGHBOUR_SOLICITATION]: 24,
  [NEIGHBOUR_ADVERTISEMENT]: 24,
  [REDIRECT]: 40,
}
const REDIRECT_OPTIONS = 40

// Extension structure (RFC 4884 §7).
const EXTENSION_HEADER_LENGTH = 4
const EXTENSION_VERSION = 2

// Options of neighbour discovery (RFC 4861 §4.6); their length counts units of 8 octets.
const OPTION_UNIT = 8
const SOURCE_LINK_ADDRESS = 1
const TARGET_LINK_ADDRESS = 2
const PREFIX_INFORMATION = 3
const REDIRECTED_HEADER = 4
const PREFIX_AT = 16
const PREFIX_LENGTH = 16

/** Calls `visit(kind, at, length)` for each captured option of a neighbour discovery message. */
function eachOption(
  packet: Packet,
  layer: number,
  visit: (kind: number, at: number, length: number) => boolean,
): boolean {
  const bytes = packet.bytes
  const start = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (start >= end) return false
  const first = OPTIONS_AT[bytes[start + TYPE]]
  if (first === undefined) return false
  for (let at = start + first; at + 2 <= end; ) {
    const length = bytes[at + 1] * OPTION_UNIT
    if (length === 0 || at + length > end) return false
    if (visit(bytes[at], at, length)) return true
    at += length
  }
  return false
}

/** The field, in messages of these types only. */
function ofTypes(types: readonly number[], field: Field): Field {
  return when(
    (packet, layer) =>
      packet.layerAt[layer] < packet.layerEnd[layer] && types.includes(packet.bytes[packet.layerAt[layer] + TYPE]),
    field,
  )
}

export const icmpv6: Protocol = {
  id: ICMPV6,
  name: 'icmpv6',
  title: 'Internet Control Message Protocol v6',
  carriedBy: { 'ip.proto': 58 },
  fields: [
    u8('icmpv6.type', TYPE, 'Type of message'),
    u8('icmpv6.code', CODE, 'What exactly, within the type'),
    u16('icmpv6.checksum', CHECKSUM, 'Checksum of the message and a pseudo-header', { base: 'hex' }),
    ofTypes(
      [ECHO_REQUEST, ECHO_REPLY, EXTENDED_ECHO_REQUEST, EXTENDED_ECHO_REPLY],
      u16('icmpv6.echo.identifier', IDENTIFIER, 'Identifier, the same in the reply', { base: 'hex' }),
    ),
    ofTypes(
      [ECHO_REQUEST, ECHO_REPLY],
      u16('icmpv6.echo.sequence_number', SEQUENCE, 'Sequence number, the same in the reply'),
    ),
    ofTypes([PACKET_TOO_BIG], u32('icmpv6.mtu', MTU, 'MTU of the next hop')),
    ofTypes([PARAMETER_PROBLEM], u32('icmpv6.pointer', POINTER, 'Octet of the quotation where the problem is')),
    ofTypes(
      [ROUTER_ADVERTISEMENT],
      u8('icmpv6.nd.ra.cur_hop_limit', HOP_LIMIT, 'Hop limit that hosts should use; 0: the router does not say'),
    ),
    ofTypes([ROUTER_ADVERTISEMENT], u8('icmpv6.nd.ra.flag', ROUTER_FLAGS, 'Flags', { base: 'hex' })),
    ofTypes(
      [ROUTER_ADVERTISEMENT],
      flag('icmpv6.nd.ra.flag.m', ROUTER_FLAGS, 1, 0x80, 'Addresses are to be had by DHCPv6'),
    ),
    ofTypes(
      [ROUTER_ADVERTISEMENT],
      flag('icmpv6.nd.ra.flag.o', ROUTER_FLAGS, 1, 0x40, 'Other configuration is to be had by DHCPv6'),
    ),
    ofTypes(
      [ROUTER_ADVERTISEMENT],
      u16('icmpv6.nd.ra.router_lifetime', ROUTER_LIFETIME, 'Seconds that the router is a default router'),
    ),
    ofTypes(
      [ROUTER_ADVERTISEMENT],
      u32('icmpv6.nd.ra.reachable_time', REACHABLE_TIME, 'Milliseconds that a neighbour counts as reachable'),
    ),
    ofTypes(
      [ROUTER_ADVERTISEMENT],
      u32('icmpv6.nd.ra.retrans_timer', RETRANSMISSION_TIMER, 'Milliseconds between solicitations'),
    ),
    ofTypes([NEIGHBOUR_SOLICITATION], address('icmpv6.nd.ns.target_address', TARGET, 'Address asked for')),
    ofTypes([NEIGHBOUR_ADVERTISEMENT], bits('uint32', 'icmpv6.nd.na.flag', 4, 4, -1, 'Flags', { base: 'hex' })),
    ofTypes([NEIGHBOUR_ADVERTISEMENT], address('icmpv6.nd.na.target_address', TARGET, 'Address answered for')),
    ofTypes([REDIRECT], address('icmpv6.nd.rd.target_address', TARGET, 'The better next hop')),
    computed('uint8', 'icmpv6.opt.type', 'Type of each option of neighbour discovery', (packet, layer, visit) =>
      eachOption(packet, layer, (kind) => visit(kind, 0)),
    ),
    computed(
      'uint8',
      'icmpv6.opt.length',
      'Length of each option of neighbour discovery, in units of 8 octets',
      (packet, layer, visit) => eachOption(packet, layer, (_kind, _at, length) => visit(length / OPTION_UNIT, 0)),
    ),
    // Octets of any number to Wireshark, but written as these are; longer ones than Ethernet's are left out.
    computed('ether', 'icmpv6.opt.linkaddr', 'Link-layer addresses in options', (packet, layer, visit) =>
      eachOption(
        packet,
        layer,
        (kind, at, length) =>
          (kind === SOURCE_LINK_ADDRESS || kind === TARGET_LINK_ADDRESS) && length === OPTION_UNIT && visit(at + 2, 6),
      ),
    ),
    computed('ipv6', 'icmpv6.opt.prefix', 'Prefixes on the link', (packet, layer, visit) =>
      eachOption(
        packet,
        layer,
        (kind, at, length) =>
          kind === PREFIX_INFORMATION && length >= PREFIX_AT + PREFIX_LENGTH && visit(at + PREFIX_AT, PREFIX_LENGTH),
      ),
    ),
    ofTypes(
      [LISTENER_REPORT, LISTENER_DONE],
      u16('icmpv6.mld.maximum_response_delay', MAXIMUM_RESPONSE, 'Milliseconds to answer in (RFC 2710)'),
    ),
    ofTypes(
      [LISTENER_QUERY, LISTENER_REPORT, LISTENER_DONE],
      address('icmpv6.mld.multicast_address', MULTICAST_ADDRESS, 'Multicast group; :: asks for all'),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(ICMPV6, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(ICMPV6)
    const type = packet.bytes[at + TYPE]
    packet.payload = Math.min(at + HEADER_LENGTH, packet.end)
    if (type >= DESTINATION_UNREACHABLE && type <= PARAMETER_PROBLEM) {
      if (packet.end - at < HEADER_LENGTH) return packet.truncated(ICMPV6)
      return quotation(packet)
    }
    if (type === ECHO_REQUEST || type === ECHO_REPLY || type === EXTENDED_ECHO_REQUEST) {
      if (packet.end - at < HEADER_LENGTH) return packet.truncated(ICMPV6)
      return type === EXTENDED_ECHO_REQUEST && isExtension(packet) ? extension(packet) : DATA
    }
    if (type === REDIRECT) return redirectedHeader(packet, at)
    return NONE
  },
}

/** Hot: an IPv6 packet that is not the packet's own follows. */
function quotation(packet: Packet): number {
  if (packet.payload >= packet.wireEnd) return NONE
  if (packet.quotedFrom > packet.layerCount) packet.quotedFrom = packet.layerCount
  return IPV6
}

/** Hot: whether an extension structure follows (RFC 4884 §7). */
function isExtension(packet: Packet): boolean {
  const at = packet.payload
  return at + EXTENSION_HEADER_LENGTH <= packet.end && packet.bytes[at] >> 4 === EXTENSION_VERSION
}

/** Hot: Wireshark writes `icmp` for the structure, which is the same in both. It has none of the fields of a message. */
function extension(packet: Packet): number {
  packet.enter(ICMP, packet.payload)
  packet.layerEnd[packet.layerCount - 1] = packet.payload
  packet.payload = packet.end
  return NONE
}

/** Hot: a redirect quotes the packet that it is about in an option (RFC 4861 §4.6.3). */
function redirectedHeader(packet: Packet, at: number): number {
  const bytes = packet.bytes
  let option = at + REDIRECT_OPTIONS
  while (option + OPTION_UNIT <= packet.end) {
    const length = bytes[option + 1] * OPTION_UNIT
    // An option of no length must not be skipped: the message is to be dropped (RFC 4861 §4.6).
    if (length === 0) return packet.malformed(ICMPV6)
    if (bytes[option] === REDIRECTED_HEADER) {
      packet.payload = option + OPTION_UNIT
      if (option + length < packet.wireEnd) packet.wireEnd = option + length
      if (option + length < packet.end) packet.end = option + length
      return quotation(packet)
    }
    option += length
  }
  packet.payload = packet.end
  return NONE
}
