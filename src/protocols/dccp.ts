/**
 * DCCP: Datagram Congestion Control Protocol, RFC 4340 §5.1.
 *
 *    0             2                   4  octets
 *  0 | source port | destination port  |
 *  4 | offset | cv |     checksum      |
 *  8 | type  | X | reserved | sequence number, high 16 bits |    X = 1
 * 12 |    sequence number, low 32 bits                      |
 *  8 | type  | X |   sequence number, 24 bits               |    X = 0
 *    acknowledgment number, options, data ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { bits, computed, either, u8, u16 } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const DCCP = protocolId('dccp')

/** Octets in the generic header with the short sequence number, and with the long one. */
const SHORT_HEADER_LENGTH = 12
const LONG_HEADER_LENGTH = 16

// Octets from the first octet of this header.
const SOURCE_PORT = 0
const DESTINATION_PORT = 2
const DATA_OFFSET = 4
const CHECKSUM = 6
const TYPE_X = 8
const LONG_SEQUENCE = 10

/** X: the sequence number has 48 bits, not 24. */
const EXTENDED = 0x01

const source = u16('dccp.srcport', SOURCE_PORT, 'Source port')
const destination = u16('dccp.dstport', DESTINATION_PORT, 'Destination port')

function isExtended(packet: Packet, at: number): boolean {
  return (packet.bytes[at + TYPE_X] & EXTENDED) !== 0
}

export const dccp: Protocol = {
  id: DCCP,
  name: 'dccp',
  title: 'Datagram Congestion Control Protocol',
  carriedBy: { 'ip.proto': 33 },
  fields: [
    source,
    destination,
    either('dccp.port', 'Source or destination port', source, destination),
    u8('dccp.data_offset', DATA_OFFSET, 'Header length, in words of 4 octets'),
    u16('dccp.checksum', CHECKSUM, 'Checksum', { base: 'hex' }),
    bits('uint8', 'dccp.type', TYPE_X, 1, 0x1e, 'Type of packet'),
    bits('boolean', 'dccp.x', TYPE_X, 1, EXTENDED, 'Sequence numbers have 48 bits'),
    computed('uint64', 'dccp.seq_raw', 'Sequence number as sent, of 48 bits', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + LONG_HEADER_LENGTH > packet.layerEnd[layer] || !isExtended(packet, at)) return false
      const high = read16(packet.bytes, at + LONG_SEQUENCE)
      return visit(BigInt(high) * 0x1_0000_0000n + BigInt(read32(packet.bytes, at + LONG_SEQUENCE + 2)), 0)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enterTransport(DCCP, at)
    if (packet.end - at < SHORT_HEADER_LENGTH) return packet.truncated(DCCP)
    const least = isExtended(packet, at) ? LONG_HEADER_LENGTH : SHORT_HEADER_LENGTH
    const length = packet.bytes[at + DATA_OFFSET] * 4
    if (length < least) return packet.malformed(DCCP)
    if (at + length > packet.end) return packet.truncated(DCCP)
    packet.payload = at + length
    return DATA
  },
}
