/**
 * What TCP analysis keeps of each direction of each stream, and of the stream, for fields to show: columns in typed arrays,
 * which grow. What the judgement of segments needs is in `directions.ts`.
 */
import { growFloat64, growInt32 } from '../../tables/grow.ts'

// Columns of `words`, for each direction; `detailsOf` says where they begin.
/** The number that the direction began with: relative numbers count from it. */
export const BASE = 0
/** The packet that moved `NEXT`. */
export const NEXT_FRAME = 1
/** The packet that `LAST_ACK` first came with. */
export const LAST_ACK_FRAME = 2
/** Octets since the last segment with PSH. */
export const PUSHED = 3
/** First of the segments that are not acknowledged (see `unacknowledged.ts`), and their number. */
export const HEAD = 4
export const SEGMENTS = 5
/** From where to where those segments reach, relative to BASE: kept for bytes in flight. */
export const FIRST_UNACKNOWLEDGED = 6
export const LAST_UNACKNOWLEDGED = 7
/** Sequence number where the earliest of those segments begins. */
export const EARLIEST = 8
/** The packet with the first FIN; 0 if none was seen. */
export const FIN_FRAME = 9
/** Number of blocks in the last selective acknowledgment, and their edges, left and right in turn. */
export const BLOCKS = 10
export const BLOCK_EDGES = 11
/** RFC 2018 §3: no more fit into 40 octets of options. */
export const MAX_BLOCKS = 4
const WORDS = 20

// Bits of `seen`, besides `COMPLETENESS_*`.
/** A SYN asked for Accurate ECN, and a SYN-ACK agreed. */
export const ECN_ASKED = 1 << 8
export const ECN_AGREED = 1 << 9

// Columns of `times`: seconds, then nanoseconds. For each direction ...
/** When `NEXT` moved. */
export const NEXT_TIME = 0
const DIRECTION_TIMES = 2
// ... and for the stream, behind those of both.
export const FIRST_TIME = 4
export const PREVIOUS_TIME = 6
/** The latest SYN. */
export const SYN_TIME = 8
/** From SYN to the end of the handshake: a span, not a moment. */
export const HANDSHAKE_TIME = 10
const TIMES = 12

export class Details {
  words = new Int32Array(64 * WORDS)
  times = new Float64Array(32 * TIMES)
  /** `COMPLETENESS_*` and `ECN_*` by stream. */
  seen = new Int32Array(32)

  /** Makes room for a stream. */
  begin(row: number): void {
    this.words = growInt32(this.words, (row + 1) * 2 * WORDS - 1)
    this.times = growFloat64(this.times, (row + 1) * TIMES - 1)
    this.seen = growInt32(this.seen, row)
    this.words.fill(0, detailsOf(row, 0), detailsOf(row + 1, 0))
    this.times.fill(0, row * TIMES, (row + 1) * TIMES)
    this.seen[row] = 0
    for (let direction = 0; direction < 2; direction++) this.words[detailsOf(row, direction) + HEAD] = -1
  }
}

/** Hot: where the columns of a direction begin in `Details.words`. */
export function detailsOf(row: number, direction: number): number {
  return (2 * row + direction) * WORDS
}

/** Hot: where the columns of a stream begin in `Details.times`. */
export function streamTimesOf(row: number): number {
  return row * TIMES
}

/** Hot: where those of a direction begin. */
export function timesOf(row: number, direction: number): number {
  return row * TIMES + direction * DIRECTION_TIMES
}
