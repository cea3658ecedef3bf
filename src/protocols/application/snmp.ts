/**
 * SNMP: Simple Network Management Protocol, RFC 1157 (version 1), RFC 3416 (version 2), RFC 3412 (version 3), in BER (X.690).
 *
 *   Message ::= SEQUENCE { version INTEGER, community OCTET STRING, data PDU }
 *   PDU ::= [n] { request-id, error-status, error-index, SEQUENCE OF SEQUENCE { name OID, value } }
 */
import { read32 } from '../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet, REJECTED } from '../../packet/packet.ts'
import { DATA } from '../data.ts'
import { computed, type Field, type FieldOptions, type FieldType, type ValueNames, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { TCP } from '../tcp.ts'
import { asciiText } from './ascii.ts'
import { snmpFurtherFields } from './snmp-fields.ts'

export const SNMP = protocolId('snmp')

// Identifier octets (X.690 §8.1.2).
const INTEGER = 0x02
const OCTET_STRING = 0x04
const OID = 0x06
const SEQUENCE = 0x30
const APPLICATION_ADDRESS = 0x40
const PDU = 0xa0
const TRAP = 4
const REPORT = 8

const VERSION_3 = 3
const MAX_INTEGER = 6

const VERSIONS: ValueNames = { 0: 'version-1', 1: 'v2c', 2: 'v2u', 3: 'snmpv3' }
const OPERATIONS: ValueNames = {
  0: 'get-request',
  1: 'get-next-request',
  2: 'get-response',
  3: 'set-request',
  4: 'trap',
  5: 'getBulkRequest',
  6: 'informRequest',
  7: 'snmpV2-trap',
  8: 'report',
}

// The element read last: identifier, first octet and length of its content.
let tag = 0
let contentAt = 0
let contentLength = 0

/** Hot: reads the element at `at`; one past it, or -1. */
function readElement(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return -1
  tag = bytes[at]
  const first = bytes[at + 1]
  let next = at + 2
  let length = first
  if (first >= 0x80) {
    const octets = first & 0x7f
    if (octets === 0 || octets > 4 || next + octets > end) return -1
    length = 0
    for (let i = 0; i < octets; i++) length = length * 256 + bytes[next++]
  }
  contentAt = next
  contentLength = length
  return next + length > end ? -1 : next + length
}

/** Leaves element `index` of those between `from` and `to` as the one read last. */
function nth(bytes: Uint8Array, from: number, to: number, index: number): boolean {
  let at = from
  for (let i = 0; ; i++) {
    at = readElement(bytes, at, to)
    if (at < 0) return false
    if (i === index) return true
  }
}

/** Leaves element `index` of the message as the one read last. */
function inMessage({ bytes, layerAt, layerEnd }: Packet, layer: number, index: number): boolean {
  const end = readElement(bytes, layerAt[layer], layerEnd[layer])
  return end >= 0 && nth(bytes, contentAt, end, index)
}

function versionOf(packet: Packet, layer: number): number {
  return inMessage(packet, layer, 0) && tag === INTEGER ? integer(packet.bytes) : -1
}

/** The signed integer that the element read last holds. */
function integer(bytes: Uint8Array): number {
  let value = contentLength > 0 && bytes[contentAt] >= 0x80 ? -1 : 0
  for (let i = 0; i < Math.min(contentLength, MAX_INTEGER); i++) value = value * 256 + bytes[contentAt + i]
  return value
}

/** Leaves the operation as the element read last; version 3 has it in the scoped PDU, unless that is encrypted. */
function inPdu(packet: Packet, layer: number): boolean {
  const version = versionOf(packet, layer)
  const { bytes } = packet
  if (version === VERSION_3) {
    if (!inMessage(packet, layer, 3) || tag !== SEQUENCE) return false
    if (!nth(bytes, contentAt, contentAt + contentLength, 2)) return false
  } else if (version < 0 || !inMessage(packet, layer, 2)) return false
  return tag >= PDU && tag <= PDU + REPORT
}

/** A field in element `index` of the operation, where `applies` holds for its number. */
function ofPdu(
  type: FieldType,
  name: string,
  index: number,
  description: string,
  applies: (operation: number) => boolean,
  read: (bytes: Uint8Array, visit: Visit) => boolean,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      if (!inPdu(packet, layer) || !applies(tag - PDU)) return false
      return nth(packet.bytes, contentAt, contentAt + contentLength, index) && read(packet.bytes, visit)
    },
    options,
  )
}

function ofMessage(
  type: FieldType,
  name: string,
  index: number,
  identifier: number,
  description: string,
  applies: (version: number) => boolean,
  read: (bytes: Uint8Array, visit: Visit) => boolean,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      applies(versionOf(packet, layer)) &&
      inMessage(packet, layer, index) &&
      tag === identifier &&
      read(packet.bytes, visit),
    options,
  )
}

// Of more octets than the field has, Wireshark shows the last; and nothing without a sign is below zero.
const readInteger = (bytes: Uint8Array, visit: Visit): boolean => visit(integer(bytes) | 0, 0)
const readUnsigned = (bytes: Uint8Array, visit: Visit): boolean => {
  let value = 0
  for (let i = 0; i < contentLength; i++) value = (value << 8) | bytes[contentAt + i]
  return visit(value >>> 0, 0)
}
const readText = (bytes: Uint8Array, visit: Visit): boolean => visit(asciiText(bytes, contentAt, contentLength), 0)

const isTrap = (operation: number): boolean => operation === TRAP
const isNoTrap = (operation: number): boolean => operation !== TRAP
const GET_BULK = 5
const hasErrors = (operation: number): boolean => operation !== TRAP && operation !== GET_BULK
const isBulk = (operation: number): boolean => operation === GET_BULK
const isOld = (version: number): boolean => version === 0 || version === 1
const isThree = (version: number): boolean => version === VERSION_3

/** Calls `each` with the place of each variable binding. */
function eachBinding(packet: Packet, layer: number, each: (at: number, end: number) => boolean): boolean {
  if (!inPdu(packet, layer)) return false
  const list = tag - PDU === TRAP ? 5 : 3
  const { bytes } = packet
  if (!nth(bytes, contentAt, contentAt + contentLength, list) || tag !== SEQUENCE) return false
  let at = contentAt
  const end = contentAt + contentLength
  while (at < end) {
    const next = readElement(bytes, at, end)
    if (next < 0) return false
    if (each(contentAt, next)) return true
    at = next
  }
  return false
}

/** An object identifier as text (X.690 §8.19). */
function oid(bytes: Uint8Array, at: number, length: number): string {
  const parts: number[] = []
  let value = 0
  for (let i = 0; i < length; i++) {
    value = value * 128 + (bytes[at + i] & 0x7f)
    if ((bytes[at + i] & 0x80) !== 0) continue
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)))
    else parts.push(value)
    value = 0
  }
  return parts.join('.')
}

export const snmp: Protocol = {
  id: SNMP,
  name: 'snmp',
  title: 'Simple Network Management Protocol',
  need: 'dissection',
  carriedBy: { ethertype: 0x814c, 'udp.application': [161, 162, 8161], 'tcp.application': [161, 162] },
  fields: [
    ofMessage('int32', 'snmp.version', 0, INTEGER, 'version; one less than said', isOld, readInteger, {
      values: VERSIONS,
    }),
    ofMessage('string', 'snmp.community', 1, OCTET_STRING, 'community; a password in the clear', isOld, readText),
    ofMessage('int32', 'snmp.msgVersion', 0, INTEGER, 'msgVersion', isThree, readInteger, { values: VERSIONS }),
    ofMessage('uint32', 'snmp.msgID', 1, SEQUENCE, 'msgID; the same in the answer', isThree, (bytes, visit) =>
      nth(bytes, contentAt, contentAt + contentLength, 0) ? readUnsigned(bytes, visit) : false,
    ),
    ofMessage('string', 'snmp.msgUserName', 2, OCTET_STRING, 'msgUserName (RFC 3414 §2.4)', isThree, (bytes, visit) => {
      const end = readElement(bytes, contentAt, contentAt + contentLength)
      return end >= 0 && nth(bytes, contentAt, end, 3) && readText(bytes, visit)
    }),
    computed(
      'uint32',
      'snmp.data',
      'data; the operation',
      (packet, layer, visit) => inPdu(packet, layer) && visit(tag - PDU, 0),
      {
        values: OPERATIONS,
      },
    ),
    ofPdu('int32', 'snmp.request_id', 0, 'request-id; the same in the answer', isNoTrap, readInteger),
    ofPdu('int32', 'snmp.error_status', 1, 'error-status', hasErrors, readInteger),
    ofPdu('int32', 'snmp.error_index', 2, 'error-index; of the variable that is in error', hasErrors, readInteger),
    ofPdu('uint32', 'snmp.non_repeaters', 1, 'non-repeaters', isBulk, readUnsigned),
    ofPdu('uint32', 'snmp.max_repetitions', 2, 'max-repetitions', isBulk, readUnsigned),
    ofPdu('ipv4', 'snmp.agent_addr', 1, 'agent-addr; of who sends the trap', isTrap, (bytes, visit) =>
      tag === APPLICATION_ADDRESS && contentLength === 4 ? visit(read32(bytes, contentAt), 0) : false,
    ),
    ofPdu('int32', 'snmp.generic_trap', 2, 'generic-trap', isTrap, readInteger),
    ofPdu('int32', 'snmp.specific_trap', 3, 'specific-trap', isTrap, readInteger),
    ofPdu('uint32', 'snmp.time_stamp', 4, 'time-stamp; hundredths of a second', isTrap, readUnsigned),
    computed('uint32', 'snmp.variable_bindings', 'variable-bindings; how many', (packet, layer, visit) => {
      let count = 0
      eachBinding(packet, layer, () => {
        count++
        return false
      })
      return inPdu(packet, layer) && visit(count, 0)
    }),
    computed('string', 'snmp.name', 'Object Name; of each variable', (packet, layer, visit) =>
      eachBinding(
        packet,
        layer,
        (at, end) =>
          readElement(packet.bytes, at, end) >= 0 &&
          tag === OID &&
          visit(oid(packet.bytes, contentAt, contentLength), 0),
      ),
    ),
    ...snmpFurtherFields,
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes, end, wireEnd } = packet
    const isTcp = packet.transport >= 0 && packet.layerProtocol[packet.transport] === TCP
    if (at < end && (bytes[at] & ~0x20) !== (SEQUENCE & ~0x20)) return REJECTED
    contentAt = 0
    readElement(bytes, at, end)
    if (contentAt === 0) return isShort(packet, at, isTcp)
    const messageEnd = contentAt + contentLength
    if (isTcp && packet.canReassemble && messageEnd > wireEnd) return packet.incomplete(messageEnd - wireEnd)
    if (messageEnd > wireEnd) return REJECTED
    if (contentAt < end && bytes[contentAt] !== INTEGER) return REJECTED
    packet.enter(SNMP, at)
    packet.payload = messageEnd
    if (isTcp) packet.endMessage(messageEnd)
    if (!isWellFormed(bytes, at, end)) return packet.truncated(SNMP)
    return !isTcp && messageEnd < end ? DATA : NONE
  },
}

/** Hot: a payload that ends within the first header. */
function isShort(packet: Packet, at: number, isTcp: boolean): number {
  if (isTcp && packet.canReassemble) return packet.incomplete(ONE_MORE_SEGMENT)
  packet.enter(SNMP, at)
  return packet.truncated(SNMP)
}

/** Hot: whether version, credentials and operation are all there. */
function isWellFormed(bytes: Uint8Array, at: number, end: number): boolean {
  const to = readElement(bytes, at, end)
  if (to < 0) return false
  let next = contentAt
  for (let i = 0; i < 3 && next < to; i++) {
    next = readElement(bytes, next, to)
    if (next < 0) return false
  }
  return true
}
