/**
 * PPPoE: RFC 2516 §4, the discovery stage (`pppoed`) and the session stage (`pppoes`).
 *
 *    0                       2                 4          6   octets
 *  0 | ver | type |   code   |   session id    |  length  | payload ...
 */
import { read16 } from '../packet/bytes.ts'
import { NONE } from '../packet/packet.ts'
import { bits, u8, u16 } from './field.ts'
import { PPP } from './ppp.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const PPPOE_DISCOVERY = protocolId('pppoed')
export const PPPOE_SESSION = protocolId('pppoes')

/** Octets before the payload. */
const HEADER_LENGTH = 6

// Octets from the first octet of this header.
const VERSION_TYPE = 0
const CODE = 1
const SESSION_ID = 2
const LENGTH = 4

const codes = {
  0: 'Session Data',
  7: 'Active Discovery Offer (PADO)',
  9: 'Active Discovery Initiation (PADI)',
  25: 'Active Discovery Request (PADR)',
  101: 'Active Discovery Session-confirmation (PADS)',
  167: 'Active Discovery Terminate (PADT)',
}

/** The header's fields, named alike in both stages. */
const headerFields = [
  bits('uint8', 'pppoe.version', VERSION_TYPE, 1, 0xf0, 'Version: 1'),
  bits('uint8', 'pppoe.type', VERSION_TYPE, 1, 0x0f, 'Type: 1'),
  u8('pppoe.code', CODE, 'Kind of packet', { base: 'hex', values: codes }),
  u16('pppoe.session_id', SESSION_ID, 'Session', { base: 'hex' }),
  u16('pppoe.payload_length', LENGTH, 'Octets of payload'),
]

export const pppoeDiscovery: Protocol = {
  id: PPPOE_DISCOVERY,
  name: 'pppoed',
  title: 'PPP-over-Ethernet Discovery',
  carriedBy: { ethertype: 0x8863 },
  fields: headerFields,

  /** Hot. */
  decode(packet, at) {
    packet.enter(PPPOE_DISCOVERY, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(PPPOE_DISCOVERY)
    packet.limit(at + HEADER_LENGTH + read16(packet.bytes, at + LENGTH))
    packet.payload = packet.end
    return NONE
  },
}

export const pppoeSession: Protocol = {
  id: PPPOE_SESSION,
  name: 'pppoes',
  title: 'PPP-over-Ethernet Session',
  carriedBy: { ethertype: 0x8864, linktype: 51 },
  fields: headerFields,

  /** Hot. Wireshark expects PPP whatever the code says. */
  decode(packet, at) {
    packet.enter(PPPOE_SESSION, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(PPPOE_SESSION)
    packet.limit(at + HEADER_LENGTH + read16(packet.bytes, at + LENGTH)) // drops Ethernet padding
    packet.payload = at + HEADER_LENGTH
    return PPP
  },
}
