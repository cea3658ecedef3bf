/**
 * Spanning tree: IEEE 802.1D §9 (STP, RSTP), IEEE 802.1Q §14 (MSTP). Cisco's PVST+ is the same under another carrier.
 *
 *    0                 2         3      4       octets
 *  0 | protocol        | version | type | flags |
 *  5 | root: priority (2) and address (6)       |
 * 13 | root path cost                           |
 * 17 | bridge: priority (2) and address (6)     |
 * 25 | port  | message age | maximum age | hello time | forward delay | (2 each)
 * 35 | version 1 length (RSTP) | ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { bits, computed, ether, type Field, flag, u8, u16, u32, when } from './field.ts'
import { byEthertype } from './handoff.ts'
import { GMRP, GVRP } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const STP = protocolId('stp')

/** Octets of the fixed part, and so of a topology change notification (IEEE 802.1D §9.3.2). */
const MIN_LENGTH = 4
/** Octets of a configuration BPDU (IEEE 802.1D §9.3.1). */
const CONFIGURATION_LENGTH = 35

// Octets from the first octet of this header.
const PROTOCOL = 0
const VERSION = 2
const TYPE = 3
const FLAGS = 4
const ROOT = 5
const ROOT_COST = 13
const BRIDGE = 17
const PORT = 25
const MESSAGE_AGE = 27
const MAXIMUM_AGE = 29
const HELLO_TIME = 31
const FORWARD_DELAY = 33
const VERSION_1_LENGTH = 35

// BPDU types.
const CONFIGURATION = 0x00
const RAPID = 0x02

// A bridge identifier (IEEE 802.1D §9.2.5): four bits of priority, twelve of extension, the address.
const PRIORITY_MASK = 0xf000
const EXTENSION_MASK = 0x0fff
const ADDRESS = 2

/** Times are in units of 1/256 second (IEEE 802.1D §9.2.8). */
const TIME_UNITS = 256

/** EtherType of a whole Ethernet frame. */
const ETHERNET_FRAME = 0x6558

// Group addresses of GARP applications (IEEE 802.1D §12.4): 01-80-c2-00-00 and these.
const GROUP_PREFIX = 0x0180c200
const GMRP_GROUP = 0x20
const GVRP_GROUP = 0x21

/** The parts below are those of a configuration or rapid BPDU; a topology change notification has none. */
function isConfiguration(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  if (at + TYPE >= packet.layerEnd[layer]) return false
  const type = packet.bytes[at + TYPE]
  return type === CONFIGURATION || type === RAPID
}

/** Wireshark keeps the priority in its place: 32768, not 8. */
function priority(name: string, offset: number, description: string): Field {
  return computed('uint16', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer] + offset
    if (!isConfiguration(packet, layer) || at + 2 > packet.layerEnd[layer]) return false
    return visit(read16(packet.bytes, at) & PRIORITY_MASK, 0)
  })
}

function time(name: string, offset: number, description: string): Field {
  return computed('double', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer] + offset
    if (!isConfiguration(packet, layer) || at + 2 > packet.layerEnd[layer]) return false
    return visit(read16(packet.bytes, at) / TIME_UNITS, 0)
  })
}

export const stp: Protocol = {
  id: STP,
  name: 'stp',
  title: 'Spanning Tree Protocol',
  carriedBy: {
    ethertype: 0x8181,
    'llc.dsap': 0x42,
    'llc.cisco_pid': [0x0108, 0x0109, 0x010b, 0x010c],
    'chdlc.protocol': 0x4242,
  },
  fields: [
    u16('stp.protocol', PROTOCOL, 'Protocol identifier: 0', { base: 'hex' }),
    u8('stp.version', VERSION, 'Version: 0 STP, 2 RSTP, 3 MSTP', {
      values: { 0: 'Spanning Tree', 2: 'Rapid Spanning Tree', 3: 'Multiple Spanning Tree', 4: 'Shortest Path Tree' },
    }),
    u8('stp.type', TYPE, 'Kind of BPDU', {
      base: 'hex',
      values: { 0: 'Configuration', 2: 'Rapid/Multiple Spanning Tree', 128: 'Topology Change Notification' },
    }),
    when(isConfiguration, u8('stp.flags', FLAGS, 'Flags', { base: 'hex' })),
    when(isConfiguration, flag('stp.flags.tcack', FLAGS, 1, 0x80, 'Topology change acknowledged')),
    when(isConfiguration, flag('stp.flags.tc', FLAGS, 1, 0x01, 'Topology change')),
    priority('stp.root.prio', ROOT, "Root bridge's priority"),
    when(isConfiguration, bits('uint16', 'stp.root.ext', ROOT, 2, EXTENSION_MASK, "Root's system id extension")),
    when(isConfiguration, ether('stp.root.hw', ROOT + ADDRESS, "Root bridge's address")),
    when(isConfiguration, u32('stp.root.cost', ROOT_COST, 'Cost of the path to the root')),
    priority('stp.bridge.prio', BRIDGE, "Sending bridge's priority"),
    when(isConfiguration, bits('uint16', 'stp.bridge.ext', BRIDGE, 2, EXTENSION_MASK, "Bridge's system id extension")),
    when(isConfiguration, ether('stp.bridge.hw', BRIDGE + ADDRESS, "Sending bridge's address")),
    when(isConfiguration, u16('stp.port', PORT, 'Port identifier', { base: 'hex' })),
    time('stp.msg_age', MESSAGE_AGE, 'Message age, in seconds'),
    time('stp.max_age', MAXIMUM_AGE, 'Maximum age, in seconds'),
    time('stp.hello', HELLO_TIME, 'Hello time, in seconds'),
    time('stp.forward', FORWARD_DELAY, 'Forward delay, in seconds'),
    computed('uint8', 'stp.version_1_length', 'Length of version 1 information: 0', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + VERSION_1_LENGTH >= packet.layerEnd[layer] || packet.bytes[at + TYPE] !== RAPID) return false
      return visit(packet.bytes[at + VERSION_1_LENGTH], 0)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    const registration = registrationProtocol(packet)
    if (registration !== NONE) {
      // Wireshark shows an `stp` layer without fields: hence its place at the end.
      packet.enter(STP, packet.end)
      packet.payload = at
      return registration
    }
    packet.enter(STP, at)
    if (packet.end - at < MIN_LENGTH) return packet.truncated(STP)
    const type = packet.bytes[at + TYPE]
    if ((type === CONFIGURATION || type === RAPID) && packet.end - at < CONFIGURATION_LENGTH)
      return packet.truncated(STP)
    packet.payload = packet.end
    return NONE
  },
}

/** Hot: the protocol by which a bridge registers attributes, told by the frame's destination alone; `NONE` for a BPDU. */
function registrationProtocol(packet: Packet): number {
  const layer = packet.layerCount - 2
  if (layer < 0 || packet.layerProtocol[layer] !== byEthertype[ETHERNET_FRAME]) return NONE
  const at = packet.layerAt[layer]
  if (read32(packet.bytes, at) !== GROUP_PREFIX || packet.bytes[at + 4] !== 0) return NONE
  const last = packet.bytes[at + 5]
  return last === GMRP_GROUP ? GMRP : last === GVRP_GROUP ? GVRP : NONE
}
