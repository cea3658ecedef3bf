/** What many handshakes come to: outcomes, how their times spread, and the side that the capture seems to be taken on. */
import { ESTABLISHED, type HandshakeTimes, OUTCOMES } from './handshake.ts'
import { DurationHistogram, type HistogramBin } from './handshake-histogram.ts'
import { Spread, type SpreadSummary } from './spread.ts'

export type HandshakeOutcome = (typeof OUTCOMES)[number]

export type OutcomeCounts = Readonly<Record<HandshakeOutcome, number>>

/** Where on the path a capture was taken. */
export type CaptureSide = 'client' | 'between' | 'server'

/** Handshakes below which the side cannot be told. */
const LEAST_FOR_SIDE = 3

/** The side is told where one of the two times is so many times the other. */
const SIDE_FACTOR = 4

export type HandshakeTotalsState = ReturnType<HandshakeTotals['save']>

export class HandshakeTotals {
  connections = 0
  /** SYNs and SYN-ACKs, and the copies among them. */
  openings = 0
  copies = 0
  readonly synRtt = new Spread()
  #outcomes = new Float64Array(OUTCOMES.length)
  readonly #histogram = new DurationHistogram()
  /** Of the handshakes that tell the side: established, nothing ambiguous, no data in the ACK. */
  readonly #cleanSynRtt = new Spread()
  readonly #cleanAckRtt = new Spread()

  /** Hot. */
  add(times: HandshakeTimes): void {
    this.connections++
    this.openings += times.openings
    this.copies += times.copies
    this.#outcomes[times.outcome]++
    if (Number.isNaN(times.synRtt)) return
    this.synRtt.add(times.synRtt)
    this.#histogram.add(times.synRtt)
    if (times.outcome !== ESTABLISHED || times.ambiguous || times.ackAmbiguous || times.ackCarriesData) return
    if (Number.isNaN(times.ackRtt)) return
    this.#cleanSynRtt.add(times.synRtt)
    this.#cleanAckRtt.add(times.ackRtt)
  }

  merge(other: HandshakeTotals): void {
    this.connections += other.connections
    this.openings += other.openings
    this.copies += other.copies
    for (let i = 0; i < OUTCOMES.length; i++) this.#outcomes[i] += other.#outcomes[i]
    this.synRtt.merge(other.synRtt)
    this.#histogram.merge(other.#histogram)
    this.#cleanSynRtt.merge(other.#cleanSynRtt)
    this.#cleanAckRtt.merge(other.#cleanAckRtt)
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return {
      connections: this.connections,
      openings: this.openings,
      copies: this.copies,
      synRtt: this.synRtt.save(),
      outcomes: this.#outcomes,
      histogram: this.#histogram.save(),
      cleanSynRtt: this.#cleanSynRtt.save(),
      cleanAckRtt: this.#cleanAckRtt.save(),
    }
  }

  /** Takes over what `save` gave. */
  load(state: HandshakeTotalsState): void {
    this.connections = state.connections
    this.openings = state.openings
    this.copies = state.copies
    this.synRtt.load(state.synRtt)
    this.#outcomes = state.outcomes
    this.#histogram.load(state.histogram)
    this.#cleanSynRtt.load(state.cleanSynRtt)
    this.#cleanAckRtt.load(state.cleanAckRtt)
  }

  summary(): SpreadSummary {
    return this.synRtt.summary()
  }

  outcomes(): OutcomeCounts {
    return outcomeCounts(this.#outcomes, 0)
  }

  histogram(): HistogramBin[] {
    return this.#histogram.bins()
  }

  /**
   * A capture at the client has the path in the time from SYN to SYN-ACK, and its own machine in that from SYN-ACK to ACK; one
   * at the server the other way round.
   */
  side(): CaptureSide | null {
    if (this.#cleanSynRtt.count < LEAST_FOR_SIDE) return null
    const { synRtt, ackRtt } = this.medians()
    if (ackRtt * SIDE_FACTOR < synRtt) return 'client'
    return ackRtt > SIDE_FACTOR * synRtt ? 'server' : 'between'
  }

  /** What the side is told by, in seconds; NaN without any. */
  medians(): { synRtt: number; ackRtt: number } {
    return { synRtt: this.#cleanSynRtt.median(), ackRtt: this.#cleanAckRtt.median() }
  }
}

/** Names the counts from `at` on. */
export function outcomeCounts(counts: Float64Array, at: number): OutcomeCounts {
  return Object.fromEntries(OUTCOMES.map((outcome, i) => [outcome, counts[at + i]])) as Record<HandshakeOutcome, number>
}
