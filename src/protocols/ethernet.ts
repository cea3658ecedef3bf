/**
 * Ethernet: IEEE 802.3 §3, with the type field of RFC 894 (Ethernet II).
 *
 *    0                        6                      12           octets
 *  0 |      destination       |        source        | type/length |
 * 14 |      data ...
 */
import { formatMac } from '../packet/address.ts'
import { read16, read24 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { behindLength, behindPayload, type FindRest, findFrame, type Rest, trailerFields } from './ethernet-trailer.ts'
import { etherTypeNames } from './ethertype-names.ts'
import { computed, either, ether, type Field, when } from './field.ts'
import { byEthertype, MIN_ETHERTYPE } from './handoff.ts'
import { LLC } from './llc.ts'
import { IPX } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const ETHERNET = protocolId('eth')

/** Octets before the data. */
const HEADER_LENGTH = 14

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

/** An address as text. Nothing is looked up: with `tshark -n`, it is the address again. */
function resolved(name: string, offset: number, description: string): Field {
  return computed(
    'string',
    name,
    description,
    (packet, layer, visit) =>
      isWhole(packet, layer) && visit(formatMac(packet.bytes, packet.layerAt[layer] + offset), 0),
  )
}

/** The first three octets of an address: whom IEEE gave it to. */
function organization(name: string, offset: number, description: string): Field {
  return computed(
    'uint24',
    name,
    description,
    (packet, layer, visit) => isWhole(packet, layer) && visit(read24(packet.bytes, packet.layerAt[layer] + offset), 0),
  )
}

/** The type field; -1 if the header is not whole, or an inter-switch link's. */
function typeOf(packet: Packet, layer: number): number {
  return isWhole(packet, layer) ? read16(packet.bytes, packet.layerAt[layer] + TYPE) : -1
}

function isLength(type: number): boolean {
  return type > 0 && type <= MAX_LENGTH
}

/** A remark that Wireshark makes only where it holds. */
function remark(name: string, description: string, holds: (packet: Packet, layer: number) => boolean): Field {
  return computed('none', name, description, (packet, layer, visit) => holds(packet, layer) && visit(0, 0))
}

const frame: Rest = { at: 0, end: 0, wireEnd: 0, frameAt: 0, frameWireEnd: 0, checkLength: 0 }

/** Whether the type field is a length that goes past what is there. */
function isPastEnd(packet: Packet, layer: number): boolean {
  const type = typeOf(packet, layer)
  if (!isLength(type)) return false
  findFrame(packet, layer, frame)
  return packet.layerAt[layer] + HEADER_LENGTH + type > frame.wireEnd - Math.max(0, checkLength(packet, layer))
}

/** Octets of check sequence that the capture says are there; -1 if it does not. None within tunnels. */
function checkLength(packet: Packet, layer: number): number {
  return layer === 0 ? (packet.source?.frameCheckLength ?? -1) : 0
}

const behindFrame: FindRest = (packet, layer, found) => {
  const type = typeOf(packet, layer)
  const isThere = isLength(type)
    ? behindLength(packet, layer, packet.layerAt[layer] + HEADER_LENGTH, type, found)
    : isType(type) && behindPayload(packet, layer, found)
  found.checkLength = checkLength(packet, layer)
  return isThere
}

const destination = when(isWhole, ether('eth.dst', DESTINATION, 'Destination'))
const source = when(isWhole, ether('eth.src', SOURCE, 'Source'))
const destinationResolved = resolved('eth.dst_resolved', DESTINATION, 'Destination (resolved)')
const sourceResolved = resolved('eth.src_resolved', SOURCE, 'Source (resolved)')
const destinationOrganization = organization('eth.dst.oui', DESTINATION, 'Destination OUI')
const sourceOrganization = organization('eth.src.oui', SOURCE, 'Source OUI')
const destinationLocal = addressBit('eth.dst.lg', DESTINATION, LOCAL_BIT, 'LG bit; destination is locally administered')
const destinationGroup = addressBit('eth.dst.ig', DESTINATION, GROUP_BIT, 'IG bit; destination is a group')
const sourceLocal = addressBit('eth.src.lg', SOURCE, LOCAL_BIT, 'LG bit; source is locally administered')
const sourceGroup = addressBit('eth.src.ig', SOURCE, GROUP_BIT, 'IG bit; source is a group')

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
    destinationResolved,
    destinationOrganization,
    source,
    sourceResolved,
    sourceOrganization,
    remark(
      'eth.src_not_group',
      'Source MAC must not be a group address: IEEE 802.3-2002, Section 3.2.3(b)',
      (packet, layer) =>
        isType(typeOf(packet, layer)) && (packet.bytes[packet.layerAt[layer] + SOURCE] & GROUP_BIT) !== 0,
    ),
    either('eth.addr', 'Address; destination or source', destination, source),
    either('eth.addr_resolved', 'Address (resolved)', destinationResolved, sourceResolved),
    either('eth.addr.oui', 'Address OUI', destinationOrganization, sourceOrganization),
    destinationLocal,
    destinationGroup,
    sourceLocal,
    sourceGroup,
    either('eth.lg', 'LG bit; destination or source is locally administered', destinationLocal, sourceLocal),
    either('eth.ig', 'IG bit; destination or source is a group', destinationGroup, sourceGroup),
    computed(
      'uint16',
      'eth.type',
      'Type; protocol of the data',
      (packet, layer, visit) => {
        const type = typeOf(packet, layer)
        return isType(type) && visit(type, 0)
      },
      { base: 'hex', values: etherTypeNames },
    ),
    computed('uint16', 'eth.len', 'Length; of the data in 802.3', (packet, layer, visit) => {
      const type = typeOf(packet, layer)
      return isLength(type) && visit(type, 0)
    }),
    remark('eth.len.past_end', 'Length field value goes past the end of the payload', isPastEnd),
    computed(
      'uint16',
      'eth.invalid_lentype',
      'Invalid length/type; neither a length nor a type',
      (packet, layer, visit) => {
        const type = typeOf(packet, layer)
        return type > MAX_LENGTH && !isType(type) && visit(type, 0)
      },
      { base: 'hex' },
    ),
    remark('eth.invalid_lentype.expert', 'Invalid length/type', (packet, layer) => {
      const type = typeOf(packet, layer)
      return type > MAX_LENGTH && !isType(type)
    }),
    ...trailerFields(behindFrame, 'eth.trailer', 'Trailer'),
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
