/**
 * BSD loopback: LINKTYPE_NULL (the writer's byte order) and LINKTYPE_LOOP (network order).
 *
 *    0                 4    octets
 *  0 | address family  | data ...
 */
import { read16, read32, read32le } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { computed } from './field.ts'
import { byEthertype } from './handoff.ts'
import { DDP, IPX } from './named.ts'
import { OSI } from './osi.ts'
import { PPP } from './ppp.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const NULL = protocolId('null')

/** Octets before the data. */
const HEADER_LENGTH = 4

const LINKTYPE_NULL = 0
const LINKTYPE_LOOP = 108

/** Address and control of PPP: some systems put PPP under this link type. */
const PPP_FRAMING = 0xff03

/** A larger number is an EtherType, not an address family. */
const MAX_FAMILY = 1500

// Address families. IPv6 has one for each BSD.
const FAMILY_IPV4 = 2
const FAMILY_OSI = 7
const FAMILY_APPLETALK = 16
const FAMILY_IPX = 23
const FAMILY_IPV6_BSD = 24
const FAMILY_IPV6_FREEBSD = 28
const FAMILY_IPV6_DARWIN = 30

const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd

function isPpp(packet: Packet, at: number): boolean {
  return packet.linkType !== LINKTYPE_LOOP && read16(packet.bytes, at) === PPP_FRAMING
}

/** The address family, or an EtherType, whichever way round it was written: nothing says which. */
function familyOf(packet: Packet, at: number): number {
  if (packet.linkType === LINKTYPE_LOOP) return read32(packet.bytes, at)
  const little = read32le(packet.bytes, at)
  if (little > 0xffff) {
    // A 16-bit family in the upper half, or the other byte order.
    return little < 0x0006_0000 ? little >>> 16 : read32(packet.bytes, at)
  }
  // A 16-bit family in the other byte order.
  return (little & 0xff) === 0 && little < 0x0600 ? little >>> 8 : little
}

export const nullLoopback: Protocol = {
  id: NULL,
  name: 'null',
  title: 'Null/Loopback',
  carriedBy: { linktype: [LINKTYPE_NULL, LINKTYPE_LOOP] },
  fields: [
    computed('uint32', 'null.family', 'Address family', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + HEADER_LENGTH > packet.layerEnd[layer] || isPpp(packet, at)) return false
      const family = familyOf(packet, at)
      return (packet.linkType === LINKTYPE_LOOP || family <= MAX_FAMILY) && visit(family, 0)
    }),
    computed(
      'uint16',
      'null.type',
      'EtherType in place of an address family',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        if (at + HEADER_LENGTH > packet.layerEnd[layer] || isPpp(packet, at)) return false
        const family = familyOf(packet, at)
        return packet.linkType !== LINKTYPE_LOOP && family > MAX_FAMILY && visit(family & 0xffff, 0)
      },
      { base: 'hex' },
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(NULL, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(NULL)
    packet.payload = at
    if (isPpp(packet, at)) return PPP
    packet.payload = at + HEADER_LENGTH
    const family = familyOf(packet, at)
    switch (family) {
      case FAMILY_IPV4:
        return byEthertype[IPV4_TYPE]
      case FAMILY_IPV6_BSD:
      case FAMILY_IPV6_FREEBSD:
      case FAMILY_IPV6_DARWIN:
        return byEthertype[IPV6_TYPE]
      case FAMILY_OSI:
        return OSI
      case FAMILY_APPLETALK:
        return DDP
      case FAMILY_IPX:
        return IPX
      default:
        return (packet.linkType !== LINKTYPE_LOOP && family > MAX_FAMILY && byEthertype[family & 0xffff]) || DATA
    }
  },
}
