/** T.38: fax over UDP, ITU-T T.38; it is where a session description has announced it. Named, not decoded. */
import { NONE } from '../../../packet/packet.ts'
import { type Protocol, protocolId } from '../../protocol.ts'

export const T38 = protocolId('t38')

export const t38: Protocol = {
  id: T38,
  name: 't38',
  title: 'T.38',
  need: 'dissection',
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(T38, at)
    packet.payload = packet.end
    return NONE
  },
}
