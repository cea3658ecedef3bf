/**
 * IPv4: Internet Protocol version 4, RFC 791. Type of service: RFC 2474 (DSCP), RFC 3168 (ECN).
 *
 *    0           1              2                     4  octets
 *  0 | ver | ihl | DSCP   | ECN |     total length     |
 *  4 |      identification      | flags |   offset     |
 *  8 |    TTL    |   protocol   |       checksum       |
 * 12 |                     source                      |
 * 16 |                   destination                   |
 * 20 |                   options ...
 */
import { read16, read32s } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { CHECKSUM_UNVERIFIED, checksumStatusNames } from './checksum.ts'
import { DATA } from './data.ts'
import { absent, ipv4 as address, bits, computed, either, type Field, flag, u8, u16 } from './field.ts'
import { fragmentFields } from './fragments.ts'
import { byIpProtocol } from './handoff.ts'
import { hostField } from './ipv4/host.ts'
import { endsBefore } from './ipv4/option-walk.ts'
import { optionFields } from './ipv4/options.ts'
import { eachDestination } from './ipv4/route-options.ts'
import { isLowTimeToLive, isWrongTimeToLive } from './ipv4/time-to-live.ts'
import { IPV6 } from './ipv6-id.ts'
import { ipProtocolNames } from './names.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { dscpNames, ecnNames, precedences } from './service-names.ts'

export const IPV4 = protocolId('ip')

/** Octets in a header without options, and so the smallest legal one (RFC 791 §3.1, "IHL"). */
const MIN_HEADER_LENGTH = 20

// Octets from the first octet of this header.
const VERSION_IHL = 0
const DSFIELD = 1
const TOTAL_LENGTH = 2
const IDENTIFICATION = 4
const FRAGMENT = 6
const TTL = 8
const PROTOCOL = 9
const CHECKSUM = 10
export const SOURCE = 12
export const DESTINATION = 16

const VERSION = 4
const VERSION_6 = 6

const MORE_FRAGMENTS = 0x2000
const OFFSET_MASK = 0x1fff

const source = address('ip.src', SOURCE, 'Source Address')
/**
 * Where the datagram goes in the end: `each` looks for a source route. A filter that compares it with constants goes by the
 * place, for speed, and so sees the next stop of a source route.
 */
const destination: Field = {
  ...address('ip.dst', DESTINATION, 'Destination Address; of a source route, its end'),
  each: eachDestination,
}
const sourceHost = hostField('ip.src_host', 'Source Host', source.each)
const destinationHost = hostField('ip.dst_host', 'Destination Host', destination.each)

/** Whether the total length is less than the header's, or more than there was room for. Quotations are cut by design. */
function hasBogusLength(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  if (at + 4 > packet.layerEnd[layer] || !hasHeaderLength(packet, layer)) return false
  const total = read16(packet.bytes, at + TOTAL_LENGTH)
  if (total < (packet.bytes[at] & 15) * 4) return total !== 0
  return at + total > packet.layerWireEnd[layer] && layer < packet.quotedFrom
}

/** Whether version and header length say that this is an IPv4 header. */
function hasHeaderLength(packet: Packet, layer: number): boolean {
  const first = packet.bytes[packet.layerAt[layer]]
  return first >> 4 === VERSION && (first & 15) * 4 >= MIN_HEADER_LENGTH
}

/** A remark that Wireshark makes only where it holds, on a layer that has its first octet. */
function remark(name: string, description: string, holds: (packet: Packet, layer: number) => boolean): Field {
  return computed(
    'none',
    name,
    description,
    (packet, layer, visit) => packet.layerAt[layer] < packet.layerEnd[layer] && holds(packet, layer) && visit(0, 0),
  )
}

export const ipv4: Protocol = {
  id: IPV4,
  name: 'ip',
  title: 'Internet Protocol Version 4',
  carriedBy: {
    linktype: 228,
    ethertype: 0x0800,
    'ip.proto': 4,
    'ppp.protocol': 0x0021,
    'llc.dsap': 0x06,
    'gre.proto': [0x0800, 0x883e],
  },
  fields: [
    bits('uint8', 'ip.version', VERSION_IHL, 1, 0xf0, 'Version; 4'),
    remark(
      'ip.bogus_ip_version',
      'Bogus IP version',
      (packet, layer) => packet.bytes[packet.layerAt[layer]] >> 4 !== VERSION,
    ),
    computed('uint8', 'ip.hdr_len', 'Header Length; in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return at < packet.layerEnd[layer] && packet.bytes[at] >> 4 === VERSION && visit((packet.bytes[at] & 15) * 4, 0)
    }),
    remark(
      'ip.bogus_header_length',
      'Bogus IP header length',
      (packet, layer) => packet.bytes[packet.layerAt[layer]] >> 4 === VERSION && !hasHeaderLength(packet, layer),
    ),
    u8('ip.dsfield', DSFIELD, 'Differentiated Services Field', { base: 'hex' }),
    bits('uint8', 'ip.dsfield.dscp', DSFIELD, 1, 0xfc, 'Differentiated Services Codepoint; RFC 2474', {
      values: dscpNames,
    }),
    bits('uint8', 'ip.dsfield.ecn', DSFIELD, 1, 0x03, 'Explicit Congestion Notification; RFC 3168', {
      values: ecnNames,
    }),
    // The preference `ip.decode_tos_as_diffserv` is on: RFC 791's reading of the same octet.
    absent('uint8', 'ip.tos', 'Type of Service', { base: 'hex' }),
    absent('uint8', 'ip.tos.precedence', 'Precedence', { values: precedences }),
    absent('boolean', 'ip.tos.delay', 'Delay'),
    absent('boolean', 'ip.tos.throughput', 'Throughput'),
    absent('boolean', 'ip.tos.reliability', 'Reliability'),
    absent('boolean', 'ip.tos.cost', 'Cost'),
    computed('uint16', 'ip.len', 'Total Length; header and data, in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + 4 > packet.layerEnd[layer]) return false
      const length = read16(packet.bytes, at + TOTAL_LENGTH)
      // Segmentation offload leaves 0; Wireshark then shows the length that the frame has.
      return visit(length === 0 ? packet.layerWireEnd[layer] - at : length, 0)
    }),
    remark('ip.bogus_ip_length', 'Bogus IP length', hasBogusLength),
    u16('ip.id', IDENTIFICATION, 'Identification; of the datagram that a fragment belongs to', { base: 'hex' }),
    bits('uint8', 'ip.flags', FRAGMENT, 1, 0xe0, 'Flags', { base: 'hex' }),
    // The preference `ip.security_flag` is off: RFC 3514's reading of the reserved bit.
    absent('boolean', 'ip.flags.sf', 'Security flag'),
    flag('ip.flags.rb', FRAGMENT, 1, 0x80, 'Reserved bit'),
    flag('ip.flags.df', FRAGMENT, 1, 0x40, "Don't fragment"),
    flag('ip.flags.mf', FRAGMENT, 1, 0x20, 'More fragments; follow'),
    absent('none', 'ip.evil_packet', 'Packet has evil intent'),
    bits('uint16', 'ip.frag_offset', FRAGMENT, 2, OFFSET_MASK, 'Fragment Offset; in units of 8 octets'),
    u8('ip.ttl', TTL, 'Time to Live; in hops'),
    remark('ip.ttl.lncb', 'Time To Live; wrong for a group of the local network', isWrongTimeToLive),
    remark('ip.ttl.too_small', 'Time To Live; fewer than five hops left', isLowTimeToLive),
    u8('ip.proto', PROTOCOL, 'Protocol; of the data', { values: ipProtocolNames }),
    u16('ip.checksum', CHECKSUM, 'Header Checksum', { base: 'hex' }),
    // The preference `ip.check_checksum` is off, here and below.
    computed(
      'uint8',
      'ip.checksum.status',
      'Header checksum status; not verified',
      (packet, layer, visit) =>
        packet.layerAt[layer] + CHECKSUM + 2 <= packet.layerEnd[layer] && visit(CHECKSUM_UNVERIFIED, 0),
      { values: checksumStatusNames },
    ),
    absent('uint16', 'ip.checksum_calculated', 'Calculated Checksum', { base: 'hex' }),
    absent('none', 'ip.checksum_bad.expert', 'Bad checksum'),
    source,
    sourceHost,
    either('ip.addr', 'Source or Destination Address', source, destination),
    either('ip.host', 'Source or Destination Host', sourceHost, destinationHost),
    destination,
    destinationHost,
    ...optionFields,
    ...fragmentFields('ip', 'IPv4'),
  ],

  /** Hot. */
  decode(packet, at) {
    const bytes = packet.bytes
    if (at < packet.end && bytes[at] >> 4 !== VERSION) return otherVersion(packet, at)
    packet.enterNetwork(IPV4, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return cutHeader(packet, at)
    const headerLength = (bytes[at] & 15) * 4
    if (headerLength < MIN_HEADER_LENGTH) return bogusHeader(packet, at + DSFIELD)
    const totalLength = read16(bytes, at + TOTAL_LENGTH)
    if (totalLength >= headerLength) packet.limit(at + totalLength)
    else if (totalLength !== 0) return bogusHeader(packet, at + IDENTIFICATION)
    if (at + headerLength > packet.end) return cutOptions(packet, at)
    packet.payload = at + headerLength
    const protocol = bytes[at + PROTOCOL]
    const fragment = read16(bytes, at + FRAGMENT)
    if ((fragment & (MORE_FRAGMENTS | OFFSET_MASK)) !== 0) return decodeFragment(packet, at, protocol, fragment)
    return packet.payload < packet.wireEnd ? byIpProtocol[protocol] || DATA : NONE
  },
}

/** Wireshark shows a header that contradicts itself up to there, `at`: what lies behind has no fields. */
function bogusHeader(packet: Packet, at: number): number {
  packet.layerEnd[packet.layerCount - 1] = at
  return packet.malformed(IPV4)
}

/**
 * The options are not all there. Wireshark, which looks for a source route, gets no further than the source unless their list
 * ends before.
 */
function cutOptions(packet: Packet, at: number): number {
  if (!endsBefore(packet.bytes, at + MIN_HEADER_LENGTH, packet.end))
    packet.layerEnd[packet.layerCount - 1] = at + DESTINATION
  return packet.truncated(IPV4)
}

/** Hot. Some carriers name IP whatever its version. Wireshark writes `ip`, then looks; all that this layer has is a version. */
function otherVersion(packet: Packet, at: number): number {
  packet.enter(IPV4, at)
  const layer = packet.layerCount - 1
  packet.payload = at
  const isVersion6 = packet.bytes[at] >> 4 === VERSION_6
  packet.layerEnd[layer] = isVersion6 ? at : at + DSFIELD
  packet.layerWireEnd[layer] = packet.layerEnd[layer]
  return isVersion6 ? IPV6 : packet.malformed(IPV4)
}

/** Fewer than 20 octets were captured: the addresses may still be there, nothing behind the header is. */
function cutHeader(packet: Packet, at: number): number {
  if (packet.end - at < DESTINATION + 4 && packet.network === packet.layerCount - 1) packet.network = -1
  return packet.truncated(IPV4)
}

/**
 * A fragment (RFC 791 §3.2, "Fragmentation and Reassembly"). The one that completes the datagram is decoded as the whole;
 * a first fragment is decoded as it stands only where the rest cannot come together (cut off, or quoted).
 */
function decodeFragment(packet: Packet, at: number, protocol: number, fragment: number): number {
  const offset = (fragment & OFFSET_MASK) * 8
  if (packet.payload >= packet.wireEnd) return NONE
  const bytes = packet.bytes
  if (
    packet.wireEnd <= packet.end &&
    at + read16(bytes, at + TOTAL_LENGTH) <= packet.end &&
    packet.reassembler !== null &&
    packet.quotedFrom > packet.layerCount
  ) {
    const key = datagramKey(bytes, at, protocol)
    return packet.reassemble(key, offset, (fragment & MORE_FRAGMENTS) !== 0) ? byIpProtocol[protocol] || DATA : DATA
  }
  return offset > 0 ? DATA : byIpProtocol[protocol] || DATA
}

// The datagram of the last fragment: the next one is mostly of the same, and building its key anew takes longest of all.
let lastSource = 0
let lastDestination = 0
let lastIdentification = -1
let lastKey = ''

/** RFC 791 §3.2: source, destination, protocol and identification name a datagram. */
function datagramKey(bytes: Uint8Array, at: number, protocol: number): string {
  const source = read32s(bytes, at + SOURCE)
  const destination = read32s(bytes, at + DESTINATION)
  const identification = (read16(bytes, at + IDENTIFICATION) << 8) | protocol
  if (identification !== lastIdentification || source !== lastSource || destination !== lastDestination) {
    lastSource = source
    lastDestination = destination
    lastIdentification = identification
    lastKey = `4 ${source} ${destination} ${identification}`
  }
  return lastKey
}
