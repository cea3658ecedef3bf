/**
 * Linux cooked capture: LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2. Wireshark calls both `sll`; the link type tells them
 * apart.
 *
 * Version 1:
 *
 *    0               2                 4                octets
 *  0 | packet type   | ARPHRD type     |
 *  4 | address length| address (8) ...
 * 14 | protocol      | data ...
 *
 * Version 2:
 *
 *    0               2                 4
 *  0 | protocol      | 0               |
 *  4 |         interface index         |
 *  8 | ARPHRD type   | packet type (1), address length (1) |
 * 12 | address (8) ...
 * 20 | data ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { computed, type Field } from './field.ts'
import { byEthertype, byGreProtocol, bySllHardware, bySllProtocol } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const SLL = protocolId('sll')

const LINKTYPE_LINUX_SLL = 113
const LINKTYPE_LINUX_SLL2 = 276

// Octets from the first octet of a version 1 header.
const V1_PACKET_TYPE = 0
const V1_HARDWARE_TYPE = 2
const V1_ADDRESS_LENGTH = 4
const V1_ADDRESS = 6
const V1_PROTOCOL = 14
const V1_HEADER_LENGTH = 16

// And of version 2.
const V2_PROTOCOL = 0
const V2_INTERFACE = 4
const V2_HARDWARE_TYPE = 8
const V2_PACKET_TYPE = 10
const V2_ADDRESS_LENGTH = 11
const V2_ADDRESS = 12
const V2_HEADER_LENGTH = 20

/** Room for the sender's address; a longer one is cut. */
const ADDRESS_ROOM = 8
const MAC_LENGTH = 6
const IPV4_LENGTH = 4

/** ARPHRD_IPGRE: the protocol is a GRE protocol type. */
const HARDWARE_GRE = 778

/** Up to this the protocol is one of Linux's own numbers (`ETH_P_802_3` and following), above it an EtherType. */
const MAX_LINUX_PROTOCOL = 1536

const packetTypes = {
  0: 'Unicast to us',
  1: 'Broadcast',
  2: 'Multicast',
  3: 'Unicast to another host',
  4: 'Sent by us',
}

function headerLength(packet: Packet): number {
  return packet.linkType === LINKTYPE_LINUX_SLL2 ? V2_HEADER_LENGTH : V1_HEADER_LENGTH
}

function protocolOf(packet: Packet, at: number): number {
  return read16(packet.bytes, at + (packet.linkType === LINKTYPE_LINUX_SLL2 ? V2_PROTOCOL : V1_PROTOCOL))
}

function hardwareOf(packet: Packet, at: number): number {
  return read16(packet.bytes, at + (packet.linkType === LINKTYPE_LINUX_SLL2 ? V2_HARDWARE_TYPE : V1_HARDWARE_TYPE))
}

function addressLengthOf(packet: Packet, at: number): number {
  return packet.linkType === LINKTYPE_LINUX_SLL2
    ? packet.bytes[at + V2_ADDRESS_LENGTH]
    : read16(packet.bytes, at + V1_ADDRESS_LENGTH)
}

function addressAt(packet: Packet, at: number): number {
  return at + (packet.linkType === LINKTYPE_LINUX_SLL2 ? V2_ADDRESS : V1_ADDRESS)
}

/** A field of a whole header; `read` gives its value, or -1 where it is absent. */
function header(
  type: Field['type'],
  name: string,
  description: string,
  read: (packet: Packet, at: number) => number,
  options?: { base?: 'hex'; values?: Record<number, string> },
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + headerLength(packet) > packet.layerEnd[layer]) return false
      const value = read(packet, at)
      return value >= 0 && visit(value, 0)
    },
    options,
  )
}

/** Octets of the sender's address; `part` gives where and how many, 0 where the field is absent. */
function addressPart(
  type: 'ether' | 'bytes',
  name: string,
  description: string,
  from: (length: number) => number,
  to: (length: number) => number,
): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (at + headerLength(packet) > packet.layerEnd[layer]) return false
    const length = addressLengthOf(packet, at)
    const size = to(length) - from(length)
    return size > 0 && visit(addressAt(packet, at) + from(length), size)
  })
}

export const sll: Protocol = {
  id: SLL,
  name: 'sll',
  title: 'Linux cooked-mode capture',
  carriedBy: { linktype: [LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2] },
  fields: [
    header(
      'uint16',
      'sll.pkttype',
      'Which way the packet went',
      (packet, at) =>
        packet.linkType === LINKTYPE_LINUX_SLL2
          ? packet.bytes[at + V2_PACKET_TYPE]
          : read16(packet.bytes, at + V1_PACKET_TYPE),
      { values: packetTypes },
    ),
    header('uint16', 'sll.hatype', "Link's type: Linux's ARPHRD number", hardwareOf),
    header('uint16', 'sll.halen', "Octets in the sender's address", addressLengthOf),
    header('uint32', 'sll.ifindex', 'Interface', (packet, at) =>
      packet.linkType === LINKTYPE_LINUX_SLL2 ? read32(packet.bytes, at + V2_INTERFACE) : -1,
    ),
    addressPart(
      'ether',
      'sll.src.eth',
      "Sender's MAC address",
      () => 0,
      (length) => (length === MAC_LENGTH ? MAC_LENGTH : 0),
    ),
    header('ipv4', 'sll.src.ipv4', "Sender's IPv4 address", (packet, at) =>
      addressLengthOf(packet, at) === IPV4_LENGTH ? read32(packet.bytes, addressAt(packet, at)) : -1,
    ),
    addressPart(
      'bytes',
      'sll.src.other',
      "Sender's address of another length",
      () => 0,
      (length) => (length === MAC_LENGTH || length === IPV4_LENGTH ? 0 : Math.min(length, ADDRESS_ROOM)),
    ),
    addressPart(
      'bytes',
      'sll.unused',
      'Room that the address leaves',
      (length) => length,
      () => ADDRESS_ROOM,
    ),
    header(
      'uint16',
      'sll.etype',
      'EtherType of the data',
      (packet, at) =>
        hardwareOf(packet, at) !== HARDWARE_GRE && protocolOf(packet, at) > MAX_LINUX_PROTOCOL
          ? protocolOf(packet, at)
          : -1,
      { base: 'hex' },
    ),
    header(
      'uint16',
      'sll.ltype',
      "Linux's own number of the data's protocol",
      (packet, at) =>
        hardwareOf(packet, at) !== HARDWARE_GRE && protocolOf(packet, at) <= MAX_LINUX_PROTOCOL
          ? protocolOf(packet, at)
          : -1,
      { base: 'hex' },
    ),
    header(
      'uint16',
      'sll.gretype',
      'GRE protocol type of the data',
      (packet, at) => (hardwareOf(packet, at) === HARDWARE_GRE ? protocolOf(packet, at) : -1),
      { base: 'hex' },
    ),
  ],
  usesEthertype: (packet, at, end) =>
    at + headerLength(packet) <= end &&
    hardwareOf(packet, at) !== HARDWARE_GRE &&
    protocolOf(packet, at) > MAX_LINUX_PROTOCOL,

  /** Hot. */
  decode(packet, at) {
    packet.enter(SLL, at)
    const length = headerLength(packet)
    if (packet.end - at < length) return packet.truncated(SLL)
    packet.payload = at + length
    const protocol = protocolOf(packet, at)
    const hardware = hardwareOf(packet, at)
    if (hardware === HARDWARE_GRE) return byGreProtocol[protocol]
    if (protocol > MAX_LINUX_PROTOCOL) return byEthertype[protocol] || DATA
    return bySllHardware[hardware] || bySllProtocol[protocol] || DATA
  },
}
