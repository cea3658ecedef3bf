/**
 * LLC: IEEE 802.2 (ISO/IEC 8802-2) §3, with SNAP: IEEE 802 §10, RFC 1042.
 *
 *    0      1      2                3 or 4      octets
 *  0 | DSAP | SSAP | control (1 or 2) | data ...
 *
 * SNAP, where DSAP and SSAP are 0xaa, in place of data:
 *
 *    0                      3            5
 *  0 | organization         | protocol   | data ...
 */
import { read16, read24 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { FDDI } from './fddi-id.ts'
import { computed, type Field, flag, u8 } from './field.ts'
import { byCiscoPid, byEthertype, byLsap } from './handoff.ts'
import { DDP, NDP, NHRP } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { STP } from './stp.ts'

export const LLC = protocolId('llc')

// Octets from the first octet of this header.
const DSAP = 0
const SSAP = 1
const CONTROL = 2

/** Octets of SNAP's organization and protocol. */
const SNAP_LENGTH = 5

/** The service access point that says that SNAP follows (IEEE 802 §10.1). */
const SNAP_LSAP = 0xaa

// Control field (IEEE 802.2 §5.2). Unnumbered formats have one octet, the others two.
const FORMAT_MASK = 0x03
const UNNUMBERED = 0x03
const INFORMATION_MASK = 0x01
const SEQUENCE_BITS = 0xfe00
const SEND_SEQUENCE_BITS = 0x00fe
/** Unnumbered information, the poll/final bit clear. */
const UI = 0x03
/** Exchange identification, the poll/final bit aside. */
const XID = 0xaf
const POLL_FINAL = 0x10
/** Format identifier of the basic exchange (IEEE 802.2 §5.4.1.1.2), which is part of this layer, and its length. */
const XID_BASIC = 0x81
const XID_BASIC_LENGTH = 3

// Organizations (IEEE OUI) whose protocol numbers are known.
const ENCAPSULATED_ETHERNET = 0x000000
const CISCO = 0x00000c
const IANA = 0x00005e
const NORTEL = 0x000081
const CISCO_90 = 0x0000f8
const APPLE_ATALK = 0x080007
const IEEE_8021 = 0x0080c2

// Protocols of those organizations.
const IANA_NHRP = 0x0003
const ATALK_DDP = 0x809b
/** SynOptics' network management: discovery of the segment, and of the flat network. */
const NORTEL_SEGMENT_HELLO = 0x01a1
const NORTEL_FLATNET_HELLO = 0x01a2
// IEEE 802.1 (RFC 2427 §4.2, RFC 2684 §5.2): bridged frames.
const BRIDGED_ETHERNET_WITH_FCS = 0x0001
const BRIDGED_ETHERNET = 0x0007
const BRIDGED_FDDI_WITH_FCS = 0x0004
const BRIDGED_FDDI = 0x000a
const BRIDGED_BPDU = 0x000e
/** Octets of padding before a bridged Ethernet frame (RFC 2684 §5.2). */
const BRIDGED_PADDING = 2
/** EtherType of a whole Ethernet frame (RFC 1701, "Transparent Ethernet Bridging"). */
const ETHERNET_FRAME = 0x6558

/** Octets of the control field. */
function controlLength(control: number): number {
  return (control & FORMAT_MASK) === UNNUMBERED ? 1 : 2
}

/** First octet of the SNAP header of layer `layer`; -1 if it has none, or not the whole. */
function snapAt(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  const bytes = packet.bytes
  if (at + CONTROL >= packet.layerEnd[layer] || bytes[at + DSAP] !== SNAP_LSAP || bytes[at + SSAP] !== SNAP_LSAP)
    return -1
  const snap = at + CONTROL + controlLength(bytes[at + CONTROL])
  return snap + SNAP_LENGTH > packet.layerEnd[layer] ? -1 : snap
}

/** The control field as a number, its second octet the higher; -1 if it was not captured. */
function controlOf(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer] + CONTROL
  if (at >= packet.layerEnd[layer]) return -1
  const control = packet.bytes[at]
  if (controlLength(control) === 1) return control
  return at + 1 >= packet.layerEnd[layer] ? -1 : control | (packet.bytes[at + 1] << 8)
}

/** SNAP's protocol number, there when `condition` holds for the organization. */
function snapProtocol(name: string, description: string, condition: (organization: number) => boolean): Field {
  return computed(
    'uint16',
    name,
    description,
    (packet, layer, visit) => {
      const at = snapAt(packet, layer)
      return at >= 0 && condition(read24(packet.bytes, at)) && visit(read16(packet.bytes, at + 3), 0)
    },
    { base: 'hex' },
  )
}

export const llc: Protocol = {
  id: LLC,
  name: 'llc',
  title: 'Logical-Link Control',
  carriedBy: { linktype: 100, ethertype: 0x8870, 'sll.ltype': 4 },
  fields: [
    u8('llc.dsap', DSAP, 'Destination service access point', { base: 'hex' }),
    flag('llc.dsap.ig', DSAP, 1, 0x01, 'Group address'),
    u8('llc.ssap', SSAP, 'Source service access point', { base: 'hex' }),
    flag('llc.ssap.cr', SSAP, 1, 0x01, 'Response, not command'),
    computed(
      'uint16',
      'llc.control',
      'Control field',
      (packet, layer, visit) => {
        const control = controlOf(packet, layer)
        return control >= 0 && visit(control, 0)
      },
      { base: 'hex' },
    ),
    computed('uint16', 'llc.control.n_r', 'Receive sequence number', (packet, layer, visit) => {
      const control = controlOf(packet, layer)
      return control >= 0 && (control & FORMAT_MASK) !== UNNUMBERED && visit((control & SEQUENCE_BITS) >> 9, 0)
    }),
    computed('uint16', 'llc.control.n_s', 'Send sequence number', (packet, layer, visit) => {
      const control = controlOf(packet, layer)
      return control >= 0 && (control & INFORMATION_MASK) === 0 && visit((control & SEND_SEQUENCE_BITS) >> 1, 0)
    }),
    computed('uint24', 'llc.oui', 'Organization that SNAP names', (packet, layer, visit) => {
      const at = snapAt(packet, layer)
      return at >= 0 && visit(read24(packet.bytes, at), 0)
    }),
    snapProtocol('llc.type', 'EtherType in SNAP', (oui) => oui === ENCAPSULATED_ETHERNET || oui === CISCO_90),
    snapProtocol('llc.cisco_pid', "Cisco's protocol number in SNAP", (oui) => oui === CISCO),
    snapProtocol('llc.iana_pid', "IANA's protocol number in SNAP", (oui) => oui === IANA),
    snapProtocol('llc.nortel_pid', "Nortel's protocol number in SNAP", (oui) => oui === NORTEL),
    snapProtocol('llc.apple_atalk_pid', "Apple's protocol number in SNAP", (oui) => oui === APPLE_ATALK),
    snapProtocol(
      'llc.pid',
      'Protocol number in SNAP of other organizations',
      (oui) =>
        oui !== ENCAPSULATED_ETHERNET &&
        oui !== CISCO_90 &&
        oui !== CISCO &&
        oui !== IANA &&
        oui !== NORTEL &&
        oui !== APPLE_ATALK,
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(LLC, at)
    const bytes = packet.bytes
    if (packet.end - at <= CONTROL) return packet.truncated(LLC)
    const control = bytes[at + CONTROL]
    packet.payload = at + CONTROL + controlLength(control)
    if (packet.payload > packet.end) return packet.truncated(LLC)
    // Wireshark takes SNAP for granted whatever the control field says.
    if (bytes[at + DSAP] === SNAP_LSAP && bytes[at + SSAP] === SNAP_LSAP) return decodeSnap(packet, packet.payload)
    if (packet.payload >= packet.wireEnd) return NONE
    // Only information has a protocol's data behind it (IEEE 802.2 §5.3).
    if ((control & INFORMATION_MASK) === 0 || control === UI) return byLsap[bytes[at + DSAP]] || DATA
    if ((control & ~POLL_FINAL) === (XID & ~POLL_FINAL)) return decodeExchange(packet, packet.payload)
    return DATA
  },
}

/** Hot: exchange identification. The basic format is LLC's own, whatever the service access points. */
function decodeExchange(packet: Packet, at: number): number {
  if (at >= packet.end || packet.bytes[at] !== XID_BASIC) return DATA
  packet.payload = packet.end
  return packet.end - at < XID_BASIC_LENGTH ? packet.truncated(LLC) : NONE
}

/** Hot. */
function decodeSnap(packet: Packet, at: number): number {
  if (packet.end - at < SNAP_LENGTH) return packet.truncated(LLC)
  const organization = read24(packet.bytes, at)
  const protocol = read16(packet.bytes, at + 3)
  packet.payload = at + SNAP_LENGTH
  switch (organization) {
    case ENCAPSULATED_ETHERNET: // RFC 1042
    case CISCO_90: // IEEE 802.1H bridge tunnel encapsulation
      return byEthertype[protocol] || DATA
    case CISCO:
      return byCiscoPid[protocol] || DATA
    case IEEE_8021:
      return decodeBridged(packet, protocol)
    case IANA:
      return protocol === IANA_NHRP ? NHRP : DATA
    case NORTEL:
      return protocol === NORTEL_SEGMENT_HELLO || protocol === NORTEL_FLATNET_HELLO ? NDP : DATA
    case APPLE_ATALK:
      return protocol === ATALK_DDP ? DDP : DATA
    default:
      return DATA
  }
}

/** Hot: frames of other links carried whole. */
function decodeBridged(packet: Packet, protocol: number): number {
  switch (protocol) {
    case BRIDGED_ETHERNET_WITH_FCS:
    case BRIDGED_ETHERNET:
      if (packet.payload + BRIDGED_PADDING > packet.end) return packet.truncated(LLC)
      packet.payload += BRIDGED_PADDING
      return byEthertype[ETHERNET_FRAME] || DATA
    case BRIDGED_FDDI_WITH_FCS:
    case BRIDGED_FDDI:
      return FDDI
    case BRIDGED_BPDU:
      return STP
    default:
      return DATA
  }
}
