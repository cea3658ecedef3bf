/**
 * NTP: Network Time Protocol, RFC 5905 §7.3.
 *
 *    0            1         2       3          4  octets
 *  0 | li vn mode | stratum | poll  | precision |
 *  4 |               root delay                 |
 *  8 |            root dispersion               |
 * 12 |              reference ID                |
 * 16 | timestamps: reference, origin, receive, transmit (8 each)
 *
 * Modes 6 (control, RFC 9327) and 7 (private) share the first octet alone.
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import { bits, computed, type Field, span, u8, u16, u32, type ValueNames, type Visit, when } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const NTP = protocolId('ntp')

// Octets from the first octet of the message.
const FLAGS = 0
const STRATUM = 1
const POLL = 2
const PRECISION = 3
const ROOT_DELAY = 4
const ROOT_DISPERSION = 8
const REFERENCE_ID = 12
const REFERENCE_TIME = 16
const ORIGIN_TIME = 24
const RECEIVE_TIME = 32
const TRANSMIT_TIME = 40

/** Octets of a message of modes 0 to 5; of a control message before its data; of a private one at least. */
const HEADER_LENGTH = 48
const CONTROL_LENGTH = 12
const CONTROL_COUNT = 10
const PRIVATE_LENGTH = 4

/** Octets of a key's number, and of the codes that follow it: none in a refusal, MD5, SHA-1. */
const KEY_ID = 4
const CODE_LENGTHS: readonly number[] = [0, 16, 20]
/** Of a control message: its second octet. */
const CONTROL_FLAGS = 1

const MODE_MASK = 0x07
const CONTROL = 6
const PRIVATE = 7

/** Seconds from 1900 to 1970, and from 1970 to 2036, when the first era ends (RFC 5905 §6). */
const FROM_1900 = 2_208_988_800
const TO_2036 = 2_085_978_496
const SECOND_ERA = 0x8000_0000

const LEAP: ValueNames = {
  0: 'no warning',
  1: 'last minute of the day has 61 seconds',
  2: 'last minute of the day has 59 seconds',
  3: 'unknown (clock unsynchronized)',
}
const VERSIONS: ValueNames = {
  0: 'reserved',
  1: 'NTP Version 1',
  2: 'NTP Version 2',
  3: 'NTP Version 3',
  4: 'NTP Version 4',
  5: 'reserved',
  6: 'reserved',
  7: 'reserved',
}
const MODES: ValueNames = {
  0: 'reserved',
  1: 'symmetric active',
  2: 'symmetric passive',
  3: 'client',
  4: 'server',
  5: 'broadcast',
  6: 'reserved for NTP control message',
  7: 'reserved for private use',
}
const OPCODES: ValueNames = {
  0: 'reserved',
  1: 'read status',
  2: 'read variables',
  3: 'write variables',
  4: 'read clock variables',
  5: 'write clock variables',
  6: 'set trap address/port',
  7: 'asynchronous message',
  8: 'runtime configuration',
  9: 'save config to file',
  10: 'retrieve MRU (mrulist)',
  11: 'retrieve ordered list',
  12: 'request a client nonce',
  31: 'unset trap address/port',
}
/** Of what mode 7 can be asked, what amplifies most, and what describes a server and its peers. */
const REQUEST_CODES: ValueNames = {
  0: 'PEER_LIST',
  1: 'PEER_LIST_SUM',
  2: 'PEER_INFO',
  3: 'PEER_STATS',
  4: 'SYS_INFO',
  5: 'SYS_STATS',
  20: 'MON_GETLIST',
  42: 'MON_GETLIST_1',
}
/** What an empty timestamp is shown as. */
const NO_TIME: ValueNames = { 0: 'NULL' }

function modeOf({ bytes, layerAt }: Packet, layer: number): number {
  return bytes[layerAt[layer] + FLAGS] & MODE_MASK
}

/** The field, in messages that tell the time. */
function ofTime(field: Field): Field {
  return when((packet, layer) => modeOf(packet, layer) < CONTROL, field)
}

/** The field, in control messages (RFC 9327 §2), or in those of mode 7. */
function ofControl(field: Field): Field {
  return when((packet, layer) => modeOf(packet, layer) === CONTROL, field)
}

function ofPrivate(field: Field): Field {
  return when((packet, layer) => modeOf(packet, layer) === PRIVATE, field)
}

/** Of what stands behind the header (RFC 5905 §7.3): a key's number and a code, without extensions before them. */
function authentication(
  name: string,
  description: string,
  read: (at: number, end: number, visit: Visit) => boolean,
): Field {
  return computed('bytes', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer] + HEADER_LENGTH
    const end = packet.layerEnd[layer]
    return modeOf(packet, layer) < CONTROL && CODE_LENGTHS.includes(end - at - KEY_ID) && read(at, end, visit)
  })
}

function timestamp(name: string, offset: number, description: string): Field {
  return computed(
    'absolute_time',
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer] + offset
      if (modeOf(packet, layer) >= CONTROL || at + 8 > packet.layerEnd[layer]) return false
      const seconds = read32(packet.bytes, at)
      const fraction = read32(packet.bytes, at + 4)
      if (seconds === 0 && fraction === 0) return visit(0, 0)
      const since1970 = seconds >= SECOND_ERA ? seconds - FROM_1900 : seconds + TO_2036
      return visit(since1970, Math.trunc((fraction / 2 ** 32) * 1e9))
    },
    { values: NO_TIME },
  )
}

export const ntp: Protocol = {
  id: NTP,
  name: 'ntp',
  title: 'Network Time Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': 123, 'tcp.application': 123 },
  fields: [
    u8('ntp.flags', FLAGS, 'Flags', { base: 'hex' }),
    when(
      (packet, layer) => modeOf(packet, layer) !== PRIVATE,
      bits('uint8', 'ntp.flags.li', FLAGS, 1, 0xc0, 'Leap Indicator', { values: LEAP }),
    ),
    bits('uint8', 'ntp.flags.vn', FLAGS, 1, 0x38, 'Version number', { values: VERSIONS }),
    bits('uint8', 'ntp.flags.mode', FLAGS, 1, MODE_MASK, 'Mode', { values: MODES }),
    ofTime(u8('ntp.stratum', STRATUM, 'Peer Clock Stratum; how far from a reference clock')),
    ofTime(u8('ntp.ppoll', POLL, 'Peer Polling Interval; as a power of two seconds')),
    ofTime(u8('ntp.precision', PRECISION, 'Peer Clock Precision; as a power of two seconds, signed')),
    ofTime(u32('ntp.rootdelay', ROOT_DELAY, 'Root Delay; in seconds, 16 bits of fraction')),
    ofTime(u32('ntp.rootdispersion', ROOT_DISPERSION, 'Root Dispersion; in seconds, 16 bits of fraction')),
    ofTime(span('bytes', 'ntp.refid', REFERENCE_ID, 4, 'Reference ID; of the clock, or its address')),
    timestamp('ntp.reftime', REFERENCE_TIME, 'Reference Timestamp; when the clock was last set'),
    timestamp('ntp.org', ORIGIN_TIME, 'Origin Timestamp; when the request left'),
    timestamp('ntp.rec', RECEIVE_TIME, 'Receive Timestamp; when it came'),
    timestamp('ntp.xmt', TRANSMIT_TIME, 'Transmit Timestamp; when this left'),
    authentication('ntp.keyid', 'Key ID; of the key that the code is made with', (at, _end, visit) =>
      visit(at, KEY_ID),
    ),
    authentication(
      'ntp.mac',
      'Message Authentication Code',
      (at, end, visit) => at + KEY_ID < end && visit(at + KEY_ID, end - at - KEY_ID),
    ),
    ofControl(u8('ntp.ctrl.flags2', CONTROL_FLAGS, 'Flags 2', { base: 'hex' })),
    ofControl(bits('uint8', 'ntp.ctrl.flags2.r', CONTROL_FLAGS, 1, 0x80, 'Response bit')),
    ofControl(bits('uint8', 'ntp.ctrl.flags2.error', CONTROL_FLAGS, 1, 0x40, 'Error bit')),
    ofControl(bits('uint8', 'ntp.ctrl.flags2.more', CONTROL_FLAGS, 1, 0x20, 'More bit')),
    ofControl(bits('uint8', 'ntp.ctrl.flags2.opcode', CONTROL_FLAGS, 1, 0x1f, 'Opcode', { values: OPCODES })),
    ofControl(u16('ntp.ctrl.sequence', 2, 'Sequence')),
    ofControl(u16('ntp.ctrl.status', 4, 'Status', { base: 'hex' })),
    ofControl(u16('ntp.ctrl.associd', 6, 'AssociationID')),
    ofControl(u16('ntp.ctrl.offset', 8, 'Offset')),
    ofControl(u16('ntp.ctrl.count', CONTROL_COUNT, 'Count; octets of data')),
    ofPrivate(bits('uint8', 'ntp.priv.flags.r', FLAGS, 1, 0x80, 'Response bit')),
    ofPrivate(bits('uint8', 'ntp.priv.flags.more', FLAGS, 1, 0x40, 'More bit')),
    ofPrivate(bits('uint8', 'ntp.priv.auth', 1, 1, 0x80, 'Auth bit')),
    ofPrivate(bits('uint8', 'ntp.priv.seq', 1, 1, 0x7f, 'Sequence number')),
    ofPrivate(
      u8('ntp.priv.impl', 2, 'Implementation', { values: { 0: 'UNIV', 2: 'XNTPD_OLD (pre-IPv6)', 3: 'XNTPD' } }),
    ),
    ofPrivate(u8('ntp.priv.reqcode', 3, 'Request code; 42 lists who asked last', { values: REQUEST_CODES })),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(NTP, at)
    packet.payload = packet.end
    return at + lengthOf(packet, at) > packet.end ? packet.truncated(NTP) : NONE
  },
}

/** Hot: octets that a message has at least. */
function lengthOf({ bytes, end }: Packet, at: number): number {
  const mode = bytes[at + FLAGS] & MODE_MASK
  if (mode === PRIVATE) return PRIVATE_LENGTH
  if (mode !== CONTROL) return HEADER_LENGTH
  return CONTROL_LENGTH + (at + CONTROL_LENGTH <= end ? read16(bytes, at + CONTROL_COUNT) : 0)
}
