/**
 * How slow is the network: the round-trip times of every TCP connection's handshake. What each time means, and which segments
 * count, is in `handshake.ts`.
 *
 * Times are those of the capture point: taken at the client, synRtt holds the path; at the server, ackRtt does. Only the fixed
 * 20 octets of the header are needed, so any snaplen that keeps them will do. Segments that an ICMP error quotes are not
 * counted; that a SYN was quoted as undeliverable is.
 */
import type { HostNames } from '../flow/host-names.ts'
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import type { Packet } from '../packet/packet.ts'
import { ACK, OFFSET_FLAGS, RST, SYN, WINDOW } from '../protocols/tcp/header.ts'
import { TCP } from '../protocols/tcp.ts'
import { TopRows } from '../tables/top-rows.ts'
import type { Analyzer, Endpoint, Moment } from './analyzer.ts'
import { HandshakeTimes, NO_ANSWER, OUTCOMES, UNREACHABLE } from './handshake.ts'
import { type Grouping, type HandshakeGroup, HandshakeGroups } from './handshake-groups.ts'
import type { HistogramBin } from './handshake-histogram.ts'
import { HandshakeLog } from './handshake-log.ts'
import { fillSegment } from './handshake-segment.ts'
import { type CaptureSide, type HandshakeOutcome, HandshakeTotals, type OutcomeCounts } from './handshake-totals.ts'
import { UnreachableSyns } from './handshake-unreachable.ts'
import type { SpreadSummary } from './spread.ts'

export type { Grouping, HandshakeGroup } from './handshake-groups.ts'
export type { HistogramBin } from './handshake-histogram.ts'
export type { CaptureSide, HandshakeOutcome, OutcomeCounts } from './handshake-totals.ts'

/** Times are in seconds; null where they cannot be told. */
export interface Handshake {
  readonly stream: number
  readonly client: Endpoint
  readonly server: Endpoint
  /** What the capture calls the hosts; null unless names were asked for. */
  readonly clientName: string | null
  readonly serverName: string | null
  /** No SYN and no SYN-ACK was seen: which side is the client is a guess. */
  readonly guessed: boolean
  /**
   * `established`: SYN, SYN-ACK, ACK; or the client went on after its SYN, and the server's side was not captured. `no-ack`:
   * the last ACK was not seen. `refused`: the SYN was answered by a reset, `unreachable`: by an ICMP error, `no-answer`: by
   * nothing. `midstream`: the SYN was not seen.
   */
  readonly outcome: HandshakeOutcome
  /** SYN to SYN-ACK; for a refused connection, SYN to reset. */
  readonly synRtt: number | null
  /** SYN-ACK to the ACK that ends the handshake. */
  readonly ackRtt: number | null
  /** Wireshark's `tcp.analysis.initial_rtt`. */
  readonly initialRtt: number | null
  /** First SYN to the ACK that ends the handshake, resends included. */
  readonly connectTime: number | null
  readonly synRetransmissions: number
  readonly synAckRetransmissions: number
  /** The SYN was sent again, and which one was answered cannot be told: synRtt is the shortest that it may be. */
  readonly ambiguous: boolean
  /** The same of the SYN-ACK and ackRtt. */
  readonly ackAmbiguous: boolean
  /** The segment that ends ackRtt has data: the time holds what the application took to send it. */
  readonly ackCarriesData: boolean
  /** A SYN-ACK was sent again within initialRtt, which therefore is a timer's time, and not the path's. */
  readonly initialRttHoldsLoss: boolean
  /** A SYN-ACK acknowledges a number that no SYN has, and answers none. */
  readonly mismatched: boolean
  /** Copies of its SYNs and SYN-ACKs: the same packets, captured twice. */
  readonly duplicates: number
  /** The first SYN, or the first segment that tells of the handshake where there is none. */
  readonly start: Moment | null
}

/** Over the `synRtt` of all connections that have one, refused ones included. */
export type RttSummary = SpreadSummary

export interface RttResult {
  /** The slowest; all, if no bound was given. */
  readonly handshakes: readonly Handshake[]
  /** Connections that are not listed, and those of them that had to make room for others while the capture was read. */
  readonly omitted: number
  readonly closed: number
  readonly connections: number
  readonly summary: RttSummary
  readonly outcomes: OutcomeCounts
  /** Of `synRtt`. */
  readonly histogram: readonly HistogramBin[]
  /** Where the capture seems to be taken; null if too few handshakes tell. */
  readonly side: CaptureSide | null
  /** The medians of the handshakes that tell it; null without any. */
  readonly sideMedians: { readonly synRtt: number; readonly ackRtt: number } | null
  /** How many of the handshakes' SYNs and SYN-ACKs are copies of one captured before. */
  readonly duplicates: { readonly copies: number; readonly segments: number; readonly ratio: number }
  /** TCP packets that were cut off before their ports and numbers. */
  readonly portsCut: number
  /** With `by`: the slowest first. */
  readonly groups: readonly HandshakeGroup[] | null
}

export interface RttOptions {
  /** Handshakes listed at most; all if not given. */
  readonly top?: number
  readonly by?: Grouping
}

type State = ReturnType<HandshakeRtt['save']>

/** Words of the longest key of a stream. */
const LONGEST_KEY = 9

export class HandshakeRtt implements Analyzer<RttResult> {
  readonly needs = ['streams'] as const
  readonly #streams: StreamTracker['tcp']
  readonly #names: HostNames | null
  readonly #top: number
  readonly #by: Grouping | null
  readonly #log = new HandshakeLog()
  readonly #unreachable = new UnreachableSyns()
  /** Of the streams that were closed out. */
  readonly #closed = new HandshakeTotals()
  readonly #closedGroups: HandshakeGroups | null
  #portsCut = 0
  /** The latest time so far. */
  #seconds = Number.NEGATIVE_INFINITY
  #nanoseconds = 0
  readonly #times = new HandshakeTimes()
  readonly #key = new Int32Array(LONGEST_KEY)

  constructor(
    context: { readonly streams: StreamTracker; readonly names?: HostNames },
    { top = Infinity, by }: RttOptions = {},
  ) {
    this.#streams = context.streams.tcp
    this.#names = context.names ?? null
    this.#top = top
    this.#by = by ?? null
    this.#closedGroups = by === undefined ? null : new HandshakeGroups(by)
    this.#streams.onClose((row) => {
      if (this.#log.isObserved(row)) this.#fold(row, this.#closed, this.#closedGroups)
      this.#log.remove(row)
    })
  }

  /** Hot. */
  observe(packet: Packet): void {
    const layers = Math.min(packet.layerCount, packet.quotedFrom)
    if (layers < packet.layerCount) this.#unreachable.observe(packet)
    let isCut = false
    for (let layer = 0; layer < layers; layer++) {
      if (packet.layerProtocol[layer] !== TCP) continue
      const row = packet.layerRow[layer]
      if (row < 0) {
        // What is too short on the wire is malformed, and not cut.
        if (packet.layerWireEnd[layer] >= packet.layerAt[layer] + WINDOW + 2) isCut = true
        continue
      }
      const flags = packet.bytes[packet.layerAt[layer] + OFFSET_FLAGS + 1]
      const isEarlier = this.#isEarlier(packet)
      if ((flags & (SYN | RST)) === 0) {
        if ((flags & ACK) === 0) {
          this.#log.touch(row)
          continue
        }
        if (!isEarlier && !this.#log.wantsAck(row, packet.layerDirection[layer])) continue
      }
      fillSegment(this.#log.segment, packet, layer, flags)
      this.#log.add(row)
    }
    if (isCut) this.#portsCut++
  }

  /** Hot: whether the packet is earlier than one before it in the file. */
  #isEarlier(packet: Packet): boolean {
    if (!packet.hasTime) return false
    const { seconds, nanoseconds } = packet
    if (seconds < this.#seconds || (seconds === this.#seconds && nanoseconds < this.#nanoseconds)) return true
    this.#seconds = seconds
    this.#nanoseconds = nanoseconds
    return false
  }

  merge(later: this, mapping: StreamMapping): void {
    this.#log.merge(later.#log, mapping.tcp)
    this.#unreachable.merge(later.#unreachable)
    this.#closed.merge(later.#closed)
    if (later.#closedGroups !== null) this.#closedGroups?.merge(later.#closedGroups)
    this.#portsCut += later.#portsCut
    if (
      later.#seconds > this.#seconds ||
      (later.#seconds === this.#seconds && later.#nanoseconds > this.#nanoseconds)
    ) {
      this.#seconds = later.#seconds
      this.#nanoseconds = later.#nanoseconds
    }
  }

  save() {
    return {
      log: this.#log.save(),
      unreachable: this.#unreachable.save(),
      closed: this.#closed.save(),
      closedGroups: this.#closedGroups?.save() ?? null,
      portsCut: this.#portsCut,
      seconds: this.#seconds,
      nanoseconds: this.#nanoseconds,
    }
  }

  load(state: State): void {
    this.#log.load(state.log)
    this.#unreachable.load(state.unreachable)
    this.#closed.load(state.closed)
    if (state.closedGroups !== null) this.#closedGroups?.load(state.closedGroups)
    this.#portsCut = state.portsCut
    this.#seconds = state.seconds
    this.#nanoseconds = state.nanoseconds
  }

  get hasLeftOut(): boolean {
    return this.#closedGroups?.isFull === true
  }

  /** Slowest first; those without a time last; ties by stream. */
  result(): RttResult {
    const totals = new HandshakeTotals()
    totals.merge(this.#closed)
    const groups = this.#by === null ? null : new HandshakeGroups(this.#by)
    if (this.#closedGroups !== null) groups?.merge(this.#closedGroups)
    const synRtt = new Float64Array(this.#log.count)
    const top = new TopRows(
      this.#top,
      (a, b) => synRtt[b] - synRtt[a] || this.#streams.numberOf(a) - this.#streams.numberOf(b),
    )
    for (let row = 0; row < this.#log.count; row++) {
      if (!this.#log.isObserved(row)) continue
      this.#fold(row, totals, groups)
      synRtt[row] = Number.isNaN(this.#times.synRtt) ? -1 : this.#times.synRtt
      top.add(row)
    }
    const handshakes = top.rows().map((row) => this.#handshake(row))
    const medians = totals.medians()
    return {
      handshakes,
      omitted: totals.connections - handshakes.length,
      closed: this.#closed.connections,
      connections: totals.connections,
      summary: totals.summary(),
      outcomes: totals.outcomes(),
      histogram: totals.histogram(),
      side: totals.side(),
      sideMedians: Number.isNaN(medians.synRtt) ? null : medians,
      duplicates: {
        copies: totals.copies,
        segments: totals.openings,
        ratio: totals.copies / Math.max(1, totals.openings),
      },
      portsCut: this.#portsCut,
      groups: groups?.groups() ?? null,
    }
  }

  /** Hot: works out the times of the stream in `row`, and adds them up. */
  #fold(row: number, totals: HandshakeTotals, groups: HandshakeGroups | null): void {
    const times = this.#read(row)
    totals.add(times)
    if (groups === null) return
    const width = this.#streams.copyKey(row, this.#key)
    groups.add(times, this.#key, width, this.#streams.clientDirection(row))
  }

  /** Hot: the times of the stream in `row`, in an object that the next call fills anew. */
  #read(row: number): HandshakeTimes {
    const times = this.#times
    const clientDirection = this.#streams.clientDirection(row)
    times.read(this.#log, row, clientDirection)
    if (times.outcome === NO_ANSWER && !this.#unreachable.isEmpty) {
      const width = this.#streams.copyKey(row, this.#key)
      if (this.#unreachable.has(this.#key, width, clientDirection, times.synSequence)) times.outcome = UNREACHABLE
    }
    return times
  }

  #handshake(row: number): Handshake {
    const { client, server, guessed } = this.#streams.endpoints(row)
    const times = this.#read(row)
    const { startSeconds: seconds, startNanoseconds: nanoseconds } = times
    return {
      stream: this.#streams.numberOf(row),
      client,
      server,
      clientName: this.#names?.ofAddress(client.address)?.name ?? null,
      serverName: (this.#names?.ofStream('tcp', row) ?? this.#names?.ofAddress(server.address))?.name ?? null,
      guessed,
      outcome: OUTCOMES[times.outcome],
      synRtt: inSeconds(times.synRtt),
      ackRtt: inSeconds(times.ackRtt),
      initialRtt: inSeconds(times.initialRtt),
      connectTime: inSeconds(times.connectTime),
      synRetransmissions: times.synRetransmissions,
      synAckRetransmissions: times.synAckRetransmissions,
      ambiguous: times.ambiguous,
      ackAmbiguous: times.ackAmbiguous,
      ackCarriesData: times.ackCarriesData,
      initialRttHoldsLoss: times.initialRttHoldsLoss,
      mismatched: times.mismatched,
      duplicates: times.copies,
      start: Number.isNaN(seconds) ? null : { seconds, nanoseconds },
    }
  }
}

function inSeconds(nanoseconds: number): number | null {
  return Number.isNaN(nanoseconds) ? null : nanoseconds / 1e9
}
