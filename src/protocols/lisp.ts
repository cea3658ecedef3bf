/**
 * LISP control: Locator/ID Separation Protocol, RFC 9301 §5. Messages between the mapping system and its users; one of them carries a
 * packet (§5.8, Encapsulated Control Message), which is decoded. Of the others only the type is told.
 *
 *    0      4                                4  octets
 *  0 | type | flags, depending on the type   |
 *  4 |  IP packet ...                           type 8
 */
import { NONE } from '../packet/packet.ts'
import { bits, flag, when } from './field.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const LISP = protocolId('lisp')

const HEADER_LENGTH = 4
const ENCAPSULATED = 8
/** S: authentication data come before the packet (RFC 9303). */
const SECURED = 0x08

const TYPES = {
  1: 'Map-Request',
  2: 'Map-Reply',
  3: 'Map-Register',
  4: 'Map-Notify',
  5: 'Map-Notify-Ack',
  6: 'Map-Referral',
  7: 'Info',
  8: 'Encapsulated Control Message',
}

export const lisp: Protocol = {
  id: LISP,
  name: 'lisp',
  title: 'Locator/ID Separation Protocol',
  carriedBy: { 'udp.port': 4342 },
  fields: [
    bits('uint24', 'lisp.type', 0, 3, 0xf00000, 'LISP Control Message Type', { values: TYPES }),
    ...[
      flag('lisp.ecm.flags.sec', 0, 4, 0x8000000, 'S bit (LISP-SEC capable)'),
      flag('lisp.ecm.flags.ddt', 0, 4, 0x4000000, 'D bit (DDT-originated)'),
      bits('uint32', 'lisp.ecm.res', 0, 4, 0x3ffffff, 'Reserved bits', { base: 'hex' }),
    ].map((field) =>
      when(({ bytes, layerAt, layerEnd }, layer) => {
        return layerAt[layer] + HEADER_LENGTH <= layerEnd[layer] && bytes[layerAt[layer]] >> 4 === ENCAPSULATED
      }, field),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(LISP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(LISP)
    packet.payload = at + HEADER_LENGTH
    const { bytes } = packet
    if (bytes[at] >> 4 !== ENCAPSULATED || (bytes[at] & SECURED) !== 0 || packet.payload >= packet.end) return NONE
    const version = bytes[packet.payload] >> 4
    return version === 4 ? IPV4 : version === 6 ? IPV6 : NONE
  },
}
