/**
 * ESP: IP Encapsulating Security Payload, RFC 4303 §2. What it carries is taken to be encrypted, and so not decoded.
 *
 *    0                         4  octets
 *  0 | security parameters index |
 *  4 |      sequence number      |
 *  8 |  payload, padding, integrity check value ...
 */
import { NONE } from '../packet/packet.ts'
import { u32 } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const ESP = protocolId('esp')

/** Octets before the payload. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const SPI = 0
const SEQUENCE = 4

export const esp: Protocol = {
  id: ESP,
  name: 'esp',
  title: 'Encapsulating Security Payload',
  carriedBy: { 'ip.proto': 50 },
  fields: [
    u32('esp.spi', SPI, 'Security parameters index', { base: 'hex' }),
    u32('esp.sequence', SEQUENCE, 'Sequence number'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(ESP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(ESP)
    packet.payload = packet.end
    return NONE
  },
}
