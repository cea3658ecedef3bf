/** Fields of the resource records of a DNS message: what each has, and what the data of its type consists of. */
import { read16 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, readInteger, type Visit } from '../../field.ts'
import { DATA_FIELDS } from './data-fields.ts'
import { type Flavour, UPPER_BIT } from './header-fields.ts'
import {
  CLASS,
  DATA,
  DATA_LENGTH,
  eachRecord,
  endOfMessage,
  HEADER_LENGTH,
  messageAt,
  TIME_TO_LIVE,
  TYPE,
} from './message.ts'
import { lastName, readName } from './name.ts'
import { bitMapPart, eachTypeIn, findPart, OPT, part, SRV } from './shapes.ts'
import { CLASSES, TYPES } from './values.ts'

type IsOf = (type: number) => boolean

const isOption: IsOf = (type) => type === OPT
const isNoOption: IsOf = (type) => type !== OPT

/** Octets at `offset` of what follows a record's name, in records whose type `isOf` accepts. */
function fixedPart(
  type: FieldType,
  name: string,
  offset: number,
  width: number,
  description: string,
  isOf: IsOf,
  value: (raw: number) => number,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachRecord(packet, layer, (_name, fixed) =>
        isOf(read16(packet.bytes, fixed + TYPE))
          ? visit(value(readInteger(packet.bytes, fixed + offset, width)), 0)
          : false,
      ),
    options,
  )
}

const asIs = (value: number): number => value
const upperBit = (value: number): number => value >> 15

export function recordFields(flavour: Flavour): Field[] {
  const isMulticast = flavour === 'mdns'
  const lower = isMulticast ? (value: number): number => value & ~UPPER_BIT : asIs
  const fields = [
    ...serviceNames,
    recordName,
    recordType,
    fixedPart('uint16', 'dns.resp.class', CLASS, 2, 'Class', isNoOption, lower, { base: 'hex', values: CLASSES }),
    fixedPart('uint16', 'dns.rr.udp_payload_size', CLASS, 2, 'UDP payload size; that is accepted', isOption, lower, {
      base: isMulticast ? 'hex' : 'dec',
    }),
  ]
  if (isMulticast)
    fields.push(
      fixedPart(
        'boolean',
        'dns.resp.cache_flush',
        CLASS,
        2,
        'Cache flush; the record replaces others of its name',
        () => true,
        upperBit,
      ),
    )
  return [...fields, ...FIXED_FIELDS, ...DATA_FIELDS, ...extraneous]
}

const FIXED_FIELDS: readonly Field[] = [
  fixedPart('uint32', 'dns.resp.ttl', TIME_TO_LIVE, 4, 'Time to live; in seconds', isNoOption, asIs),
  fixedPart(
    'uint8',
    'dns.resp.ext_rcode',
    TIME_TO_LIVE,
    1,
    'Higher bits in extended RCODE (RFC 6891 §6.1.3)',
    isOption,
    asIs,
    { base: 'hex' },
  ),
  fixedPart('uint8', 'dns.resp.edns0_version', TIME_TO_LIVE + 1, 1, 'EDNS0 version', isOption, asIs),
  fixedPart('uint16', 'dns.resp.z', TIME_TO_LIVE + 2, 2, 'Z; flags of the extension', isOption, asIs, { base: 'hex' }),
  fixedPart('boolean', 'dns.resp.z.do', TIME_TO_LIVE + 2, 2, 'DO bit; DNSSEC records are welcome', isOption, upperBit),
  fixedPart('uint16', 'dns.resp.z.reserved', TIME_TO_LIVE + 2, 2, 'Reserved', isOption, (z) => z & 0x7fff, {
    base: 'hex',
  }),
  fixedPart('uint16', 'dns.resp.len', DATA_LENGTH, 2, 'Data length; in octets', () => true, asIs),
]

/** The name of a record; of a service record, Wireshark shows the parts instead. */
const recordName = computed('string', 'dns.resp.name', 'Name; that the record is of', (packet, layer, visit) =>
  eachRecord(packet, layer, (name, fixed, pass) => {
    if (read16(packet.bytes, fixed + TYPE) === SRV) return false
    readName(pass, packet.bytes, messageAt(packet, layer), name, packet.layerEnd[layer])
    return visit(lastName.text, 0)
  }),
)

/** RFC 2782: `_service._protocol.name`. */
const serviceNames: readonly Field[] = [
  serviceName('dns.srv.service', 'Service; that is offered', 0),
  serviceName('dns.srv.proto', 'Protocol; that it is spoken over', 1),
  serviceName('dns.srv.name', 'Name; domain that the record is of', 2),
]

function serviceName(name: string, description: string, index: number): Field {
  return computed('string', name, description, (packet, layer, visit) =>
    eachRecord(packet, layer, (nameAt, fixed, pass) => {
      if (read16(packet.bytes, fixed + TYPE) !== SRV) return false
      readName(pass, packet.bytes, messageAt(packet, layer), nameAt, packet.layerEnd[layer])
      const [service, protocol, ...rest] = lastName.text.split('.')
      const value = [service, protocol, rest.length > 0 ? rest.join('.') : undefined][index]
      return value !== undefined && visit(value, 0)
    }),
  )
}

/** The type of each record, and behind it the types that its bit map names. */
const recordType = computed(
  'uint16',
  'dns.resp.type',
  'Type',
  (packet, layer, visit) =>
    eachRecord(packet, layer, (_name, fixed, pass) => {
      const type = read16(packet.bytes, fixed + TYPE)
      if (visit(type, 0)) return true
      const index = bitMapPart(type)
      return index >= 0 && visitBitMap(packet, layer, type, fixed, index, visit, pass)
    }),
  { values: TYPES },
)

function visitBitMap(
  packet: Packet,
  layer: number,
  type: number,
  fixed: number,
  index: number,
  visit: Visit,
  pass: number,
): boolean {
  const { bytes } = packet
  const end = packet.layerEnd[layer]
  const length = read16(bytes, fixed + DATA_LENGTH)
  const from = fixed + DATA
  if (!findPart(pass, bytes, messageAt(packet, layer), type, from, length, end, index - 1)) return false
  return eachTypeIn(bytes, part.at + part.length, from + length, end, (named) => visit(named, 0))
}

/** What is left behind the last record. */
const extraneous: readonly Field[] = [
  behindRecords('bytes', 'dns.extraneous.data', 'Extraneous Data Bytes; behind the last record', (at, length, visit) =>
    visit(at, length),
  ),
  behindRecords('int32', 'dns.extraneous.length', 'Extraneous Data Length; in octets', (_at, length, visit) =>
    visit(length, 0),
  ),
]

function behindRecords(
  type: FieldType,
  name: string,
  description: string,
  hand: (at: number, length: number, visit: Visit) => boolean,
): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const message = messageAt(packet, layer)
    const end = packet.layerEnd[layer]
    const at = endOfMessage(packet.bytes, message, end)
    return at >= message + HEADER_LENGTH && at < end && hand(at, end - at, visit)
  })
}
