/**
 * ICMP: Internet Control Message Protocol, RFC 792. What its messages hold is in icmp/.
 * Quotation length: RFC 4884. Extended echo: RFC 8335.
 *
 *    0      1      2             4  octets
 *  0 | type | code |  checksum   |
 *  4 |  what the type says       |
 *  8 |  data, or the datagram that the message is about ...
 */
import { read32, read32le } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import {
  CHECKSUM_BAD,
  CHECKSUM_GOOD,
  CHECKSUM_UNVERIFIED,
  checksumStatusNames,
  isVerifiable,
  onesComplementSum,
} from './checksum.ts'
import { DATA } from './data.ts'
import { answerFields } from './echo-fields.ts'
import { computed, type Field, u8, u16, when } from './field.ts'
import { messageItems, scanMessage } from './icmp/messages.ts'
import { IPV4 } from './ipv4.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { scanned } from './scan.ts'

export const ICMP = protocolId('icmp')

/** Octets before the data. */
const HEADER_LENGTH = 8
/** Octets without which Wireshark shows nothing of a message: type, code, checksum, and the first two of what follows. */
const SHOWN_LENGTH = 6
const MIN_HEADER_LENGTH = 4

// Octets from the first octet of this header.
const TYPE = 0
const CODE = 1
const CHECKSUM = 2
const QUOTATION_WORDS = 5
const ENTRY_WORDS = 5

// Types (RFC 792, RFC 1256).
const ECHO_REPLY = 0
const DESTINATION_UNREACHABLE = 3
const SOURCE_QUENCH = 4
const REDIRECT = 5
const ECHO = 8
const ROUTER_ADVERTISEMENT = 9
const TIME_EXCEEDED = 11
const PARAMETER_PROBLEM = 12

/** Words of an entry of a router advertisement (RFC 1256 §3). */
const ROUTER_ENTRY_WORDS = 2

/** Octets of the quoted datagram's data in a message of RFC 792: "64 bits of original data datagram". */
const QUOTED_DATA = 8
/** RFC 4884 §4.1 counts the quotation in words of 4 octets. */
const WORD = 4

// A time at the start of an echo's data, as ping puts it there: seconds since 1970, and microseconds.
const TIME_LENGTH = 8
const MICROSECONDS = 1_000_000
/** The time counts as one if it is less than a day from that of the capture. */
const DAY = 86_400

/** A message's own layer; the extension structure of ICMPv6 has a layer without octets. */
function isShown(packet: Packet, layer: number): boolean {
  return packet.layerAt[layer] + SHOWN_LENGTH <= packet.layerEnd[layer]
}

function shown(field: Field): Field {
  return when(isShown, field)
}

function checksumStatus(packet: Packet, layer: number): number {
  if (!isShown(packet, layer)) return -1
  if (!isVerifiable(packet, layer)) return CHECKSUM_UNVERIFIED
  const sum = onesComplementSum(packet.bytes, packet.layerAt[layer], packet.layerEnd[layer])
  return sum === 0xffff ? CHECKSUM_GOOD : CHECKSUM_BAD
}

/** Hot: in which order of octets the echo at `at`, of 16 octets at least, has a time: 1 in network order, -1 in the other, 0 if it has none. */
function timeOrder(packet: Packet, at: number): number {
  const time = at + HEADER_LENGTH
  const { bytes, seconds } = packet
  if (read32(bytes, time + 4) < MICROSECONDS && isNear(read32(bytes, time), seconds)) return 1
  return read32le(bytes, time + 4) < MICROSECONDS && isNear(read32le(bytes, time), seconds) ? -1 : 0
}

/** Hot: the difference counts modulo 2^32. */
function isNear(seconds: number, captured: number): boolean {
  return Math.abs((seconds - captured) | 0) < DAY
}

/** The time in the data of an echo: seconds and nanoseconds, and whether it is there. */
function timeOf(packet: Packet, layer: number): { seconds: number; nanoseconds: number } | null {
  const at = packet.layerAt[layer]
  if (at + HEADER_LENGTH + TIME_LENGTH > packet.layerEnd[layer]) return null
  const type = packet.bytes[at + TYPE]
  if (type !== ECHO && type !== ECHO_REPLY) return null
  const order = timeOrder(packet, at)
  if (order === 0) return null
  const read = order > 0 ? read32 : read32le
  const time = at + HEADER_LENGTH
  return { seconds: read(packet.bytes, time), nanoseconds: read(packet.bytes, time + 4) * 1000 }
}

const timeFields: readonly Field[] = [
  computed('absolute_time', 'icmp.data_time', 'Timestamp from icmp data', (packet, layer, visit) => {
    const time = timeOf(packet, layer)
    return time !== null && visit(time.seconds, time.nanoseconds)
  }),
  computed(
    'relative_time',
    'icmp.data_time_relative',
    'Timestamp from icmp data (relative)',
    (packet, layer, visit) => {
      const time = timeOf(packet, layer)
      if (time === null) return false
      let seconds = packet.seconds - time.seconds
      let nanoseconds = packet.nanoseconds - time.nanoseconds
      // Both have the sign of the whole.
      if (seconds > 0 && nanoseconds < 0) {
        seconds--
        nanoseconds += 1_000_000_000
      } else if (seconds < 0 && nanoseconds > 0) {
        seconds++
        nanoseconds -= 1_000_000_000
      }
      return visit(seconds, nanoseconds)
    },
  ),
]

export const icmp: Protocol = {
  id: ICMP,
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  carriedBy: { 'ip.proto': 1 },
  fields: [
    shown(u8('icmp.type', TYPE, 'Type')),
    shown(u8('icmp.code', CODE, 'Code; what exactly, within the type')),
    shown(u16('icmp.checksum', CHECKSUM, 'Checksum; of the message', { base: 'hex' })),
    computed(
      'none',
      'icmp.checksum_bad',
      'Bad checksum',
      (packet, layer, visit) => checksumStatus(packet, layer) === CHECKSUM_BAD && visit(0, 0),
    ),
    computed(
      'uint8',
      'icmp.checksum.status',
      'Checksum Status',
      (packet, layer, visit) => {
        const status = checksumStatus(packet, layer)
        return status >= 0 && visit(status, 0)
      },
      { values: checksumStatusNames },
    ),
    ...scanned(messageItems, (scan) => {
      if (!scan.need(SHOWN_LENGTH)) return
      const type = scan.octet(TYPE)
      const code = scan.octet(CODE)
      scan.skip(MIN_HEADER_LENGTH)
      scanMessage(scan, type, code)
    }),
    ...answerFields('icmp'),
    ...timeFields,
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(ICMP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(ICMP)
    const bytes = packet.bytes
    packet.payload = at + HEADER_LENGTH
    switch (bytes[at + TYPE]) {
      case ECHO_REPLY:
      case ECHO:
        if (packet.end - packet.payload >= TIME_LENGTH && timeOrder(packet, at) !== 0) packet.payload += TIME_LENGTH
        return DATA
      case DESTINATION_UNREACHABLE:
      case TIME_EXCEEDED:
      case PARAMETER_PROBLEM:
        // RFC 4884 §4.1: extensions may stand behind the quotation. Senders older than that leave the octet 0.
        if (bytes[at + QUOTATION_WORDS] > 0) cut(packet, quotationEnd(packet, at))
        return quotation(packet)
      case SOURCE_QUENCH:
        return quotation(packet)
      case REDIRECT:
        if (packet.payload < packet.end) cut(packet, packet.payload + (bytes[packet.payload] & 15) * WORD + QUOTED_DATA)
        return quotation(packet)
      case ROUTER_ADVERTISEMENT:
        return bytes[at + ENTRY_WORDS] === ROUTER_ENTRY_WORDS ? NONE : DATA
      default:
        return NONE
    }
  },
}

/** Hot: one past a quotation that says how long it is; as Wireshark has it, without the quoted header. */
function quotationEnd(packet: Packet, at: number): number {
  const { bytes, payload } = packet
  const header = payload < packet.end ? (bytes[payload] & 15) * WORD : 0
  return at + HEADER_LENGTH + bytes[at + QUOTATION_WORDS] * WORD + header
}

/** Hot: what follows this layer ends at `at`, though the layer itself does not. */
function cut(packet: Packet, at: number): void {
  if (at < packet.wireEnd) packet.wireEnd = at
  if (at < packet.end) packet.end = at
}

/** Hot: an IPv4 datagram that is not the packet's own follows. */
function quotation(packet: Packet): number {
  if (packet.payload >= packet.wireEnd) return NONE
  packet.quote()
  return IPV4
}
