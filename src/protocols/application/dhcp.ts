/** DHCP: Dynamic Host Configuration Protocol, RFC 2131, and BOOTP, RFC 951. Drawing: dhcp/message.ts. Options: RFC 2132. */
import { NONE } from '../../packet/packet.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { dhcpFields } from './dhcp/fields.ts'
import { isWhole } from './dhcp/message.ts'

export const DHCP = protocolId('dhcp')

export const dhcp: Protocol = {
  id: DHCP,
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': [67, 68, 4011] },
  fields: dhcpFields,

  /** Hot. */
  decode(packet, at) {
    packet.enter(DHCP, at)
    packet.payload = packet.end
    return isWhole(packet, packet.layerCount - 1) ? NONE : packet.truncated(DHCP)
  },
}
