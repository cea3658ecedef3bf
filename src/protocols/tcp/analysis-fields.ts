/** `tcp.analysis.*` and other fields that are read from what `flow/tcp-analysis.ts` found (`Packet.tcpFacts`). */
import { read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import {
  ACK_LOST_SEGMENT,
  CLOSE_ACTIVE,
  CLOSE_PASSIVE,
  DUPLICATE_ACK,
  FAST_RETRANSMISSION,
  KEEP_ALIVE,
  KEEP_ALIVE_ACK,
  LOST_SEGMENT,
  OUT_OF_ORDER,
  RETRANSMISSION,
  REUSED_PORTS,
  SCALE_ABSENT,
  SPURIOUS_RETRANSMISSION,
  type TcpFacts,
  TFO_ACK,
  TFO_IGNORED,
  TFO_SYN,
  WINDOW_FULL,
  WINDOW_UPDATE,
  ZERO_WINDOW,
  ZERO_WINDOW_PROBE,
  ZERO_WINDOW_PROBE_ACK,
} from '../../packet/tcp-facts.ts'
import { computed, type Field, type FieldType, type Visit } from '../field.ts'
import { SEQUENCE } from './header.ts'

/** A field that reads the facts of a segment that was analysed. */
export function fromFacts(
  type: FieldType,
  name: string,
  description: string,
  read: (facts: TcpFacts, visit: Visit, packet: Packet, layer: number) => boolean,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const facts = packet.tcpFacts[layer]
      return facts?.isKnown === true && read(facts, visit, packet, layer)
    },
    { need: 'analysis' },
  )
}

/** There in segments that have any of these flags. */
function marked(name: string, flags: number, description: string): Field {
  return fromFacts(
    'none',
    name,
    description,
    (facts, visit) => facts.hasAnalysis && (facts.flags & flags) !== 0 && visit(0, 0),
  )
}

/** The same for Fast Open, which Wireshark shows outside of `tcp.analysis`. */
function fastOpen(name: string, flag: number, description: string): Field {
  return fromFacts('none', name, description, (facts, visit) => (facts.flags & flag) !== 0 && visit(0, 0))
}

/** A number that is there if it is not 0. */
function positive(type: FieldType, name: string, description: string, read: (facts: TcpFacts) => number): Field {
  return fromFacts(type, name, description, (facts, visit) => {
    return facts.hasAnalysis && read(facts) !== 0 && visit(read(facts), 0)
  })
}

const ANY_FLAG = ~(TFO_SYN | TFO_ACK | TFO_IGNORED)

export const analysisFields: readonly Field[] = [
  fromFacts('none', 'tcp.analysis', 'SEQ/ACK analysis; it found something', (facts, visit) => {
    return facts.hasAnalysis && visit(0, 0)
  }),
  positive('framenum', 'tcp.analysis.acks_frame', 'This is an ACK to the segment in frame', (facts) => facts.acksFrame),
  fromFacts('relative_time', 'tcp.analysis.ack_rtt', 'The RTT to ACK the segment was', (facts, visit) => {
    if (!facts.hasAnalysis || facts.acksFrame === 0 || (facts.ackRttSeconds === 0 && facts.ackRttNanoseconds === 0))
      return false
    return visit(facts.ackRttSeconds, facts.ackRttNanoseconds)
  }),
  fromFacts(
    'relative_time',
    'tcp.analysis.initial_rtt',
    'iRTT; from SYN to the end of the handshake',
    (facts, visit) => {
      if (!facts.hasAnalysis || (facts.initialRttSeconds === 0 && facts.initialRttNanoseconds === 0)) return false
      return visit(facts.initialRttSeconds, facts.initialRttNanoseconds)
    },
  ),
  positive(
    'uint32',
    'tcp.analysis.bytes_in_flight',
    'Bytes in flight; sent and not acknowledged, this segment included',
    (facts) => facts.bytesInFlight,
  ),
  positive(
    'uint32',
    'tcp.analysis.push_bytes_sent',
    'Bytes sent since last PSH flag; this segment included',
    (facts) => facts.pushBytesSent,
  ),
  marked('tcp.analysis.flags', ANY_FLAG, 'TCP Analysis Flags; any is set'),
  marked(
    'tcp.analysis.reused_ports',
    REUSED_PORTS,
    'A new tcp session is started with the same ports as an earlier session in this trace',
  ),
  marked(
    'tcp.analysis.retransmission',
    RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS_RETRANSMISSION,
    'This frame is a (suspected) retransmission',
  ),
  marked(
    'tcp.analysis.fast_retransmission',
    FAST_RETRANSMISSION,
    'This frame is a (suspected) fast retransmission; duplicate acknowledgments asked for it (RFC 5681 §3.2)',
  ),
  marked(
    'tcp.analysis.spurious_retransmission',
    SPURIOUS_RETRANSMISSION,
    'This frame is a (suspected) spurious retransmission; it was acknowledged before',
  ),
  fromFacts('relative_time', 'tcp.analysis.rto', 'The RTO for this segment was', (facts, visit) => {
    if (!facts.hasAnalysis || facts.rtoFrame === 0 || (facts.rtoSeconds === 0 && facts.rtoNanoseconds === 0))
      return false
    return visit(facts.rtoSeconds, facts.rtoNanoseconds)
  }),
  fromFacts('framenum', 'tcp.analysis.rto_frame', 'RTO based on delta from frame', (facts, visit) => {
    if (!facts.hasAnalysis || facts.rtoFrame === 0 || (facts.rtoSeconds === 0 && facts.rtoNanoseconds === 0))
      return false
    return visit(facts.rtoFrame, 0)
  }),
  marked('tcp.analysis.out_of_order', OUT_OF_ORDER, 'This frame is a (suspected) out-of-order segment'),
  marked('tcp.analysis.lost_segment', LOST_SEGMENT, 'Previous segment(s) not captured (common at capture start)'),
  marked(
    'tcp.analysis.ack_lost_segment',
    ACK_LOST_SEGMENT,
    "ACKed segment that wasn't captured (common at capture start)",
  ),
  marked('tcp.analysis.window_update', WINDOW_UPDATE, 'TCP window update'),
  marked('tcp.analysis.window_full', WINDOW_FULL, 'TCP window specified by the receiver is now completely full'),
  marked('tcp.analysis.keep_alive', KEEP_ALIVE, 'TCP keep-alive segment'),
  marked('tcp.analysis.keep_alive_ack', KEEP_ALIVE_ACK, 'ACK to a TCP keep-alive segment'),
  // Wireshark has two fields of this name, and shows both.
  fromFacts('none', 'tcp.analysis.duplicate_ack', 'Duplicate ACK', (facts, visit) => {
    return facts.hasAnalysis && (facts.flags & DUPLICATE_ACK) !== 0 && (visit(0, 0) || visit(0, 0))
  }),
  fromFacts('uint32', 'tcp.analysis.duplicate_ack_num', 'Duplicate ACK #', (facts, visit) => {
    return facts.hasAnalysis && (facts.flags & DUPLICATE_ACK) !== 0 && visit(facts.duplicateCount, 0)
  }),
  fromFacts('framenum', 'tcp.analysis.duplicate_ack_frame', 'Duplicate to the ACK in frame', (facts, visit) => {
    return facts.hasAnalysis && (facts.flags & DUPLICATE_ACK) !== 0 && visit(facts.duplicateFrame, 0)
  }),
  marked('tcp.analysis.zero_window_probe', ZERO_WINDOW_PROBE, 'TCP Zero Window Probe'),
  marked('tcp.analysis.zero_window', ZERO_WINDOW, 'TCP Zero Window segment'),
  marked('tcp.analysis.zero_window_probe_ack', ZERO_WINDOW_PROBE_ACK, 'ACK to a TCP Zero Window Probe'),
  fastOpen('tcp.analysis.tfo_syn', TFO_SYN, 'TCP SYN with TFO Cookie'),
  fastOpen('tcp.analysis.tfo_ack', TFO_ACK, 'TCP SYN-ACK accepting TFO data'),
  fastOpen('tcp.analysis.tfo_ignored', TFO_IGNORED, 'TCP SYN-ACK ignoring TFO data'),
  fromFacts(
    'relative_time',
    'tcp.time_relative',
    'Time since first frame in this TCP stream',
    (facts, visit) => facts.hasTimes && visit(facts.relativeSeconds, facts.relativeNanoseconds),
  ),
  fromFacts(
    'relative_time',
    'tcp.time_delta',
    'Time since previous frame in this TCP stream',
    (facts, visit) => facts.hasTimes && visit(facts.deltaSeconds, facts.deltaNanoseconds),
  ),
  fromFacts('none', 'tcp.connection.fin_active', 'This frame initiates the connection closing', (facts, visit) => {
    return facts.close === CLOSE_ACTIVE && visit(0, 0)
  }),
  fromFacts('none', 'tcp.connection.fin_passive', 'This frame undergoes the connection closing', (facts, visit) => {
    return facts.close === CLOSE_PASSIVE && visit(0, 0)
  }),
]

/** Fields of the header whose meaning depends on the stream. */
export const sequence = computed(
  'uint32',
  'tcp.seq',
  'Sequence Number; relative to the first of its direction',
  (packet, layer, visit) => {
    const facts = packet.tcpFacts[layer]
    if (facts?.isKnown === true) return visit(facts.sequence, 0)
    // Of what ICMP quotes there may be no more than this (RFC 792); it is shown as sent.
    const at = packet.layerAt[layer] + SEQUENCE
    return layer >= packet.quotedFrom && at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
  },
  { need: 'analysis' },
)

export const nextSequence = fromFacts(
  'uint32',
  'tcp.nxtseq',
  'Next Sequence Number; relative, as tcp.seq',
  (facts, visit) => facts.hasSequence && facts.isSound && visit(facts.nextSequence, 0),
)

export const acknowledgment = fromFacts(
  'uint32',
  'tcp.ack',
  'Acknowledgment Number; relative to the first sequence number of the other direction',
  (facts, visit) => facts.isSound && visit(facts.acknowledgment, 0),
)

export const completeness = fromFacts(
  'uint8',
  'tcp.completeness',
  'Conversation completeness; what was seen of it before this frame: SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32',
  (facts, visit) => visit(facts.completeness, 0),
)

export const windowSize = fromFacts(
  'uint32',
  'tcp.window_size',
  'Calculated window size; scaled, if scaling is used',
  (facts, visit) => facts.isSound && visit(facts.window, 0),
)

export const windowScaleFactor = fromFacts(
  'int32',
  'tcp.window_size_scalefactor',
  'Window size scaling factor; -1 when unknown, -2 when no scaling is used',
  (facts, visit) => facts.isSound && facts.windowScale !== SCALE_ABSENT && visit(facts.windowScale, 0),
)
