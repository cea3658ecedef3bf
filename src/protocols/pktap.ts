/**
 * Apple's packet tap: which interface and process a packet belongs to. LINKTYPE_PKTAP; older systems wrote it under
 * LINKTYPE_USER2, as Wireshark expects. Little-endian.
 *
 *    0             4            8           octets
 *  0 | length      | next       | link type |
 * 12 | interface name (24) ...
 */
import { read32le } from '../packet/bytes.ts'
import { NONE } from '../packet/packet.ts'
import { computed } from './field.ts'
import { USER_DLT } from './named.ts'
import { enterLinkData } from './ppi.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { visitText } from './text.ts'

export const PKTAP = protocolId('pktap')

/** The smallest legal header. */
const MIN_HEADER_LENGTH = 108

// Octets from the first octet of this header.
const LENGTH = 0
const NEXT = 4
const LINK_TYPE = 8
const INTERFACE = 12
const INTERFACE_LENGTH = 24

/** What follows this header is a packet. */
const NEXT_PACKET = 1

const LINKTYPE_USER2 = 149
const LINKTYPE_PKTAP = 258

export const pktap: Protocol = {
  id: PKTAP,
  name: 'pktap',
  title: 'PKTAP packet header',
  carriedBy: { linktype: [LINKTYPE_USER2, LINKTYPE_PKTAP] },
  fields: [
    computed('string', 'pktap.ifname', 'Interface', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + INTERFACE
      return at + INTERFACE_LENGTH <= packet.layerEnd[layer] && visitText(packet.bytes, at, INTERFACE_LENGTH, visit)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    if (packet.layerCount === 0 && packet.linkType === LINKTYPE_USER2) packet.enter(USER_DLT, at)
    packet.enter(PKTAP, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(PKTAP)
    const length = read32le(packet.bytes, at + LENGTH)
    if (length < MIN_HEADER_LENGTH) return packet.malformed(PKTAP)
    if (at + length > packet.end) return packet.truncated(PKTAP)
    packet.payload = at + length
    if (read32le(packet.bytes, at + NEXT) !== NEXT_PACKET) return NONE
    return enterLinkData(packet, read32le(packet.bytes, at + LINK_TYPE))
  },
}
