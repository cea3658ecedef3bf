/**
 * VLAN tag: IEEE 802.1Q §9.6 (C-TAG). Wireshark calls so what follows TPID 0x8100 and the older 0x9100.
 *
 *    0                            2            octets
 *  0 | priority | DEI | VLAN id   | type/length |
 *  4 |      data ...
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { bits, computed, flag } from './field.ts'
import { byEthertype } from './handoff.ts'
import { LLC } from './llc.ts'
import { IPX } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const VLAN = protocolId('vlan')

/** Octets before the data. */
export const HEADER_LENGTH = 4

// Octets from the first octet of this header.
const TAG = 0
const TYPE = 2

// Bits of the tag control information (IEEE 802.1Q §9.6).
const PRIORITY_MASK = 0xe000
const DEI_MASK = 0x1000
const ID_MASK = 0x0fff

/** A type field no larger than this is a length (IEEE 802.3 §3.2.6). */
const MAX_LENGTH = 1500

/** Novell's raw 802.3 puts IPX, which starts with this checksum, where LLC belongs. */
const RAW_IPX = 0xffff

/** The type/length field, or -1 if it was not captured. */
function typeOf(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  return at + HEADER_LENGTH > packet.layerEnd[layer] ? -1 : read16(packet.bytes, at + TYPE)
}

export const vlan: Protocol = {
  id: VLAN,
  name: 'vlan',
  title: '802.1Q Virtual LAN',
  carriedBy: { ethertype: [0x8100, 0x9100] },
  fields: [
    bits('uint16', 'vlan.priority', TAG, 2, PRIORITY_MASK, 'Priority code point'),
    flag('vlan.dei', TAG, 2, DEI_MASK, 'Drop eligible'),
    bits('uint16', 'vlan.id', TAG, 2, ID_MASK, 'VLAN identifier; 0 if the tag only carries a priority'),
    computed(
      'uint16',
      'vlan.etype',
      'Protocol of the data',
      (packet, layer, visit) => {
        const type = typeOf(packet, layer)
        return type > MAX_LENGTH && visit(type, 0)
      },
      { base: 'hex' },
    ),
    computed('uint16', 'vlan.len', 'Length of the data in 802.3', (packet, layer, visit) => {
      const type = typeOf(packet, layer)
      return type >= 0 && type <= MAX_LENGTH && visit(type, 0)
    }),
  ],
  usesEthertype: (packet, at, end) => at + HEADER_LENGTH <= end && read16(packet.bytes, at + TYPE) > MAX_LENGTH,

  /** Hot. */
  decode(packet, at) {
    packet.enter(VLAN, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(VLAN)
    const bytes = packet.bytes
    packet.payload = at + HEADER_LENGTH
    const type = read16(bytes, at + TYPE)
    // Unlike Ethernet's own decoder, Wireshark's looks up the types between 1501 and 1535 too.
    if (type > MAX_LENGTH) return byEthertype[type] || DATA
    packet.limit(at + HEADER_LENGTH + type)
    if (packet.payload + 2 <= packet.end && read16(bytes, packet.payload) === RAW_IPX) return IPX
    return LLC
  },
}
