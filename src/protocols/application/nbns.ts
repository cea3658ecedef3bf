/**
 * NBNS: NetBIOS Name Service, RFC 1002 §4.2. Messages have the form of DNS messages (dns/message.ts); a name is a first
 * label that spells 16 octets (RFC 1001 §14.1), and a scope.
 *
 * Data of an NB record: flags (2), IPv4 address; repeated. Of an NBSTAT record: how many names, each with flags, then
 * statistics of the adapter.
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import {
  computed,
  type Field,
  type FieldOptions,
  type FieldType,
  readInteger,
  type ValueNames,
  type Visit,
} from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import {
  ADDITIONALS,
  ANSWERS,
  AUTHORITIES,
  CLASS,
  DATA,
  DATA_LENGTH,
  FLAGS,
  HEADER_LENGTH,
  IDENTIFIER,
  OPCODE_MASK,
  QUESTIONS,
  RESPONSE,
  TIME_TO_LIVE,
  TYPE,
} from './dns/message.ts'
import { lastName, newPass, readName, skipName } from './dns/name.ts'
import { CLASSES } from './dns/values.ts'
import { firstLevelDecoded, lastNameType, NAME_LENGTH, nameTypeText, netbiosName } from './netbios-name.ts'

export const NBNS = protocolId('nbns')

// Types of records (RFC 1002 §4.2.1.3).
const NB = 32
const NBSTAT = 33
/** Operation of a WACK, whose data is flags alone (RFC 1002 §4.2.16). */
const WACK = 7 << 11

const QUESTION_LENGTH = 4
/** Octets of an entry of an NB record, and of an NBSTAT record. */
const ENTRY_LENGTH = 6
const STATUS_LENGTH = NAME_LENGTH + 2

const OPCODES: ValueNames = {
  0: 'Name query',
  5: 'Registration',
  6: 'Release',
  7: 'Wait for acknowledgment',
  8: 'Refresh',
  9: 'Refresh (alternate opcode)',
  15: 'Multi-homed registration',
}
const RESPONSE_CODES: ValueNames = {
  0: 'No error',
  1: 'Request was invalidly formatted',
  2: 'Server failure',
  3: 'Requested name does not exist',
  4: 'Request is not implemented',
  5: 'Request was refused',
  6: 'Name is owned by another node',
  7: 'Name is in conflict',
}
const RECORD_TYPES: ValueNames = { 32: 'NB', 33: 'NBSTAT' }

/**
 * Called with where a question's or a record's name begins, where what follows it does, which of the two it is, and the number of this
 * pass over the names.
 */
type Visitor = (name: number, fixed: number, isRecord: boolean, pass: number) => boolean

/** `scan`: the message is malformed or cut; a visitor stopped it. */
const BROKEN = -1
const STOPPED = -2

/** Hot without a visitor. */
function scan(bytes: Uint8Array, message: number, end: number, visit: Visitor | null): number {
  if (message + HEADER_LENGTH > end) return BROKEN
  const pass = newPass()
  const questions = read16(bytes, message + QUESTIONS)
  const all =
    questions +
    read16(bytes, message + ANSWERS) +
    read16(bytes, message + AUTHORITIES) +
    read16(bytes, message + ADDITIONALS)
  let at = message + HEADER_LENGTH
  for (let i = 0; i < all; i++) {
    const isRecord = i >= questions
    const fixed = skipName(pass, bytes, message, at, end)
    if (fixed < 0 || fixed + (isRecord ? DATA : QUESTION_LENGTH) > end) return BROKEN
    const next = fixed + (isRecord ? DATA + read16(bytes, fixed + DATA_LENGTH) : QUESTION_LENGTH)
    if (next > end) return BROKEN
    if (visit?.(at, fixed, isRecord, pass)) return STOPPED
    at = next
  }
  return at
}

function each(packet: Packet, layer: number, visit: Visitor): boolean {
  return scan(packet.bytes, packet.layerAt[layer], packet.layerEnd[layer], visit) === STOPPED
}

/** Bits of a word of the header, where `applies` holds for its flags. */
function word(
  type: FieldType,
  name: string,
  offset: number,
  mask: number,
  description: string,
  applies: (flags: number) => boolean = () => true,
  options?: FieldOptions,
): Field {
  const shift = 31 - Math.clz32(mask & -mask)
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (at + Math.max(offset, FLAGS) + 2 > packet.layerEnd[layer]) return false
      if (!applies(read16(packet.bytes, at + FLAGS))) return false
      return visit((read16(packet.bytes, at + offset) & mask) >> shift, 0)
    },
    options,
  )
}

const isResponse = (flags: number): boolean => (flags & RESPONSE) !== 0

function fixedPart(
  type: FieldType,
  name: string,
  offset: number,
  width: number,
  description: string,
  recordsOnly: boolean,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      each(packet, layer, (_name, fixed, isRecord) =>
        isRecord || !recordsOnly ? visit(readInteger(packet.bytes, fixed + offset, width), 0) : false,
      ),
    options,
  )
}

/** The name of a question or record; Wireshark adds to that of an NB record what its last octet means. */
const name = computed('string', 'nbns.name', 'Name; of each question and record', (packet, layer, visit) => {
  const { bytes } = packet
  return each(packet, layer, (at, fixed, isRecord, pass) => {
    readName(pass, bytes, packet.layerAt[layer], at, packet.layerEnd[layer])
    const text = firstLevelDecoded(lastName.text)
    const isNb = isRecord && read16(bytes, fixed + TYPE) === NB
    return visit(isNb ? `${text} (${nameTypeText(lastNameType)})` : text, 0)
  })
})

/** Calls `read` with each entry of NB records, as far as it is whole. */
function inNb(
  type: FieldType,
  name: string,
  description: string,
  read: (bytes: Uint8Array, at: number, length: number, visit: Visit) => boolean,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const { bytes } = packet
      const at = packet.layerAt[layer]
      if (at + FLAGS + 2 <= packet.layerEnd[layer] && (read16(bytes, at + FLAGS) & OPCODE_MASK) === WACK) return false
      return each(packet, layer, (_name, fixed, isRecord) => {
        if (!isRecord || read16(bytes, fixed + TYPE) !== NB) return false
        const end = fixed + DATA + read16(bytes, fixed + DATA_LENGTH)
        for (let entry = fixed + DATA; entry + 2 <= end; entry += ENTRY_LENGTH)
          if (read(bytes, entry, end - entry, visit)) return true
        return false
      })
    },
    options,
  )
}

function nbFlag(type: FieldType, name: string, mask: number, description: string, base: 'dec' | 'hex' = 'dec'): Field {
  const shift = 31 - Math.clz32(mask & -mask)
  return inNb(type, name, description, (bytes, at, _length, visit) => visit((read16(bytes, at) & mask) >> shift, 0), {
    base,
  })
}

/** Calls `read` with each whole name of NBSTAT records. */
function inStatus(
  type: FieldType,
  name: string,
  description: string,
  read: (bytes: Uint8Array, at: number, visit: Visit) => boolean,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const { bytes } = packet
      return each(packet, layer, (_name, fixed, isRecord) => {
        const length = isRecord ? read16(bytes, fixed + DATA_LENGTH) : 0
        if (length < 1 || read16(bytes, fixed + TYPE) !== NBSTAT) return false
        const names = bytes[fixed + DATA]
        const end = fixed + DATA + length
        for (let i = 0; i < names; i++) {
          const at = fixed + DATA + 1 + i * STATUS_LENGTH
          if (at + STATUS_LENGTH > end) return false
          if (read(bytes, at, visit)) return true
        }
        return false
      })
    },
    options,
  )
}

/** `length` octets at `offset` of the statistics, which follow the names. */
function statistic(type: FieldType, name: string, offset: number, length: number, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const { bytes } = packet
    return each(packet, layer, (_name, fixed, isRecord) => {
      const size = isRecord ? read16(bytes, fixed + DATA_LENGTH) : 0
      if (size < 1 || read16(bytes, fixed + TYPE) !== NBSTAT) return false
      const at = fixed + DATA + 1 + bytes[fixed + DATA] * STATUS_LENGTH + offset
      if (at + length > fixed + DATA + size) return false
      return type === 'ether' ? visit(at, length) : visit(readInteger(bytes, at, length), 0)
    })
  })
}

function nameFlag(
  type: FieldType,
  name: string,
  mask: number,
  description: string,
  base: 'dec' | 'hex' = 'dec',
): Field {
  const shift = 31 - Math.clz32(mask & -mask)
  return inStatus(
    type,
    name,
    description,
    (bytes, at, visit) => visit((read16(bytes, at + NAME_LENGTH) & mask) >> shift, 0),
    { base },
  )
}

export const nbns: Protocol = {
  id: NBNS,
  name: 'nbns',
  title: 'NetBIOS Name Service',
  need: 'dissection',
  carriedBy: { 'udp.application': 137 },
  fields: [
    word('uint16', 'nbns.id', IDENTIFIER, 0xffff, 'Transaction ID; the same in the answer', undefined, { base: 'hex' }),
    word('uint16', 'nbns.flags', FLAGS, 0xffff, 'Flags', undefined, { base: 'hex' }),
    word('boolean', 'nbns.flags.response', FLAGS, RESPONSE, 'Response'),
    word('uint16', 'nbns.flags.opcode', FLAGS, OPCODE_MASK, 'Opcode', undefined, { values: OPCODES }),
    word('boolean', 'nbns.flags.authoritative', FLAGS, 0x0400, 'Authoritative', isResponse),
    word('boolean', 'nbns.flags.truncated', FLAGS, 0x0200, 'Truncated'),
    word('boolean', 'nbns.flags.recdesired', FLAGS, 0x0100, 'Recursion desired'),
    word('boolean', 'nbns.flags.recavail', FLAGS, 0x0080, 'Recursion available', isResponse),
    word('boolean', 'nbns.flags.broadcast', FLAGS, 0x0010, 'Broadcast'),
    word('uint16', 'nbns.flags.rcode', FLAGS, 0x000f, 'Reply code', isResponse, { values: RESPONSE_CODES }),
    word('uint16', 'nbns.count.queries', QUESTIONS, 0xffff, 'Questions; how many'),
    word('uint16', 'nbns.count.answers', ANSWERS, 0xffff, 'Answer RRs; how many'),
    word('uint16', 'nbns.count.auth_rr', AUTHORITIES, 0xffff, 'Authority RRs; how many'),
    word('uint16', 'nbns.count.add_rr', ADDITIONALS, 0xffff, 'Additional RRs; how many'),
    name,
    fixedPart('uint16', 'nbns.type', TYPE, 2, 'Type; of each question and record', false, { values: RECORD_TYPES }),
    fixedPart('uint16', 'nbns.class', CLASS, 2, 'Class; of each question and record', false, { values: CLASSES }),
    fixedPart('uint32', 'nbns.ttl', TIME_TO_LIVE, 4, 'Time to live; in seconds', true),
    fixedPart('uint16', 'nbns.data_length', DATA_LENGTH, 2, 'Data length; in octets', true),
    nbFlag('uint16', 'nbns.nb_flags', 0xffff, 'Name flags', 'hex'),
    nbFlag('boolean', 'nbns.nb_flags.group', 0x8000, 'Name type; whether a group has the name'),
    nbFlag('uint16', 'nbns.nb_flags.ont', 0x6000, 'ONT; owner node type'),
    inNb(
      'ipv4',
      'nbns.addr',
      'Addr; of who has the name',
      (bytes, at, length, visit) => length >= ENTRY_LENGTH && visit(read32(bytes, at + 2), 0),
    ),
    computed('uint8', 'nbns.number_of_names', 'Number of names', (packet, layer, visit) =>
      each(packet, layer, (_name, fixed, isRecord) =>
        isRecord && read16(packet.bytes, fixed + TYPE) === NBSTAT && read16(packet.bytes, fixed + DATA_LENGTH) > 0
          ? visit(packet.bytes[fixed + DATA], 0)
          : false,
      ),
    ),
    inStatus('string', 'nbns.netbios_name', 'Name; that the node has', (bytes, at, visit) =>
      visit(netbiosName(bytes, at), 0),
    ),
    nameFlag('uint16', 'nbns.name_flags', 0xffff, 'Name flags', 'hex'),
    nameFlag('boolean', 'nbns.name_flags.group', 0x8000, 'Name type; whether a group has the name'),
    nameFlag('uint16', 'nbns.name_flags.ont', 0x6000, 'ONT; owner node type'),
    nameFlag('boolean', 'nbns.name_flags.drg', 0x1000, 'Name is being deregistered'),
    nameFlag('boolean', 'nbns.name_flags.cnf', 0x0800, 'Name is in conflict'),
    nameFlag('boolean', 'nbns.name_flags.act', 0x0400, 'Name is active'),
    nameFlag('boolean', 'nbns.name_flags.prm', 0x0200, 'Permanent node name'),
    statistic('ether', 'nbns.unit_id', 0, 6, 'Unit ID; MAC address of the adapter'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(NBNS, at)
    const end = scan(packet.bytes, at, packet.end, null)
    packet.payload = packet.end
    return end < 0 ? packet.truncated(NBNS) : NONE
  },
}
