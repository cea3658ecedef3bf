/**
 * Provider bridge tag: IEEE 802.1ad, now IEEE 802.1Q §9.6 (S-TAG). A second S-TAG right behind the first belongs to the
 * same layer, as in Wireshark.
 *
 *    0                            2      octets
 *  0 | priority | DEI | VLAN id   | type |
 *  4 |      data ...
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { behindPayload, trailerFields } from './ethernet-trailer.ts'
import { etherTypeNames } from './ethertype-names.ts'
import { computed, type Field } from './field.ts'
import { byEthertype } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const IEEE8021AD = protocolId('ieee8021ad')

const TAG_LENGTH = 4

// Octets from the first octet of a tag.
const TAG = 0
const TYPE = 2

// Bits of the tag control information.
const PRIORITY_SHIFT = 13
const DEI_SHIFT = 12
const ID_MASK = 0x0fff

const S_TAG_TYPE = 0x88a8

/** How many tags the layer has: 1 or 2; 0 if none is whole. */
function tagCount(packet: Packet, at: number, end: number): number {
  if (end - at < TAG_LENGTH) return 0
  return read16(packet.bytes, at + TYPE) === S_TAG_TYPE && end - at >= 2 * TAG_LENGTH ? 2 : 1
}

/** A part of each tag of the layer. */
function ofEachTag(name: string, description: string, part: (tag: number) => number): Field {
  return computed('uint16', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    const count = tagCount(packet, at, packet.layerEnd[layer])
    for (let i = 0; i < count; i++) if (visit(part(read16(packet.bytes, at + i * TAG_LENGTH + TAG)), 0)) return true
    return false
  })
}

/** The VLAN identifier of tag `index`, in a layer of `count` tags. */
function idOf(name: string, description: string, index: number, count: number): Field {
  return computed('uint16', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (tagCount(packet, at, packet.layerEnd[layer]) !== count) return false
    return visit(read16(packet.bytes, at + index * TAG_LENGTH + TAG) & ID_MASK, 0)
  })
}

export const ieee8021ad: Protocol = {
  id: IEEE8021AD,
  name: 'ieee8021ad',
  title: 'IEEE 802.1ad',
  carriedBy: { ethertype: S_TAG_TYPE },
  fields: [
    ofEachTag('ieee8021ad.priority', 'Priority; code point', (tag) => tag >> PRIORITY_SHIFT),
    ofEachTag('ieee8021ad.dei', 'DEI; drop eligible', (tag) => (tag >> DEI_SHIFT) & 1),
    idOf('ieee8021ad.id', 'ID; VLAN of a single tag', 0, 1),
    idOf('ieee8021ad.svid', 'ID; VLAN of the outer of two tags', 0, 2),
    idOf('ieee8021ad.cvid', 'ID; VLAN of the inner of two tags', 1, 2),
    // Wireshark's name for it, though this is 802.1ad.
    computed(
      'uint16',
      'ieee8021ah.etype',
      'Type; protocol of the data',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        const count = tagCount(packet, at, packet.layerEnd[layer])
        return count > 0 && visit(read16(packet.bytes, at + (count - 1) * TAG_LENGTH + TYPE), 0)
      },
      { base: 'hex', values: etherTypeNames },
    ),
    ...trailerFields(behindPayload, 'ieee8021ah.trailer', 'Trailer'),
  ],
  usesEthertype: (_packet, at, end) => at + TAG_LENGTH <= end,

  /** Hot. */
  decode(packet, at) {
    packet.enter(IEEE8021AD, at)
    const count = tagCount(packet, at, packet.end)
    if (count === 0) return packet.truncated(IEEE8021AD)
    const last = at + (count - 1) * TAG_LENGTH
    packet.payload = last + TAG_LENGTH
    return byEthertype[read16(packet.bytes, last + TYPE)] || DATA
  },
}
