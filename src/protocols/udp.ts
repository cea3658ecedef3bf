/**
 * UDP: User Datagram Protocol, RFC 768.
 * Over IPv6: RFC 8200 §8.1 (checksum), RFC 2675 §4 (jumbograms).
 *
 *    0                 2                  4  octets
 *  0 |   source port   | destination port |
 *  4 |     length      |     checksum     |
 *  8 |   data ...
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { CHECKSUM_ILLEGAL, CHECKSUM_NOT_PRESENT, CHECKSUM_UNVERIFIED } from './checksum.ts'
import { DATA } from './data.ts'
import { computed, either, type Field, u16, when } from './field.ts'
import { byUdpPort } from './handoff.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId, registered } from './protocol.ts'
import { datagramFields } from './udp-fields.ts'

export const UDP = protocolId('udp')

/** Octets in the header, and so the smallest legal Length (RFC 768, "Fields"). */
export const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const SOURCE_PORT = 0
const DESTINATION_PORT = 2
const LENGTH = 4
const CHECKSUM = 6

/** A datagram with a length of 0 is longer than a length could say (RFC 2675 §4). */
const MAX_LENGTH = 65_535

/** Ports that traceroute counts up from, three for each of ten hops. */
const FIRST_PROBE = 33_435
const LAST_PROBE = 33_464

const source = u16('udp.srcport', SOURCE_PORT, 'Source Port; 0 if unused')
const destination = u16('udp.dstport', DESTINATION_PORT, 'Destination Port')

/** There for each of the two ports that is one of these. */
export const possibleTraceroute: Field = computed(
  'none',
  'udp.possible_traceroute',
  'Possible traceroute; by its ports',
  (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (at + LENGTH > packet.layerEnd[layer]) return false
    for (const port of [read16(packet.bytes, at), read16(packet.bytes, at + DESTINATION_PORT)])
      if (port >= FIRST_PROBE && port <= LAST_PROBE && visit(0, 0)) return true
    return false
  },
)

/** Hot. */
function isOverIpv6(packet: Packet): boolean {
  return packet.network >= 0 && packet.layerProtocol[packet.network] === IPV6
}

/** Whether the IP layer around `layer` is one of IPv6: what is quoted may be another than the packet's own. */
function isWithinIpv6(packet: Packet, layer: number): boolean {
  for (let i = layer - 1; i >= 0; i--) {
    if (packet.layerProtocol[i] === IPV6) return true
    if (registered[packet.layerProtocol[i]]?.name === 'ip') return false
  }
  return false
}

/** The length that the header states; -1 if it was not captured. */
function statedLength(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  return at + CHECKSUM <= packet.layerEnd[layer] ? read16(packet.bytes, at + LENGTH) : -1
}

/** Octets that IP carries. */
function carriedLength(packet: Packet, layer: number): number {
  return Math.max(packet.layerWireEnd[layer] - packet.layerAt[layer], 0)
}

/** Whether Wireshark reads on behind the length: a datagram is no shorter than its header, but for a jumbogram. */
function isSound(packet: Packet, layer: number): boolean {
  const length = statedLength(packet, layer)
  return length >= HEADER_LENGTH || (length === 0 && isWithinIpv6(packet, layer))
}

/** The state of the checksum, which Wireshark does not verify unless told to; -1 if there is none. */
function checksumStatus(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  if (at + HEADER_LENGTH > packet.layerEnd[layer] || !isSound(packet, layer)) return -1
  if (read16(packet.bytes, at + CHECKSUM) !== 0) return CHECKSUM_UNVERIFIED
  return isWithinIpv6(packet, layer) ? CHECKSUM_ILLEGAL : CHECKSUM_NOT_PRESENT
}

export const udp: Protocol = {
  id: UDP,
  name: 'udp',
  title: 'User Datagram Protocol',
  carriedBy: { 'ip.proto': 17 },
  fields: [
    source,
    destination,
    possibleTraceroute,
    either('udp.port', 'Source or Destination Port', source, destination),
    u16('udp.length', LENGTH, 'Length; of header and data, in octets; 0 in a jumbogram'),
    computed('none', 'udp.length.bad', 'Bad length value', (packet, layer, visit) => {
      const length = statedLength(packet, layer)
      if (length < 0) return false
      const isTooLong = layer < packet.quotedFrom && length > carriedLength(packet, layer)
      return (isTooLong || !isSound(packet, layer)) && visit(0, 0)
    }),
    computed('none', 'udp.length.bad_zero', 'Length is zero but payload < 65536', (packet, layer, visit) => {
      const isZero = statedLength(packet, layer) === 0 && isSound(packet, layer)
      return isZero && carriedLength(packet, layer) <= MAX_LENGTH && visit(0, 0)
    }),
    when(isSound, u16('udp.checksum', CHECKSUM, 'Checksum; 0 if the sender computed none', { base: 'hex' })),
    ...datagramFields(checksumStatus, isSound),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enterTransport(UDP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(UDP)
    const bytes = packet.bytes
    const length = read16(bytes, at + LENGTH)
    if (length >= HEADER_LENGTH) packet.limit(at + length)
    // RFC 2675 §4: length 0 is a jumbogram, in IPv6 alone: the IP payload length stands.
    else if (length !== 0 || !isOverIpv6(packet)) return packet.malformed(UDP)
    packet.payload = at + HEADER_LENGTH
    return byUdpPorts(read16(bytes, at + SOURCE_PORT), read16(bytes, at + DESTINATION_PORT))
  },
}

/** Hot: the lower port names the service more often than the higher one; Wireshark asks it first too. */
export function byUdpPorts(source: number, destination: number): number {
  return source < destination
    ? byUdpPort[source] || byUdpPort[destination] || DATA
    : byUdpPort[destination] || byUdpPort[source] || DATA
}
