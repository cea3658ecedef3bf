/** XMPP: RFC 6120. Named only; a message is waited for until its last tag is closed. */
import { NONE, ONE_MORE_SEGMENT } from '../../packet/packet.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const XMPP = protocolId('xmpp')

const SPACE = 0x20
const TAG_END = 0x3e

export const xmpp: Protocol = {
  id: XMPP,
  name: 'xmpp',
  title: 'XMPP Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': 5222 },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    const { bytes } = packet
    let last = packet.end - 1
    while (last > at && bytes[last] <= SPACE) last--
    if (packet.canReassemble && bytes[last] !== TAG_END) return packet.incomplete(ONE_MORE_SEGMENT)
    packet.enter(XMPP, at)
    packet.payload = packet.end
    return NONE
  },
}
