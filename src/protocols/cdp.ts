/**
 * CDP: Cisco Discovery Protocol, as Cisco's "LAN Protocols" documentation describes it.
 *
 *    0         1     2          4     octets
 *  0 | version | TTL | checksum | elements: | type (2) | length (2), these four included | value ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { fieldsWithin } from './elements.ts'
import { computed, type Field, u8, u16, type Visit } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { visitText } from './text.ts'

export const CDP = protocolId('cdp')

/** Octets before the elements. */
const HEADER_LENGTH = 4

// Octets from the first octet of this header.
const VERSION = 0
const TTL = 1
const CHECKSUM = 2

/** Octets of an element's type and length. */
const ELEMENT_HEADER_LENGTH = 4

// Types of elements.
const DEVICE_ID = 0x0001
const PORT_ID = 0x0003
const CAPABILITIES = 0x0004
const SOFTWARE_VERSION = 0x0005
const PLATFORM = 0x0006
const VTP_DOMAIN = 0x0009
const NATIVE_VLAN = 0x000a
const DUPLEX = 0x000b

const NEWLINE = 0x0a

/** Calls `each(type, at, length)` for each whole element; `at` is its value's first octet, `length` counts the value. */
function eachElement(
  packet: Packet,
  layer: number,
  each: (type: number, at: number, length: number) => boolean,
): boolean {
  const end = packet.layerEnd[layer]
  let at = packet.layerAt[layer] + HEADER_LENGTH
  while (at + ELEMENT_HEADER_LENGTH <= end) {
    const length = read16(packet.bytes, at + 2)
    if (length < ELEMENT_HEADER_LENGTH || at + length > end) return false
    if (each(read16(packet.bytes, at), at + ELEMENT_HEADER_LENGTH, length - ELEMENT_HEADER_LENGTH)) return true
    at += length
  }
  return false
}

const within = fieldsWithin(eachElement)

function text(name: string, element: number, description: string): Field {
  return within('string', name, element, description, visitText)
}

/** Each line of a text. */
function visitLines(bytes: Uint8Array, at: number, length: number, visit: Visit): boolean {
  const end = at + length
  while (at < end) {
    let lineEnd = at
    while (lineEnd < end && bytes[lineEnd] !== NEWLINE) lineEnd++
    if (visitText(bytes, at, lineEnd - at, visit)) return true
    at = lineEnd + 1
  }
  return false
}

export const cdp: Protocol = {
  id: CDP,
  name: 'cdp',
  title: 'Cisco Discovery Protocol',
  carriedBy: { 'llc.cisco_pid': 0x2000, 'ppp.protocol': 0x0207, 'chdlc.protocol': 0x2000, 'gre.proto': 0x2000 },
  fields: [
    u8('cdp.version', VERSION, 'Version'),
    u8('cdp.ttl', TTL, 'Seconds that this is valid'),
    u16('cdp.checksum', CHECKSUM, 'Checksum', { base: 'hex' }),
    computed(
      'uint16',
      'cdp.tlv.type',
      'Type of each element',
      (packet, layer, visit) => eachElement(packet, layer, (type) => visit(type, 0)),
      { base: 'hex' },
    ),
    computed('uint16', 'cdp.tlv.len', 'Length of each element, header included', (packet, layer, visit) =>
      eachElement(packet, layer, (_type, _at, length) => visit(length + ELEMENT_HEADER_LENGTH, 0)),
    ),
    text('cdp.deviceid', DEVICE_ID, 'Device'),
    text('cdp.portid', PORT_ID, 'Port that sent this'),
    within(
      'uint32',
      'cdp.capabilities',
      CAPABILITIES,
      'What the device can do',
      (bytes, at, length, visit) => length >= 4 && visit(read32(bytes, at), 0),
      { base: 'hex' },
    ),
    within('string', 'cdp.software_version', SOFTWARE_VERSION, 'Each line of the software version', visitLines),
    text('cdp.platform', PLATFORM, 'Hardware'),
    text('cdp.vtp_management_domain', VTP_DOMAIN, 'VTP domain'),
    within(
      'uint16',
      'cdp.native_vlan',
      NATIVE_VLAN,
      'VLAN of untagged frames',
      (bytes, at, length, visit) => length >= 2 && visit(read16(bytes, at), 0),
    ),
    within(
      'boolean',
      'cdp.duplex',
      DUPLEX,
      'Full duplex',
      (bytes, at, length, visit) => length >= 1 && visit(bytes[at] === 0 ? 0 : 1, 0),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(CDP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(CDP)
    packet.payload = packet.end
    return NONE
  },
}
