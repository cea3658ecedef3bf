/**
 * PPI: Per-Packet Information (CACE Technologies, "PPI Header format" 1.0.7). LINKTYPE_PPI. All little-endian.
 *
 *    0         1       2        4           octets
 *  0 | version | flags | length | link type |
 *  8 | fields: | type (2) | length (2) | value ...
 */
import { read16le, read32le } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { computed, u8 } from './field.ts'
import { byLinkType } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { WLAN_RADIO } from './radiotap.ts'

export const PPI = protocolId('ppi')
/** Wireshark's step from a header that names a link type to the decoder of that; it has no octets. */
export const LINK_DATA = protocolId('pcap_pktdata')

const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const VERSION = 0
const LENGTH = 2
const LINK_TYPE = 4

/** Octets of a field's type and length. */
const FIELD_HEADER_LENGTH = 4
/** The field "802.11-Common": a timer of 8 octets, then flags. */
const COMMON = 2
const COMMON_FLAGS = 8
const FLAG_FCS_AT_END = 0x0001

/** Octets of the frame check sequence. */
const FCS_LENGTH = 4

const LINKTYPE_IEEE802_11 = 105

/** Whether the 802.11 frame behind the fields ends with its check sequence. */
function hasCheckSequence(packet: Packet, from: number, to: number): boolean {
  let at = from
  while (at + FIELD_HEADER_LENGTH <= to) {
    const type = read16le(packet.bytes, at)
    const value = at + FIELD_HEADER_LENGTH
    if (type === COMMON && value + COMMON_FLAGS + 2 <= to)
      return (read16le(packet.bytes, value + COMMON_FLAGS) & FLAG_FCS_AT_END) !== 0
    at = value + read16le(packet.bytes, at + 2)
  }
  return false
}

export const ppi: Protocol = {
  id: PPI,
  name: 'ppi',
  title: 'PPI Packet Header',
  carriedBy: { linktype: 192 },
  fields: [
    u8('ppi.version', VERSION, 'Version: 0'),
    computed('uint16', 'ppi.length', 'Octets in this header', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + LENGTH
      return at + 2 <= packet.layerEnd[layer] && visit(read16le(packet.bytes, at), 0)
    }),
    computed('uint32', 'ppi.dlt', 'Link type of the data', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + LINK_TYPE
      return at + 4 <= packet.layerEnd[layer] && visit(read32le(packet.bytes, at), 0)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(PPI, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(PPI)
    const length = read16le(packet.bytes, at + LENGTH)
    if (at + length > packet.end) return packet.truncated(PPI)
    if (length < HEADER_LENGTH) return packet.malformed(PPI)
    packet.payload = at + length
    const linkType = read32le(packet.bytes, at + LINK_TYPE)
    if (linkType !== LINKTYPE_IEEE802_11) return enterLinkData(packet, linkType)
    packet.enter(WLAN_RADIO, packet.payload)
    if (hasCheckSequence(packet, at + HEADER_LENGTH, packet.payload) && packet.wireEnd - FCS_LENGTH >= packet.payload)
      packet.limit(packet.wireEnd - FCS_LENGTH)
    return byLinkType[LINKTYPE_IEEE802_11]
  },
}

/** Hot: what follows is of `linkType`. Returns its decoder; `NONE` if there is none. */
export function enterLinkData(packet: Packet, linkType: number): number {
  packet.enter(LINK_DATA, packet.payload)
  return linkType < byLinkType.length ? byLinkType[linkType] : NONE
}

/** Entered by the headers that name a link type, never decoded by itself. */
export const linkData: Protocol = {
  id: LINK_DATA,
  name: 'pcap_pktdata',
  title: 'pcap/pcapng packet data',
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(LINK_DATA, at)
    return NONE
  },
}
