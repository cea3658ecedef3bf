/**
 * Frame Relay: ITU-T Q.922 annex A, with multiprotocol encapsulation (RFC 2427 §3). LINKTYPE_FRELAY.
 *
 *    0                                         octets
 *  0 | DLCI (6 bits) | C/R | EA |
 *  1 | DLCI (4 bits) | FECN | BECN | DE | EA |   more octets while EA is 0
 *  2 | control | [padding] | NLPID | data ...    or, with Cisco's encapsulation: | protocol (2) | data ...
 */
import { read16, read24 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { nextByChdlcProtocol } from './chdlc.ts'
import { DATA } from './data.ts'
import { computed } from './field.ts'
import { byEthertype, byFrameRelayNlpid, MIN_ETHERTYPE } from './handoff.ts'
import { nextByNlpid } from './osi.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const FRAME_RELAY = protocolId('fr')

/** Extended address bit: set in the last octet of the address (Q.922 §3.3.1). */
const LAST_OCTET = 0x01
/** D/C bit: the last octet of a longer address is no part of the identifier (Q.922 §3.3.7). */
const DL_CORE_CONTROL = 0x02
const MIN_ADDRESS_LENGTH = 2
const MAX_ADDRESS_LENGTH = 4

// Control field (Q.922 §3.4): any unnumbered frame but XID carries an identifier, as Wireshark has it.
const FORMAT_MASK = 0x03
const UNNUMBERED = 0x03
const XID = 0xaf

/** Padding before the identifier, for alignment (RFC 2427 §3). */
const NLPID_PADDING = 0x00
/** SNAP follows the identifier (RFC 2427 §4.1). */
const NLPID_SNAP = 0x80
const SNAP_LENGTH = 5

const ENCAPSULATED_ETHERNET = 0x000000
const IEEE_8021 = 0x0080c2
const BRIDGED_ETHERNET_WITH_FCS = 0x0001
const BRIDGED_ETHERNET = 0x0007

/** EtherType of a whole Ethernet frame. */
const ETHERNET_FRAME = 0x6558
const ETHERNET_HEADER_LENGTH = 14
const ETHERNET_TYPE = 12
const ETHERNET_MAX_LENGTH = 1500

/** Octets of the address; 0 if it does not end where it must, -1 if the capture ends within it. */
function addressLength(packet: Packet, at: number, end: number): number {
  for (let length = 1; length <= MAX_ADDRESS_LENGTH; length++) {
    if (at + length > end) return -1
    if ((packet.bytes[at + length - 1] & LAST_OCTET) !== 0) return length < MIN_ADDRESS_LENGTH ? 0 : length
  }
  return 0
}

/** The data link connection identifier of an address of `length` octets: 6, 4, 7 and 6 bits of its octets. */
function connection(bytes: Uint8Array, at: number, length: number): number {
  let dlci = ((bytes[at] >> 2) << 4) | (bytes[at + 1] >> 4)
  if (length > 3) dlci = (dlci << 7) | (bytes[at + 2] >> 1)
  const last = bytes[at + length - 1]
  if (length > 2 && (last & DL_CORE_CONTROL) === 0) dlci = (dlci << 6) | (last >> 2)
  return dlci
}

export const frameRelay: Protocol = {
  id: FRAME_RELAY,
  name: 'fr',
  title: 'Frame Relay',
  carriedBy: { linktype: 107, 'gre.proto': 0x6559, 'sll.hatype': 770 },
  fields: [
    computed('uint32', 'fr.dlci', 'Data link connection identifier', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      const length = addressLength(packet, at, packet.layerEnd[layer])
      return length > 0 && visit(connection(packet.bytes, at, length), 0)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(FRAME_RELAY, at)
    const bytes = packet.bytes
    const length = addressLength(packet, at, packet.end)
    if (length < 0) return packet.truncated(FRAME_RELAY)
    if (length === 0) return packet.malformed(FRAME_RELAY)
    const control = at + length
    packet.payload = control
    if (control >= packet.end) return NONE
    if ((bytes[control] & FORMAT_MASK) === UNNUMBERED && bytes[control] !== XID) return decodeNlpid(packet, control + 1)
    if (connection(bytes, at, length) === 0 || bytes[control] === XID) return DATA
    return decodeOther(packet, control)
  },
}

/** Hot: RFC 2427 §3. */
function decodeNlpid(packet: Packet, at: number): number {
  const bytes = packet.bytes
  if (at < packet.end && bytes[at] === NLPID_PADDING) at++
  packet.payload = at
  if (at >= packet.end) return NONE
  if (bytes[at] !== NLPID_SNAP) return byFrameRelayNlpid[bytes[at]] || nextByNlpid(bytes[at], at, packet) || DATA
  at++
  if (packet.end - at < SNAP_LENGTH) return packet.truncated(FRAME_RELAY)
  packet.payload = at + SNAP_LENGTH
  const organization = read24(bytes, at)
  const protocol = read16(bytes, at + 3)
  if (organization === ENCAPSULATED_ETHERNET) return byEthertype[protocol] || DATA
  if (organization === IEEE_8021 && (protocol === BRIDGED_ETHERNET || protocol === BRIDGED_ETHERNET_WITH_FCS))
    return byEthertype[ETHERNET_FRAME]
  return DATA
}

/** Hot: Cisco's encapsulation, a control field of two octets, or a plain Ethernet frame: what it looks like, as in Wireshark. */
function decodeOther(packet: Packet, at: number): number {
  if (packet.end - at < 2) return DATA
  const next = nextByChdlcProtocol(read16(packet.bytes, at))
  if (next !== NONE) {
    packet.payload = at + 2
    return next
  }
  // An information or supervisory frame: its control field has two octets, and Wireshark knows it by a zero in the second.
  if (packet.bytes[at] !== 0 && packet.bytes[at + 1] === 0) return decodeNlpid(packet, at + 2)
  if (packet.end - at >= ETHERNET_HEADER_LENGTH) {
    const type = read16(packet.bytes, at + ETHERNET_TYPE)
    if (type <= ETHERNET_MAX_LENGTH || (type >= MIN_ETHERTYPE && byEthertype[type] !== NONE))
      return byEthertype[ETHERNET_FRAME]
  }
  return DATA
}
