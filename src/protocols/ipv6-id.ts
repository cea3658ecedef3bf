/** IPv6's number, apart from its module: IPv4 and IPv6 each hand over to the other where a carrier does not say which it is. */
import { protocolId } from './protocol.ts'

export const IPV6 = protocolId('ipv6')
