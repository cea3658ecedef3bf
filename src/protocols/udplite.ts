/**
 * UDP-Lite: the Lightweight User Datagram Protocol, RFC 3828 §3.
 *
 *    0                 2                  4  octets
 *  0 |   source port   | destination port |
 *  4 |    coverage     |     checksum     |
 *  8 |   data ...
 */
import { read16 } from '../packet/bytes.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { byUdpPorts } from './udp.ts'

export const UDP_LITE = protocolId('udplite')

/** Octets in the header. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const SOURCE_PORT = 0
const DESTINATION_PORT = 2

export const udpLite: Protocol = {
  id: UDP_LITE,
  name: 'udplite',
  title: 'Lightweight User Datagram Protocol',
  carriedBy: { 'ip.proto': 136 },
  // Wireshark gives this header the fields of UDP; here `udp.port` and the others are those of UDP alone.
  fields: [],

  /** Hot. The coverage says what the checksum covers, not how long the data is: IP knows that. */
  decode(packet, at) {
    packet.enterTransport(UDP_LITE, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(UDP_LITE)
    packet.payload = at + HEADER_LENGTH
    return byUdpPorts(read16(packet.bytes, at + SOURCE_PORT), read16(packet.bytes, at + DESTINATION_PORT))
  },
}
