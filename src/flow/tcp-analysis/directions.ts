/**
 * What TCP analysis keeps of each direction of each stream, and of the stream: columns in typed arrays, which grow.
 *
 * A row is `rowOf(stream, direction)`; a column is one of the constants. Sequence numbers are kept signed, as the 32 bits
 * that they are.
 */
import { growFloat64, growInt32 } from '../../tables/grow.ts'

// Columns of `words`, for each direction.
/** `HAS_*` and `IS_*` bits. */
export const FACTS = 0
/** The number that the direction began with: relative numbers count from it. */
export const BASE = 1
/** Behind the highest octet sent; 0 if nothing was seen. */
export const NEXT = 2
/** The packet that moved it. */
export const NEXT_FRAME = 3
/** Behind the last octet that was captured without a gap, or that the other side acknowledged. */
export const TO_ACKNOWLEDGE = 4
export const LAST_ACK = 5
/** The packet that `LAST_ACK` first came with. */
export const LAST_ACK_FRAME = 6
/** How often it was repeated. */
export const DUPLICATES = 7
/** As sent, before scaling. */
export const WINDOW = 8
/** Shift; or `SCALE_UNKNOWN`, `SCALE_UNUSED`. */
export const SCALE = 9
/** `TcpFacts.flags` of the last segment. */
export const LAST_FLAGS = 10
/** Octets since the last segment with PSH. */
export const PUSHED = 11
/** First of the segments that are not acknowledged (see `unacknowledged.ts`), and their number. */
export const HEAD = 12
export const SEGMENTS = 13
/** From where to where those segments reach, relative to BASE: kept for bytes in flight. */
export const FIRST_UNACKNOWLEDGED = 14
export const LAST_UNACKNOWLEDGED = 15
/** The packet with the first FIN; 0 if none was seen. */
export const FIN_FRAME = 16
/** Number of blocks in the last selective acknowledgment, and their edges, left and right in turn. */
export const BLOCKS = 17
export const BLOCK_EDGES = 18
/** RFC 2018 §3: no more fit into 40 octets of options. */
export const MAX_BLOCKS = 4
/** MPTCP subtypes, as bits, of the last segment. */
export const MPTCP_SUBTYPES = 28
/** Sequence number where the earliest of those segments begins. */
export const EARLIEST = 29
const WORDS = 30

// Bits of FACTS.
export const HAS_BASE = 1 << 0
/** Nothing is missing that would spoil the count of octets in flight. */
export const COUNTS_IN_FLIGHT = 1 << 1
/** The last segment that had data had PSH. */
export const ENDED_WITH_PUSH = 1 << 2
/** WINDOW came with a SYN, and is not scaled. */
export const WINDOW_OF_SYN = 1 << 3
/** Its FIN was the first of the stream. */
export const CLOSES_FIRST = 1 << 4
/** An acknowledgment went beyond what was captured, and that was told. Until the direction acknowledges something new. */
export const TOLD_ACK_LOST = 1 << 5
/** An acknowledgment went beyond all that was captured, and nothing has followed that would explain it. */
export const MISSES_DATA = 1 << 8
/** A segment was not captured; no acknowledgment has gone beyond what was since. */
export const HAS_GAP = 1 << 7
/** A SYN had data and a Fast Open cookie (RFC 7413 §4.1.2). */
export const OPENS_FAST = 1 << 6

// Bits of `seen`, besides `COMPLETENESS_*`.
/** A SYN asked for Accurate ECN, and a SYN-ACK agreed. */
export const ECN_ASKED = 1 << 8
export const ECN_AGREED = 1 << 9

// Columns of `times`, for each direction: seconds, then nanoseconds.
/** When NEXT moved. */
export const NEXT_TIME = 0
/** When LAST_ACK was last seen. */
export const ACK_TIME = 2
// For each stream; they lie in the row of direction 0 and 1 by turns, and count from the former.
export const FIRST_TIME = 4
export const PREVIOUS_TIME = 6
/** The latest SYN. */
export const SYN_TIME = 12
/** From SYN to the end of the handshake: a span, not a moment. */
export const HANDSHAKE_TIME = 14
const TIMES = 8

export class Directions {
  words = new Int32Array(64 * WORDS)
  times = new Float64Array(64 * TIMES)
  /** `COMPLETENESS_*` and `ECN_*` by stream. */
  seen = new Int32Array(32)
  /** Streams so far. */
  count = 0

  /** Makes room for streams up to `stream`. */
  grow(stream: number): void {
    const rows = 2 * (stream + 1)
    this.words = growInt32(this.words, rows * WORDS - 1)
    this.times = growFloat64(this.times, rows * TIMES - 1)
    this.seen = growInt32(this.seen, stream)
    for (; this.count <= stream; this.count++)
      for (let direction = 0; direction < 2; direction++) {
        const at = wordsOf(this.count, direction)
        this.words[at + FACTS] = COUNTS_IN_FLIGHT
        this.words[at + HEAD] = -1
        this.words[at + SCALE] = -1
        this.words[at + WINDOW] = -1
      }
  }
}

/** Hot: where the columns of a direction begin in `words`. */
export function wordsOf(stream: number, direction: number): number {
  return (2 * stream + direction) * WORDS
}

/** Hot: where the columns of a direction begin in `times`; those of the stream begin with those of direction 0. */
export function timesOf(stream: number, direction: number): number {
  return (2 * stream + direction) * TIMES
}
