/** Decoding one packet: from its link type, layer by layer, until nothing follows. */
import { MAX_LAYERS, NONE, type Packet, REJECTED } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { byLinkType } from './handoff.ts'
import { decoders } from './index.ts'
import { decodePlain, NOT_PLAIN } from './plain.ts'
import { UNKNOWN_LINK } from './unknown-link.ts'

/** A decoder may enter this many layers before the loop looks again. */
const LAYERS_PER_DECODER = 4

/** Hot: fills the packet's layer table. Never throws, whatever the octets. */
export function decode(packet: Packet): void {
  packet.begin()
  const first = byLinkType[packet.linkType & 0xffff] || UNKNOWN_LINK
  const next = first === ETHERNET ? decodePlain(packet) : NOT_PLAIN
  if (next !== NONE) decodeLayers(packet, next === NOT_PLAIN ? first : next)
}

/** Hot: enters the layers from protocol `first` on. */
export function decodeLayers(packet: Packet, first: number): void {
  let next = first
  while (next > NONE && packet.layerCount <= MAX_LAYERS - LAYERS_PER_DECODER)
    next = decoders[next](packet, packet.payload)
  if (next === NONE) return
  // A layer below handed over what is not that protocol's, as UDP encapsulation does with what need not be IKE.
  if (next !== REJECTED) packet.malformed(packet.layerProtocol[packet.layerCount - 1])
  else if (packet.payload < packet.end) decoders[DATA](packet, packet.payload)
}
