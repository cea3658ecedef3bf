/**
 * The segments of each TCP stream that its handshake is told by: SYN, SYN-ACK, reset, and the first acknowledgments.
 *
 * Times are worked out from the log when all is seen. That keeps merging exact: joining two parts of a stream is
 * appending one log to the other. What is logged depends only on what was logged before, and a part that knows less logs
 * more, never less; `append` applies the same rule again.
 */
import { growFloat64, growInt32, growUint8 } from '../tables/grow.ts'

/** One logged segment. */
export interface HandshakeSegment {
  readonly kind: SegmentKind
  /** 0 from the stream's lower endpoint, 1 from the higher one. */
  readonly direction: number
  /** NaN if the packet has no time. */
  readonly seconds: number
  readonly nanoseconds: number
}

export type SegmentKind = 'syn' | 'syn-ack' | 'ack' | 'reset' | 'reset-ack'

// Indices of KINDS.
export const SEGMENT_SYN = 0
export const SEGMENT_SYN_ACK = 1
export const SEGMENT_ACK = 2
export const SEGMENT_RESET = 3
/** A reset that also acknowledges, as the answer to a SYN does (RFC 9293 §3.10.7.1). */
export const SEGMENT_RESET_ACK = 4

const KINDS: readonly SegmentKind[] = ['syn', 'syn-ack', 'ack', 'reset', 'reset-ack']

/**
 * SYNs and SYN-ACKs logged for one stream at most; nothing is logged from the one on that reaches it. A sender gives up
 * after a handful (RFC 9293 §3.8.3); what resends more is no handshake.
 */
const MAX_OPENINGS = 64

// State of a stream's log, as bits. Those of a direction are BIT << direction.
/** An acknowledgment of the direction has been logged since the last SYN or SYN-ACK. */
const HAS_ACK = 1 << 0
const HAS_SYN_ACK = 1 << 2
/** A reset of the direction has been logged since the last SYN. */
const HAS_RESET = 1 << 5
/** SYN-ACK and the acknowledgment that answers it are logged: no further acknowledgment says anything. */
const IS_COMPLETE = 1 << 4

export class HandshakeLog {
  /** One past the highest stream in the log. */
  count = 0
  #state = new Uint8Array(64)
  #openings = new Uint8Array(64)
  /** First and last entry of the stream; -1 if it has none. */
  #head = new Int32Array(64).fill(-1)
  #tail = new Int32Array(64)
  // Columns by entry.
  #entries = 0
  /** The kind, doubled, plus the direction. */
  #kind = new Uint8Array(256)
  #seconds = new Float64Array(256)
  #nanoseconds = new Int32Array(256)
  #next = new Int32Array(256)

  /** Hot: whether a segment that is neither SYN nor reset can still matter to the stream. */
  wantsAck(stream: number, direction: number): boolean {
    return stream >= this.count || (this.#state[stream] & (IS_COMPLETE | (HAS_ACK << direction))) === 0
  }

  /** Logs a segment if it matters. `kind` is one of `SEGMENT_*`. */
  add(stream: number, kind: number, direction: number, seconds: number, nanoseconds: number): void {
    if (stream >= this.count) this.#grow(stream)
    const state = this.#state[stream]
    if (kind === SEGMENT_ACK) {
      if ((state & (IS_COMPLETE | (HAS_ACK << direction))) !== 0) return
      this.#state[stream] |= HAS_ACK << direction
      if ((state & (HAS_SYN_ACK << (1 - direction))) !== 0) this.#state[stream] |= IS_COMPLETE
    } else if (kind === SEGMENT_SYN || kind === SEGMENT_SYN_ACK) {
      if (this.#openings[stream] >= MAX_OPENINGS) return
      this.#openings[stream]++
      this.#state[stream] &= ~(HAS_ACK | (HAS_ACK << 1) | HAS_RESET | (HAS_RESET << 1))
      if (kind === SEGMENT_SYN_ACK) this.#state[stream] |= HAS_SYN_ACK << direction
    } else {
      // Once the SYN is answered a reset is no refusal.
      if ((state & (HAS_SYN_ACK | (HAS_SYN_ACK << 1) | (HAS_RESET << direction))) !== 0) return
      this.#state[stream] |= HAS_RESET << direction
    }
    if (this.#openings[stream] >= MAX_OPENINGS) return
    const entry = this.#entries++
    if (entry >= this.#kind.length) this.#growEntries(entry)
    this.#kind[entry] = kind * 2 + direction
    this.#seconds[entry] = seconds
    this.#nanoseconds[entry] = nanoseconds
    this.#next[entry] = -1
    if (this.#head[stream] < 0) this.#head[stream] = entry
    else this.#next[this.#tail[stream]] = entry
    this.#tail[stream] = entry
  }

  /** Appends the log of stream `theirs` of `later` to that of stream `ours`. */
  append(ours: number, later: HandshakeLog, theirs: number): void {
    if (theirs >= later.count) return
    for (let entry = later.#head[theirs]; entry >= 0; entry = later.#next[entry])
      this.add(ours, later.#kind[entry] >> 1, later.#kind[entry] & 1, later.#seconds[entry], later.#nanoseconds[entry])
  }

  /** The stream's segments, in the order of the capture. */
  of(stream: number): HandshakeSegment[] {
    const segments: HandshakeSegment[] = []
    if (stream >= this.count) return segments
    for (let entry = this.#head[stream]; entry >= 0; entry = this.#next[entry])
      segments.push({
        kind: KINDS[this.#kind[entry] >> 1],
        direction: this.#kind[entry] & 1,
        seconds: this.#seconds[entry],
        nanoseconds: this.#nanoseconds[entry],
      })
    return segments
  }

  #grow(stream: number): void {
    this.count = stream + 1
    this.#state = growUint8(this.#state, stream)
    this.#openings = growUint8(this.#openings, stream)
    const had = this.#head.length
    this.#head = growInt32(this.#head, stream)
    this.#head.fill(-1, had)
    this.#tail = growInt32(this.#tail, stream)
  }

  #growEntries(entry: number): void {
    this.#kind = growUint8(this.#kind, entry)
    this.#seconds = growFloat64(this.#seconds, entry)
    this.#nanoseconds = growInt32(this.#nanoseconds, entry)
    this.#next = growInt32(this.#next, entry)
  }
}
