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
import { DATA } from './data.ts'
import { ipv4 as address, bits, computed, either, flag, u8, u16 } from './field.ts'
import { byIpProtocol } from './handoff.ts'
import { IPV6 } from './ipv6-id.ts'
import { ipProtocolNames } from './names.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const IPV4 = protocolId('ip')

/** Octets in a header without options, and so the smallest legal one (RFC 791 §3.1, "IHL"). */
export const MIN_HEADER_LENGTH = 20

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

const source = address('ip.src', SOURCE, 'Source address')
const destination = address('ip.dst', DESTINATION, 'Destination address')

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
    bits('uint8', 'ip.version', VERSION_IHL, 1, 0xf0, 'Version: 4'),
    computed('uint8', 'ip.hdr_len', 'Header length, in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return at < packet.layerEnd[layer] && visit((packet.bytes[at] & 15) * 4, 0)
    }),
    u8('ip.dsfield', DSFIELD, 'Differentiated services field', { base: 'hex' }),
    bits('uint8', 'ip.dsfield.dscp', DSFIELD, 1, 0xfc, 'Differentiated services code point (RFC 2474)'),
    bits('uint8', 'ip.dsfield.ecn', DSFIELD, 1, 0x03, 'Explicit congestion notification (RFC 3168)'),
    computed('uint16', 'ip.len', 'Header and data, in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + 4 > packet.layerEnd[layer]) return false
      const length = read16(packet.bytes, at + TOTAL_LENGTH)
      // Segmentation offload leaves 0; Wireshark then shows the length that the frame has.
      return visit(length === 0 ? packet.layerWireEnd[layer] - at : length, 0)
    }),
    u16('ip.id', IDENTIFICATION, 'Identification of the datagram that a fragment belongs to', { base: 'hex' }),
    bits('uint8', 'ip.flags', FRAGMENT, 1, 0xe0, 'Flags', { base: 'hex' }),
    flag('ip.flags.rb', FRAGMENT, 1, 0x80, 'Reserved bit'),
    flag('ip.flags.df', FRAGMENT, 1, 0x40, "Don't fragment"),
    flag('ip.flags.mf', FRAGMENT, 1, 0x20, 'More fragments follow'),
    bits('uint16', 'ip.frag_offset', FRAGMENT, 2, OFFSET_MASK, 'Fragment offset, in units of 8 octets'),
    u8('ip.ttl', TTL, 'Time to live, in hops'),
    u8('ip.proto', PROTOCOL, 'Protocol of the data', { values: ipProtocolNames }),
    u16('ip.checksum', CHECKSUM, 'Checksum of the header', { base: 'hex' }),
    source,
    either('ip.addr', 'Source or destination address', source, destination),
    destination,
  ],

  /** Hot. */
  decode(packet, at) {
    const bytes = packet.bytes
    if (at < packet.end && bytes[at] >> 4 !== VERSION) return otherVersion(packet, at)
    packet.enterNetwork(IPV4, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return cutHeader(packet, at)
    const headerLength = (bytes[at] & 15) * 4
    if (headerLength < MIN_HEADER_LENGTH) return packet.malformed(IPV4)
    const totalLength = read16(bytes, at + TOTAL_LENGTH)
    if (totalLength >= headerLength) packet.limit(at + totalLength)
    else if (totalLength !== 0) return packet.malformed(IPV4)
    if (at + headerLength > packet.end) return packet.truncated(IPV4)
    packet.payload = at + headerLength
    const protocol = bytes[at + PROTOCOL]
    const fragment = read16(bytes, at + FRAGMENT)
    if ((fragment & (MORE_FRAGMENTS | OFFSET_MASK)) !== 0) return decodeFragment(packet, at, protocol, fragment)
    return packet.payload < packet.wireEnd ? byIpProtocol[protocol] || DATA : NONE
  },
}

/** Hot. Some carriers name IP whatever its version. Wireshark writes `ip`, then looks; a layer of no octets has no fields. */
function otherVersion(packet: Packet, at: number): number {
  packet.enter(IPV4, at)
  packet.layerEnd[packet.layerCount - 1] = at
  packet.layerWireEnd[packet.layerCount - 1] = at
  packet.payload = at
  return packet.bytes[at] >> 4 === VERSION_6 ? IPV6 : packet.malformed(IPV4)
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
