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
import { DATA } from './data.ts'
import { computed, either, u16 } from './field.ts'
import { byUdpPort } from './handoff.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { streamField } from './stream-field.ts'

export const UDP = protocolId('udp')

/** Octets in the header, and so the smallest legal Length (RFC 768, "Fields"). */
export const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const SOURCE_PORT = 0
const DESTINATION_PORT = 2
const LENGTH = 4
const CHECKSUM = 6

const source = u16('udp.srcport', SOURCE_PORT, 'Source port; 0 if unused')
const destination = u16('udp.dstport', DESTINATION_PORT, 'Destination port')

export const udp: Protocol = {
  id: UDP,
  name: 'udp',
  title: 'User Datagram Protocol',
  carriedBy: { 'ip.proto': 17 },
  fields: [
    source,
    destination,
    either('udp.port', 'Source or destination port', source, destination),
    u16('udp.length', LENGTH, 'Header and data, in octets; 0 in a jumbogram'),
    u16('udp.checksum', CHECKSUM, '0 if the sender computed none', { base: 'hex' }),
    streamField('udp.stream'),
    computed('bytes', 'udp.payload', 'Data', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + HEADER_LENGTH
      return at < packet.layerEnd[layer] && visit(at, packet.layerEnd[layer] - at)
    }),
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

/** Hot. */
function isOverIpv6(packet: Packet): boolean {
  return packet.network >= 0 && packet.layerProtocol[packet.network] === IPV6
}

/** Hot: the lower port names the service more often than the higher one; Wireshark asks it first too. */
export function byUdpPorts(source: number, destination: number): number {
  return source < destination
    ? byUdpPort[source] || byUdpPort[destination] || DATA
    : byUdpPort[destination] || byUdpPort[source] || DATA
}
