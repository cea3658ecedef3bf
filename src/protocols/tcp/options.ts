/**
 * Fields of TCP options (RFC 9293 §3.2). Those of selective acknowledgments are in `sack.ts`, of Multipath TCP in `multipath.ts`.
 *
 * An option whose length is not the one of its kind says nothing: Wireshark shows its kind and length alone.
 */
import { read16, read24, read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { quickStartRates } from '../quick-start-rates.ts'
import {
  END_OF_OPTIONS,
  EXPERIMENT_1,
  EXPERIMENT_2,
  EXPERIMENT_FAST_OPEN,
  EXPERIMENT_HEADER,
  eachOption,
  FAST_OPEN,
  flagsOf,
  headerLength,
  isListSound,
  isZero,
  MAX_SHIFT,
  MAXIMUM_SEGMENT_SIZE,
  MIN_HEADER_LENGTH,
  NO_OPERATION,
  optionsEnd,
  SACK,
  SYN,
  WINDOW_SCALE,
} from './header.ts'
import { EXPERIMENTS, OPTION_KINDS } from './option-kinds.ts'

// Kinds beyond RFC 9293 (IANA, "TCP Option Kind Numbers").
const SACK_PERMITTED = 4
const ECHO = 6
const ECHO_REPLY = 7
const TIMESTAMPS = 8
const CC = 11
const CC_NEW = 12
const CC_ECHO = 13
const MD5 = 19
const SCPS = 20
const SELECTIVE_NEGATIVE = 21
const RECORD_BOUNDARIES = 22
const CORRUPTION = 23
const QUICK_START = 27
const USER_TIMEOUT = 28
const AUTHENTICATION = 29
const MULTIPATH = 30
const RIVERBED_PROBE = 76
const RIVERBED_TRANSPARENCY = 78
const ACCURATE_ECN_0 = 172
const ACCURATE_ECN_1 = 174

// Experiments (RFC 6994 §4).
const ACK_RATE_REQUEST = 0x00ac
const EXPERIMENT_ECN_0 = 0xacc0
const EXPERIMENT_ECN_1 = 0xacc1

/** What the option must be long, for kinds where only one length is right; others have a rule of their own below. */
const LENGTHS: Readonly<Record<number, number>> = {
  [MAXIMUM_SEGMENT_SIZE]: 4,
  [WINDOW_SCALE]: 3,
  [SACK_PERMITTED]: 2,
  [ECHO]: 6,
  [ECHO_REPLY]: 6,
  [TIMESTAMPS]: 10,
  [CC]: 6,
  [CC_NEW]: 6,
  [CC_ECHO]: 6,
  [MD5]: 18,
  [RECORD_BOUNDARIES]: 2,
  [CORRUPTION]: 2,
  [QUICK_START]: 8,
  [USER_TIMEOUT]: 4,
}

/** Kinds that Wireshark reads; the octets of others are `tcp.options.unknown.payload`. */
const KNOWN = new Set([
  ...Object.keys(LENGTHS).map(Number),
  ...[SACK, SCPS, SELECTIVE_NEGATIVE, AUTHENTICATION, MULTIPATH, FAST_OPEN],
  ...[RIVERBED_PROBE, RIVERBED_TRANSPARENCY, ACCURATE_ECN_0, ACCURATE_ECN_1, EXPERIMENT_1, EXPERIMENT_2],
])

/** Reads a value from an option of octets `at` to `at + length`. */
type ReadOption = (bytes: Uint8Array, at: number, length: number, visit: Visit) => boolean

/** A value within options of these kinds, if the length is right. */
function within(
  type: FieldType,
  name: string,
  kinds: readonly number[],
  description: string,
  read: ReadOption,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachOption(packet, layer, (kind, at, length) => {
        if (!kinds.includes(kind) || (LENGTHS[kind] ?? length) !== length) return false
        return read(packet.bytes, at, length, visit)
      }),
    options,
  )
}

/** Octets from `offset` of an option to its end; none if it ends there. */
function rest(offset: number): ReadOption {
  return (_bytes, at, length, visit) => length > offset && visit(at + offset, length - offset)
}

function word16(offset: number): ReadOption {
  return (bytes, at, length, visit) => length >= offset + 2 && visit(read16(bytes, at + offset), 0)
}

function word32(offset: number): ReadOption {
  return (bytes, at, length, visit) => length >= offset + 4 && visit(read32(bytes, at + offset), 0)
}

/** An octet of an option: the bits of `mask`, shifted by `shift`. */
function octet(offset: number, mask = 0xff, shift = 0): ReadOption {
  return (bytes, at, length, visit) => length > offset && visit((bytes[at + offset] & mask) >> shift, 0)
}

/** The identifier of the experiment, -1 if the option is too short for one. */
function experiment(bytes: Uint8Array, at: number, length: number): number {
  return length >= EXPERIMENT_HEADER ? read16(bytes, at + 2) : -1
}

const EXPERIMENTAL = [EXPERIMENT_1, EXPERIMENT_2]

/** A value of Fast Open, which is a kind and was an experiment: `read` gets where its octets begin, and how many they are. */
function fastOpen(read: (at: number, length: number, visit: Visit) => boolean): ReadOption {
  return (bytes, at, length, visit) => {
    if (bytes[at] === FAST_OPEN) return read(at + 2, length - 2, visit)
    return experiment(bytes, at, length) === EXPERIMENT_FAST_OPEN && read(at + 4, length - 4, visit)
  }
}

/**
 * A counter of Accurate ECN, which has two kinds, and had two experiments, that differ in their order: `place` in the first,
 * `mirrored` in the second. Counters at the end may be left out.
 */
function counter(name: string, place: number, mirrored: number, description: string): Field {
  return within(
    'uint24',
    name,
    [ACCURATE_ECN_0, ACCURATE_ECN_1, ...EXPERIMENTAL],
    description,
    (bytes, at, length, visit) => {
      const isExperiment = bytes[at] === EXPERIMENT_1 || bytes[at] === EXPERIMENT_2
      const which = isExperiment ? experiment(bytes, at, length) : bytes[at]
      if (isExperiment && which !== EXPERIMENT_ECN_0 && which !== EXPERIMENT_ECN_1) return false
      const header = isExperiment ? EXPERIMENT_HEADER : 2
      const index = which === ACCURATE_ECN_0 || which === EXPERIMENT_ECN_0 ? place : mirrored
      if ((length - header) % 3 !== 0 || length - header > 9) return false
      return header + 3 * (index + 1) <= length && visit(read24(bytes, at + header + 3 * index), 0)
    },
  )
}

/** The segment has options, and its fixed part was captured. */
function hasOptions(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + MIN_HEADER_LENGTH <= packet.layerEnd[layer] && headerLength(packet, layer) > MIN_HEADER_LENGTH
}

/** Whether the length is wrong for the kind. Kind and length of the option are there. */
function isInvalid(bytes: Uint8Array, kind: number, at: number, length: number): boolean {
  if (kind === AUTHENTICATION) return length < 4
  if (kind === SCPS || kind === SELECTIVE_NEGATIVE) return length === 4
  if (kind === ACCURATE_ECN_0 || kind === ACCURATE_ECN_1) return (length - 2) % 3 !== 0 || length > 11
  if (kind !== EXPERIMENT_1 && kind !== EXPERIMENT_2) return (LENGTHS[kind] ?? length) !== length
  switch (experiment(bytes, at, length)) {
    case -1:
      return true
    case ACK_RATE_REQUEST:
      return length > 5
    case EXPERIMENT_ECN_0:
    case EXPERIMENT_ECN_1:
      return (length - EXPERIMENT_HEADER) % 3 !== 0 || length > EXPERIMENT_HEADER + 9
    default:
      return false
  }
}

export const optionFields: readonly Field[] = [
  computed('bytes', 'tcp.options', 'TCP Options', (packet, layer, visit) => {
    const at = packet.layerAt[layer] + MIN_HEADER_LENGTH
    return hasOptions(packet, layer) && visit(at, optionsEnd(packet, layer) - at)
  }),
  computed(
    'uint8',
    'tcp.option_kind',
    'Kind; of each option',
    (packet, layer, visit) => hasOptions(packet, layer) && eachOption(packet, layer, (kind) => visit(kind, 0)),
    { values: OPTION_KINDS },
  ),
  computed(
    'uint8',
    'tcp.option_len',
    'Length; of each option that has one, in octets',
    (packet, layer, visit) =>
      hasOptions(packet, layer) &&
      eachOption(packet, layer, (kind, _at, length) => kind > NO_OPERATION && visit(length, 0)),
  ),
  within('uint16', 'tcp.options.mss_val', [MAXIMUM_SEGMENT_SIZE], 'MSS Value; maximum segment size', word16(2)),
  within('uint8', 'tcp.options.wscale.shift', [WINDOW_SCALE], 'Shift count; the window scale', octet(2)),
  within(
    'uint16',
    'tcp.options.wscale.multiplier',
    [WINDOW_SCALE],
    'Multiplier; the window scale as a factor, at most 2^14 (RFC 7323 §2.3)',
    (bytes, at, _length, visit) => visit(1 << Math.min(bytes[at + 2], MAX_SHIFT), 0),
  ),
  within('uint16', 'tcp.options.experimental.exid', EXPERIMENTAL, 'Experiment Identifier', word16(2), {
    base: 'hex',
    values: EXPERIMENTS,
  }),
  within('bytes', 'tcp.options.experimental.data', EXPERIMENTAL, 'Data', (bytes, at, length, visit) => {
    const which = experiment(bytes, at, length)
    if (which === EXPERIMENT_FAST_OPEN || which === ACK_RATE_REQUEST) return false
    if (which === EXPERIMENT_ECN_0 || which === EXPERIMENT_ECN_1) return false
    return length > EXPERIMENT_HEADER && visit(at + EXPERIMENT_HEADER, length - EXPERIMENT_HEADER)
  }),
  computed('bytes', 'tcp.options.unknown.payload', 'Payload; of an option of unknown kind', (packet, layer, visit) =>
    eachOption(
      packet,
      layer,
      (kind, at, length) => kind > NO_OPERATION && !KNOWN.has(kind) && length > 2 && visit(at + 2, length - 2),
    ),
  ),
  within('uint32', 'tcp.options.echo_value', [ECHO, ECHO_REPLY], 'TCP Echo Option; RFC 1072 §3', word32(2)),
  within('uint32', 'tcp.options.timestamp.tsval', [TIMESTAMPS], 'Timestamp value', word32(2)),
  within('uint32', 'tcp.options.timestamp.tsecr', [TIMESTAMPS], 'Timestamp echo reply', word32(6)),
  within(
    'uint32',
    'tcp.options.cc_value',
    [CC, CC_NEW, CC_ECHO],
    'TCP CC Option; connection count (RFC 1644)',
    word32(2),
  ),
  within('bytes', 'tcp.options.md5.digest', [MD5], 'MD5 digest; RFC 2385', rest(2)),
  within('uint8', 'tcp.options.ao.keyid', [AUTHENTICATION], 'AO KeyID; RFC 5925', authentication(octet(2))),
  within('uint8', 'tcp.options.ao.rnextkeyid', [AUTHENTICATION], 'AO RNextKeyID', authentication(octet(3))),
  within('bytes', 'tcp.options.ao.mac', [AUTHENTICATION], 'AO MAC', authentication(rest(4))),
  within('uint8', 'tcp.options.qs.rate', [QUICK_START], 'QS Rate; RFC 4782', octet(2, 0x0f), {
    values: quickStartRates,
  }),
  within('uint8', 'tcp.options.qs.ttl_diff', [QUICK_START], 'QS Rate; the difference of TTLs', octet(3)),
  within('uint8', 'tcp.options.tarr.rate', EXPERIMENTAL, 'TARR Rate', rateRequest(octet(4, 0xfe, 1))),
  within('uint8', 'tcp.options.tar.reserved', EXPERIMENTAL, 'TARR Reserved', rateRequest(octet(4, 0x01))),
  counter('tcp.options.acc_ecn.ee0b', 0, 2, 'Accurate ECN Echo ECT(0) Byte Counter'),
  counter('tcp.options.acc_ecn.eceb', 1, 1, 'Accurate ECN Echo CE Byte Counter'),
  counter('tcp.options.acc_ecn.ee1b', 2, 0, 'Accurate ECN Echo ECT(1) Byte Counter'),
  within(
    'boolean',
    'tcp.options.user_to_granularity',
    [USER_TIMEOUT],
    'Granularity; 1 for minutes, 0 for seconds (RFC 5482)',
    octet(2, 0x80, 7),
  ),
  within('uint16', 'tcp.options.user_to_val', [USER_TIMEOUT], 'User Timeout', (bytes, at, _length, visit) =>
    visit(read16(bytes, at + 2) & 0x7fff, 0),
  ),
  within(
    'none',
    'tcp.options.tfo.request',
    [FAST_OPEN, ...EXPERIMENTAL],
    'Fast Open Cookie Request; RFC 7413 §4.1.1',
    fastOpen((_at, length, visit) => length === 0 && visit(0, 0)),
  ),
  within(
    'bytes',
    'tcp.options.tfo.cookie',
    [FAST_OPEN, ...EXPERIMENTAL],
    'Fast Open Cookie',
    fastOpen((at, length, visit) => length > 0 && visit(at, length)),
  ),
  computed('none', 'tcp.option.len.invalid', 'Invalid length for option', (packet, layer, visit) => {
    if (!hasOptions(packet, layer)) return false
    const { bytes } = packet
    let next = packet.layerAt[layer] + MIN_HEADER_LENGTH
    const found = eachOption(packet, layer, (kind, at, length) => {
      next = at + length
      return kind > NO_OPERATION && isInvalid(bytes, kind, at, length) && visit(0, 0)
    })
    if (found) return true
    // The list goes on, but not with a whole option. What stands behind the end of the list is none.
    const end = optionsEnd(packet, layer)
    const isCut = optionsEnd(packet, layer) < packet.layerAt[layer] + headerLength(packet, layer)
    if (next >= end || bytes[next] <= NO_OPERATION || isEnded(packet, layer)) return false
    const isTooLong =
      next + 1 < end &&
      bytes[next + 1] >= 2 &&
      next + bytes[next + 1] <= packet.layerAt[layer] + headerLength(packet, layer)
    return !(isCut && (isTooLong || next + 1 >= end)) && visit(0, 0)
  }),
  within(
    'none',
    'tcp.options.wscale.shift.invalid',
    [WINDOW_SCALE],
    'Window scale shift exceeds 14',
    (bytes, at, _length, visit) => bytes[at + 2] > MAX_SHIFT && visit(0, 0),
  ),
  computed('none', 'tcp.options.mss.absent', 'The SYN packet does not contain a MSS option', (packet, layer, visit) => {
    if ((flagsOf(packet, layer) & SYN) === 0 || !hasOptions(packet, layer)) return false
    if (!isListSound(packet, layer)) return false
    return !eachOption(packet, layer, (kind) => kind === MAXIMUM_SEGMENT_SIZE) && visit(0, 0)
  }),
  computed(
    'none',
    'tcp.options.mss.present',
    'The non-SYN packet does contain a MSS option',
    (packet, layer, visit) => {
      if ((flagsOf(packet, layer) & SYN) !== 0) return false
      return eachOption(packet, layer, (kind) => kind === MAXIMUM_SEGMENT_SIZE && visit(0, 0))
    },
  ),
  computed('none', 'tcp.nop', '4 NOP in a row - a router may have removed some options', (packet, layer, visit) => {
    let row = 0
    return eachOption(packet, layer, (kind) => {
      row = kind === NO_OPERATION ? row + 1 : 0
      return row === 4 && visit(0, 0)
    })
  }),
  computed(
    'none',
    'tcp.non_zero_bytes_after_eol',
    'Non zero bytes in option space after EOL option',
    (packet, layer, visit) => isEnded(packet, layer) && visit(0, 0),
  ),
]

/** The list of options has an end, and something stands behind it. */
function isEnded(packet: Packet, layer: number): boolean {
  const end = optionsEnd(packet, layer)
  return eachOption(packet, layer, (kind, at) => kind === END_OF_OPTIONS && !isZero(packet.bytes, at, end))
}

function authentication(read: ReadOption): ReadOption {
  return (bytes, at, length, visit) => length >= 4 && read(bytes, at, length, visit)
}

function rateRequest(read: ReadOption): ReadOption {
  return (bytes, at, length, visit) =>
    length === 5 && experiment(bytes, at, length) === ACK_RATE_REQUEST && read(bytes, at, length, visit)
}
