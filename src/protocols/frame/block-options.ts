/**
 * What pcapng's options say of a packet: draft-ietf-opsawg-pcapng §3.5 (comments) and §4.3 (enhanced packet block). They are
 * read where they lie, behind the packet's octets, when a field asks.
 *
 *    0      2        4
 *  0 | code | length | value, padded to 4 octets ...
 */
import { read16, read16le, read32, read32le, read64, read64le } from '../../packet/bytes.ts'
import type { Packet, RecordSection } from '../../packet/packet.ts'
import { blockOptionsAt, blockOptionsEnd, packetBlockAt } from '../../packet/packet-block.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { visitText } from '../text.ts'

const HEADER_LENGTH = 4

// Option codes.
const END = 0
const COMMENT = 1
const FLAGS = 2
const DROP_COUNT = 4
const PACKET_ID = 5
const QUEUE = 6
const VERDICT = 7

// The first octet of a verdict says what the rest is.
const VERDICT_HARDWARE = 0
const VERDICT_EBPF_TC = 1
const VERDICT_EBPF_XDP = 2

const DIRECTION_MASK = 3
const INBOUND = 1
const OUTBOUND = 2

const directions = { 0: 'Unknown', 1: 'Inbound', 2: 'Outbound' }
const receptionTypes = { 0: 'Not specified', 1: 'Unicast', 2: 'Multicast', 3: 'Broadcast', 4: 'Promiscuous' }

const trafficControlVerdicts = {
  0: 'TC_ACT_OK',
  1: 'TC_ACT_RECLASSIFY',
  2: 'TC_ACT_SHOT',
  3: 'TC_ACT_PIPE',
  4: 'TC_ACT_STOLEN',
  5: 'TC_ACT_QUEUED',
  6: 'TC_ACT_REPEAT',
  7: 'TC_ACT_REDIRECT',
  8: 'TC_ACT_TRAP',
}
const expressDataPathVerdicts = { 0: 'XDP_ABORTED', 1: 'XDP_DROP', 2: 'XDP_PASS', 3: 'XDP_TX', 4: 'XDP_REDIRECT' }

/** The section of the capture that the packet is in; null in pcap, which has none. */
export function sectionOf(packet: Packet): RecordSection | null {
  return packet.source === null ? null : packet.source.section
}

function isLittle(packet: Packet): boolean {
  return sectionOf(packet)?.little === true
}

/** Calls `each` for each option of the code `wanted`; stops and returns true as soon as `each` does. */
function eachOption(packet: Packet, wanted: number, each: (at: number, length: number) => boolean): boolean {
  const block = packetBlockAt(packet)
  if (block < 0) return false
  const { bytes } = packet
  const little = isLittle(packet)
  const read = little ? read16le : read16
  const end = blockOptionsEnd(bytes, block, little)
  let at = blockOptionsAt(packet)
  while (end - at >= HEADER_LENGTH) {
    const code = read(bytes, at)
    const length = read(bytes, at + 2)
    const value = at + HEADER_LENGTH
    if (code === END || length > end - value) return false
    if (code === wanted && each(value, length)) return true
    at = value + ((length + 3) & ~3)
  }
  return false
}

function optionField(
  type: FieldType,
  name: string,
  description: string,
  code: number,
  read: (packet: Packet, at: number, length: number, visit: Visit) => boolean,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, _layer, visit) => eachOption(packet, code, (at, length) => read(packet, at, length, visit)),
    options,
  )
}

function word(packet: Packet, at: number): number {
  return isLittle(packet) ? read32le(packet.bytes, at) : read32(packet.bytes, at)
}

function longWord(packet: Packet, at: number): bigint {
  return isLittle(packet) ? read64le(packet.bytes, at) : read64(packet.bytes, at)
}

/** An option of four octets. */
function u32(name: string, description: string, code: number): Field {
  return optionField('uint32', name, description, code, (packet, at, length, visit) =>
    length === 4 ? visit(word(packet, at), 0) : false,
  )
}

/** An option of eight octets. */
function u64(name: string, description: string, code: number): Field {
  return optionField('uint64', name, description, code, (packet, at, length, visit) =>
    length === 8 ? visit(longWord(packet, at), 0) : false,
  )
}

/** Some bits of the flags (§4.3.1). */
function flagBits(
  type: FieldType,
  name: string,
  mask: number,
  shift: number,
  description: string,
  options?: FieldOptions,
): Field {
  return optionField(
    type,
    name,
    description,
    FLAGS,
    (packet, at, length, visit) => length === 4 && visit((word(packet, at) & mask) >>> shift, 0),
    options,
  )
}

function linkError(name: string, bit: number, description: string): Field {
  return flagBits('boolean', name, 2 ** bit, bit, description)
}

/** A verdict of one kind. */
function verdict(
  type: FieldType,
  name: string,
  description: string,
  kind: (kind: number) => boolean,
  options?: FieldOptions,
): Field {
  return optionField(
    type,
    name,
    description,
    VERDICT,
    (packet, at, length, visit) => {
      if (length < 1 || !kind(packet.bytes[at])) return false
      if (type === 'bytes') return visit(at + 1, length - 1)
      return length >= 9 && visit(BigInt.asIntN(64, longWord(packet, at + 1)), 0)
    },
    options,
  )
}

/** Obsolete packet blocks (draft-ietf-opsawg-pcapng appendix A) have their losses in the header. */
const OBSOLETE_PACKET = 2
const OBSOLETE_DROPS = 10
const NOT_COUNTED = 0xffff

function half(packet: Packet, at: number): number {
  return isLittle(packet) ? read16le(packet.bytes, at) : read16(packet.bytes, at)
}

/** Index of the interface in its section, which is how the block names it. */
export function interfaceInSection(packet: Packet): number {
  const at = packetBlockAt(packet)
  if (at < 0) return 0
  return word(packet, at) === OBSOLETE_PACKET ? half(packet, at + 8) : word(packet, at + 8)
}

function eachDropCount(packet: Packet, visit: Visit): boolean {
  const at = packetBlockAt(packet)
  if (at >= 0 && word(packet, at) === OBSOLETE_PACKET) {
    const count = half(packet, at + OBSOLETE_DROPS)
    return count !== NOT_COUNTED && visit(BigInt(count), 0)
  }
  return eachOption(packet, DROP_COUNT, (place, length) => length === 8 && visit(longWord(packet, place), 0))
}

/** 1 if the packet was received, 0 if it was sent, -1 if the flags do not say. */
export function direction(packet: Packet): number {
  let answer = -1
  eachOption(packet, FLAGS, (at, length) => {
    if (length !== 4) return false
    const way = word(packet, at) & DIRECTION_MASK
    if (way === INBOUND) answer = 1
    else if (way === OUTBOUND) answer = 0
    return true
  })
  return answer
}

export const blockOptionFields: readonly Field[] = [
  u32('frame.interface_queue', 'Interface queue', QUEUE),
  optionField(
    'uint32',
    'frame.packet_flags',
    'Packet flags; direction, kind of reception, errors of the link',
    FLAGS,
    (packet, at, length, visit) => length === 4 && visit(word(packet, at), 0),
    { base: 'hex' },
  ),
  flagBits('uint32', 'frame.packet_flags_direction', DIRECTION_MASK, 0, 'Direction', {
    base: 'hex',
    values: directions,
  }),
  flagBits('uint32', 'frame.packet_flags_reception_type', 0x1c, 2, 'Reception type', { values: receptionTypes }),
  flagBits('uint32', 'frame.packet_flags_fcs_length', 0x1e0, 5, 'FCS length; in octets'),
  flagBits('uint32', 'frame.packet_flags_reserved', 0xfe00, 9, 'Reserved'),
  linkError('frame.packet_flags_crc_error', 24, 'CRC error'),
  linkError('frame.packet_flags_packet_too_error', 25, 'Packet too long error'),
  linkError('frame.packet_flags_packet_too_short_error', 26, 'Packet too short error'),
  linkError('frame.packet_flags_wrong_inter_frame_gap_error', 27, 'Wrong interframe gap error'),
  linkError('frame.packet_flags_unaligned_frame_error', 28, 'Unaligned frame error'),
  linkError('frame.packet_flags_start_frame_delimiter_error', 29, 'Start frame delimiter error'),
  linkError('frame.packet_flags_preamble_error', 30, 'Preamble error'),
  linkError('frame.packet_flags_symbol_error', 31, 'Symbol error'),
  optionField('string', 'frame.comment', 'Comment', COMMENT, (packet, at, length, visit) =>
    visitText(packet.bytes, at, length, visit),
  ),
  optionField('none', 'frame.comment.expert', 'Formatted comment', COMMENT, (_packet, _at, _length, visit) =>
    visit(0, 0),
  ),
  u64('frame.packet_id', 'Packet id', PACKET_ID),
  // Wireshark puts the kinds of verdict into the label, and nothing into the value.
  computed('string', 'frame.verdict', 'Verdict', (packet, _layer, visit) =>
    eachOption(packet, VERDICT, () => true) ? visit('', 0) : false,
  ),
  verdict('bytes', 'frame.verdict.hw', 'Hardware', (kind) => kind === VERDICT_HARDWARE),
  verdict('int64', 'frame.verdict.ebpf_tc', 'eBPF TC', (kind) => kind === VERDICT_EBPF_TC, {
    values: trafficControlVerdicts,
  }),
  verdict('int64', 'frame.verdict.ebpf_xdp', 'eBPF XDP', (kind) => kind === VERDICT_EBPF_XDP, {
    values: expressDataPathVerdicts,
  }),
  verdict('bytes', 'frame.verdict.unknown', 'Unknown', (kind) => kind > VERDICT_EBPF_XDP),
  computed(
    'uint64',
    'frame.drop_count',
    'Drop Count; frames lost between this one and the one before on its interface',
    (packet, _layer, visit) => eachDropCount(packet, visit),
  ),
]
