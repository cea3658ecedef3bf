/** What decoders ask of the TCP or UDP layer that carries them. */
import { read16 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { TCP } from '../tcp.ts'
import { UDP } from '../udp.ts'

/** The TCP or UDP layer that carries layer `layer`; -1 if there is none. */
function transportBelow(packet: Packet, layer: number): number {
  for (let below = layer - 1; below >= 0; below--)
    if (packet.layerProtocol[below] === TCP || packet.layerProtocol[below] === UDP) return below
  return -1
}

/** Hot: whether layer `layer` goes to one of `ports`, and so to a server. */
export function goesTo(packet: Packet, layer: number, ports: readonly number[]): boolean {
  const transport = transportBelow(packet, layer)
  return transport >= 0 && ports.includes(read16(packet.bytes, packet.layerAt[transport] + 2))
}
