/** Fields of the header of a DNS message, and of its questions. */
import { read16 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType } from '../../field.ts'
import {
  ADDITIONALS,
  ANSWERS,
  AUTHORITIES,
  CLASS,
  eachQuestion,
  FLAGS,
  IDENTIFIER,
  isOverTcp,
  messageAt,
  OPCODE_MASK,
  QUESTIONS,
  RESPONSE,
  TYPE,
  UPDATE,
} from './message.ts'
import { labelsOfLastName, lastName, readName } from './name.ts'
import { CLASSES, OPCODES, RESPONSE_CODES, TYPES } from './values.ts'

/** Which of the protocols that speak DNS it is: they read some bits differently. */
export type Flavour = 'dns' | 'mdns' | 'llmnr'

const AUTHENTIC = 0x0020
/** mDNS: the upper bit of a class asks for a unicast answer, or says that caches be flushed (RFC 6762 §5.4, §10.2). */
export const UPPER_BIT = 0x8000

/** Two octets of the header, where `applies` holds for its flags. */
function word(
  type: FieldType,
  name: string,
  offset: number,
  mask: number,
  description: string,
  applies: (flags: number) => boolean,
  options?: FieldOptions,
): Field {
  const shift = 31 - Math.clz32(mask & -mask)
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const message = messageAt(packet, layer)
      if (message + Math.max(offset, FLAGS) + 2 > packet.layerEnd[layer]) return false
      if (!applies(read16(packet.bytes, message + FLAGS))) return false
      return visit((read16(packet.bytes, message + offset) & mask) >> shift, 0)
    },
    options,
  )
}

const always = (): boolean => true
const isResponse = (flags: number): boolean => (flags & RESPONSE) !== 0
const isUpdate = (flags: number): boolean => (flags & OPCODE_MASK) === UPDATE
const isNoUpdate = (flags: number): boolean => !isUpdate(flags)
const showsAuthentic = (flags: number): boolean => (flags & (RESPONSE | AUTHENTIC)) !== 0

function bit(name: string, mask: number, description: string, applies: (flags: number) => boolean = always): Field {
  return word('boolean', name, FLAGS, mask, description, applies)
}

function count(name: string, offset: number, description: string, applies: (flags: number) => boolean): Field {
  return word('uint16', name, offset, 0xffff, description, applies)
}

export function headerFields(flavour: Flavour): Field[] {
  const flags =
    flavour === 'llmnr'
      ? [
          bit('dns.flags.conflict', 0x0400, 'Conflict; several hosts use the name (RFC 4795 §2.1.1)'),
          bit('dns.flags.truncated', 0x0200, 'Truncated; the message did not fit'),
          bit('dns.flags.tentative', 0x0100, 'Tentative; the responder has not yet verified that the name is its own'),
        ]
      : [
          bit('dns.flags.authoritative', 0x0400, 'Authoritative; the server is an authority for the name', isResponse),
          bit('dns.flags.truncated', 0x0200, 'Truncated; the message did not fit'),
          bit('dns.flags.recdesired', 0x0100, 'Recursion desired'),
          bit('dns.flags.recavail', 0x0080, 'Recursion available', isResponse),
          bit('dns.flags.z', 0x0040, 'Z; reserved'),
          bit('dns.flags.authenticated', AUTHENTIC, 'Answer authenticated (RFC 4035 §3.2.3)', showsAuthentic),
          bit('dns.flags.checkdisable', 0x0010, 'Non-authenticated data; is acceptable (RFC 4035 §3.2.2)'),
        ]
  return [
    ...(flavour === 'dns' ? [length] : []),
    word('uint16', 'dns.id', IDENTIFIER, 0xffff, 'Transaction ID; the same in the answer', always, { base: 'hex' }),
    word('uint16', 'dns.flags', FLAGS, 0xffff, 'Flags', always, { base: 'hex' }),
    bit('dns.flags.response', RESPONSE, 'Response'),
    word('uint16', 'dns.flags.opcode', FLAGS, OPCODE_MASK, 'Opcode', always, { values: OPCODES }),
    ...flags,
    word('uint16', 'dns.flags.rcode', FLAGS, 0x000f, 'Reply code', isResponse, { values: RESPONSE_CODES }),
    count('dns.count.queries', QUESTIONS, 'Questions; how many', isNoUpdate),
    count('dns.count.zones', QUESTIONS, 'Zones; how many a dynamic update names', isUpdate),
    count('dns.count.answers', ANSWERS, 'Answer RRs; how many', isNoUpdate),
    count('dns.count.prerequisites', ANSWERS, 'Prerequisites; how many a dynamic update has', isUpdate),
    count('dns.count.auth_rr', AUTHORITIES, 'Authority RRs; how many', isNoUpdate),
    count('dns.count.updates', AUTHORITIES, 'Updates; how many a dynamic update has', isUpdate),
    count('dns.count.add_rr', ADDITIONALS, 'Additional RRs; how many', always),
    ...questionFields(flavour),
  ]
}

const length = computed('uint16', 'dns.length', 'Length; of the message over TCP, in octets', (packet, layer, visit) =>
  isOverTcp(packet, layer) && packet.layerAt[layer] + 2 <= packet.layerEnd[layer]
    ? visit(read16(packet.bytes, packet.layerAt[layer]), 0)
    : false,
)

function questionFields(flavour: Flavour): Field[] {
  const classMask = flavour === 'mdns' ? ~UPPER_BIT : 0xffff
  const fields = [
    ofName('string', 'dns.qry.name', 'Name; that is asked for', () => lastName.text),
    ofName('uint16', 'dns.qry.name.len', 'Name Length; characters of it', () =>
      lastName.length > 1 ? lastName.length : 0,
    ),
    ofName('uint16', 'dns.count.labels', 'Label Count; parts of the name', labelsOfLastName),
    ofQuestion('uint16', 'dns.qry.type', 'Type; of record that is asked for', TYPE, (value) => value, {
      values: TYPES,
    }),
    ofQuestion('uint16', 'dns.qry.class', 'Class; that is asked for', CLASS, (value) => value & classMask, {
      base: 'hex',
      values: CLASSES,
    }),
  ]
  if (flavour === 'mdns')
    fields.push(ofQuestion('boolean', 'dns.qry.qu', '"QU" question; a unicast answer is wanted', CLASS, (v) => v >> 15))
  return fields
}

function ofName(type: FieldType, name: string, description: string, value: () => string | number): Field {
  return computed(type, name, description, (packet, layer, visit) =>
    eachQuestion(packet, layer, (at, _fixed, pass) => {
      readName(pass, packet.bytes, messageAt(packet, layer), at, packet.layerEnd[layer])
      return visit(value(), 0)
    }),
  )
}

function ofQuestion(
  type: FieldType,
  name: string,
  description: string,
  offset: number,
  value: (word: number) => number,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet: Packet, layer, visit) =>
      eachQuestion(packet, layer, (_name, fixed) => visit(value(read16(packet.bytes, fixed + offset)), 0)),
    options,
  )
}
