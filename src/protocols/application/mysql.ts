/**
 * MySQL's client and server protocol (MySQL Internals Manual, "Client/Server Protocol").
 *
 *    0                             3       4  octets, little-endian
 *  0 | length of what follows     | number | ...
 */
import { NONE, type Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { LayerNotes } from './layer-notes.ts'
import { utf8 } from './lines.ts'
import { TLS } from './tls/tls.ts'
import { goesTo } from './transport.ts'

export const MYSQL = protocolId('mysql')

const PORTS = [3306]
const HEADER_LENGTH = 4

const QUERY = 3
/** A capability of the client: TLS follows. */
const SWITCH_TO_TLS = 0x0800
/** The first octet of an error. */
const ERROR = 0xff

/** What a message is. */
const GREETING = 1
const LOGIN = 2
const COMMAND = 3
const RESPONSE = 4

interface MysqlState {
  /** The client has sent its login: what it sends from then on are commands. */
  hasLogin: boolean
  /** The login has been answered. */
  isOpen: boolean
}

const notes = new LayerNotes<{ kind: number }>(() => ({ kind: 0 }))

const COMMANDS = {
  0: 'SLEEP',
  1: 'Quit',
  2: 'Use Database',
  3: 'Query',
  4: 'Show Fields',
  5: 'Create Database',
  6: 'Drop Database',
  7: 'Refresh',
  8: 'Shutdown',
  9: 'Statistics',
  10: 'Process List',
  11: 'Connect',
  12: 'Kill Server Thread',
  13: 'Dump Debuginfo',
  14: 'Ping',
  15: 'Time',
  16: 'Insert Delayed',
  17: 'Change User',
  18: 'Send Binlog',
  19: 'Send Table',
  20: 'Slave Connect',
  21: 'Register Slave',
  22: 'Prepare Statement',
  23: 'Execute Statement',
  24: 'Send BLOB',
  25: 'Close Statement',
  26: 'Reset Statement',
  27: 'Set Option',
  28: 'Fetch Data',
  29: 'Daemon',
  30: 'Send Binlog GTID',
  31: 'Reset Connection',
  250: 'Execute Bulk Statement',
}

/** A field of messages of one kind, or of all (0); `at` is the first octet after the header. */
function message(
  type: FieldType,
  name: string,
  kind: number,
  description: string,
  read: (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer] + HEADER_LENGTH
      const end = packet.layerEnd[layer]
      if (at > end || (kind !== 0 && (at >= end || notes.of(packet, layer)?.kind !== kind))) return false
      return read(packet.bytes, at, end, visit)
    },
    { ...options, need: 'dissection' },
  )
}

function little16(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8)
}

function zeroAt(bytes: Uint8Array, at: number, end: number): number {
  let zero = at
  while (zero < end && bytes[zero] !== 0) zero++
  return zero
}

export const mysql: Protocol = {
  id: MYSQL,
  name: 'mysql',
  title: 'MySQL Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORTS },
  messages: { headerLength: HEADER_LENGTH, length: messageLength },
  fields: [
    message('uint24', 'mysql.packet_length', 0, 'Packet Length; octets after the header', (bytes, at, _end, visit) =>
      visit(bytes[at - 4] | (bytes[at - 3] << 8) | (bytes[at - 2] << 16), 0),
    ),
    message('uint8', 'mysql.packet_number', 0, 'Packet Number; from 0 in each exchange', (bytes, at, _end, visit) =>
      visit(bytes[at - 1], 0),
    ),
    message('uint8', 'mysql.command', COMMAND, 'Command', (bytes, at, _end, visit) => visit(bytes[at], 0), {
      values: COMMANDS,
    }),
    message('string', 'mysql.query', COMMAND, 'Statement', (bytes, at, end, visit) =>
      bytes[at] === QUERY ? visit(utf8(bytes, at + 1, end), 0) : false,
    ),
    message(
      'uint8',
      'mysql.protocol',
      GREETING,
      'Protocol',
      (bytes, at, _end, visit) => bytes[at] !== ERROR && visit(bytes[at], 0),
    ),
    message(
      'string',
      'mysql.version',
      GREETING,
      'Version',
      (bytes, at, end, visit) => bytes[at] !== ERROR && visit(utf8(bytes, at + 1, zeroAt(bytes, at + 1, end)), 0),
    ),
    message(
      'uint8',
      'mysql.response_code',
      RESPONSE,
      'Response Code',
      (bytes, at, _end, visit) => [0x00, 0xfe, ERROR].includes(bytes[at]) && visit(bytes[at], 0),
      { base: 'hex' },
    ),
    message(
      'uint16',
      'mysql.error_code',
      RESPONSE,
      'Error Code',
      (bytes, at, end, visit) => bytes[at] === ERROR && at + 3 <= end && visit(little16(bytes, at + 1), 0),
    ),
  ],

  /** Hot: a whole message. */
  decode(packet, at) {
    packet.enter(MYSQL, at)
    packet.payload = packet.end
    const { bytes, conversation } = packet
    const note = notes.add(packet, at)
    const isRequest = goesTo(packet, packet.layerCount - 1, PORTS)
    note.kind = isRequest ? COMMAND : RESPONSE
    if (conversation === null || packet.end - at < HEADER_LENGTH) return NONE
    let state = conversation.state.get(MYSQL) as MysqlState | undefined
    if (state === undefined) {
      state = { hasLogin: false, isOpen: false }
      conversation.state.set(MYSQL, state)
    }
    const number = bytes[at + 3]
    if (!isRequest) {
      if (!state.hasLogin && number === 0) note.kind = GREETING
    } else if (!state.hasLogin && number === 1) {
      note.kind = LOGIN
      state.hasLogin = true
      const content = at + HEADER_LENGTH
      // A login of nothing but capabilities asks for TLS.
      if (
        packet.end - content >= 2 &&
        (little16(bytes, content) & SWITCH_TO_TLS) !== 0 &&
        packet.wireEnd - content <= 32
      ) {
        state.hasLogin = false
        conversation.protocol = TLS
      }
    } else state.hasLogin = true
    return NONE
  },
}

/** Hot. */
function messageLength(bytes: Uint8Array, at: number, _packet: Packet): number {
  return HEADER_LENGTH + (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16))
}
