/** Decoding one packet: from its link type, layer by layer, until nothing follows. */
import { MAX_LAYERS, NONE, type Packet } from '../packet/packet.ts'
import { byLinkType } from './handoff.ts'
import { decoders } from './index.ts'
import { UNKNOWN_LINK } from './unknown-link.ts'

/** A decoder may enter this many layers before the loop looks again. */
const LAYERS_PER_DECODER = 4

/** Hot: fills the packet's layer table. Never throws, whatever the octets. */
export function decode(packet: Packet): void {
  packet.begin()
  let next = byLinkType[packet.linkType & 0xffff] || UNKNOWN_LINK
  do {
    next = decoders[next](packet, packet.payload)
  } while (next !== NONE && packet.layerCount <= MAX_LAYERS - LAYERS_PER_DECODER)
  if (next !== NONE) packet.malformed(packet.layerProtocol[packet.layerCount - 1])
}
