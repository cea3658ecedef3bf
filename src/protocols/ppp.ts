/**
 * PPP: RFC 1661 §2, in HDLC-like framing (RFC 1662 §3.1) or without, as its carriers have it.
 *
 *    0         1         2          octets
 *  0 | 0xff    | 0x03    | protocol | data ...
 *
 * Address and control may be absent (RFC 1661 §6.6), and a protocol below 256 may have one octet (§6.5).
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { CHDLC } from './chdlc.ts'
import { DATA } from './data.ts'
import { computed } from './field.ts'
import { byEthertype, byPppProtocol } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const PPP = protocolId('ppp')

/** Address (RFC 1662 §3.1) and control: all stations, unnumbered information. */
const ALL_STATIONS = 0xff
const FRAMING_LENGTH = 2

// Addresses of Cisco HDLC, which captures of serial lines mix with PPP.
const CHDLC_UNICAST = 0x0f
const CHDLC_MULTICAST = 0x8f

/** The last octet of a protocol number is odd, all before it are even (RFC 1661 §2). */
const LAST_OCTET = 0x01

// EtherTypes that Wireshark takes in place of a PPP protocol.
const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd

const LINKTYPE_PPP = 9
const LINKTYPE_PPP_HDLC = 50
const LINKTYPE_PPP_PPPD = 166
const LINKTYPE_PPP_WITH_DIR = 204

/** First octet of the protocol number. */
function protocolAt(packet: Packet, at: number, end: number): number {
  return at < end && packet.bytes[at] === ALL_STATIONS ? at + FRAMING_LENGTH : at
}

export const ppp: Protocol = {
  id: PPP,
  name: 'ppp',
  title: 'Point-to-Point Protocol',
  carriedBy: {
    linktype: [LINKTYPE_PPP, LINKTYPE_PPP_HDLC, LINKTYPE_PPP_PPPD, LINKTYPE_PPP_WITH_DIR],
    'gre.proto': 0x880b,
    'sll.ltype': 7,
    osinl: 0xcf,
  },
  fields: [
    computed(
      'uint8',
      'ppp.address',
      'Address: all stations',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        return at < packet.layerEnd[layer] && packet.bytes[at] === ALL_STATIONS && visit(ALL_STATIONS, 0)
      },
      { base: 'hex' },
    ),
    computed(
      'uint8',
      'ppp.control',
      'Control: unnumbered information',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        if (at + 1 >= packet.layerEnd[layer] || packet.bytes[at] !== ALL_STATIONS) return false
        return visit(packet.bytes[at + 1], 0)
      },
      { base: 'hex' },
    ),
    computed(
      'uint16',
      'ppp.protocol',
      'Protocol of the data',
      (packet, layer, visit) => {
        const end = packet.layerEnd[layer]
        const at = protocolAt(packet, packet.layerAt[layer], end)
        if (at >= end) return false
        if ((packet.bytes[at] & LAST_OCTET) !== 0) return visit(packet.bytes[at], 0)
        return at + 2 <= end && visit(read16(packet.bytes, at), 0)
      },
      { base: 'hex' },
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    const bytes = packet.bytes
    if (packet.layerCount === 0 && packet.linkType !== LINKTYPE_PPP) at = skipDirection(packet, at)
    if (packet.layerCount === 0 && at < packet.end && (bytes[at] === CHDLC_UNICAST || bytes[at] === CHDLC_MULTICAST)) {
      // Wireshark shows a `ppp` layer without fields: hence its place at the end.
      packet.enter(PPP, packet.end)
      packet.payload = at
      return CHDLC
    }
    packet.enter(PPP, at)
    at = protocolAt(packet, at, packet.end)
    if (at >= packet.end) return packet.truncated(PPP)
    let protocol = bytes[at]
    if ((protocol & LAST_OCTET) === 0) {
      if (packet.end - at < 2) return packet.truncated(PPP)
      protocol = read16(bytes, at)
      at++
    }
    packet.payload = at + 1
    if (protocol === IPV4_TYPE || protocol === IPV6_TYPE) return byEthertype[protocol]
    return byPppProtocol[protocol] || DATA
  },
}

/** Two link types start with an octet that says which way the packet went; with pppd it stands where the address would. */
function skipDirection(packet: Packet, at: number): number {
  if (packet.linkType === LINKTYPE_PPP_WITH_DIR) return at + 1
  if (packet.linkType === LINKTYPE_PPP_PPPD) return at + FRAMING_LENGTH
  return at
}
