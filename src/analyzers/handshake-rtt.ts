/**
 * How slow is the network: the round-trip times of every TCP connection's handshake (RFC 9293 §3.5).
 *
 *     client              server       synRtt      SYN to SYN-ACK
 *       | ------ SYN ------> |         ackRtt      SYN-ACK to the handshake's last ACK
 *       | <--- SYN-ACK ----- |         initialRtt  last SYN to first ACK: Wireshark's `tcp.analysis.initial_rtt`
 *       | ------ ACK ------> |         connectTime first SYN to last ACK, resends included
 *
 * Times are those of the capture point: taken at the client, synRtt holds the path; at the server, ackRtt does. A SYN-ACK
 * is measured from the last SYN before it. Only the fixed 20 octets of the header are needed, so any snaplen that keeps
 * them will do. Segments that an ICMP error quotes are not counted.
 */
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import type { Packet } from '../packet/packet.ts'
import { ACK, OFFSET_FLAGS, RST, SYN, TCP } from '../protocols/tcp.ts'
import { growUint8 } from '../tables/grow.ts'
import type { Analyzer, Endpoint, Moment } from './analyzer.ts'
import {
  HandshakeLog,
  type HandshakeSegment,
  SEGMENT_ACK,
  SEGMENT_RESET,
  SEGMENT_RESET_ACK,
  SEGMENT_SYN,
  SEGMENT_SYN_ACK,
} from './handshake-log.ts'

/**
 * `established`: SYN, SYN-ACK, ACK. `no-ack`: the last ACK was not seen. `refused`: the SYN was answered by a reset.
 * `no-answer`: the SYN was answered by nothing. `midstream`: the SYN was not seen.
 */
export type HandshakeOutcome = 'established' | 'no-ack' | 'refused' | 'no-answer' | 'midstream'

/** Times are in seconds; null where they cannot be told. */
export interface Handshake {
  readonly stream: number
  readonly client: Endpoint
  readonly server: Endpoint
  /** No SYN and no SYN-ACK was seen: which side is the client is a guess. */
  readonly guessed: boolean
  readonly outcome: HandshakeOutcome
  /** SYN to SYN-ACK; for a refused connection, SYN to reset. */
  readonly synRtt: number | null
  readonly ackRtt: number | null
  readonly initialRtt: number | null
  readonly connectTime: number | null
  readonly synRetransmissions: number
  readonly synAckRetransmissions: number
  /** The first SYN, or the first segment that tells of the handshake where there is none. */
  readonly start: Moment | null
}

/** Over the `synRtt` of all connections that have one, refused ones included. Percentiles are exact (nearest rank). */
export interface RttSummary {
  readonly count: number
  readonly min: number | null
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
}

export interface RttResult {
  readonly handshakes: readonly Handshake[]
  readonly summary: RttSummary
}

export class HandshakeRtt implements Analyzer<RttResult> {
  readonly needs = ['streams'] as const
  readonly #streams: StreamTracker
  readonly #log = new HandshakeLog()
  /** 1 for each stream of which a segment was observed: those that the filter left out are not reported. */
  #observed = new Uint8Array(64)
  /** One past the highest stream that was counted. */
  #count = 0

  constructor(context: { readonly streams: StreamTracker }) {
    this.#streams = context.streams
  }

  /** Hot. */
  observe(packet: Packet): void {
    const layers = Math.min(packet.layerCount, packet.quotedFrom)
    for (let layer = 0; layer < layers; layer++) {
      if (packet.layerProtocol[layer] !== TCP) continue
      const stream = packet.layerStream[layer]
      const at = packet.layerAt[layer]
      if (stream < 0 || at + OFFSET_FLAGS + 2 > packet.layerEnd[layer]) continue
      if (stream >= this.#count) this.#grow(stream)
      this.#observed[stream] = 1
      const flags = packet.bytes[at + OFFSET_FLAGS + 1]
      const direction = packet.layerDirection[layer]
      let kind = SEGMENT_ACK
      if ((flags & SYN) !== 0) kind = (flags & ACK) !== 0 ? SEGMENT_SYN_ACK : SEGMENT_SYN
      else if ((flags & RST) !== 0) kind = (flags & ACK) !== 0 ? SEGMENT_RESET_ACK : SEGMENT_RESET
      else if ((flags & ACK) === 0 || !this.#log.wantsAck(stream, direction)) continue
      this.#log.add(stream, kind, direction, packet.hasTime ? packet.seconds : Number.NaN, packet.nanoseconds)
    }
  }

  merge(later: this, mapping: StreamMapping): void {
    for (let theirs = 0; theirs < later.#count; theirs++) {
      if (later.#observed[theirs] === 0) continue
      const ours = mapping.tcp[theirs]
      if (ours >= this.#count) this.#grow(ours)
      this.#observed[ours] = 1
      this.#log.append(ours, later.#log, theirs)
    }
  }

  /** Slowest first; those without a time last; ties by stream. */
  result(): RttResult {
    const handshakes: Handshake[] = []
    for (let stream = 0; stream < this.#count; stream++)
      if (this.#observed[stream] !== 0) handshakes.push(this.#handshake(stream))
    handshakes.sort((a, b) => (b.synRtt ?? -1) - (a.synRtt ?? -1) || a.stream - b.stream)
    return { handshakes, summary: summarize(handshakes) }
  }

  #handshake(stream: number): Handshake {
    const { client, server, clientDirection, guessed } = this.#streams.tcp.endpoints(stream)
    return { stream, client, server, guessed, ...readHandshake(this.#log.of(stream), clientDirection) }
  }

  #grow(stream: number): void {
    this.#observed = growUint8(this.#observed, stream)
    this.#count = stream + 1
  }
}

type Times = Omit<Handshake, 'stream' | 'client' | 'server' | 'guessed'>

/** Works the times out from a stream's logged segments. */
function readHandshake(segments: readonly HandshakeSegment[], clientDirection: number): Times {
  const isClient = (segment: HandshakeSegment): boolean => segment.direction === clientDirection
  const syns = segments.filter((segment) => segment.kind === 'syn' && isClient(segment))
  const synAcks = segments.filter((segment) => segment.kind === 'syn-ack' && !isClient(segment))
  const synAck = synAcks[0]
  const beforeSynAck = synAck === undefined ? segments : segments.slice(0, segments.indexOf(synAck))
  const lastSyn = beforeSynAck.findLast((segment) => syns.includes(segment))
  const reset =
    synAck === undefined && lastSyn !== undefined
      ? segments.find((s, i) => s.kind.startsWith('reset') && !isClient(s) && i > segments.indexOf(syns[0]))
      : undefined
  const ack = synAck && segments.slice(beforeSynAck.length).find((s) => s.kind === 'ack' && isClient(s))
  const answer = synAck ?? reset
  const answered =
    reset === undefined ? lastSyn : segments.slice(0, segments.indexOf(reset)).findLast((s) => syns.includes(s))
  return {
    outcome: outcomeOf(syns[0], synAck, ack, reset),
    synRtt: between(answered, answer),
    ackRtt: between(synAck, ack),
    initialRtt: initialRtt(segments),
    connectTime: between(syns[0], ack),
    synRetransmissions: Math.max(0, syns.length - 1),
    synAckRetransmissions: Math.max(0, synAcks.length - 1),
    start: momentOf(syns[0] ?? segments[0]),
  }
}

function outcomeOf(
  syn: HandshakeSegment | undefined,
  synAck: HandshakeSegment | undefined,
  ack: HandshakeSegment | undefined,
  reset: HandshakeSegment | undefined,
): HandshakeOutcome {
  if (syn === undefined) return 'midstream'
  if (synAck !== undefined) return ack === undefined ? 'no-ack' : 'established'
  return reset === undefined ? 'no-answer' : 'refused'
}

/**
 * Wireshark's `tcp.analysis.initial_rtt`: from the latest SYN to the first segment behind it that acknowledges and is no
 * SYN, whichever side sent it. A time of zero Wireshark takes for none, and looks on.
 */
function initialRtt(segments: readonly HandshakeSegment[]): number | null {
  let syn: HandshakeSegment | undefined
  for (const segment of segments) {
    if (segment.kind === 'syn') syn = segment
    else if (segment.kind === 'ack' || segment.kind === 'reset-ack') {
      const time = between(syn, segment)
      if (time !== null && time !== 0) return time
    }
  }
  return null
}

/** From one segment to another, in seconds; exact to the nanosecond for spans up to 100 days. */
function between(from: HandshakeSegment | undefined, to: HandshakeSegment | undefined): number | null {
  if (from === undefined || to === undefined) return null
  const nanoseconds = (to.seconds - from.seconds) * 1e9 + (to.nanoseconds - from.nanoseconds)
  return Number.isNaN(nanoseconds) ? null : nanoseconds / 1e9
}

function momentOf(segment: HandshakeSegment | undefined): Moment | null {
  if (segment === undefined || Number.isNaN(segment.seconds)) return null
  return { seconds: segment.seconds, nanoseconds: segment.nanoseconds }
}

function summarize(handshakes: readonly Handshake[]): RttSummary {
  const times = Float64Array.from(handshakes.map((h) => h.synRtt).filter((time) => time !== null)).sort()
  const count = times.length
  if (count === 0) return { count, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null }
  const percentile = (p: number): number => times[Math.max(0, Math.ceil((p / 100) * count) - 1)]
  return {
    count,
    min: times[0],
    mean: times.reduce((sum, time) => sum + time, 0) / count,
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    p99: percentile(99),
    max: times[count - 1],
  }
}
