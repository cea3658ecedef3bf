/**
 * What telling retransmissions from other segments needs of each direction of each TCP stream: 128 octets for a stream, side by
 * side, since with many streams at once what counts is how many places in memory a segment touches. What only fields show is
 * kept apart (`details.ts`). Streams are told by their rows (`Packet.layerRow`), which are used again.
 *
 * Sequence numbers are kept signed, as the 32 bits that they are.
 */
import { KEEP_ALIVE, ZERO_WINDOW_PROBE } from '../../packet/tcp-facts.ts'
import { ACK, FIN, RST, SYN } from '../../protocols/tcp/header.ts'
import { growInt32 } from '../../tables/grow.ts'

// Columns of `words`, for each direction; `wordsOf` says where they begin.
/** Bits of the constants below. 0 until the stream begins. */
export const FACTS = 0
/** Behind the highest octet sent; 0 if nothing was seen. */
export const NEXT = 1
/** Behind the last octet that was captured without a gap, or that the other side acknowledged. */
export const TO_ACKNOWLEDGE = 2
export const LAST_ACK = 3
/** How often `LAST_ACK` was repeated. */
export const DUPLICATES = 4
/** As sent, before scaling. */
export const WINDOW = 5
/** Shift; or `SCALE_UNKNOWN`, `SCALE_UNUSED`. */
export const SCALE = 6
/** `TcpFacts.flags` of the last segment. */
export const LAST_FLAGS = 7
const DIRECTION_WORDS = 8
// Words of the stream, behind those of both directions and the times.
/** Segments sent again in direction 0, and in direction 1. */
export const RESENT = 28
/** What the connection did: for whoever keeps it. */
export const SEEN = 30
const WORDS = 32

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
/** A SYN had data and a Fast Open cookie (RFC 7413 §4.1.2). */
export const OPENS_FAST = 1 << 6
/** A segment was not captured; no acknowledgment has gone beyond what was since. */
export const HAS_GAP = 1 << 7
/** An acknowledgment went beyond all that was captured, and nothing has followed that would explain it. */
export const MISSES_DATA = 1 << 8
/** The stream has begun. */
const BEGUN = 1 << 9

/** FACTS of a direction of which nothing unusual is known; the window may be that of its SYN. */
const USUAL = BEGUN | HAS_BASE | COUNTS_IN_FLIGHT | WINDOW_OF_SYN
/** Flags of a segment that what answers it is judged by. */
const UNUSUAL_FLAGS = KEEP_ALIVE | ZERO_WINDOW_PROBE

// Times in a row, in nanoseconds since the origin: for each direction ...
/** When NEXT moved. */
const NEXT_TIME = 8
/** When LAST_ACK was last seen. */
const ACK_TIME = 9
const DIRECTION_TIMES = 2
// ... and for the stream.
/** The latest SYN. */
const SYN_TIME = 12
/** From SYN to the end of the handshake; 0 if unknown. */
const HANDSHAKE_TIME = 13
const TIMES = WORDS / 2

export class Directions {
  words = new Int32Array(64 * WORDS)
  /** The same octets as `words`. */
  #times = new Float64Array(this.words.buffer)
  /** Seconds since 1970 that times count from: spans of a hundred days fit a double exactly then. NaN before the first. */
  #origin = Number.NaN
  /**
   * The time of the segment at hand, as the columns have it; set by `setNow`. Kept here, as V8 would make an object of a double that
   * is handed to a function.
   */
  now = -0
  /** One past the highest row that was ever used. */
  #used = 0

  /** Hot: whether anything is kept of the stream. */
  has(row: number): boolean {
    // What was never written to is not read, either: see `begin`.
    return row < this.#used && this.words[row * WORDS + FACTS] !== 0
  }

  /** Makes room for a stream. */
  begin(row: number): void {
    const end = (row + 1) * WORDS
    if (end > this.words.length) {
      this.words = growInt32(this.words, end - 1)
      this.#times = new Float64Array(this.words.buffer, 0, this.words.length >> 1)
    }
    const { words } = this
    // A row that was never used is all 0. Its end is written to all the same before it is read: memory that is read first is
    // mapped twice.
    if (row < this.#used) words.fill(0, row * WORDS, end)
    else {
      this.#used = row + 1
      words[end - 1] = 0
    }
    for (let direction = 0; direction < 2; direction++) {
      const at = wordsOf(row, direction)
      words[at + FACTS] = BEGUN | COUNTS_IN_FLIGHT
      words[at + SCALE] = -1
      words[at + WINDOW] = -1
    }
  }

  /** Forgets a stream. */
  end(row: number): void {
    this.words[row * WORDS + FACTS] = 0
  }

  /** Hot: sets `now`. */
  setNow(seconds: number, nanoseconds: number): void {
    if (Number.isNaN(this.#origin)) this.#origin = seconds
    this.now = (seconds - this.#origin) * 1e9 + nanoseconds
  }

  /** Hot: NEXT of a direction moved at `time`. */
  setNextTime(row: number, direction: number, time: number): void {
    this.#times[row * TIMES + direction * DIRECTION_TIMES + NEXT_TIME] = time
  }

  /** Hot: nanoseconds since then; negative if the capture's clock went back. */
  sinceNext(row: number, direction: number, time: number): number {
    return time - this.#times[row * TIMES + direction * DIRECTION_TIMES + NEXT_TIME]
  }

  /** Hot: a segment of the direction came at `time`. */
  setAckTime(row: number, direction: number, time: number): void {
    this.#times[row * TIMES + direction * DIRECTION_TIMES + ACK_TIME] = time
  }

  /** Hot: nanoseconds since then. */
  sinceAck(row: number, direction: number, time: number): number {
    return time - this.#times[row * TIMES + direction * DIRECTION_TIMES + ACK_TIME]
  }

  /** Hot: measures the handshake: from the last SYN to the first segment behind it that acknowledges. 0 is no time to Wireshark. */
  measureHandshake(row: number, flags: number, time: number): void {
    const times = this.#times
    const at = row * TIMES
    // A SYN at the moment that times count from is still a SYN.
    if ((flags & (SYN | ACK)) === SYN) times[at + SYN_TIME] = time === 0 ? Number.MIN_VALUE : time
    else if ((flags & (SYN | ACK)) === ACK && times[at + HANDSHAKE_TIME] === 0 && times[at + SYN_TIME] !== 0)
      times[at + HANDSHAKE_TIME] = time - times[at + SYN_TIME]
  }

  /**
   * Hot: the segment is the next of its direction, after which the direction has to say nothing but what is usual: it has no
   * SYN and no RST, acknowledges nothing that was not captured, and neither side has anything unusual behind it. Then all that
   * the rules (`sequence.ts`) do comes to this; returns false, having changed nothing, where that is not certain.
   */
  advance(
    row: number,
    direction: number,
    flags: number,
    sequence: number,
    acknowledgment: number,
    window: number,
    length: number,
  ): boolean {
    const { words, now: time } = this
    const own = wordsOf(row, direction)
    const other = wordsOf(row, 1 - direction)
    if (
      sequence !== words[own + NEXT] ||
      sequence === 0 ||
      (flags & (SYN | RST | ACK)) !== ACK ||
      window === 0 ||
      words[other + WINDOW] === 0 ||
      (words[own + FACTS] | WINDOW_OF_SYN) !== USUAL ||
      (words[other + FACTS] | WINDOW_OF_SYN) !== USUAL ||
      (words[other + LAST_FLAGS] & UNUSUAL_FLAGS) !== 0
    )
      return false
    const toAcknowledge = words[other + TO_ACKNOWLEDGE]
    if (toAcknowledge !== 0 && ((acknowledgment - toAcknowledge) | 0) > 0) return false
    const isFin = (flags & FIN) !== 0
    if (length > 0) {
      const otherAck = words[other + LAST_ACK]
      if (otherAck !== 0 && ((sequence + length - otherAck) | 0) <= 0) return false
    }
    const times = this.#times
    const at = row * TIMES
    if (times[at + HANDSHAKE_TIME] === 0) this.measureHandshake(row, flags, time)
    if (acknowledgment !== words[own + LAST_ACK]) {
      words[own + LAST_ACK] = acknowledgment
      words[own + DUPLICATES] = 0
    } else if (length === 0 && !isFin && window === words[own + WINDOW]) words[own + DUPLICATES]++
    if (length > 0 || isFin) {
      const next = (sequence + length + (isFin ? 1 : 0)) | 0
      words[own + NEXT] = next
      if (words[own + TO_ACKNOWLEDGE] === 0 || words[own + TO_ACKNOWLEDGE] === sequence)
        words[own + TO_ACKNOWLEDGE] = next
      times[at + direction * DIRECTION_TIMES + NEXT_TIME] = time
    } else if (words[own + TO_ACKNOWLEDGE] === 0) words[own + TO_ACKNOWLEDGE] = sequence
    words[own + WINDOW] = window
    words[own + LAST_FLAGS] = 0
    words[own + FACTS] = USUAL & ~WINDOW_OF_SYN
    times[at + direction * DIRECTION_TIMES + ACK_TIME] = time
    return true
  }

  /** Hot: the handshake's round trip in nanoseconds; 0 if it was not seen. */
  roundTrip(row: number): number {
    return this.#times[row * TIMES + HANDSHAKE_TIME]
  }
}

/** Hot: where the columns of a direction begin in `Directions.words`. */
export function wordsOf(row: number, direction: number): number {
  return row * WORDS + direction * DIRECTION_WORDS
}

/** Hot: where the words of the stream are counted from. */
export function streamWordsOf(row: number): number {
  return row * WORDS
}
