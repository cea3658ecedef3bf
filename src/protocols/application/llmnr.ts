/** LLMNR: Link-Local Multicast Name Resolution, RFC 4795. The messages are those of DNS, with flags of its own. */
import { type Protocol, protocolId } from '../protocol.ts'
import { decodeDns } from './dns/decode.ts'
import { dnsFields } from './dns/fields.ts'
import { DNS } from './dns.ts'

export const LLMNR = protocolId('llmnr')

export const llmnr: Protocol = {
  id: LLMNR,
  name: 'llmnr',
  title: 'Link-local Multicast Name Resolution',
  need: 'dissection',
  carriedBy: { 'udp.application': 5355 },
  fields: dnsFields('llmnr'),

  /** Hot. */
  decode(packet, at) {
    return decodeDns(packet, at, LLMNR, DNS)
  },
}
