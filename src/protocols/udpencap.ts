/**
 * ESP in UDP, so that it passes address translators: RFC 3948 §2.
 *
 *    0                              4  octets
 *  0 | 0: IKE follows; else an SPI: ESP starts here |
 *  or one octet 0xff: a keepalive
 */

import { read32 } from '../packet/bytes.ts'
import { NONE } from '../packet/packet.ts'
import { ISAKMP } from './application/isakmp.ts'
import { ESP } from './esp.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const UDP_ENCAPSULATION = protocolId('udpencap')

/** Octets of the marker that tells IKE from ESP (RFC 3948 §2.2); ESP forbids an index of 0 (RFC 4303 §2.1). */
const MARKER_LENGTH = 4
const IKE = 0

export const udpEncapsulation: Protocol = {
  id: UDP_ENCAPSULATION,
  name: 'udpencap',
  title: 'UDP Encapsulation of IPsec Packets',
  carriedBy: { 'udp.port': 4500 },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(UDP_ENCAPSULATION, at)
    if (packet.end - at < MARKER_LENGTH) return NONE
    if (read32(packet.bytes, at) === IKE) {
      packet.payload = at + MARKER_LENGTH
      return packet.payload < packet.end ? ISAKMP : NONE
    }
    packet.payload = at
    return ESP
  },
}
