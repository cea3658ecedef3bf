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
import { behindPayload, type FindRest, trailerFields } from './ethernet-trailer.ts'
import { etherTypeNames } from './ethertype-names.ts'
import { computed, type Field, type ValueNames } from './field.ts'
import { protocolNames as greNames } from './gre-names.ts'
import { byEthertype, byGreProtocol, bySllHardware, bySllProtocol } from './handoff.ts'
import { hardwareNames } from './hardware-names.ts'
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

/** ARPHRD_NETLINK: messages between the kernel and programs. */
const HARDWARE_NETLINK = 824

/** Up to this the protocol is one of Linux's own numbers (`ETH_P_802_3` and following), above it an EtherType. */
const MAX_LINUX_PROTOCOL = 1536

const packetTypes = {
  0: 'Unicast to us',
  1: 'Broadcast',
  2: 'Multicast',
  3: 'Unicast to another host',
  4: 'Sent by us',
}

const linuxProtocols = {
  1: 'Raw 802.3',
  3: 'Ethernet',
  4: '802.2 LLC',
  7: 'PPP (HDLC)',
  12: 'CAN',
  13: 'CAN FD',
  23: 'IrDA LAP',
  245: 'ISI',
  246: 'IEEE 802.15.4',
}

/** What the protocol field is a number of. */
const LINUX = 0
const GRE = 1
const ETHERTYPE = 2

/** Linux's own numbers stand above what the link's type makes of the rest. */
function kindOf(packet: Packet, at: number): number {
  if (protocolOf(packet, at) <= MAX_LINUX_PROTOCOL) return LINUX
  return hardwareOf(packet, at) === HARDWARE_GRE ? GRE : ETHERTYPE
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

/** Whether the header is whole. Of netlink messages Wireshark shows the header under another name. */
function hasFields(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + headerLength(packet) <= packet.layerEnd[layer] && hardwareOf(packet, at) !== HARDWARE_NETLINK
}

/** A field of a whole header; `read` gives its value, or -1 where it is absent. */
function header(
  type: Field['type'],
  name: string,
  description: string,
  read: (packet: Packet, at: number) => number,
  options?: { base?: 'hex'; values?: ValueNames },
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      if (!hasFields(packet, layer)) return false
      const value = read(packet, packet.layerAt[layer])
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
    if (!hasFields(packet, layer)) return false
    const at = packet.layerAt[layer]
    const length = addressLengthOf(packet, at)
    const size = to(length) - from(length)
    return size > 0 && visit(addressAt(packet, at) + from(length), size)
  })
}

/** What is behind the payload, which has a trailer only if an EtherType said what it is. */
const behindHeader: FindRest = (packet, layer, found) =>
  hasFields(packet, layer) && kindOf(packet, packet.layerAt[layer]) === ETHERTYPE && behindPayload(packet, layer, found)

export const sll: Protocol = {
  id: SLL,
  name: 'sll',
  title: 'Linux cooked-mode capture',
  carriedBy: { linktype: [LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2] },
  fields: [
    header(
      'uint16',
      'sll.pkttype',
      'Packet type; which way it went',
      (packet, at) =>
        packet.linkType === LINKTYPE_LINUX_SLL2
          ? packet.bytes[at + V2_PACKET_TYPE]
          : read16(packet.bytes, at + V1_PACKET_TYPE),
      { values: packetTypes },
    ),
    header('uint16', 'sll.hatype', "Link-layer address type; Linux's ARPHRD number", hardwareOf, {
      values: hardwareNames,
    }),
    header('uint16', 'sll.halen', 'Link-layer address length', addressLengthOf),
    header('uint32', 'sll.ifindex', 'Interface index', (packet, at) =>
      packet.linkType === LINKTYPE_LINUX_SLL2 ? read32(packet.bytes, at + V2_INTERFACE) : -1,
    ),
    addressPart(
      'ether',
      'sll.src.eth',
      'Source; MAC address',
      () => 0,
      (length) => (length === MAC_LENGTH ? MAC_LENGTH : 0),
    ),
    header('ipv4', 'sll.src.ipv4', 'Source; IPv4 address', (packet, at) =>
      addressLengthOf(packet, at) === IPV4_LENGTH ? read32(packet.bytes, addressAt(packet, at)) : -1,
    ),
    addressPart(
      'bytes',
      'sll.src.other',
      'Source; address of another length',
      () => 0,
      (length) => (length === MAC_LENGTH || length === IPV4_LENGTH ? 0 : Math.min(length, ADDRESS_ROOM)),
    ),
    addressPart(
      'bytes',
      'sll.unused',
      'Unused; room that the address leaves',
      (length) => length,
      () => ADDRESS_ROOM,
    ),
    header(
      'uint16',
      'sll.etype',
      'Protocol; EtherType of the data',
      (packet, at) => (kindOf(packet, at) === ETHERTYPE ? protocolOf(packet, at) : -1),
      { base: 'hex', values: etherTypeNames },
    ),
    header(
      'uint16',
      'sll.ltype',
      "Protocol; Linux's own number",
      (packet, at) => (kindOf(packet, at) === LINUX ? protocolOf(packet, at) : -1),
      { base: 'hex', values: linuxProtocols },
    ),
    header(
      'uint16',
      'sll.gretype',
      'Protocol; GRE protocol type',
      (packet, at) => (kindOf(packet, at) === GRE ? protocolOf(packet, at) : -1),
      { base: 'hex', values: greNames },
    ),
    ...trailerFields(behindHeader, 'sll.trailer', 'Trailer'),
  ],
  usesEthertype: (packet, at, end) =>
    at + headerLength(packet) <= end && hardwareOf(packet, at) !== HARDWARE_NETLINK && kindOf(packet, at) === ETHERTYPE,

  /** Hot. */
  decode(packet, at) {
    packet.enter(SLL, at)
    const length = headerLength(packet)
    if (packet.end - at < length) return packet.truncated(SLL)
    packet.payload = at + length
    const protocol = protocolOf(packet, at)
    const hardware = hardwareOf(packet, at)
    if (hardware === HARDWARE_NETLINK) return DATA
    const kind = kindOf(packet, at)
    if (kind === GRE) return byGreProtocol[protocol]
    if (kind === ETHERTYPE) return byEthertype[protocol] || DATA
    return bySllHardware[hardware] || bySllProtocol[protocol] || DATA
  },
}
