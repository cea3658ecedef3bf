/**
 * PPPoE: RFC 2516 §4, the discovery stage (`pppoed`) and the session stage (`pppoes`).
 *
 *    0                       2                 4          6   octets
 *  0 | ver | type |   code   |   session id    |  length  | payload ...
 */
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { absent, bits, computed, type Field, u8, u16 } from './field.ts'
import { PPP } from './ppp.ts'
import { codeNames } from './pppoe/names.ts'
import { CREDITS, CREDITS_LENGTH, TAG_HEADER_LENGTH, tagFields } from './pppoe/tags.ts'
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

/** The header's fields, named alike in both stages. */
const headerFields = [
  bits('uint8', 'pppoe.version', VERSION_TYPE, 1, 0xf0, 'Version; 1'),
  bits('uint8', 'pppoe.type', VERSION_TYPE, 1, 0x0f, 'Type; 1'),
  u8('pppoe.code', CODE, 'Code; kind of packet', { base: 'hex', values: codeNames }),
  u16('pppoe.session_id', SESSION_ID, 'Session ID', { base: 'hex' }),
  u16('pppoe.payload_length', LENGTH, 'Payload Length; in octets'),
  // tshark 4.0 prints it for no length, be it too small or too large.
  absent('none', 'pppoe.payload_length.bad', 'Possible bad payload length'),
]

/** First octet of a tag of credits in front of a session's data; -1 if there is none. */
function creditsAt(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer] + HEADER_LENGTH
  if (at + TAG_HEADER_LENGTH > packet.layerEnd[layer]) return -1
  return read16(packet.bytes, at) === CREDITS ? at : -1
}

/** Two octets of the credits in front of a session's data. */
function credit(name: string, offset: number, description: string): Field {
  return computed('uint16', name, description, (packet, layer, visit) => {
    const at = creditsAt(packet, layer)
    if (at < 0 || read16(packet.bytes, at + 2) !== CREDITS_LENGTH) return false
    const place = at + TAG_HEADER_LENGTH + offset
    return place + 2 <= packet.layerEnd[layer] && visit(read16(packet.bytes, place), 0)
  })
}

export const pppoeDiscovery: Protocol = {
  id: PPPOE_DISCOVERY,
  name: 'pppoed',
  title: 'PPP-over-Ethernet Discovery',
  carriedBy: { ethertype: 0x8863 },
  fields: [...headerFields, ...tagFields],

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
  fields: [
    ...headerFields,
    computed(
      'none',
      'pppoes.tags',
      'PPPoE Tags; credits in front of the data (RFC 5578 §4.1)',
      (packet, layer, visit) => (creditsAt(packet, layer) < 0 ? false : visit(0, 0)),
    ),
    credit('pppoes.tags.credits.fcn', 0, 'FCN; forward credit notification'),
    credit('pppoes.tags.credits.bcn', 2, 'BCN; backward credit notification'),
    // Wireshark's name for it in both stages.
    computed('bytes', 'pppoed.tags.credits', 'Credits; of a wrong length', (packet, layer, visit) => {
      const at = creditsAt(packet, layer)
      if (at < 0) return false
      const length = read16(packet.bytes, at + 2)
      const value = at + TAG_HEADER_LENGTH
      return length !== CREDITS_LENGTH && value + length <= packet.layerEnd[layer] && visit(value, length)
    }),
  ],

  /** Hot. Wireshark expects PPP whatever the code says. */
  decode(packet, at) {
    packet.enter(PPPOE_SESSION, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(PPPOE_SESSION)
    packet.limit(at + HEADER_LENGTH + read16(packet.bytes, at + LENGTH)) // drops Ethernet padding
    packet.payload = at + HEADER_LENGTH
    if (packet.payload + 2 <= packet.end && read16(packet.bytes, packet.payload) === CREDITS)
      packet.payload = Math.min(packet.payload + TAG_HEADER_LENGTH + CREDITS_LENGTH, packet.end)
    return PPP
  },
}
