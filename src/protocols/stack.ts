/** The layers of a packet as text: the value of `frame.protocols`. */
import type { Packet } from '../packet/packet.ts'
import { registered } from './protocol.ts'

/** The pseudo-layer that Wireshark writes where it looks up an EtherType. */
const ETHERTYPE = 'ethertype'

/** `eth:ethertype:ip:tcp`: the layers' names from the outermost to the innermost; empty if there are none. */
export function formatStack(packet: Packet): string {
  let text = ''
  for (let layer = 0; layer < packet.layerCount; layer++) {
    const protocol = registered[packet.layerProtocol[layer]]
    if (protocol === undefined || packet.layerRepeats[layer] !== 0) continue
    if (layer > 0) text += ':'
    text += protocol.name
    if (
      layer + 1 < packet.layerCount &&
      protocol.usesEthertype?.(packet, packet.layerAt[layer], packet.layerEnd[layer])
    )
      text += `:${ETHERTYPE}`
  }
  return text
}
