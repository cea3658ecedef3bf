/** Fields of IPv4's options, all but routes and security. */
import { read16, read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { quickStartRates } from '../quick-start-rates.ts'
import * as option from './option-walk.ts'
import { eachOption, isKnown, optionField } from './option-walk.ts'
import { hasRest, routeFields } from './route-options.ts'
import { hasWrongFlags, securityFields } from './security-options.ts'

/** TTL's place in the header. */
const TTL = 8

/** Octets of options that have one length only. */
const lengths: Readonly<Record<number, number>> = {
  [option.STREAM_IDENTIFIER]: 4,
  [option.MTU_PROBE]: 4,
  [option.MTU_REPLY]: 4,
  [option.TRACEROUTE]: 12,
  [option.ROUTER_ALERT]: 4,
  [option.QUICK_START]: 8,
}

const POINTED = [option.LOOSE_ROUTE, option.STRICT_ROUTE, option.RECORD_ROUTE, option.TIMESTAMP]

const classes = {
  0: 'Control',
  1: 'Reserved for future use',
  2: 'Debugging and measurement',
  3: 'Reserved for future use',
}

const numbers = {
  0: 'End of Option List (EOL)',
  1: 'No-Operation (NOP)',
  2: 'Security',
  3: 'Loose source route',
  4: 'Time stamp',
  5: 'Extended security',
  6: 'Commercial IP security option',
  7: 'Record route',
  8: 'Stream identifier',
  9: 'Strict source route',
  10: 'Experimental Measurement',
  11: 'MTU probe',
  12: 'MTU Reply',
  13: 'Experimental Flow Control',
  14: 'Experimental Access Control',
  15: 'Ask Estrin',
  16: 'IMI Traffic Descriptor',
  17: 'Extended Internet Protocol',
  18: 'Traceroute',
  19: 'Address Extension',
  20: 'Router Alert',
  21: 'Selective Directed Broadcast',
  22: 'Unassigned',
  23: 'Dynamic Packet State',
  24: 'Upstream Multicast Packet',
  25: 'Quick-Start',
  30: 'RFC 3692-style experiment',
}

const timestampFlags = {
  0: 'Time stamps only',
  1: 'Time stamp and address',
  3: 'Time stamps for prespecified addresses',
}

// Functions of quick start (RFC 4782 §3.1).
const RATE_REQUEST = 0
const RATE_REPORT = 8

// Flags of a timestamp option: with addresses.
const WITH_ADDRESSES = 1
const PRESPECIFIED = 3

const TIMESTAMP_HEADER_LENGTH = 4

/** The type of each option that is known, or some bits of it. */
function typeField(
  type: FieldType,
  name: string,
  mask: number,
  shift: number,
  description: string,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => eachOption(packet, layer, (found) => isKnown(found) && visit((found & mask) >> shift, 0)),
    options,
  )
}

/** Two octets at `offset` of an option. */
function u16(
  name: string,
  types: readonly number[],
  offset: number,
  description: string,
  options?: FieldOptions,
): Field {
  return optionField(
    'uint16',
    name,
    description,
    types,
    (packet, at, length, visit) => offset + 2 <= length && visit(read16(packet.bytes, at + offset), 0),
    options,
  )
}

/** A part of a quick-start option, of the functions in `functions`. */
function quickStart(
  type: FieldType,
  name: string,
  description: string,
  functions: readonly number[],
  end: number,
  read: (bytes: Uint8Array, at: number) => number,
  options?: FieldOptions,
): Field {
  return optionField(
    type,
    name,
    description,
    [option.QUICK_START],
    ({ bytes }, at, length, visit) =>
      end <= length && functions.includes(bytes[at + 2] >> 4) && visit(read(bytes, at), 0),
    options,
  )
}

function hasAddresses(bytes: Uint8Array, at: number): boolean {
  const flag = bytes[at + 3] & 15
  return flag === WITH_ADDRESSES || flag === PRESPECIFIED
}

/** Visits the timestamps of an option, or the addresses that stand before them. */
function eachTimestamp(bytes: Uint8Array, at: number, length: number, addresses: boolean, visit: Visit): boolean {
  if (length < TIMESTAMP_HEADER_LENGTH) return false
  const paired = hasAddresses(bytes, at)
  if (addresses && !paired) return false
  const size = paired ? 8 : 4
  const offset = paired && !addresses ? 4 : 0
  for (let next = TIMESTAMP_HEADER_LENGTH; next + size <= length; next += size)
    if (visit(read32(bytes, at + next + offset), 0)) return true
  return false
}

/** Octets behind the last whole address or timestamp. */
function hasRemainder(bytes: Uint8Array, type: number, at: number, length: number): boolean {
  if (type !== option.TIMESTAMP) return hasRest(bytes, type, at, length)
  if (length < TIMESTAMP_HEADER_LENGTH) return false
  return (length - TIMESTAMP_HEADER_LENGTH) % (hasAddresses(bytes, at) ? 8 : 4) !== 0
}

/** Whether the length of an option is wrong, or that of what is in it. */
function isWrongLength(bytes: Uint8Array, type: number, at: number, length: number): boolean {
  if (type === option.BROKEN) return true
  if (type === option.SECURITY) return hasWrongFlags(bytes, at, length)
  return lengths[type] !== undefined && length !== lengths[type]
}

/**
 * Whether four no-operations in a row fill a word, as if a router had blanked an option. Wireshark begins to count anew at a
 * word that follows others.
 */
function hasFourInARow(packet: Packet, layer: number): boolean {
  const start = packet.layerAt[layer]
  let count = 0
  return eachOption(packet, layer, (type, at) => {
    count = type === option.NO_OPERATION && (count === 0 || (at - start) % 4 !== 0) ? count + 1 : 0
    return count === 4
  })
}

export const optionFields: readonly Field[] = [
  typeField('uint8', 'ip.opt.type', 0xff, 0, 'Type; of each option'),
  typeField('boolean', 'ip.opt.type.copy', 0x80, 7, 'Copy on fragmentation; into each fragment'),
  typeField('uint8', 'ip.opt.type.class', 0x60, 5, 'Class', { values: classes }),
  typeField('uint8', 'ip.opt.type.number', 0x1f, 0, 'Number', { values: numbers }),
  computed('uint8', 'ip.opt.len', 'Length; of each option that has one', (packet, layer, visit) =>
    eachOption(packet, layer, (type, _at, length) => type > option.NO_OPERATION && isKnown(type) && visit(length, 0)),
  ),
  computed('none', 'ip.opt.len.invalid', 'Invalid length for option', (packet, layer, visit) =>
    eachOption(packet, layer, (type, at, length) => isWrongLength(packet.bytes, type, at, length) && visit(0, 0)),
  ),
  optionField(
    'uint8',
    'ip.opt.ptr',
    'Pointer; from 1, where the next address or timestamp goes',
    POINTED,
    (packet, at, length, visit) => length > 2 && visit(packet.bytes[at + 2], 0),
  ),
  ...routeFields,
  u16('ip.opt.sid', [option.STREAM_IDENTIFIER], 2, 'Stream Identifier; of SATNET'),
  u16('ip.opt.mtu', [option.MTU_PROBE, option.MTU_REPLY], 2, 'MTU; smallest on the way so far (RFC 1063)'),
  u16('ip.opt.id_number', [option.TRACEROUTE], 2, 'ID Number; of a traceroute (RFC 1393)'),
  u16('ip.opt.ohc', [option.TRACEROUTE], 4, 'Outbound Hop Count'),
  u16('ip.opt.rhc', [option.TRACEROUTE], 6, 'Return Hop Count'),
  optionField(
    'ipv4',
    'ip.opt.originator',
    'Originator IP Address; of a traceroute',
    [option.TRACEROUTE],
    (packet, at, length, visit) => length >= 12 && visit(read32(packet.bytes, at + 8), 0),
  ),
  u16('ip.opt.ra', [option.ROUTER_ALERT], 2, 'Router Alert; 0 if routers shall examine the packet (RFC 2113)', {
    values: { 0: 'Router shall examine packet' },
  }),
  optionField(
    'ipv4',
    'ip.opt.addr',
    'IP Address; to broadcast to (RFC 1770)',
    [option.DIRECTED_BROADCAST],
    (packet, at, length, visit) => {
      for (let offset = 2; offset + 4 <= length; offset += 4)
        if (visit(read32(packet.bytes, at + offset), 0)) return true
      return false
    },
  ),
  optionField(
    'bytes',
    'ip.opt.padding',
    'Padding; behind the last whole address',
    [option.DIRECTED_BROADCAST],
    (_packet, at, length, visit) => (length - 2) % 4 !== 0 && visit(at + length - ((length - 2) % 4), (length - 2) % 4),
  ),
  optionField(
    'uint8',
    'ip.opt.overflow',
    'Overflow; hosts that found no room for their timestamp',
    [option.TIMESTAMP],
    (packet, at, length, visit) => length >= TIMESTAMP_HEADER_LENGTH && visit(packet.bytes[at + 3] >> 4, 0),
  ),
  optionField(
    'uint8',
    'ip.opt.flag',
    'Flag; what stands beside the timestamps',
    [option.TIMESTAMP],
    (packet, at, length, visit) => length >= TIMESTAMP_HEADER_LENGTH && visit(packet.bytes[at + 3] & 15, 0),
    { base: 'hex', values: timestampFlags },
  ),
  optionField(
    'ipv4',
    'ip.opt.time_stamp_addr',
    'Address; of the host that set the timestamp',
    [option.TIMESTAMP],
    (packet, at, length, visit) => eachTimestamp(packet.bytes, at, length, true, visit),
  ),
  optionField(
    'uint32',
    'ip.opt.time_stamp',
    'Time stamp; milliseconds since midnight UTC',
    [option.TIMESTAMP],
    (packet, at, length, visit) => eachTimestamp(packet.bytes, at, length, false, visit),
  ),
  quickStart(
    'uint8',
    'ip.opt.qs_func',
    'Function; of quick start (RFC 4782)',
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    3,
    (bytes, at) => bytes[at + 2] >> 4,
    { values: { 0: 'Rate request', 8: 'Rate report' } },
  ),
  quickStart('uint8', 'ip.opt.qs_rate', 'Rate', [RATE_REQUEST, RATE_REPORT], 3, (bytes, at) => bytes[at + 2] & 15, {
    values: quickStartRates,
  }),
  quickStart('uint8', 'ip.opt.qs_ttl', 'QS TTL', [RATE_REQUEST], 4, (bytes, at) => bytes[at + 3]),
  // The header's TTL less the option's, modulo 256: routers that know quick start count both down.
  computed(
    'uint8',
    'ip.opt.qs_ttl_diff',
    'TTL Diff; changes if a router does not know quick start',
    (packet, layer, visit) =>
      eachOption(packet, layer, (type, at, length) => {
        const { bytes } = packet
        if (type !== option.QUICK_START || length < 4 || bytes[at + 2] >> 4 !== RATE_REQUEST) return false
        return visit((bytes[packet.layerAt[layer] + TTL] - bytes[at + 3]) & 255, 0)
      }),
  ),
  quickStart('uint8', 'ip.opt.qs_unused', 'Not Used', [RATE_REPORT], 4, (bytes, at) => bytes[at + 3]),
  quickStart(
    'uint32',
    'ip.opt.qs_nonce',
    'QS Nonce',
    [RATE_REQUEST, RATE_REPORT],
    8,
    (bytes, at) => read32(bytes, at + 4) >>> 2,
    { base: 'hex' },
  ),
  quickStart(
    'uint32',
    'ip.opt.qs_reserved',
    'Reserved',
    [RATE_REQUEST, RATE_REPORT],
    8,
    (bytes, at) => bytes[at + 7] & 3,
    { base: 'hex' },
  ),
  ...securityFields,
  computed('none', 'ip.subopt_too_long', 'Suboption would go past end of option', (packet, layer, visit) =>
    eachOption(packet, layer, (type, at, length) => hasRemainder(packet.bytes, type, at, length) && visit(0, 0)),
  ),
  computed('none', 'ip.nop', '4 NOP in a row - a router may have removed some options', (packet, layer, visit) =>
    hasFourInARow(packet, layer) ? visit(0, 0) : false,
  ),
]
