/**
 * A link type that pcapx does not decode. The packet is counted all the same, under the link type's own name, so that
 * nothing is dropped in silence.
 */
import { NONE } from '../packet/packet.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const UNKNOWN_LINK = protocolId('unknown_link')

export const unknownLink: Protocol = {
  id: UNKNOWN_LINK,
  name: 'unknown_link',
  title: 'Unknown link type',
  fields: [],

  /** Hot. Reports show `linkTypeName(packet.linkType)` for this layer. */
  decode(packet, at) {
    packet.enter(UNKNOWN_LINK, at)
    packet.payload = packet.end
    return NONE
  },
}
