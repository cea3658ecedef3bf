/**
 * The frame: what the capture says of a packet, before any protocol. A pseudo-layer as in Wireshark: it is never
 * entered into the layer table, and its fields are asked for once for a packet, with layer -1.
 */
import { CUSTOM_BLOCK, PRIVATE_CUSTOM_BLOCK, wiresharkEncapsulation } from '../capture/link-types.ts'
import { read16, read32, read32le } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { absent, computed, type Visit } from './field.ts'
import { blockOptionFields, direction, interfaceInSection, sectionOf } from './frame/block-options.ts'
import { encapsulationNames } from './frame/encapsulation-names.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { formatStack } from './stack.ts'

export const FRAME = protocolId('frame')

const NANOSECONDS = 1_000_000_000

// Link types whose first octets say which way a packet went.
const BLUETOOTH_WITH_DIRECTION = 201
const PPP_WITH_DIRECTION = 204
const HDLC_WITH_DIRECTION = 205
const MTP2_WITH_HEADER = 139

// `frame.p2p_dir`.
const UNKNOWN = -1
const SENT = 0
const RECEIVED = 1
const directions = { 0: 'Sent', 1: 'Received' }

/** Hands over the time from (seconds, nanoseconds) to the packet's own, both parts with the sign of the whole. */
function sinceTime(packet: Packet, seconds: number, nanoseconds: number, visit: Visit): boolean {
  let wholeSeconds = packet.seconds - seconds
  let rest = packet.nanoseconds - nanoseconds
  if (wholeSeconds > 0 && rest < 0) {
    wholeSeconds--
    rest += NANOSECONDS
  } else if (wholeSeconds < 0 && rest > 0) {
    wholeSeconds++
    rest -= NANOSECONDS
  }
  return visit(wholeSeconds, rest)
}

/** Whether the packet came from an interface that pcapng describes. */
function isOfInterface(packet: Packet): boolean {
  return sectionOf(packet) !== null && packet.source?.isInterface === true
}

function isCustomBlock(packet: Packet): boolean {
  return packet.linkType === CUSTOM_BLOCK || packet.linkType === PRIVATE_CUSTOM_BLOCK
}

/** Which way the packet went. What stands in front of its octets wins over what pcapng's options say. */
function directionOf(packet: Packet): number {
  const { bytes, start } = packet
  switch (packet.linkType) {
    case PPP_WITH_DIRECTION:
    case HDLC_WITH_DIRECTION:
    case MTP2_WITH_HEADER:
      return packet.capturedLength < 1 ? UNKNOWN : bytes[start] === 0 ? RECEIVED : SENT
    case BLUETOOTH_WITH_DIRECTION:
      return packet.capturedLength < 4 ? UNKNOWN : (bytes[start + 3] & 1) === 0 ? SENT : RECEIVED
    default:
      return direction(packet)
  }
}

export const frame: Protocol = {
  id: FRAME,
  name: 'frame',
  title: 'Frame',
  fields: [
    computed('uint32', 'frame.section_number', 'Section number; in pcapng, from 1', (packet, _layer, visit) => {
      const section = sectionOf(packet)
      return section !== null && visit(section.number, 0)
    }),
    computed(
      'uint32',
      'frame.interface_id',
      'Interface id; its index in the section, in pcapng',
      (packet, _layer, visit) => isOfInterface(packet) && visit(interfaceInSection(packet), 0),
    ),
    computed('string', 'frame.interface_name', 'Interface name', (packet, _layer, visit) =>
      isOfInterface(packet) ? visit(packet.source?.name ?? packet.source?.description ?? 'unknown', 0) : false,
    ),
    computed('string', 'frame.interface_description', 'Interface description', (packet, _layer, visit) =>
      packet.source?.description === undefined ? false : visit(packet.source.description, 0),
    ),
    ...blockOptionFields,
    computed(
      'int16',
      'frame.encap_type',
      "Encapsulation type; Wireshark's number of the link type",
      (packet, _layer, visit) => (isCustomBlock(packet) ? false : visit(wiresharkEncapsulation(packet.linkType), 0)),
      { values: encapsulationNames },
    ),
    computed('absolute_time', 'frame.time', 'Arrival Time; time of capture', (packet, _layer, visit) =>
      packet.hasTime ? visit(packet.seconds, packet.nanoseconds) : false,
    ),
    // A relative time to Wireshark too: it is written, and compared, as a number of seconds.
    computed('relative_time', 'frame.time_epoch', 'Epoch Time; since 1970 (UTC)', (packet, _layer, visit) =>
      packet.hasTime ? visit(packet.seconds, packet.nanoseconds) : false,
    ),
    computed(
      'none',
      'frame.time_invalid',
      'Arrival Time: Fractional second out of range (0-1000000000)',
      (packet, _layer, visit) =>
        packet.hasTime && (packet.nanoseconds < 0 || packet.nanoseconds >= NANOSECONDS) ? visit(0, 0) : false,
    ),
    // Times are moved in Wireshark's windows only.
    computed('relative_time', 'frame.offset_shift', 'Time shift for this packet', (packet, _layer, visit) =>
      packet.hasTime ? visit(0, 0) : false,
    ),
    computed(
      'relative_time',
      'frame.time_delta',
      'Time delta from previous captured frame; 0 for the first',
      (packet, _layer, visit) =>
        packet.hasTime ? sinceTime(packet, packet.previousSeconds, packet.previousNanoseconds, visit) : false,
      { need: 'times' },
    ),
    computed(
      'relative_time',
      'frame.time_delta_displayed',
      'Time delta from previous displayed frame; the last one before that passed the filter',
      (packet, _layer, visit) =>
        packet.hasTime ? sinceTime(packet, packet.displayedSeconds, packet.displayedNanoseconds, visit) : false,
      { need: 'times' },
    ),
    computed(
      'relative_time',
      'frame.time_relative',
      'Time since reference or first frame',
      (packet, _layer, visit) =>
        packet.hasTime ? sinceTime(packet, packet.firstSeconds, packet.firstNanoseconds, visit) : false,
      { need: 'times' },
    ),
    // Set by hand in Wireshark's windows.
    absent('none', 'frame.ref_time', 'This is a Time Reference frame'),
    computed('uint32', 'frame.number', 'Frame Number; from 1', (packet, _layer, visit) => visit(packet.number, 0), {
      need: 'numbers',
    }),
    computed('uint32', 'frame.len', 'Frame length on the wire; in octets', (packet, _layer, visit) =>
      visit(packet.originalLength, 0),
    ),
    computed(
      'uint32',
      'frame.cap_len',
      'Frame length stored into the capture file; in octets',
      (packet, _layer, visit) => visit(packet.capturedLength, 0),
    ),
    computed('none', 'frame.len_lt_caplen', 'Frame length is less than captured length', (packet, _layer, visit) =>
      packet.originalLength < packet.capturedLength ? visit(0, 0) : false,
    ),
    // The preference `frame.generate_md5_hash` is off.
    absent('string', 'frame.md5_hash', 'Frame MD5 Hash'),
    // Nothing is marked or ignored without somebody who does so.
    computed('boolean', 'frame.marked', 'Frame is marked', (_packet, _layer, visit) => visit(0, 0)),
    computed('boolean', 'frame.ignored', 'Frame is ignored', (_packet, _layer, visit) => visit(0, 0)),
    computed(
      'int8',
      'frame.p2p_dir',
      'Point-to-Point Direction',
      (packet, _layer, visit) => {
        const way = directionOf(packet)
        return way !== UNKNOWN && visit(way, 0)
      },
      { values: directions },
    ),
    computed('uint16', 'frame.link_nr', 'Link Number; of MTP2', (packet, _layer, visit) =>
      packet.linkType === MTP2_WITH_HEADER && packet.capturedLength >= 4
        ? visit(read16(packet.bytes, packet.start + 2), 0)
        : false,
    ),
    // The preference `frame.show_file_off` is off.
    absent('int64', 'frame.file_off', 'File Offset'),
    computed(
      'string',
      'frame.protocols',
      'Protocols in frame; the names of the layers, outermost first',
      (packet, _layer, visit) => visit(formatStack(packet), 0),
      { need: 'dissection' },
    ),
    // Colours are for Wireshark's windows.
    absent('string', 'frame.coloring_rule.name', 'Coloring Rule Name'),
    absent('string', 'frame.coloring_rule.string', 'Coloring Rule String'),
    computed(
      'uint32',
      'frame.cb_pen',
      'Private Enterprise Number; whose custom block it is',
      (packet, _layer, visit) => {
        if (!isCustomBlock(packet)) return false
        const at = packet.start - 4
        return visit(sectionOf(packet)?.little ? read32le(packet.bytes, at) : read32(packet.bytes, at), 0)
      },
    ),
    computed(
      'boolean',
      'frame.cb_copy',
      'Copying; whether the custom block may be written to other files',
      (packet, _layer, visit) => (isCustomBlock(packet) ? visit(packet.linkType === CUSTOM_BLOCK ? 1 : 0, 0) : false),
    ),
    // Custom blocks of two vendors, which are shown as data here.
    absent('string', 'frame.bblog', 'Black Box Log'),
    absent('uint32', 'frame.bblog.ticks', 'Ticks'),
    absent('uint32', 'frame.bblog.serial_nr', 'Serial Number'),
    absent('uint32', 'frame.pcaplog.data_type', 'Date Type'),
    absent('uint32', 'frame.pcaplog.data_length', 'Data Length'),
    absent('bytes', 'frame.pcaplog.data', 'Data'),
    // The search for dissectors that leave octets unread is off.
    absent('none', 'frame.incomplete', 'Incomplete dissector'),
  ],

  /** Never called. */
  decode() {
    return NONE
  },
}
