/**
 * Wireless LAN: IEEE 802.11 §9.2 (frame formats). LINKTYPE_IEEE802_11. Integers are little-endian.
 *
 *    0               2            4                octets
 *  0 | frame control | duration   |
 *  4 | address 1 (6)   receiver   |
 * 10 | address 2 (6)   transmitter, absent from CTS and ACK
 * 16 | address 3 (6)   | sequence control (2)      control frames end before this
 * 24 | [address 4 (6)] | [QoS control (2)] | [HT control (4)] | data ...
 */
import { read16, read16le } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { bits, computed, type Field, flag, u8, u16 } from './field.ts'
import { LLC } from './llc.ts'
import { IPX } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { hasDataPad } from './radiotap.ts'

export const WLAN = protocolId('wlan')

// Octets from the first octet of this header.
const FRAME_CONTROL = 0
const FLAGS = 1
const DURATION = 2
const ADDRESS_1 = 4
const ADDRESS_2 = 10
const ADDRESS_3 = 16
const SEQUENCE = 22
const ADDRESS_4 = 24

const MIN_HEADER_LENGTH = 10
const DATA_HEADER_LENGTH = 24
const MAC_LENGTH = 6
const QOS_LENGTH = 2
const HT_CONTROL_LENGTH = 4

// Frame control (IEEE 802.11 §9.2.4.1), first octet.
const VERSION_MASK = 0x03
const TYPE_MASK = 0x0c
const SUBTYPE_MASK = 0xf0
const TYPE_MANAGEMENT = 0x00
const TYPE_CONTROL = 0x04
const TYPE_DATA = 0x08
/** Subtypes of data, by bit: no data within, QoS. */
const NO_DATA = 0x40
const QOS = 0x80
/** Control subtypes below are of later amendments; CTS and ACK have one address. */
const CONTROL_CTS = 0xc4
const CONTROL_ACK = 0xd4
const CONTROL_PS_POLL = 0xa4
const CONTROL_CF_END = 0xe4
const CONTROL_CF_END_ACK = 0xf4

// Frame control, second octet.
const TO_DS = 0x01
const FROM_DS = 0x02
const DS_MASK = 0x03
const MORE_FRAGMENTS = 0x04
const PROTECTED = 0x40
const ORDER = 0x80

/** Sequence control (IEEE 802.11 §9.2.4.4): fragment number in the low four bits. */
const FRAGMENT_MASK = 0x000f
const SEQUENCE_SHIFT = 4
/** QoS control (IEEE 802.11 §9.2.4.5): the data is an A-MSDU. */
const A_MSDU = 0x80

/** A frame within an A-MSDU begins with destination, source and length; the length is in network order. */
const SUBFRAME_HEADER_LENGTH = 14
const SUBFRAME_LENGTH = 12

/** The highest bit tells what else the field may be (IEEE 802.11 §9.2.4.2). */
const DURATION_MASK = 0x7fff

/** IPX's checksum where LLC belongs. */
const RAW_IPX = 0xffff

/** What an address is for. */
type Role = 'ra' | 'ta' | 'da' | 'sa' | 'bssid' | 'staa'

/** CTS and ACK have no second address; that of CF-End is the service set's. */
function hasTransmitter(control: number): boolean {
  return (
    control !== CONTROL_CTS && control !== CONTROL_ACK && control !== CONTROL_CF_END && control !== CONTROL_CF_END_ACK
  )
}

/** Octets from the header's first of the address in a role, 0 if the frame has none (IEEE 802.11 table 9-30). */
function roleOffset(role: Role, control: number, flags: number): number {
  const type = control & TYPE_MASK
  if (role === 'ra') return ADDRESS_1
  if (role === 'ta') return hasTransmitter(control) ? ADDRESS_2 : 0
  if (type === TYPE_CONTROL) {
    if (role !== 'bssid') return 0
    if (control === CONTROL_PS_POLL) return ADDRESS_1
    return control === CONTROL_CF_END || control === CONTROL_CF_END_ACK ? ADDRESS_2 : 0
  }
  const direction = type === TYPE_MANAGEMENT ? 0 : flags & DS_MASK
  switch (role) {
    case 'da':
      return (direction & TO_DS) !== 0 ? ADDRESS_3 : ADDRESS_1
    case 'sa':
      return direction === DS_MASK ? ADDRESS_4 : direction === FROM_DS ? ADDRESS_3 : ADDRESS_2
    case 'bssid':
      return direction === TO_DS ? ADDRESS_1 : direction === FROM_DS ? ADDRESS_2 : direction === 0 ? ADDRESS_3 : 0
    default: // the station, where the other is the access point
      return direction === TO_DS ? ADDRESS_2 : direction === FROM_DS ? ADDRESS_1 : 0
  }
}

function role(name: string, which: Role, description: string): Field {
  return computed('ether', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    const end = packet.layerEnd[layer]
    if (at + MIN_HEADER_LENGTH > end) return false
    const offset = roleOffset(which, packet.bytes[at + FRAME_CONTROL], packet.bytes[at + FLAGS])
    return offset > 0 && at + offset + MAC_LENGTH <= end && visit(at + offset, MAC_LENGTH)
  })
}

/** A part of the sequence control, which control frames lack. */
function sequence(name: string, description: string, part: (value: number) => number): Field {
  return computed('uint16', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (at + DATA_HEADER_LENGTH > packet.layerEnd[layer]) return false
    const type = packet.bytes[at + FRAME_CONTROL] & TYPE_MASK
    if (type !== TYPE_MANAGEMENT && type !== TYPE_DATA) return false
    return visit(part(read16le(packet.bytes, at + SEQUENCE)), 0)
  })
}

export const wlan: Protocol = {
  id: WLAN,
  name: 'wlan',
  title: 'IEEE 802.11 wireless LAN',
  carriedBy: { linktype: 105, ethertype: 0x890d },
  fields: [
    computed(
      'uint16',
      'wlan.fc.type_subtype',
      'Type and subtype as one number',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        if (at >= packet.layerEnd[layer]) return false
        const control = packet.bytes[at]
        return visit(((control & TYPE_MASK) << 2) | (control >> 4), 0)
      },
      { base: 'hex' },
    ),
    u16('wlan.fc', FRAME_CONTROL, 'Frame control', { base: 'hex' }),
    bits('uint8', 'wlan.fc.version', FRAME_CONTROL, 1, VERSION_MASK, 'Version: 0'),
    bits('uint8', 'wlan.fc.type', FRAME_CONTROL, 1, TYPE_MASK, 'Type', {
      values: { 0: 'Management frame', 1: 'Control frame', 2: 'Data frame', 3: 'Extension frame' },
    }),
    bits('uint8', 'wlan.fc.subtype', FRAME_CONTROL, 1, SUBTYPE_MASK, 'Subtype'),
    u8('wlan.flags', FLAGS, 'Flags', { base: 'hex' }),
    bits('uint8', 'wlan.fc.ds', FLAGS, 1, DS_MASK, 'To and from the distribution system', { base: 'hex' }),
    flag('wlan.fc.tods', FLAGS, 1, TO_DS, 'To the distribution system'),
    flag('wlan.fc.fromds', FLAGS, 1, FROM_DS, 'From the distribution system'),
    flag('wlan.fc.frag', FLAGS, 1, MORE_FRAGMENTS, 'More fragments follow'),
    flag('wlan.fc.retry', FLAGS, 1, 0x08, 'Sent again'),
    flag('wlan.fc.pwrmgt', FLAGS, 1, 0x10, 'The sender will sleep'),
    flag('wlan.fc.moredata', FLAGS, 1, 0x20, 'More is buffered for the receiver'),
    flag('wlan.fc.protected', FLAGS, 1, PROTECTED, 'Encrypted'),
    flag('wlan.fc.order', FLAGS, 1, ORDER, 'HT control present, or strict order'),
    computed('uint16', 'wlan.duration', 'Microseconds that the medium is taken', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + DURATION + 2 > packet.layerEnd[layer] || packet.bytes[at] === CONTROL_PS_POLL) return false
      return visit(read16le(packet.bytes, at + DURATION) & DURATION_MASK, 0)
    }),
    role('wlan.ra', 'ra', 'Receiver address'),
    role('wlan.ta', 'ta', 'Transmitter address'),
    role('wlan.da', 'da', 'Destination address'),
    role('wlan.sa', 'sa', 'Source address'),
    role('wlan.bssid', 'bssid', 'Identifier of the basic service set'),
    role('wlan.staa', 'staa', "Station's address"),
    computed('ether', 'wlan.addr', 'Any address in the header', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      const end = packet.layerEnd[layer]
      if (at + MIN_HEADER_LENGTH > end) return false
      const control = packet.bytes[at + FRAME_CONTROL]
      if (visit(at + ADDRESS_1, MAC_LENGTH)) return true
      if (control === CONTROL_CTS || control === CONTROL_ACK || at + ADDRESS_3 > end) return false
      if (visit(at + ADDRESS_2, MAC_LENGTH)) return true
      if ((control & TYPE_MASK) === TYPE_CONTROL || at + SEQUENCE > end) return false
      // tshark's order: with four addresses, the fourth comes before the third.
      const isFour = (control & TYPE_MASK) === TYPE_DATA && (packet.bytes[at + FLAGS] & DS_MASK) === DS_MASK
      if (isFour && at + ADDRESS_4 + MAC_LENGTH <= end && visit(at + ADDRESS_4, MAC_LENGTH)) return true
      return visit(at + ADDRESS_3, MAC_LENGTH)
    }),
    sequence('wlan.frag', 'Number of the fragment', (value) => value & FRAGMENT_MASK),
    sequence('wlan.seq', 'Sequence number', (value) => value >> SEQUENCE_SHIFT),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(WLAN, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(WLAN)
    const control = packet.bytes[at + FRAME_CONTROL]
    packet.payload = packet.end
    if ((control & VERSION_MASK) !== 0) return NONE
    const type = control & TYPE_MASK
    if (type === TYPE_DATA) return decodeData(packet, at, control)
    // Management and control frames are their own payload, unless it is encrypted.
    if (type !== TYPE_MANAGEMENT || (packet.bytes[at + FLAGS] & PROTECTED) === 0) return NONE
    if (packet.end - at < DATA_HEADER_LENGTH) return packet.truncated(WLAN)
    packet.payload = at + DATA_HEADER_LENGTH
    return DATA
  },
}

/** Hot: IEEE 802.11 §9.3.2. */
function decodeData(packet: Packet, at: number, control: number): number {
  const bytes = packet.bytes
  if (packet.end - at < DATA_HEADER_LENGTH) return packet.truncated(WLAN)
  const flags = bytes[at + FLAGS]
  let length = DATA_HEADER_LENGTH
  if ((flags & DS_MASK) === DS_MASK) length += MAC_LENGTH
  let aggregated = false
  if ((control & QOS) !== 0) {
    if (packet.end - at < length + QOS_LENGTH) return packet.truncated(WLAN)
    aggregated = (bytes[at + length] & A_MSDU) !== 0
    length += QOS_LENGTH
    if ((flags & ORDER) !== 0) length += HT_CONTROL_LENGTH
  }
  if (hasDataPad(packet, packet.layerCount - 1)) length = (length + 3) & ~3
  if (packet.end - at < length) return packet.truncated(WLAN)
  if ((control & NO_DATA) !== 0) return NONE
  packet.payload = at + length
  // Access points send frames whose fragment number is not 0 though they are whole: like Wireshark, a frame that no other
  // follows is taken for one unless fragments of it came before. Fragments are not put together here.
  if ((flags & (PROTECTED | MORE_FRAGMENTS)) !== 0) return DATA
  if (aggregated) return decodeAggregate(packet)
  if (packet.payload + 2 <= packet.end && read16(bytes, packet.payload) === RAW_IPX) return IPX
  return LLC
}

/** Hot: an A-MSDU (IEEE 802.11 §9.3.2.2.2). Of the frames in it, the first is decoded. */
function decodeAggregate(packet: Packet): number {
  const at = packet.payload
  if (packet.end - at < SUBFRAME_HEADER_LENGTH) return packet.truncated(WLAN)
  packet.payload = at + SUBFRAME_HEADER_LENGTH
  packet.limit(packet.payload + read16(packet.bytes, at + SUBFRAME_LENGTH))
  return LLC
}
