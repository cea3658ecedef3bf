/**
 * AH: IP Authentication Header, RFC 4302 §2.
 *
 *    0             1             2          4  octets
 *  0 | next header |   length    | reserved |
 *  4 |      security parameters index       |
 *  8 |           sequence number            |
 * 12 |  integrity check value ...
 */
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { computed, u8, u32 } from './field.ts'
import { byIpProtocol } from './handoff.ts'
import { ipProtocolNames } from './names.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const AH = protocolId('ah')

/** Octets before the integrity check value. */
const MIN_HEADER_LENGTH = 12

// Octets from the first octet of this header.
const NEXT_HEADER = 0
const LENGTH = 1
const SPI = 4
const SEQUENCE = 8

/** Octets of the whole header: the length counts words of 4 octets, less two (RFC 4302 §2.2). */
function headerLength(packet: Packet, at: number): number {
  return (packet.bytes[at + LENGTH] + 2) * 4
}

export const ah: Protocol = {
  id: AH,
  name: 'ah',
  title: 'Authentication Header',
  carriedBy: { 'ip.proto': 51 },
  fields: [
    u8('ah.next_header', NEXT_HEADER, 'What follows this header', { values: ipProtocolNames }),
    u8('ah.length', LENGTH, 'Length, in words of 4 octets, less two'),
    u32('ah.spi', SPI, 'Security parameters index', { base: 'hex' }),
    u32('ah.sequence', SEQUENCE, 'Sequence number'),
    computed('bytes', 'ah.icv', 'Integrity check value', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + MIN_HEADER_LENGTH > packet.layerEnd[layer]) return false
      const length = headerLength(packet, at) - MIN_HEADER_LENGTH
      return length > 0 && at + MIN_HEADER_LENGTH + length <= packet.layerEnd[layer]
        ? visit(at + MIN_HEADER_LENGTH, length)
        : false
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(AH, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(AH)
    const length = headerLength(packet, at)
    // Too short for its own fields: what follows is taken to start behind them, as Wireshark does.
    packet.payload = at + Math.max(length, MIN_HEADER_LENGTH)
    if (packet.payload > packet.end) return packet.truncated(AH)
    return byIpProtocol[packet.bytes[at + NEXT_HEADER]] || DATA
  },
}
