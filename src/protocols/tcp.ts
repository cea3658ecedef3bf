/**
 * TCP: Transmission Control Protocol, RFC 9293 §3.1.
 * Options: RFC 9293 §3.2 (maximum segment size), RFC 7323 (window scale, timestamps), RFC 2018 (SACK).
 *
 *    0                      2                      4  octets
 *  0 |     source port      |   destination port   |
 *  4 |               sequence number               |
 *  8 |            acknowledgment number            |
 * 12 | offset | res | flags |        window        |
 * 16 |       checksum       |    urgent pointer    |
 * 20 |              options ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { fieldsWithin } from './elements.ts'
import { bits, computed, either, flag, u16, u32, type Visit, when } from './field.ts'
import { byTcpPort } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { streamField } from './stream-field.ts'

export const TCP = protocolId('tcp')

/** Octets in a header without options, and so the smallest legal one. */
export const MIN_HEADER_LENGTH = 20

// Octets from the first octet of this header.
export const SOURCE_PORT = 0
export const DESTINATION_PORT = 2
export const SEQUENCE = 4
export const ACKNOWLEDGMENT = 8
export const OFFSET_FLAGS = 12
const WINDOW = 14
const CHECKSUM = 16
const URGENT = 18

/** Reserved bits, in the octet at OFFSET_FLAGS. */
const RESERVED = 0x0e

// Control bits (RFC 9293 §3.1), in the octet at OFFSET_FLAGS + 1.
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const ACK = 0x10

// Option kinds (RFC 9293 §3.2 and IANA).
const END_OF_OPTIONS = 0
const NO_OPERATION = 1
const MAXIMUM_SEGMENT_SIZE = 2
const WINDOW_SCALE = 3
const SACK = 5
const TIMESTAMPS = 8

/** The letters of `tcp.flags.str`, from the highest bit down. */
const FLAG_LETTERS = 'RRRACEUAPRSF'

/** Octets of the header as its data offset says; less than `MIN_HEADER_LENGTH` if that is bogus. */
export function headerLength(packet: Packet, layer: number): number {
  return (packet.bytes[packet.layerAt[layer] + OFFSET_FLAGS] >> 4) * 4
}

/** Octets of data in the segment, on the wire. */
export function segmentLength(packet: Packet, layer: number): number {
  return Math.max(0, packet.layerWireEnd[layer] - packet.layerAt[layer] - headerLength(packet, layer))
}

/** Calls `visit(kind, at, length)` for each captured option; length counts the kind and length octets. */
function eachOption(
  packet: Packet,
  layer: number,
  visit: (kind: number, at: number, length: number) => boolean,
): boolean {
  const bytes = packet.bytes
  const end = Math.min(packet.layerAt[layer] + headerLength(packet, layer), packet.layerEnd[layer])
  let at = packet.layerAt[layer] + MIN_HEADER_LENGTH
  while (at < end) {
    const kind = bytes[at]
    if (kind === END_OF_OPTIONS || kind === NO_OPERATION) {
      if (visit(kind, at, 1)) return true
      // RFC 9293 §3.2: zeros behind the end of the list are padding. Wireshark lists them, unless something else follows.
      if (kind === END_OF_OPTIONS && !isZero(bytes, at, end)) return false
      at++
      continue
    }
    if (at + 2 > end) return false
    const length = bytes[at + 1]
    if (length < 2 || at + length > end) return false
    if (visit(kind, at, length)) return true
    at += length
  }
  return false
}

function isZero(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at] !== 0) return false
  return true
}

/** Not of a segment that an ICMP error quotes: Wireshark shows no lengths and no raw sequence number there. */
function notQuoted(packet: Packet, layer: number): boolean {
  return layer < packet.quotedFrom
}

/** A value within one kind of option. */
const option = fieldsWithin(eachOption)

/** The left (0) or right (4) edges of the blocks of a SACK option. */
function sackEdges(edge: number) {
  return (bytes: Uint8Array, at: number, length: number, visit: Visit): boolean => {
    for (let block = at + 2; block + 8 <= at + length; block += 8)
      if (visit(read32(bytes, block + edge), 0)) return true
    return false
  }
}

const source = u16('tcp.srcport', SOURCE_PORT, 'Source port')
const destination = u16('tcp.dstport', DESTINATION_PORT, 'Destination port')

export const tcp: Protocol = {
  id: TCP,
  name: 'tcp',
  title: 'Transmission Control Protocol',
  carriedBy: { 'ip.proto': 6 },
  fields: [
    source,
    destination,
    either('tcp.port', 'Source or destination port', source, destination),
    streamField('tcp.stream'),
    computed('uint32', 'tcp.len', 'Octets of data in the segment', (packet, layer, visit) => {
      if (packet.layerAt[layer] + OFFSET_FLAGS >= packet.layerEnd[layer] || !notQuoted(packet, layer)) return false
      return visit(segmentLength(packet, layer), 0)
    }),
    when(notQuoted, u32('tcp.seq_raw', SEQUENCE, 'Sequence number as sent')),
    u32('tcp.ack_raw', ACKNOWLEDGMENT, 'Acknowledgment number as sent'),
    computed('uint8', 'tcp.hdr_len', 'Header length, in octets', (packet, layer, visit) => {
      if (packet.layerAt[layer] + OFFSET_FLAGS >= packet.layerEnd[layer]) return false
      return visit(headerLength(packet, layer), 0)
    }),
    bits('uint16', 'tcp.flags', OFFSET_FLAGS, 2, 0x0fff, 'Control bits', { base: 'hex' }),
    computed('boolean', 'tcp.flags.res', 'Any of the reserved bits', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + OFFSET_FLAGS
      return at + 2 <= packet.layerEnd[layer] && visit((packet.bytes[at] & RESERVED) === 0 ? 0 : 1, 0)
    }),
    flag('tcp.flags.ae', OFFSET_FLAGS, 2, 0x0100, 'Accurate ECN'),
    flag('tcp.flags.cwr', OFFSET_FLAGS, 2, 0x0080, 'Congestion window reduced (RFC 3168)'),
    flag('tcp.flags.ece', OFFSET_FLAGS, 2, 0x0040, 'ECN echo (RFC 3168)'),
    flag('tcp.flags.urg', OFFSET_FLAGS, 2, 0x0020, 'The urgent pointer counts'),
    flag('tcp.flags.ack', OFFSET_FLAGS, 2, 0x0010, 'The acknowledgment number counts'),
    flag('tcp.flags.push', OFFSET_FLAGS, 2, 0x0008, 'Push'),
    flag('tcp.flags.reset', OFFSET_FLAGS, 2, 0x0004, 'Reset the connection'),
    flag('tcp.flags.syn', OFFSET_FLAGS, 2, 0x0002, 'Synchronize sequence numbers'),
    flag('tcp.flags.fin', OFFSET_FLAGS, 2, 0x0001, 'No more data from the sender'),
    computed('string', 'tcp.flags.str', 'Control bits as letters', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + OFFSET_FLAGS
      if (at + 2 > packet.layerEnd[layer]) return false
      const flags = read16(packet.bytes, at)
      let text = ''
      for (let bit = 11; bit >= 0; bit--) text += (flags >> bit) & 1 ? FLAG_LETTERS[11 - bit] : '·'
      return visit(text, 0)
    }),
    u16('tcp.window_size_value', WINDOW, 'Window as sent, before scaling'),
    u16('tcp.checksum', CHECKSUM, 'Checksum', { base: 'hex' }),
    u16('tcp.urgent_pointer', URGENT, 'Urgent pointer'),
    computed('uint8', 'tcp.option_kind', 'Kind of each option', (packet, layer, visit) =>
      eachOption(packet, layer, (kind) => visit(kind, 0)),
    ),
    computed('uint8', 'tcp.option_len', 'Length of each option that has one', (packet, layer, visit) =>
      eachOption(packet, layer, (kind, _at, length) => kind > NO_OPERATION && visit(length, 0)),
    ),
    option('uint16', 'tcp.options.mss_val', MAXIMUM_SEGMENT_SIZE, 'Maximum segment size', (bytes, at, length, visit) =>
      length === 4 ? visit(read16(bytes, at + 2), 0) : false,
    ),
    option('uint8', 'tcp.options.wscale.shift', WINDOW_SCALE, 'Window scale, as a shift', (bytes, at, length, visit) =>
      length === 3 ? visit(bytes[at + 2], 0) : false,
    ),
    option(
      'uint16',
      'tcp.options.wscale.multiplier',
      WINDOW_SCALE,
      'Window scale, as a factor (at most 2^14: RFC 7323 §2.3)',
      (bytes, at, length, visit) => (length === 3 ? visit(1 << Math.min(bytes[at + 2], 14), 0) : false),
    ),
    option('uint32', 'tcp.options.sack_le', SACK, 'Left edges of the blocks received', sackEdges(0)),
    option('uint32', 'tcp.options.sack_re', SACK, 'Right edges of the blocks received', sackEdges(4)),
    option('uint32', 'tcp.options.timestamp.tsval', TIMESTAMPS, 'Timestamp value', (bytes, at, length, visit) =>
      length === 10 ? visit(read32(bytes, at + 2), 0) : false,
    ),
    option('uint32', 'tcp.options.timestamp.tsecr', TIMESTAMPS, 'Timestamp echo reply', (bytes, at, length, visit) =>
      length === 10 ? visit(read32(bytes, at + 6), 0) : false,
    ),
    computed('bytes', 'tcp.payload', 'Data', (packet, layer, visit) => {
      if (packet.layerAt[layer] + OFFSET_FLAGS >= packet.layerEnd[layer]) return false
      const length = headerLength(packet, layer)
      const at = packet.layerAt[layer] + length
      return length >= MIN_HEADER_LENGTH && at < packet.layerEnd[layer] && visit(at, packet.layerEnd[layer] - at)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enterTransport(TCP, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(TCP)
    const bytes = packet.bytes
    const length = (bytes[at + OFFSET_FLAGS] >> 4) * 4
    if (length < MIN_HEADER_LENGTH) return packet.malformed(TCP)
    if (at + length > packet.end) return packet.truncated(TCP)
    packet.payload = at + length
    if (packet.payload >= packet.wireEnd) return NONE
    return byTcpPort[read16(bytes, at + SOURCE_PORT)] || byTcpPort[read16(bytes, at + DESTINATION_PORT)] || DATA
  },
}
