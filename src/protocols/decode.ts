/** Decoding one packet: from its link type, layer by layer, until nothing follows. */
import { MAX_LAYERS, NONE, type Packet } from '../packet/packet.ts'
import { ETHERNET, ethernet } from './ethernet.ts'
import { byLinkType } from './handoff.ts'
import { decoders } from './index.ts'
import { IPV4, ipv4 } from './ipv4.ts'
import { TCP, tcp } from './tcp.ts'
import { UNKNOWN_LINK } from './unknown-link.ts'

/** A decoder may enter this many layers before the loop looks again. */
const LAYERS_PER_DECODER = 4

/** Hot: fills the packet's layer table. Never throws, whatever the octets. */
export function decode(packet: Packet): void {
  packet.begin()
  let next = byLinkType[packet.linkType & 0xffff] || UNKNOWN_LINK
  // Most packets: called by their names, the three are compiled into one; a call by way of the table V8 cannot see through.
  if (next === ETHERNET) next = ethernet.decode(packet, packet.payload)
  if (next === IPV4) next = ipv4.decode(packet, packet.payload)
  if (next === TCP) next = tcp.decode(packet, packet.payload)
  while (next !== NONE && packet.layerCount <= MAX_LAYERS - LAYERS_PER_DECODER)
    next = decoders[next](packet, packet.payload)
  if (next !== NONE) packet.malformed(packet.layerProtocol[packet.layerCount - 1])
}
