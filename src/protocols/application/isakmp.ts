/**
 * ISAKMP: Internet Security Association and Key Management Protocol, RFC 2408 §3.1 (IKE version 1), RFC 7296 §3.1 (2).
 *
 *    0                 2                   4  octets
 *  0 |      SPI of the initiator (8) ...   |
 *  8 |      SPI of the responder (8) ...   |
 * 16 | next | version | exchange | flags   |
 * 20 |            message ID               |
 * 24 |       length, header included       |
 */
import { read32 } from '../../packet/bytes.ts'
import { NONE, REJECTED } from '../../packet/packet.ts'
import { bits, flag, span, u8, u32 } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const ISAKMP = protocolId('isakmp')

const HEADER_LENGTH = 28

// Octets from the first octet of the header.
const INITIATOR = 0
const RESPONDER = 8
const VERSION = 17
const EXCHANGE = 18
const FLAGS = 19
const MESSAGE = 20
const LENGTH = 24

export const isakmp: Protocol = {
  id: ISAKMP,
  name: 'isakmp',
  title: 'Internet Security Association and Key Management Protocol',
  carriedBy: { 'udp.application': 500 },
  fields: [
    span('bytes', 'isakmp.ispi', INITIATOR, 8, 'Initiator SPI'),
    span('bytes', 'isakmp.rspi', RESPONDER, 8, 'Responder SPI'),
    u8('isakmp.version', VERSION, 'Version', { base: 'hex' }),
    bits('uint8', 'isakmp.mjver', VERSION, 1, 0xf0, 'MjVer', { base: 'hex' }),
    bits('uint8', 'isakmp.mnver', VERSION, 1, 0x0f, 'MnVer', { base: 'hex' }),
    u8('isakmp.exchangetype', EXCHANGE, 'Exchange type'),
    u8('isakmp.flags', FLAGS, 'Flags', { base: 'hex' }),
    flag('isakmp.flag_e', FLAGS, 1, 0x01, 'Encryption; of version 1'),
    u32('isakmp.messageid', MESSAGE, 'Message ID', { base: 'hex' }),
    u32('isakmp.length', LENGTH, 'Length; in octets'),
  ],

  /** Hot. */
  decode(packet, at) {
    if (at + HEADER_LENGTH <= packet.end && read32(packet.bytes, at + LENGTH) < HEADER_LENGTH) return REJECTED
    packet.enter(ISAKMP, at)
    packet.payload = packet.end
    return at + HEADER_LENGTH > packet.end ? packet.truncated(ISAKMP) : NONE
  },
}
