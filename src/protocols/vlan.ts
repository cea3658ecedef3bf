/**
 * VLAN tag: IEEE 802.1Q §9.6 (C-TAG). Wireshark calls so what follows TPID 0x8100 and the older 0x9100.
 *
 *    0                            2            octets
 *  0 | priority | DEI | VLAN id   | type/length |
 *  4 |      data ...
 */
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { behindLength, behindPayload, type FindRest, findFrame, type Rest, trailerFields } from './ethernet-trailer.ts'
import { etherTypeNames } from './ethertype-names.ts'
import { absent, bits, computed, flag } from './field.ts'
import { byEthertype } from './handoff.ts'
import { LLC } from './llc.ts'
import { IPX } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const VLAN = protocolId('vlan')

/** Octets before the data. */
const HEADER_LENGTH = 4

// Octets from the first octet of this header.
const TAG = 0
const TYPE = 2

// Bits of the tag control information (IEEE 802.1Q §9.6).
const PRIORITY_MASK = 0xe000
const DEI_MASK = 0x1000
const ID_MASK = 0x0fff

/** A type field no larger than this is a length (IEEE 802.3 §3.2.6). */
const MAX_LENGTH = 1500

/** Wireshark decodes no more tags than this. */
const MAX_TAGS = 20

/** IEEE 802.1Q §I.4, as far as no tag is eligible for drop. */
const priorities = {
  0: 'Best Effort (default)',
  1: 'Background',
  2: 'Excellent Effort',
  3: 'Critical Applications',
  4: 'Video, < 100ms latency and jitter',
  5: 'Voice, < 10ms latency and jitter',
  6: 'Internetwork Control',
  7: 'Network Control',
}

/** Novell's raw 802.3 puts IPX, which starts with this checksum, where LLC belongs. */
const RAW_IPX = 0xffff

/** The type/length field, or -1 if it was not captured. */
function typeOf(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  return at + HEADER_LENGTH > packet.layerEnd[layer] ? -1 : read16(packet.bytes, at + TYPE)
}

/** Whether the type field is a length that goes past what is there. */
function isPastEnd(packet: Packet, layer: number): boolean {
  const type = typeOf(packet, layer)
  if (type < 0 || type > MAX_LENGTH) return false
  findFrame(packet, layer, frame)
  return packet.layerAt[layer] + HEADER_LENGTH + type > frame.wireEnd
}

const frame: Rest = { at: 0, end: 0, wireEnd: 0, frameAt: 0, frameWireEnd: 0, checkLength: 0 }

const behindTag: FindRest = (packet, layer, found) => {
  const type = typeOf(packet, layer)
  return type > MAX_LENGTH || type < 0
    ? behindPayload(packet, layer, found)
    : behindLength(packet, layer, packet.layerAt[layer] + HEADER_LENGTH, type, found)
}

/** Hot: the tags of a packet, up to that of `last`. */
function tagsUpTo(packet: Packet, last: number): number {
  let tags = 0
  for (let layer = 0; layer <= last; layer++) if (packet.layerProtocol[layer] === VLAN) tags++
  return tags
}

export const vlan: Protocol = {
  id: VLAN,
  name: 'vlan',
  title: '802.1Q Virtual LAN',
  carriedBy: { ethertype: [0x8100, 0x9100] },
  fields: [
    bits('uint16', 'vlan.priority', TAG, 2, PRIORITY_MASK, 'Priority; code point', { values: priorities }),
    // What DEI was until IEEE 802.1Q-2011, which the preference `vlan.version` says.
    absent('boolean', 'vlan.cfi', 'CFI'),
    flag('vlan.dei', TAG, 2, DEI_MASK, 'DEI; drop eligible'),
    bits('uint16', 'vlan.id', TAG, 2, ID_MASK, 'ID; 0 if the tag only carries a priority'),
    // Names of VLANs are looked up only if a preference asks for it.
    absent('string', 'vlan.id_name', 'Name'),
    computed(
      'uint16',
      'vlan.etype',
      'Type; protocol of the data',
      (packet, layer, visit) => {
        const type = typeOf(packet, layer)
        return type > MAX_LENGTH && visit(type, 0)
      },
      { base: 'hex', values: etherTypeNames },
    ),
    computed('uint16', 'vlan.len', 'Length; of the data in 802.3', (packet, layer, visit) => {
      const type = typeOf(packet, layer)
      return type >= 0 && type <= MAX_LENGTH && visit(type, 0)
    }),
    computed(
      'none',
      'vlan.len.past_end',
      'Length field value goes past the end of the payload',
      (packet, layer, visit) => (isPastEnd(packet, layer) ? visit(0, 0) : false),
    ),
    computed(
      'none',
      'vlan.too_many_tags',
      'Too many nested VLAN tags',
      (packet, layer, visit) => tagsUpTo(packet, layer) > MAX_TAGS && visit(0, 0),
    ),
    ...trailerFields(behindTag, 'vlan.trailer', 'Trailer'),
  ],
  usesEthertype: (packet, at, end) => at + HEADER_LENGTH <= end && read16(packet.bytes, at + TYPE) > MAX_LENGTH,

  /** Hot. */
  decode(packet, at) {
    packet.enter(VLAN, at)
    if (packet.layerCount > MAX_TAGS && tagsUpTo(packet, packet.layerCount - 1) > MAX_TAGS) return NONE
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
