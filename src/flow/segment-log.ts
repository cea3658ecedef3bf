/**
 * The TCP segments of a part of a capture, and a mark for each other packet with an IP header, in order. What they are depends on segments before the part, so the part before
 * goes through them again when the two are merged. Memory grows with the part's segments; a capture read whole has no log.
 */
import { growFloat64, growInt32 } from '../tables/grow.ts'

const WIDTH = 8

/** One segment of the log; refilled. */
export class LoggedSegment {
  /** -1 for a packet that has no segment. */
  row = 0
  direction = 0
  flags = 0
  sequence = 0
  acknowledgment = 0
  window = 0
  /** Octets of data. */
  length = 0
  seconds = -0
  nanoseconds = 0
  /** What `Copies.compare` said of the packet; -1 if it is the one of the segment before, in a tunnel. */
  found = 0
  /** See `Copies.firstSlot`. */
  firstSlot = -1
}

export class SegmentLog {
  count = 0
  #words = new Int32Array(WIDTH * 64)
  #times = new Float64Array(2 * 64)

  add(segment: LoggedSegment): void {
    const at = this.count * WIDTH
    this.#words = growInt32(this.#words, at + WIDTH - 1)
    this.#times = growFloat64(this.#times, 2 * this.count + 1)
    const words = this.#words
    words[at] = segment.row
    words[at + 1] = segment.flags * 2 + segment.direction
    words[at + 2] = segment.sequence
    words[at + 3] = segment.acknowledgment
    words[at + 4] = segment.window
    words[at + 5] = segment.length
    words[at + 6] = segment.found
    words[at + 7] = segment.firstSlot
    this.#times[2 * this.count] = segment.seconds
    this.#times[2 * this.count + 1] = segment.nanoseconds
    this.count++
  }

  /** Fills `segment` with the one at `index`. */
  read(index: number, segment: LoggedSegment): void {
    const words = this.#words
    const at = index * WIDTH
    segment.row = words[at]
    segment.flags = words[at + 1] >> 1
    segment.direction = words[at + 1] & 1
    segment.sequence = words[at + 2]
    segment.acknowledgment = words[at + 3]
    segment.window = words[at + 4]
    segment.length = words[at + 5]
    segment.found = words[at + 6]
    segment.firstSlot = words[at + 7]
    segment.seconds = this.#times[2 * index]
    segment.nanoseconds = this.#times[2 * index + 1]
  }
}
