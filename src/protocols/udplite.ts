/**
 * UDP-Lite: the Lightweight User Datagram Protocol, RFC 3828 §3. Wireshark gives its header the fields of UDP, and its streams
 * are those of UDP too.
 *
 *    0                 2                  4  octets
 *  0 |   source port   | destination port |
 *  4 |    coverage     |     checksum     |
 *  8 |   data ...
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { CHECKSUM_ILLEGAL, CHECKSUM_UNVERIFIED } from './checksum.ts'
import { computed, either, u16 } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { byUdpPorts, possibleTraceroute } from './udp.ts'
import { datagramFields } from './udp-fields.ts'

export const UDP_LITE = protocolId('udplite')

/** Octets in the header. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const SOURCE_PORT = 0
const DESTINATION_PORT = 2
const COVERAGE = 4
const CHECKSUM = 6

const source = u16('udp.srcport', SOURCE_PORT, 'Source Port; 0 if unused')
const destination = u16('udp.dstport', DESTINATION_PORT, 'Destination Port')

function lengthOf(packet: Packet, layer: number): number {
  return packet.layerWireEnd[layer] - packet.layerAt[layer]
}

/** The state of the checksum, which must not be 0 (RFC 3828 §3.1) and which Wireshark does not verify; -1 if it was not captured. */
function checksumStatus(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  if (at + HEADER_LENGTH > packet.layerEnd[layer]) return -1
  return read16(packet.bytes, at + CHECKSUM) === 0 ? CHECKSUM_ILLEGAL : CHECKSUM_UNVERIFIED
}

export const udpLite: Protocol = {
  id: UDP_LITE,
  name: 'udplite',
  title: 'Lightweight User Datagram Protocol',
  carriedBy: { 'ip.proto': 136 },
  fields: [
    source,
    destination,
    possibleTraceroute,
    either('udp.port', 'Source or Destination Port', source, destination),
    u16('udp.checksum_coverage', COVERAGE, 'Checksum coverage; octets, from the first of the header; 0: all'),
    computed('none', 'udplite.checksum_coverage.bad', 'Bad checksum coverage length value', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + CHECKSUM > packet.layerEnd[layer]) return false
      const coverage = read16(packet.bytes, at + COVERAGE) || lengthOf(packet, layer)
      return (coverage < HEADER_LENGTH || coverage > lengthOf(packet, layer)) && visit(0, 0)
    }),
    // The header has no length: IP's tells.
    computed('uint16', 'udp.length', 'Length; of header and data, in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return at + CHECKSUM <= packet.layerEnd[layer] && visit(lengthOf(packet, layer), 0)
    }),
    u16('udp.checksum', CHECKSUM, 'Checksum; of the header and as much as the coverage says', { base: 'hex' }),
    ...datagramFields(checksumStatus, () => true),
  ],

  /** Hot. The coverage says what the checksum covers, not how long the data is: IP knows that. */
  decode(packet, at) {
    packet.enterTransport(UDP_LITE, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(UDP_LITE)
    packet.payload = at + HEADER_LENGTH
    return byUdpPorts(read16(packet.bytes, at + SOURCE_PORT), read16(packet.bytes, at + DESTINATION_PORT))
  },
}
