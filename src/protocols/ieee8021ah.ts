/**
 * Provider backbone bridge tag: IEEE 802.1ah, now IEEE 802.1Q §9.7 (I-TAG). Carries a whole Ethernet header.
 *
 *    0                          1                4                   octets
 *  0 | priority | DEI | UCA ... | service identifier |
 *  4 |          customer destination          |
 * 10 |             customer source            |
 * 16 |     type     |  data ...
 */
import { read16 } from '../packet/bytes.ts'
import { DATA } from './data.ts'
import { bits, ether, u16 } from './field.ts'
import { byEthertype } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const IEEE8021AH = protocolId('ieee8021ah')

/** Octets before the data. */
const HEADER_LENGTH = 18

// Octets from the first octet of this header.
const TAG = 0
const DESTINATION = 4
const SOURCE = 10
const TYPE = 16

export const ieee8021ah: Protocol = {
  id: IEEE8021AH,
  name: 'ieee8021ah',
  title: 'IEEE 802.1ah',
  carriedBy: { ethertype: 0x88e7 },
  fields: [
    bits('uint32', 'ieee8021ah.priority', TAG, 4, 0xe0000000, 'Priority code point'),
    bits('uint32', 'ieee8021ah.drop', TAG, 4, 0x10000000, 'Drop eligible'),
    bits('uint32', 'ieee8021ah.nca', TAG, 4, 0x08000000, 'No customer addresses'),
    bits('uint32', 'ieee8021ah.isid', TAG, 4, 0x00ffffff, 'Service instance identifier'),
    ether('ieee8021ah.cdst', DESTINATION, "Customer's destination address"),
    ether('ieee8021ah.csrc', SOURCE, "Customer's source address"),
    u16('ieee8021ah.etype', TYPE, 'Protocol of the data', { base: 'hex' }),
  ],
  usesEthertype: (_packet, at, end) => at + HEADER_LENGTH <= end,

  /** Hot. */
  decode(packet, at) {
    packet.enter(IEEE8021AH, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(IEEE8021AH)
    packet.payload = at + HEADER_LENGTH
    return byEthertype[read16(packet.bytes, at + TYPE)] || DATA
  },
}
