/**
 * LISP data: Locator/ID Separation Protocol, RFC 9300 §5.3.
 *
 *    0        1                          4  octets
 *  0 | flags |   nonce or map version    |
 *  4 | instance identifier, locator bits |
 *  8 |  IP packet ...
 */
import { DATA } from './data.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const LISP_DATA = protocolId('lisp-data')

const HEADER_LENGTH = 8

export const lispData: Protocol = {
  id: LISP_DATA,
  name: 'lisp-data',
  title: 'Locator/ID Separation Protocol (Data)',
  carriedBy: { 'udp.port': 4341 },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(LISP_DATA, at)
    if (packet.end - at < HEADER_LENGTH + 1) return packet.truncated(LISP_DATA)
    packet.payload = at + HEADER_LENGTH
    const version = packet.bytes[packet.payload] >> 4
    return version === 4 ? IPV4 : version === 6 ? IPV6 : DATA
  },
}
