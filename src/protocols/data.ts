/** Octets that no decoder claims: Wireshark's `data`. */
import { NONE } from '../packet/packet.ts'
import { computed } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const DATA = protocolId('data')

export const data: Protocol = {
  id: DATA,
  name: 'data',
  title: 'Data',
  fields: [
    computed('bytes', 'data.data', 'Octets that nothing decodes', (packet, layer, visit) =>
      visit(packet.layerAt[layer], packet.layerEnd[layer] - packet.layerAt[layer]),
    ),
    computed('int32', 'data.len', 'How many they are, in octets', (packet, layer, visit) =>
      visit(packet.layerEnd[layer] - packet.layerAt[layer], 0),
    ),
  ],

  /** Hot. No layer is made of nothing, nor of octets that were not captured. */
  decode(packet, at) {
    if (at < packet.end) packet.enter(DATA, at)
    packet.payload = packet.end
    return NONE
  },
}
