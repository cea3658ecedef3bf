/**
 * GRE: Generic Routing Encapsulation, RFC 2784; key and sequence number: RFC 2890; routing: RFC 1701.
 * Version 1 carries PPP for PPTP: RFC 2637 §4.1. NVGRE: RFC 7637 §3.2 (the key is the virtual subnet).
 *
 *    0                 2            4  octets
 *  0 | C R K S ... ver | protocol   |
 *    |  checksum  |     offset      |    if C or R
 *    |            key               |    if K
 *    |      sequence number         |    if S
 *    |   acknowledgment number      |    if A (version 1)
 *    |  source route entries ...         if R
 */
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { bits, computed, type Field, type FieldType, flag, readInteger, u16 } from './field.ts'
import { byGreProtocol } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const GRE = protocolId('gre')

/** Octets that every header has. */
const MIN_HEADER_LENGTH = 4

// Octets from the first octet of this header.
export const FLAGS_VERSION = 0
const PROTOCOL = 2

// Bits of the first two octets (RFC 2890 §2, RFC 2637 §4.1).
const CHECKSUM_PRESENT = 0x8000
const ROUTING_PRESENT = 0x4000
const KEY_PRESENT = 0x2000
export const SEQUENCE_PRESENT = 0x1000
const ACKNOWLEDGMENT_PRESENT = 0x0080
const VERSION_MASK = 0x0007

/** Octets of each optional field. */
const OPTION_LENGTH = 4

// A source route entry (RFC 1701, "Source Route Entry"): address family, offset, length, that many octets; all 0 ends the list.
const ENTRY_HEADER_LENGTH = 4
const ENTRY_FAMILY = 0
const ENTRY_LENGTH = 3

// Cisco's web cache redirection may put 4 octets of its own before the IPv4 datagram.
const WCCP = 0x883e
const WCCP_HEADER_LENGTH = 4

/** Where an optional field lies behind the start of the header; the bits are those before it. */
function offsetOf(flags: number, before: number): number {
  let offset = MIN_HEADER_LENGTH
  if (flags & (CHECKSUM_PRESENT | ROUTING_PRESENT)) offset += OPTION_LENGTH
  if (flags & KEY_PRESENT & before) offset += OPTION_LENGTH
  if (flags & SEQUENCE_PRESENT & before) offset += OPTION_LENGTH
  return offset
}

/** An optional field that is there if `present` is set; `before` are the bits of those that precede it. */
function optional(
  type: FieldType,
  name: string,
  present: number,
  before: number,
  description: string,
  base: 'dec' | 'hex' = 'dec',
  part = 0,
  version = -1,
): Field {
  const width = type === 'uint16' ? 2 : 4
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + MIN_HEADER_LENGTH > packet.layerEnd[layer]) return false
      const flags = read16(packet.bytes, at + FLAGS_VERSION)
      if ((flags & present) === 0 || (version >= 0 && (flags & VERSION_MASK) !== version)) return false
      const value = at + (present === CHECKSUM_PRESENT ? MIN_HEADER_LENGTH : offsetOf(flags, before)) + part
      return value + width <= packet.layerEnd[layer] && visit(readInteger(packet.bytes, value, width), 0)
    },
    { base },
  )
}

export const gre: Protocol = {
  id: GRE,
  name: 'gre',
  title: 'Generic Routing Encapsulation',
  carriedBy: { 'ip.proto': 47 },
  fields: [
    u16('gre.flags_and_version', FLAGS_VERSION, 'Flags and version', { base: 'hex' }),
    flag('gre.flags.checksum', FLAGS_VERSION, 2, CHECKSUM_PRESENT, 'There is a checksum'),
    flag('gre.flags.routing', FLAGS_VERSION, 2, ROUTING_PRESENT, 'There is a source route'),
    flag('gre.flags.key', FLAGS_VERSION, 2, KEY_PRESENT, 'There is a key'),
    flag('gre.flags.sequence_number', FLAGS_VERSION, 2, SEQUENCE_PRESENT, 'There is a sequence number'),
    bits('uint16', 'gre.flags.version', FLAGS_VERSION, 2, VERSION_MASK, '0; 1 for PPTP (RFC 2637)'),
    u16('gre.proto', PROTOCOL, 'Protocol of the data', { base: 'hex' }),
    optional('uint16', 'gre.checksum', CHECKSUM_PRESENT, 0, 'Checksum of header and data', 'hex'),
    optional('uint32', 'gre.key', KEY_PRESENT, 0, 'Key: which flow within the tunnel (RFC 2890)', 'hex', 0, 0),
    optional('uint16', 'gre.key.payload_length', KEY_PRESENT, 0, 'Octets of data, in PPTP', 'dec', 0, 1),
    optional('uint16', 'gre.key.call_id', KEY_PRESENT, 0, "The peer's number of the call, in PPTP", 'dec', 2, 1),
    optional('uint32', 'gre.sequence_number', SEQUENCE_PRESENT, KEY_PRESENT, 'Sequence number'),
    optional(
      'uint32',
      'gre.ack_number',
      ACKNOWLEDGMENT_PRESENT,
      KEY_PRESENT | SEQUENCE_PRESENT,
      'Highest sequence number received',
      'dec',
      0,
      1,
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(GRE, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(GRE)
    const bytes = packet.bytes
    const flags = read16(bytes, at + FLAGS_VERSION)
    const type = read16(bytes, at + PROTOCOL)
    let payload = at + offsetOf(flags, KEY_PRESENT | SEQUENCE_PRESENT)
    if ((flags & VERSION_MASK) === 1 && flags & ACKNOWLEDGMENT_PRESENT) payload += OPTION_LENGTH
    if (flags & ROUTING_PRESENT) payload = skipRoute(packet, payload)
    if (payload > packet.end) return packet.truncated(GRE)
    packet.payload = payload
    // A header without data is legal: a keepalive, or an acknowledgment of PPTP.
    if (payload >= packet.wireEnd && (flags & SEQUENCE_PRESENT) === 0) return NONE
    if (type === WCCP && payload < packet.end && bytes[payload] >> 4 !== 4)
      packet.payload = Math.min(payload + WCCP_HEADER_LENGTH, packet.end)
    return byGreProtocol[type] || DATA
  },
}

/** Hot: one past the last source route entry (RFC 1701); one past the packet's end if the list does not end. */
function skipRoute(packet: Packet, first: number): number {
  const bytes = packet.bytes
  let at = first
  while (at + ENTRY_HEADER_LENGTH <= packet.end) {
    const family = read16(bytes, at + ENTRY_FAMILY)
    const length = bytes[at + ENTRY_LENGTH]
    at += ENTRY_HEADER_LENGTH + length
    if (family === 0 && length === 0) return at
  }
  return packet.end + 1
}
