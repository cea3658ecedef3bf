/**
 * DNS: Domain Name System, RFC 1035. Drawing and names: dns/message.ts, dns/name.ts.
 * Extensions: RFC 2136 (dynamic update), RFC 6891 (EDNS), RFC 4034 and RFC 5155 (DNSSEC), RFC 9460 (service bindings).
 */
import { read16 } from '../../packet/bytes.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { decodeDns, looksLikeDns } from './dns/decode.ts'
import { dnsFields } from './dns/fields.ts'
import { PREFIX_LENGTH } from './dns/message.ts'

export const DNS = protocolId('dns')

export const dns: Protocol = {
  id: DNS,
  name: 'dns',
  title: 'Domain Name System',
  need: 'dissection',
  carriedBy: { 'udp.application': 53, 'tcp.application': [53, 5353] },
  messages: { headerLength: PREFIX_LENGTH, length: (bytes, at) => PREFIX_LENGTH + read16(bytes, at) },
  looksLike: { udp: looksLikeDns },
  fields: dnsFields('dns'),

  /** Hot. */
  decode(packet, at) {
    return decodeDns(packet, at, DNS, DNS)
  },
}
