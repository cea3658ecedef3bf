/** LLC: IEEE 802.2. Placeholder. */
import { NONE } from '../packet/packet.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const LLC = protocolId('llc')

export const llc: Protocol = {
  id: LLC,
  name: 'llc',
  title: 'Logical-Link Control',
  fields: [],
  decode(packet, at) {
    packet.enter(LLC, at)
    return NONE
  },
}
