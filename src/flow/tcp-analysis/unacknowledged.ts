/**
 * The segments of each direction that are not acknowledged: linked lists, newest first, in one pool of columns.
 *
 * A list is bounded, as in Wireshark: beyond that, acknowledgments are not being captured, and segments are no longer added.
 */
import { growFloat64, growInt32 } from '../../tables/grow.ts'
import { BASE, type Details, EARLIEST, FIRST_UNACKNOWLEDGED, HEAD, LAST_UNACKNOWLEDGED, SEGMENTS } from './details.ts'

/** Wireshark's TCP_MAX_UNACKED_SEGMENTS. */
const MAX_SEGMENTS = 10_000

/** Of all streams together; 36 octets each. Streams that are not acknowledged leave theirs behind. */
export const MAX_POOL = 1 << 22

const NONE = -1

export class Unacknowledged {
  readonly #details: Details
  // Columns by segment.
  #next = new Int32Array(256)
  #sequence = new Int32Array(256)
  #end = new Int32Array(256)
  #frame = new Float64Array(256)
  #seconds = new Float64Array(256)
  #nanoseconds = new Float64Array(256)
  #used = 0
  #free = NONE

  // What `acknowledge` and `findOldest` found.
  frame = -0
  seconds = -0
  nanoseconds = -0

  constructor(details: Details) {
    this.#details = details
  }

  /** Hot: whether the direction whose columns begin at `own` has room. */
  hasRoom(own: number): boolean {
    return this.#details.words[own + SEGMENTS] < MAX_SEGMENTS && (this.#used < MAX_POOL || this.#free !== NONE)
  }

  /** Hot: a segment from `sequence` to before `end`. */
  add(own: number, sequence: number, end: number, frame: number, seconds: number, nanoseconds: number): void {
    const { words } = this.#details
    let segment = this.#free
    if (segment !== NONE) this.#free = this.#next[segment]
    else {
      segment = this.#used++
      if (segment >= this.#next.length) this.#grow(segment)
    }
    this.#next[segment] = words[own + HEAD]
    this.#sequence[segment] = sequence
    this.#end[segment] = end
    this.#frame[segment] = frame
    this.#seconds[segment] = seconds
    this.#nanoseconds[segment] = nanoseconds
    words[own + HEAD] = segment
    words[own + SEGMENTS]++
    const from = (sequence - words[own + BASE]) >>> 0
    const to = (end - words[own + BASE]) >>> 0
    const isOnly = words[own + SEGMENTS] === 1
    if (isOnly || ((sequence - words[own + EARLIEST]) | 0) < 0) words[own + EARLIEST] = sequence
    if (isOnly || from < words[own + FIRST_UNACKNOWLEDGED] >>> 0) words[own + FIRST_UNACKNOWLEDGED] = from
    if (isOnly || to > words[own + LAST_UNACKNOWLEDGED] >>> 0) words[own + LAST_UNACKNOWLEDGED] = to
  }

  /**
   * Hot: `acknowledgment` came for the direction whose columns begin at `own`. Forgets what it covers, and returns whether
   * a segment ends exactly there; `frame`, `seconds` and `nanoseconds` tell of that segment (the oldest, if it was resent).
   */
  acknowledge(own: number, acknowledgment: number): boolean {
    const { words } = this.#details
    let segment = words[own + HEAD]
    if (segment === NONE) return false
    // Nothing ends at or before it, nothing is split by it.
    if (((acknowledgment - words[own + EARLIEST]) | 0) <= 0) return false
    const base = words[own + BASE]
    let earliest = words[own + EARLIEST]
    let found = false
    let previous = NONE
    let first = 0xffffffff
    let last = 0
    while (segment !== NONE) {
      const next = this.#next[segment]
      const end = this.#end[segment]
      if (end === acknowledgment) {
        found = true
        this.frame = this.#frame[segment]
        this.seconds = this.#seconds[segment]
        this.nanoseconds = this.#nanoseconds[segment]
      }
      if (((end - acknowledgment) | 0) > 0) {
        if (((acknowledgment - this.#sequence[segment]) | 0) > 0) this.#sequence[segment] = acknowledgment
        const from = (this.#sequence[segment] - base) >>> 0
        const to = (end - base) >>> 0
        if (previous === NONE || ((this.#sequence[segment] - earliest) | 0) < 0) earliest = this.#sequence[segment]
        if (from < first) first = from
        if (to > last) last = to
        previous = segment
      } else {
        if (previous === NONE) words[own + HEAD] = next
        else this.#next[previous] = next
        words[own + SEGMENTS]--
        this.#next[segment] = this.#free
        this.#free = segment
      }
      segment = next
    }
    words[own + EARLIEST] = earliest
    words[own + FIRST_UNACKNOWLEDGED] = first
    words[own + LAST_UNACKNOWLEDGED] = last
    return found
  }

  /** Hot: whether any segment waits; `frame`, `seconds`, `nanoseconds` tell of the one that waits longest. */
  findOldest(own: number): boolean {
    let oldest = NONE
    for (let segment = this.#details.words[own + HEAD]; segment !== NONE; segment = this.#next[segment])
      oldest = segment
    if (oldest === NONE) return false
    this.frame = this.#frame[oldest]
    this.seconds = this.#seconds[oldest]
    this.nanoseconds = this.#nanoseconds[oldest]
    return true
  }

  /** Forgets all segments of a direction. */
  clear(own: number): void {
    const { words } = this.#details
    for (let segment = words[own + HEAD]; segment !== NONE; ) {
      const next = this.#next[segment]
      this.#next[segment] = this.#free
      this.#free = segment
      segment = next
    }
    words[own + HEAD] = NONE
    words[own + SEGMENTS] = 0
  }

  /** The direction begins with another number now: where its segments reach is relative to that. */
  rebase(own: number, base: number): void {
    const { words } = this.#details
    words[own + BASE] = base
    let first = 0xffffffff
    let last = 0
    for (let segment = words[own + HEAD]; segment !== NONE; segment = this.#next[segment]) {
      first = Math.min(first, (this.#sequence[segment] - base) >>> 0)
      last = Math.max(last, (this.#end[segment] - base) >>> 0)
    }
    words[own + FIRST_UNACKNOWLEDGED] = first
    words[own + LAST_UNACKNOWLEDGED] = last
  }

  #grow(segment: number): void {
    this.#next = growInt32(this.#next, segment)
    this.#sequence = growInt32(this.#sequence, segment)
    this.#end = growInt32(this.#end, segment)
    this.#frame = growFloat64(this.#frame, segment)
    this.#seconds = growFloat64(this.#seconds, segment)
    this.#nanoseconds = growFloat64(this.#nanoseconds, segment)
  }
}
