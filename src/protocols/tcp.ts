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
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { absent, bits, computed, either, flag, u16, u32, when } from './field.ts'
import { byTcpPort } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { streamField } from './stream-field.ts'
import {
  acknowledgment,
  analysisFields,
  completeness,
  fromFacts,
  nextSequence,
  sequence,
  windowScaleFactor,
  windowSize,
} from './tcp/analysis-fields.ts'
import {
  ACK,
  ACKNOWLEDGMENT,
  CHECKSUM,
  DESTINATION_PORT,
  FIN,
  flagsOf,
  headerLength,
  MIN_HEADER_LENGTH,
  notQuoted,
  OFFSET_FLAGS,
  RST,
  SEQUENCE,
  SOURCE_PORT,
  SYN,
  segmentLength,
  URG,
  URGENT,
  WINDOW,
} from './tcp/header.ts'
import { multipathFields } from './tcp/multipath.ts'
import { optionFields } from './tcp/options.ts'
import { sackFields } from './tcp/sack.ts'

export {
  ACK,
  DESTINATION_PORT,
  FIN,
  headerLength,
  MIN_HEADER_LENGTH,
  OFFSET_FLAGS,
  RST,
  SEQUENCE,
  SOURCE_PORT,
  SYN,
  segmentLength,
} from './tcp/header.ts'

export const TCP = protocolId('tcp')

/** Reserved bits, in the octet at OFFSET_FLAGS. */
const RESERVED = 0x0e

/** The letters of `tcp.flags.str`, from the highest bit down. */
const FLAG_LETTERS = 'RRRACEUAPRSF'

/** Wireshark validates no checksum unless it is told to, and says so. */
const CHECKSUM_STATUS = { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' }
const UNVERIFIED = 2

/** The data offset was captured. */
function hasOffset(packet: Packet, layer: number): boolean {
  return packet.layerAt[layer] + OFFSET_FLAGS < packet.layerEnd[layer]
}

/** The data offset is sound: Wireshark shows nothing behind one that is not. */
function isSound(packet: Packet, layer: number): boolean {
  return hasOffset(packet, layer) && headerLength(packet, layer) >= MIN_HEADER_LENGTH
}

/** The segment on the wire holds the whole header. */
function isWhole(packet: Packet, layer: number): boolean {
  return packet.layerAt[layer] + headerLength(packet, layer) <= packet.layerWireEnd[layer]
}

/** A segment with these control bits, of those in `mask`. */
function opening(name: string, mask: number, flags: number, description: string) {
  return computed('none', name, description, (packet, layer, visit) => {
    return isSound(packet, layer) && (flagsOf(packet, layer) & mask) === flags && visit(0, 0)
  })
}

/** Calls `visit` with the captured data, if the segment is or is not a reset as `isReset` says. */
function data(
  packet: Packet,
  layer: number,
  isReset: boolean,
  visit: (at: number, length: number) => boolean,
): boolean {
  if (!isSound(packet, layer) || ((flagsOf(packet, layer) & RST) !== 0) !== isReset) return false
  const at = packet.layerAt[layer] + headerLength(packet, layer)
  return at < packet.layerEnd[layer] && visit(at, packet.layerEnd[layer] - at)
}

/** One control bit. */
function control(name: string, mask: number, description: string) {
  return when(isSound, flag(name, OFFSET_FLAGS, 2, mask, description))
}

/** The same for the bits that are a counter where Accurate ECN was agreed on. */
function congestion(name: string, mask: number, description: string) {
  const isFlag = (packet: Packet, layer: number) =>
    isSound(packet, layer) && packet.tcpFacts[layer]?.hasAccurateEcn !== true
  return { ...when(isFlag, control(name, mask, description)), need: 'analysis' as const }
}

/** AE, CWR and ECE as one number. */
function counterOf(packet: Packet, layer: number): number {
  return (read16(packet.bytes, packet.layerAt[layer] + OFFSET_FLAGS) >> 6) & 7
}

/** ASCII up to its first zero octet; other octets are shown as what they are not. */
function textOf(bytes: Uint8Array, at: number, end: number): string {
  let text = ''
  for (; at < end && bytes[at] !== 0; at++) text += bytes[at] < 0x80 ? String.fromCharCode(bytes[at]) : '\ufffd'
  return text
}

const source = u16('tcp.srcport', SOURCE_PORT, 'Source Port')
const destination = u16('tcp.dstport', DESTINATION_PORT, 'Destination Port')

export const tcp: Protocol = {
  id: TCP,
  name: 'tcp',
  title: 'Transmission Control Protocol',
  carriedBy: { 'ip.proto': 6 },
  fields: [
    source,
    destination,
    either('tcp.port', 'Source or Destination Port', source, destination),
    streamField('tcp.stream'),
    completeness,
    computed('uint32', 'tcp.len', 'TCP Segment Len; octets of data', (packet, layer, visit) => {
      if (!hasOffset(packet, layer) || !notQuoted(packet, layer) || !isWhole(packet, layer)) return false
      return visit(segmentLength(packet, layer), 0)
    }),
    sequence,
    when(notQuoted, u32('tcp.seq_raw', SEQUENCE, 'Sequence Number (raw); as sent')),
    nextSequence,
    acknowledgment,
    when(isSound, u32('tcp.ack_raw', ACKNOWLEDGMENT, 'Acknowledgment number (raw); as sent')),
    computed(
      'none',
      'tcp.ack.nonzero',
      'The acknowledgment number field is nonzero while the ACK flag is not set',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer] + ACKNOWLEDGMENT
        if (!isSound(packet, layer) || at + 6 > packet.layerEnd[layer]) return false
        if ((flagsOf(packet, layer) & ACK) !== 0) return false
        return (read16(packet.bytes, at) !== 0 || read16(packet.bytes, at + 2) !== 0) && visit(0, 0)
      },
    ),
    computed('uint8', 'tcp.hdr_len', 'Header Length; in octets', (packet, layer, visit) => {
      return hasOffset(packet, layer) && visit(headerLength(packet, layer), 0)
    }),
    computed('none', 'tcp.bogus_header_length', 'Bogus TCP Header length', (packet, layer, visit) => {
      return hasOffset(packet, layer) && !isSound(packet, layer) && visit(0, 0)
    }),
    computed('none', 'tcp.short_segment', 'Short segment; it ends inside its header', (packet, layer, visit) => {
      if (!hasOffset(packet, layer) || !notQuoted(packet, layer)) return false
      return !isWhole(packet, layer) && visit(0, 0)
    }),
    when(isSound, bits('uint16', 'tcp.flags', OFFSET_FLAGS, 2, 0x0fff, 'Flags; control bits', { base: 'hex' })),
    computed('boolean', 'tcp.flags.res', 'Reserved; any of the three bits', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + OFFSET_FLAGS
      if (!isSound(packet, layer) || at + 2 > packet.layerEnd[layer]) return false
      return visit((packet.bytes[at] & RESERVED) === 0 ? 0 : 1, 0)
    }),
    congestion('tcp.flags.ae', 0x0100, 'Accurate ECN'),
    congestion('tcp.flags.cwr', 0x0080, 'Congestion Window Reduced; RFC 3168'),
    congestion('tcp.flags.ece', 0x0040, 'ECN-Echo; RFC 3168'),
    fromFacts(
      'uint8',
      'tcp.flags.ace',
      'ACE; the counter of Accurate ECN, where the handshake agreed on it (RFC 9768)',
      (facts, visit, packet, layer) => facts.hasAccurateEcn && visit(counterOf(packet, layer), 0),
    ),
    control('tcp.flags.urg', URG, 'Urgent; the urgent pointer counts'),
    control('tcp.flags.ack', ACK, 'Acknowledgment; the acknowledgment number counts'),
    control('tcp.flags.push', 0x0008, 'Push'),
    control('tcp.flags.reset', RST, 'Reset; of the connection'),
    control('tcp.flags.syn', SYN, 'Syn; synchronizes sequence numbers'),
    control('tcp.flags.fin', FIN, 'Fin; no more data from the sender'),
    computed(
      'string',
      'tcp.flags.str',
      'TCP Flags; as letters',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer] + OFFSET_FLAGS
        if (!isSound(packet, layer) || at + 2 > packet.layerEnd[layer]) return false
        const flags = read16(packet.bytes, at)
        let text = ''
        for (let bit = 11; bit >= 0; bit--) text += (flags >> bit) & 1 ? FLAG_LETTERS[11 - bit] : '·'
        if (packet.tcpFacts[layer]?.hasAccurateEcn === true)
          text = `${text.slice(0, 3)}-${counterOf(packet, layer)}-${text.slice(6)}`
        return visit(text, 0)
      },
      { need: 'analysis' },
    ),
    opening('tcp.connection.syn', SYN | ACK, SYN, 'Connection establish request (SYN)'),
    opening('tcp.connection.synack', SYN | ACK, SYN | ACK, 'Connection establish acknowledge (SYN+ACK)'),
    opening('tcp.connection.fin', FIN, FIN, 'Connection finish (FIN)'),
    opening('tcp.connection.rst', RST, RST, 'Connection reset (RST)'),
    when(isSound, u16('tcp.window_size_value', WINDOW, 'Window; as sent, before scaling')),
    windowSize,
    windowScaleFactor,
    when(isSound, u16('tcp.checksum', CHECKSUM, 'Checksum', { base: 'hex' })),
    computed(
      'uint8',
      'tcp.checksum.status',
      'Checksum Status; never verified',
      (packet, layer, visit) =>
        isSound(packet, layer) &&
        packet.layerAt[layer] + CHECKSUM + 2 <= packet.layerEnd[layer] &&
        visit(UNVERIFIED, 0),
      { values: CHECKSUM_STATUS },
    ),
    absent('uint16', 'tcp.checksum_calculated', 'Calculated Checksum', { base: 'hex' }),
    absent('none', 'tcp.checksum_bad.expert', 'Bad checksum'),
    absent('none', 'tcp.checksum.ffff', 'TCP Checksum 0xffff instead of 0x0000 (see RFC 1624)'),
    when(isSound, u16('tcp.urgent_pointer', URGENT, 'Urgent Pointer')),
    computed(
      'none',
      'tcp.urgent_pointer.non_zero',
      'The urgent pointer field is nonzero while the URG flag is not set',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer] + URGENT
        if (!isSound(packet, layer) || at + 2 > packet.layerEnd[layer]) return false
        return (flagsOf(packet, layer) & URG) === 0 && read16(packet.bytes, at) !== 0 && visit(0, 0)
      },
    ),
    ...optionFields,
    ...sackFields,
    ...multipathFields,
    ...analysisFields,
    computed('bytes', 'tcp.payload', 'TCP payload', (packet, layer, visit) => data(packet, layer, false, visit)),
    computed('string', 'tcp.reset_cause', 'Reset cause; the data of a reset as text', (packet, layer, visit) =>
      data(packet, layer, true, (at, length) => visit(textOf(packet.bytes, at, at + length), 0)),
    ),
    // Wireshark guesses SYN cookies only if a preference says so.
    absent('uint8', 'tcp.syncookie.time', 'SYN Cookie Time'),
    absent('uint8', 'tcp.syncookie.mss', 'SYN Cookie Maximum Segment Size'),
    absent('uint24', 'tcp.syncookie.hash', 'SYN Cookie hash', { base: 'hex' }),
    absent('uint32', 'tcp.options.timestamp.tsval.syncookie.timestamp', 'SYN Cookie Timestamp'),
    absent('boolean', 'tcp.options.timestamp.tsval.syncookie.ecn', 'SYN Cookie ECN'),
    absent('boolean', 'tcp.options.timestamp.tsval.syncookie.sack', 'SYN Cookie SACK'),
    absent('uint8', 'tcp.options.timestamp.tsval.syncookie.wscale', 'SYN Cookie WScale'),
    absent('framenum', 'tcp.fin_retransmission', 'Retransmission of FIN from frame'),
    absent('framenum', 'tcp.continuation_to', 'This is a continuation to the PDU in frame'),
    absent('uint32', 'tcp.proc.srcuid', 'Source process user ID; of IPFIX exports'),
    absent('uint32', 'tcp.proc.srcpid', 'Source process ID'),
    absent('string', 'tcp.proc.srcuname', 'Source process user name'),
    absent('string', 'tcp.proc.srccmd', 'Source process name'),
    absent('uint32', 'tcp.proc.dstuid', 'Destination process user ID'),
    absent('uint32', 'tcp.proc.dstpid', 'Destination process ID'),
    absent('string', 'tcp.proc.dstuname', 'Destination process user name'),
    absent('string', 'tcp.proc.dstcmd', 'Destination process name'),
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
