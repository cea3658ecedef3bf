/**
 * LLDP: Link Layer Discovery Protocol, IEEE 802.1AB §8. A list of type-length-values:
 *
 *    0                                   2     octets
 *  0 | type (7 bits) | length (9 bits)   | value ...
 */
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { fieldsWithin } from './elements.ts'
import { computed, type Field, type FieldOptions } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { visitText } from './text.ts'

export const LLDP = protocolId('lldp')

/** Octets of type and length. */
const HEADER_LENGTH = 2
const TYPE_SHIFT = 9
const LENGTH_MASK = 0x01ff

// Types (IEEE 802.1AB table 8-1).
const END = 0
const CHASSIS_ID = 1
const PORT_ID = 2
const TIME_TO_LIVE = 3
const PORT_DESCRIPTION = 4
const SYSTEM_NAME = 5
const SYSTEM_DESCRIPTION = 6
const CAPABILITIES = 7

// Kinds of identifier, in the first octet of the value (IEEE 802.1AB tables 8-2 and 8-3).
const CHASSIS_MAC = 4
const CHASSIS_NETWORK_ADDRESS = 5
const PORT_MAC = 3
const PORT_NETWORK_ADDRESS = 4

const MAC_LENGTH = 6

/** Calls `each(type, at, length)` for each whole element; `at` is its value's first octet. */
function eachElement(
  packet: Packet,
  layer: number,
  each: (type: number, at: number, length: number) => boolean,
): boolean {
  const end = packet.layerEnd[layer]
  let at = packet.layerAt[layer]
  while (at + HEADER_LENGTH <= end) {
    const header = read16(packet.bytes, at)
    const type = header >> TYPE_SHIFT
    const length = header & LENGTH_MASK
    at += HEADER_LENGTH
    if (at + length > end) return false
    if (each(type, at, length)) return true
    if (type === END) return false
    at += length
  }
  return false
}

const within = fieldsWithin(eachElement)

function text(name: string, element: number, description: string): Field {
  return within('string', name, element, description, visitText)
}

/** Two octets at `offset` of the value. */
function word(name: string, element: number, offset: number, description: string, options?: FieldOptions): Field {
  return within(
    'uint16',
    name,
    element,
    description,
    (bytes, at, length, visit) => length >= offset + 2 && visit(read16(bytes, at + offset), 0),
    options,
  )
}

export const lldp: Protocol = {
  id: LLDP,
  name: 'lldp',
  title: 'Link Layer Discovery Protocol',
  carriedBy: { ethertype: [0x88cc, 0x8942] },
  fields: [
    computed('uint16', 'lldp.tlv.type', 'Type of each element', (packet, layer, visit) =>
      eachElement(packet, layer, (type) => visit(type, 0)),
    ),
    computed('uint16', 'lldp.tlv.len', 'Length of each element', (packet, layer, visit) =>
      eachElement(packet, layer, (_type, _at, length) => visit(length, 0)),
    ),
    within('uint8', 'lldp.chassis.subtype', CHASSIS_ID, 'Kind of chassis identifier', (bytes, at, length, visit) =>
      length > 0 ? visit(bytes[at], 0) : false,
    ),
    within(
      'ether',
      'lldp.chassis.id.mac',
      CHASSIS_ID,
      'Chassis identifier that is a MAC address',
      (bytes, at, length, visit) => length === 1 + MAC_LENGTH && bytes[at] === CHASSIS_MAC && visit(at + 1, MAC_LENGTH),
    ),
    within(
      'bytes',
      'lldp.chassis.id',
      CHASSIS_ID,
      'Chassis identifier of another kind',
      (bytes, at, length, visit) =>
        length > 1 && bytes[at] !== CHASSIS_MAC && bytes[at] !== CHASSIS_NETWORK_ADDRESS && visit(at + 1, length - 1),
    ),
    within('uint8', 'lldp.port.subtype', PORT_ID, 'Kind of port identifier', (bytes, at, length, visit) =>
      length > 0 ? visit(bytes[at], 0) : false,
    ),
    within(
      'ether',
      'lldp.port.id.mac',
      PORT_ID,
      'Port identifier that is a MAC address',
      (bytes, at, length, visit) => length === 1 + MAC_LENGTH && bytes[at] === PORT_MAC && visit(at + 1, MAC_LENGTH),
    ),
    within('string', 'lldp.port.id', PORT_ID, 'Port identifier of another kind', (bytes, at, length, visit) =>
      length > 1 && bytes[at] !== PORT_MAC && bytes[at] !== PORT_NETWORK_ADDRESS
        ? visitText(bytes, at + 1, length - 1, visit)
        : false,
    ),
    word('lldp.time_to_live', TIME_TO_LIVE, 0, 'Seconds that this is valid'),
    text('lldp.port.desc', PORT_DESCRIPTION, 'Port description'),
    text('lldp.tlv.system.name', SYSTEM_NAME, 'System name'),
    text('lldp.tlv.system.desc', SYSTEM_DESCRIPTION, 'System description'),
    word('lldp.tlv.system_cap', CAPABILITIES, 0, 'What the system can do', { base: 'hex' }),
    word('lldp.tlv.enable_system_cap', CAPABILITIES, 2, 'What it does', { base: 'hex' }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(LLDP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(LLDP)
    packet.payload = packet.end
    return NONE
  },
}
