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
import { etherTypeNames } from './ethertype-names.ts'
import { FDDI } from './fddi-id.ts'
import { bits, computed, type Field, flag, u8, type ValueNames } from './field.ts'
import { byCiscoPid, byEthertype, byLsap } from './handoff.ts'
import * as names from './llc/names.ts'
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
const SUPERVISORY_BITS = 0x000c
const MODIFIER_BITS = 0x00ec
const POLL_FINAL_EXTENDED = 0x0100
const RESPONSE = 0x01
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
const APPLE_AWDL = 0x0017f2
const BLUETOOTH = 0x001958
const CIMETRICS = 0x001090
const EXTREME = 0x00e02b
const FORCE10 = 0x0001e8
const FOUNDRY = 0x00e052
const HP_TEAMING = 0x00805f
const WLCCP = 0x004096
/** The mesh of One Laptop per Child: EtherTypes too. */
const MARVELL = 0x005043
/** No protocol number follows, but the Turbocell header. */
const TURBOCELL = 0x0020f6
/** Wireshark has fields of other names for their numbers. */
const WIFI_ALLIANCE = 0x506f9a

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
function snapProtocol(
  name: string,
  description: string,
  condition: (organization: number) => boolean,
  values?: ValueNames,
): Field {
  return computed(
    'uint16',
    name,
    description,
    (packet, layer, visit) => {
      const at = snapAt(packet, layer)
      return at >= 0 && condition(read24(packet.bytes, at)) && visit(read16(packet.bytes, at + 3), 0)
    },
    { base: 'hex', values },
  )
}

/** Organizations whose numbers have a field of their own. */
const ownField: ReadonlySet<number> = new Set([
  CISCO,
  IANA,
  NORTEL,
  APPLE_ATALK,
  APPLE_AWDL,
  BLUETOOTH,
  CIMETRICS,
  EXTREME,
  FORCE10,
  FOUNDRY,
  HP_TEAMING,
  WLCCP,
  WIFI_ALLIANCE,
])

function isEtherType(organization: number): boolean {
  return organization === ENCAPSULATED_ETHERNET || organization === CISCO_90 || organization === MARVELL
}

/** Hot: information, numbered or not: only then is SNAP's protocol an EtherType, says Wireshark. */
function isInformation(control: number): boolean {
  return (control & INFORMATION_MASK) === 0 || control === UI
}

function isResponse(packet: Packet, layer: number): boolean {
  return (packet.bytes[packet.layerAt[layer] + SSAP] & RESPONSE) !== 0
}

/** A part of the control field; `read` gives its value, or -1 where it is absent. */
function controlPart(
  type: Field['type'],
  name: string,
  description: string,
  read: (control: number, response: boolean) => number,
  options?: { base?: 'hex'; values?: ValueNames },
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const control = controlOf(packet, layer)
      if (control < 0) return false
      const value = read(control, isResponse(packet, layer))
      return value >= 0 && visit(value, 0)
    },
    options,
  )
}

function isUnnumbered(control: number): boolean {
  return (control & FORMAT_MASK) === UNNUMBERED
}

function isSupervisory(control: number): boolean {
  return (control & FORMAT_MASK) === INFORMATION_MASK
}

/** The poll/final bit, which Wireshark shows where it is set: as final in responses, though not in numbered information. */
function pollFinal(control: number): boolean {
  return (control & (isUnnumbered(control) ? POLL_FINAL : POLL_FINAL_EXTENDED)) !== 0
}

function isFinal(control: number, response: boolean): boolean {
  return response && (control & INFORMATION_MASK) !== 0
}

export const llc: Protocol = {
  id: LLC,
  name: 'llc',
  title: 'Logical-Link Control',
  carriedBy: { linktype: 100, ethertype: 0x8870, 'sll.ltype': 4 },
  fields: [
    u8('llc.dsap', DSAP, 'DSAP; destination service access point', { base: 'hex', values: names.sapNames }),
    bits('uint8', 'llc.dsap.sap', DSAP, 1, 0xfe, 'SAP; without the group bit'),
    flag('llc.dsap.ig', DSAP, 1, 0x01, 'IG Bit; group address'),
    u8('llc.ssap', SSAP, 'SSAP; source service access point', { base: 'hex', values: names.sapNames }),
    bits('uint8', 'llc.ssap.sap', SSAP, 1, 0xfe, 'SAP; without the response bit'),
    flag('llc.ssap.cr', SSAP, 1, 0x01, 'CR Bit; response, not command'),
    controlPart('uint16', 'llc.control', 'Control', (control) => control, { base: 'hex' }),
    controlPart('uint16', 'llc.control.n_r', 'N(R); receive sequence number', (control) =>
      isUnnumbered(control) ? -1 : (control & SEQUENCE_BITS) >> 9,
    ),
    controlPart('uint16', 'llc.control.n_s', 'N(S); send sequence number', (control) =>
      (control & INFORMATION_MASK) === 0 ? (control & SEND_SEQUENCE_BITS) >> 1 : -1,
    ),
    controlPart('boolean', 'llc.control.p', 'Poll; there where it is set', (control, response) =>
      pollFinal(control) && !isFinal(control, response) ? 1 : -1,
    ),
    controlPart('boolean', 'llc.control.f', 'Final; there where it is set', (control, response) =>
      pollFinal(control) && isFinal(control, response) ? 1 : -1,
    ),
    controlPart(
      'uint16',
      'llc.control.s_ftype',
      'Supervisory frame type',
      (control) => (isSupervisory(control) ? (control & SUPERVISORY_BITS) >> 2 : -1),
      { base: 'hex', values: names.supervisoryNames },
    ),
    controlPart(
      'uint8',
      'llc.control.u_modifier_cmd',
      'Command; of unnumbered formats',
      (control, response) => (isUnnumbered(control) && !response ? (control & MODIFIER_BITS) >> 2 : -1),
      { base: 'hex', values: names.commandNames },
    ),
    controlPart(
      'uint8',
      'llc.control.u_modifier_resp',
      'Response; of unnumbered formats',
      (control, response) => (isUnnumbered(control) && response ? (control & MODIFIER_BITS) >> 2 : -1),
      { base: 'hex', values: names.responseNames },
    ),
    // Two declarations, as in Wireshark: a control field of one octet has an octet's notation.
    controlPart(
      'uint16',
      'llc.control.ftype',
      'Frame type',
      (control) => (isUnnumbered(control) ? -1 : control & INFORMATION_MASK),
      { base: 'hex', values: names.formatNames },
    ),
    controlPart('uint8', 'llc.control.ftype', 'Frame type', (control) => (isUnnumbered(control) ? UNNUMBERED : -1), {
      base: 'hex',
      values: names.formatNames,
    }),
    computed('uint24', 'llc.oui', 'Organization Code; that SNAP names', (packet, layer, visit) => {
      const at = snapAt(packet, layer)
      return at >= 0 && visit(read24(packet.bytes, at), 0)
    }),
    computed(
      'uint16',
      'llc.type',
      'Type; EtherType in SNAP',
      (packet, layer, visit) => {
        const at = snapAt(packet, layer)
        if (at < 0 || !isEtherType(read24(packet.bytes, at)) || !isInformation(controlOf(packet, layer))) return false
        return visit(read16(packet.bytes, at + 3), 0)
      },
      { base: 'hex', values: etherTypeNames },
    ),
    snapProtocol('llc.cisco_pid', "PID; Cisco's protocol number", (oui) => oui === CISCO, names.ciscoNames),
    snapProtocol('llc.iana_pid', "PID; IANA's protocol number", (oui) => oui === IANA, names.ianaNames),
    snapProtocol('llc.nortel_pid', "PID; Nortel's protocol number", (oui) => oui === NORTEL, names.nortelNames),
    snapProtocol('llc.apple_atalk_pid', "PID; Apple's protocol number", (oui) => oui === APPLE_ATALK, {
      [ATALK_DDP]: 'AppleTalk',
    }),
    snapProtocol('llc.apple_awdl_pid', "PID; of Apple's wireless direct link", (oui) => oui === APPLE_AWDL, {
      2048: 'AWDL',
    }),
    snapProtocol('llc.bluetooth_pid', 'PID; of Bluetooth', (oui) => oui === BLUETOOTH, names.bluetoothNames),
    snapProtocol('llc.cimetrics_pid', 'PID; of Cimetrics', (oui) => oui === CIMETRICS, { 1: 'U+4 MS/TP' }),
    snapProtocol('llc.extreme_pid', 'PID; of Extreme Networks', (oui) => oui === EXTREME, { 187: 'EDP' }),
    snapProtocol('llc.force10_pid', 'PID; of Force10', (oui) => oui === FORCE10, { 273: 'FEFD' }),
    snapProtocol('llc.foundry_pid', 'PID; of Foundry', (oui) => oui === FOUNDRY, { 8192: 'FDP' }),
    snapProtocol('llc.hpteam_pid', "PID; of HP's teamed adapters", (oui) => oui === HP_TEAMING, {
      2: 'HP Teaming heartbeat',
    }),
    snapProtocol('llc.wlccp_pid', "PID; of Cisco's wireless context control", (oui) => oui === WLCCP, { 0: 'WLCCP' }),
    snapProtocol(
      'llc.pid',
      'Protocol ID; of other organizations',
      (oui) => !isEtherType(oui) && !ownField.has(oui) && oui !== TURBOCELL,
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
    if (bytes[at + DSAP] === SNAP_LSAP && bytes[at + SSAP] === SNAP_LSAP)
      return decodeSnap(packet, packet.payload, isInformation(control))
    if (packet.payload >= packet.wireEnd) return NONE
    // Only information has a protocol's data behind it (IEEE 802.2 §5.3).
    if (isInformation(control)) return byLsap[bytes[at + DSAP]] || DATA
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

/** Hot: only information is looked into, but for bridged frames. */
function decodeSnap(packet: Packet, at: number, information: boolean): number {
  if (packet.end - at < SNAP_LENGTH) return packet.truncated(LLC)
  const organization = read24(packet.bytes, at)
  const protocol = read16(packet.bytes, at + 3)
  packet.payload = at + SNAP_LENGTH
  if (organization === IEEE_8021) return decodeBridged(packet, protocol)
  if (!information) return DATA
  switch (organization) {
    case ENCAPSULATED_ETHERNET: // RFC 1042
    case CISCO_90: // IEEE 802.1H bridge tunnel encapsulation
      return byEthertype[protocol] || DATA
    case CISCO:
      return byCiscoPid[protocol] || DATA
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
