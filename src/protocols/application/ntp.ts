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
import { bits, computed, type Field, span, u8, u32, type ValueNames, when } from '../field.ts'
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
/** What an empty timestamp is shown as. */
const NO_TIME: ValueNames = { 0: 'NULL' }

function modeOf({ bytes, layerAt }: Packet, layer: number): number {
  return bytes[layerAt[layer] + FLAGS] & MODE_MASK
}

/** The field, in messages that tell the time. */
function ofTime(field: Field): Field {
  return when((packet, layer) => modeOf(packet, layer) < CONTROL, field)
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
