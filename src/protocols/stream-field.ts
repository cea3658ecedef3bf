/** `tcp.stream`, `udp.stream`: Wireshark's number of the conversation, which `flow/streams.ts` has put beside the layer. */
import { computed, type Field } from './field.ts'

export function streamField(name: string): Field {
  return computed(
    'uint32',
    name,
    'Stream index; number of the conversation, from 0',
    (packet, layer, visit) => packet.layerStream[layer] >= 0 && visit(packet.layerStream[layer], 0),
    { need: 'streams' },
  )
}
