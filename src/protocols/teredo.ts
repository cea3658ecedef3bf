/**
 * Teredo: IPv6 in UDP, through address translators, RFC 4380 §5.1.1.
 *
 *    0        2            3             4  octets
 *  0 | 0x0001 | id. length | auth. length |    authentication, if any: both parts, nonce (8), confirmation (1)
 *  0 | 0x0000 | port | address |               origin indication, if any: 8 octets
 *    | IPv6 packet ...
 */
import { read16 } from '../packet/bytes.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const TEREDO = protocolId('teredo')

const ORIGIN = 0x0000
const AUTHENTICATION = 0x0001
const ORIGIN_LENGTH = 8

// Octets from the first octet of the authentication.
const IDENTIFIER_LENGTH = 2
const VALUE_LENGTH = 3
/** Octets in it besides identifier and value: what says so (4), nonce (8), confirmation (1). */
const FIXED_LENGTH = 13

export const teredo: Protocol = {
  id: TEREDO,
  name: 'teredo',
  title: 'Teredo IPv6 over UDP tunneling',
  carriedBy: { 'udp.port': 3544 },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(TEREDO, at)
    const bytes = packet.bytes
    let payload = at
    if (packet.end - payload >= FIXED_LENGTH && read16(bytes, payload) === AUTHENTICATION)
      payload += FIXED_LENGTH + bytes[payload + IDENTIFIER_LENGTH] + bytes[payload + VALUE_LENGTH]
    if (packet.end - payload >= ORIGIN_LENGTH && read16(bytes, payload) === ORIGIN) payload += ORIGIN_LENGTH
    if (payload >= packet.end) return packet.truncated(TEREDO)
    packet.payload = payload
    return IPV6
  },
}
