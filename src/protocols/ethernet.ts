/**
 * Ethernet: IEEE 802.3 §3, with the type field of RFC 894 (Ethernet II).
 *
 *    0                        6                      12           octets
 *  0 |      destination       |        source        | type/length |
 * 14 |      data ...
 */
import { read16 } from '../packet/bytes.ts'
import { DATA } from './data.ts'
import { computed, either, ether } from './field.ts'
import { byEthertype, MIN_ETHERTYPE } from './handoff.ts'
import { LLC } from './llc.ts'
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

const destination = ether('eth.dst', DESTINATION, 'Destination address')
const source = ether('eth.src', SOURCE, 'Source address')

export const ethernet: Protocol = {
  id: ETHERNET,
  name: 'eth',
  title: 'Ethernet',
  carriedBy: { linktype: 1, ethertype: 0x6558, 'gre.proto': 0x6558 },
  fields: [
    destination,
    source,
    either('eth.addr', 'Destination or source address', destination, source),
    computed(
      'uint16',
      'eth.type',
      'Protocol of the data',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        if (at + HEADER_LENGTH > packet.layerEnd[layer]) return false
        const type = read16(packet.bytes, at + TYPE)
        return type >= MIN_ETHERTYPE && visit(type, 0)
      },
      { base: 'hex' },
    ),
    computed('uint16', 'eth.len', 'Length of the data in 802.3', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + HEADER_LENGTH > packet.layerEnd[layer]) return false
      const type = read16(packet.bytes, at + TYPE)
      return type <= MAX_LENGTH && visit(type, 0)
    }),
  ],
  usesEthertype: (packet, at) => read16(packet.bytes, at + TYPE) >= MIN_ETHERTYPE,

  /** Hot. */
  decode(packet, at) {
    packet.enter(ETHERNET, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(ETHERNET)
    packet.payload = at + HEADER_LENGTH
    const type = read16(packet.bytes, at + TYPE)
    if (type >= MIN_ETHERTYPE) return byEthertype[type] || DATA
    if (type > MAX_LENGTH) return DATA
    packet.limit(at + HEADER_LENGTH + type)
    if (packet.payload + 2 <= packet.end && read16(packet.bytes, packet.payload) === RAW_IPX) return DATA
    return LLC
  },
}
