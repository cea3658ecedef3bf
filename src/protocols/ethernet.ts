/**
 * Ethernet: IEEE 802.3 §3, with the type field of RFC 894 (Ethernet II).
 *
 *    0                        6                      12           octets
 *  0 |      destination       |        source        | type/length |
 * 14 |      data ...
 */
import { read16, read24 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { computed, either, ether, type Field, when } from './field.ts'
import { byEthertype, MIN_ETHERTYPE } from './handoff.ts'
import { LLC } from './llc.ts'
import { IPX } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const ETHERNET = protocolId('eth')

/** Octets before the data. */
export const HEADER_LENGTH = 14

// Octets from the first octet of this header.
const DESTINATION = 0
const SOURCE = 6
const TYPE = 12

/** A smaller type field is a length (IEEE 802.3 §3.2.6); what lies between this and `MIN_ETHERTYPE` is neither. */
const MAX_LENGTH = 1500

/** Novell's raw 802.3 puts IPX, which starts with this checksum, where LLC belongs. */
const RAW_IPX = 0xffff

// Cisco's inter-switch link puts a header of its own before a whole frame. Its destination has five fixed octets and is
// followed by four bits of type, 0 for Ethernet.
const ISL_MULTICAST = 0x01000c
const ISL_MULTICAST_OLD = 0x0c000c
const ISL_HEADER_LENGTH = 26
const ISL_TYPE = 5
const ISL_ETHERNET = 0

// The two low bits of an address's first octet (IEEE 802.3 §3.2.3).
const LOCAL_BIT = 0x02
const GROUP_BIT = 0x01

/** Whether the type field is a type. 0 is no length of a frame with data, so Wireshark takes it for an unknown type. */
function isType(type: number): boolean {
  return type >= MIN_ETHERTYPE || type === 0
}

/** Whether the frame at `at` is an inter-switch link frame; 14 octets are there. */
function isInterSwitchLink(packet: Packet, at: number): boolean {
  const bytes = packet.bytes
  const organization = read24(bytes, at)
  return (
    (organization === ISL_MULTICAST || organization === ISL_MULTICAST_OLD) &&
    read16(bytes, at + 3) === 0 &&
    read16(bytes, at + TYPE) <= MAX_LENGTH
  )
}

/** Whether layer `layer` is a whole header, and Ethernet's own: an inter-switch link frame has none of the fields. */
function isWhole(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + HEADER_LENGTH <= packet.layerEnd[layer] && !isInterSwitchLink(packet, at)
}

/** One bit of the first octet of an address. */
function addressBit(name: string, offset: number, mask: number, description: string): Field {
  return computed('boolean', name, description, (packet, layer, visit) => {
    if (!isWhole(packet, layer)) return false
    return visit((packet.bytes[packet.layerAt[layer] + offset] & mask) === 0 ? 0 : 1, 0)
  })
}

const destination = when(isWhole, ether('eth.dst', DESTINATION, 'Destination address'))
const source = when(isWhole, ether('eth.src', SOURCE, 'Source address'))
const destinationLocal = addressBit('eth.dst.lg', DESTINATION, LOCAL_BIT, 'Destination is locally administered')
const destinationGroup = addressBit('eth.dst.ig', DESTINATION, GROUP_BIT, 'Destination is a group')
const sourceLocal = addressBit('eth.src.lg', SOURCE, LOCAL_BIT, 'Source is locally administered')
const sourceGroup = addressBit('eth.src.ig', SOURCE, GROUP_BIT, 'Source is a group')

export const ethernet: Protocol = {
  id: ETHERNET,
  name: 'eth',
  title: 'Ethernet',
  carriedBy: {
    linktype: 1,
    ethertype: 0x6558,
    'gre.proto': [0x6558, 0x6400],
    'ip.proto': 143,
    'sll.ltype': 3,
  },
  fields: [
    destination,
    source,
    either('eth.addr', 'Destination or source address', destination, source),
    destinationLocal,
    destinationGroup,
    sourceLocal,
    sourceGroup,
    either('eth.lg', 'Destination or source is locally administered', destinationLocal, sourceLocal),
    either('eth.ig', 'Destination or source is a group', destinationGroup, sourceGroup),
    computed(
      'uint16',
      'eth.type',
      'Protocol of the data',
      (packet, layer, visit) => {
        if (!isWhole(packet, layer)) return false
        const type = read16(packet.bytes, packet.layerAt[layer] + TYPE)
        return isType(type) && visit(type, 0)
      },
      { base: 'hex' },
    ),
    computed('uint16', 'eth.len', 'Length of the data in 802.3', (packet, layer, visit) => {
      if (!isWhole(packet, layer)) return false
      const type = read16(packet.bytes, packet.layerAt[layer] + TYPE)
      return type <= MAX_LENGTH && !isType(type) && visit(type, 0)
    }),
  ],
  usesEthertype: (packet, at, end) =>
    at + HEADER_LENGTH <= end && isType(read16(packet.bytes, at + TYPE)) && !isInterSwitchLink(packet, at),

  /** Hot. */
  decode(packet, at) {
    packet.enter(ETHERNET, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(ETHERNET)
    packet.payload = at + HEADER_LENGTH
    const type = read16(packet.bytes, at + TYPE)
    if (type >= MIN_ETHERTYPE) return byEthertype[type] || DATA
    if (type > MAX_LENGTH) return DATA
    if (isInterSwitchLink(packet, at)) return decodeInterSwitchLink(packet, at)
    if (type === 0) return DATA
    packet.limit(at + HEADER_LENGTH + type)
    if (packet.payload + 2 <= packet.end && read16(packet.bytes, packet.payload) === RAW_IPX) return IPX
    return LLC
  },
}

/** Hot: the frame within is decoded as one more Ethernet layer. */
function decodeInterSwitchLink(packet: Packet, at: number): number {
  if (packet.end - at < ISL_HEADER_LENGTH) return packet.truncated(ETHERNET)
  packet.payload = at + ISL_HEADER_LENGTH
  return packet.bytes[at + ISL_TYPE] >> 4 === ISL_ETHERNET ? ETHERNET : DATA
}
