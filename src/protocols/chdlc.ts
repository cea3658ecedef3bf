/**
 * Cisco HDLC, as its licensees document it; LINKTYPE_C_HDLC.
 *
 *    0         1         2          4   octets
 *  0 | address | control | protocol | data ...
 */
import { read16 } from '../packet/bytes.ts'
import { NONE } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { u8, u16 } from './field.ts'
import { byChdlcProtocol, byEthertype } from './handoff.ts'
import { OSI } from './osi.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const CHDLC = protocolId('chdlc')

/** Octets before the data. */
const HEADER_LENGTH = 4

// Octets from the first octet of this header.
const ADDRESS = 0
const CONTROL = 1
const PROTOCOL = 2

/** OSI network layer; an octet of padding may stand before it. */
const OSI_PROTOCOL = 0xfefe
const OSI_PADDING = 0x03

/** Hot: what follows a Cisco HDLC protocol number, 0 if it is unknown. Not all EtherTypes count: ARP, say, is absent. */
export function nextByChdlcProtocol(protocol: number): number {
  switch (protocol) {
    case 0x0800: // IPv4
    case 0x86dd: // IPv6
    case 0x8847: // MPLS
    case 0x8848:
    case 0x6558: // Ethernet
      return byEthertype[protocol]
    default:
      return byChdlcProtocol[protocol]
  }
}

export const chdlc: Protocol = {
  id: CHDLC,
  name: 'chdlc',
  title: 'Cisco HDLC',
  carriedBy: { linktype: 104 },
  fields: [
    u8('chdlc.address', ADDRESS, 'Address: 0x0f to one, 0x8f to all', { base: 'hex' }),
    u8('chdlc.control', CONTROL, 'Control: 0', { base: 'hex' }),
    u16('chdlc.protocol', PROTOCOL, 'Protocol of the data', { base: 'hex' }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(CHDLC, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(CHDLC)
    packet.payload = at + HEADER_LENGTH
    if (packet.payload >= packet.end) return packet.payload < packet.wireEnd ? packet.truncated(CHDLC) : NONE
    const protocol = read16(packet.bytes, at + PROTOCOL)
    if (protocol === OSI_PROTOCOL) {
      if (packet.bytes[packet.payload] === OSI_PADDING) packet.payload++
      return OSI
    }
    return nextByChdlcProtocol(protocol) || DATA
  },
}
