/** mDNS: Multicast DNS, RFC 6762. The messages are those of DNS; the upper bit of a class has a meaning of its own. */
import { type Protocol, protocolId } from '../protocol.ts'
import { decodeDns } from './dns/decode.ts'
import { dnsFields } from './dns/fields.ts'
import { DNS } from './dns.ts'

export const MDNS = protocolId('mdns')

export const mdns: Protocol = {
  id: MDNS,
  name: 'mdns',
  title: 'Multicast Domain Name System',
  need: 'dissection',
  carriedBy: { 'udp.application': 5353 },
  fields: dnsFields('mdns'),

  /** Hot. */
  decode(packet, at) {
    return decodeDns(packet, at, MDNS, DNS)
  },
}
