/**
 * IP over InfiniBand: RFC 4391 §6, behind the two addresses that libpcap puts before it. LINKTYPE_IPOIB.
 *
 *    0                       20                 40     42         44    octets
 *  0 | destination address   | source address   | type | reserved | data ...
 */
import { read16 } from '../packet/bytes.ts'
import { NONE } from '../packet/packet.ts'
import { u16 } from './field.ts'
import { byEthertype } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const IPOIB = protocolId('ipoib')

const HEADER_LENGTH = 44
/** Octets from the first octet of this header. */
const TYPE = 40

export const ipoib: Protocol = {
  id: IPOIB,
  name: 'ipoib',
  title: 'IP over Infiniband',
  carriedBy: { linktype: 242 },
  fields: [u16('ipoib.type', TYPE, 'EtherType of the data', { base: 'hex' })],

  /** Hot. Wireshark shows nothing behind a type that it does not know. */
  decode(packet, at) {
    packet.enter(IPOIB, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(IPOIB)
    packet.payload = at + HEADER_LENGTH
    return byEthertype[read16(packet.bytes, at + TYPE)] || NONE
  },
}
