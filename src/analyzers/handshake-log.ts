/**
 * The segments of each TCP stream that its handshake is told by: SYN, SYN-ACK, reset, and the first acknowledgments.
 *
 * Times are worked out from the log when all is seen. That keeps merging exact: joining two parts of a stream is
 * appending one log to the other. What is logged depends only on what was logged before, and a part that knows less logs
 * more, never less; `merge` applies the same rule again.
 */
import { growInt32 } from '../tables/grow.ts'
import {
  DIRECTION_BIT,
  KIND_MASK,
  META,
  NANOSECONDS,
  SECONDS,
  SEGMENT_ACK,
  SEGMENT_SYN_ACK,
  SEGMENT_WORDS,
  secondsOf,
} from './handshake-segment.ts'

/**
 * SYNs and SYN-ACKs logged for one stream at most; nothing is logged from the one on that reaches it. A sender gives up
 * after a handful (RFC 9293 §3.8.3); what resends more is no handshake.
 */
const MAX_OPENINGS = 64

/** Entries of one stream at most: for each opening itself, and for each direction a reset and two acknowledgments behind it. */
export const MAX_ENTRIES = MAX_OPENINGS * 7

// State of a stream's log, as bits. Those of a direction are BIT << direction.
/** An acknowledgment of the direction has been logged since the last SYN or SYN-ACK. */
const HAS_ACK = 1 << 0
const HAS_SYN_ACK = 1 << 2
/** SYN-ACK and the acknowledgment that answers it are logged: nothing but SYN and SYN-ACK says any more. */
const IS_COMPLETE = 1 << 4
/** A reset of the direction has been logged since the last SYN or SYN-ACK. */
const HAS_RESET = 1 << 5
/** A segment of the stream was seen, logged or not. */
const IS_OBSERVED = 1 << 7
/** SYNs and SYN-ACKs so far are counted in the bits from here on. */
const OPENINGS_BIT = 8

// Words of a row: what is known of a stream lies side by side.
const STATE = 0
/** First and last entry of the stream; 0 if it has none. */
const HEAD = 1
const TAIL = 2
const ROW_WORDS = 4

/** The word of an entry that says which entry of its stream is next; 0 behind the last. */
const NEXT = SEGMENT_WORDS - 1

// Entries lie in chunks, so that growing copies nothing.
const CHUNK_BITS = 14
const CHUNK_MASK = (1 << CHUNK_BITS) - 1

export type HandshakeLogState = ReturnType<HandshakeLog['save']>

export class HandshakeLog {
  /** The segment to add: fill it with `fillSegment`. */
  readonly segment = new Int32Array(SEGMENT_WORDS)
  /** One past the highest row in the log. */
  count = 0
  #rows = new Int32Array(64 * ROW_WORDS)
  #chunks: Int32Array<ArrayBuffer>[] = []
  /** One past the last entry; they are counted from 1. */
  #entries = 1
  /** Entries to use again. */
  #free = 0

  /** Hot: whether a segment that is neither SYN nor reset can still matter, if it is not earlier than those before it. */
  wantsAck(row: number, direction: number): boolean {
    return row >= this.count || (this.#rows[row * ROW_WORDS + STATE] & (IS_COMPLETE | (HAS_ACK << direction))) === 0
  }

  /** Hot: the stream had a segment that says nothing. */
  touch(row: number): void {
    if (row >= this.count) this.#grow(row)
    this.#rows[row * ROW_WORDS + STATE] |= IS_OBSERVED
  }

  /** Whether the stream had a segment that got past the filter. */
  isObserved(row: number): boolean {
    return row < this.count && (this.#rows[row * ROW_WORDS + STATE] & IS_OBSERVED) !== 0
  }

  /** Hot: logs `segment` if it matters to the stream in `row`. */
  add(row: number): void {
    if (row >= this.count) this.#grow(row)
    const rows = this.#rows
    const at = row * ROW_WORDS
    const kind = this.segment[META] & KIND_MASK
    const direction = (this.segment[META] >> DIRECTION_BIT) & 1
    let state = rows[at + STATE] | IS_OBSERVED
    rows[at + STATE] = state
    // Full: this is no handshake.
    if (state >> OPENINGS_BIT >= MAX_OPENINGS) return
    if (kind === SEGMENT_ACK) {
      if ((state & (IS_COMPLETE | (HAS_ACK << direction))) !== 0) {
        this.#addEarlier(row, direction)
        return
      }
      state |= HAS_ACK << direction
      if ((state & (HAS_SYN_ACK << (1 - direction))) !== 0) state |= IS_COMPLETE
    } else if (kind <= SEGMENT_SYN_ACK) {
      state += 1 << OPENINGS_BIT
      state &= ~(HAS_ACK | (HAS_ACK << 1) | HAS_RESET | (HAS_RESET << 1))
      if (kind === SEGMENT_SYN_ACK) state |= HAS_SYN_ACK << direction
    } else {
      // Once the handshake is done a reset is no refusal.
      if ((state & (IS_COMPLETE | (HAS_RESET << direction))) !== 0) return
      state |= HAS_RESET << direction
    }
    rows[at + STATE] = state
    if (state >> OPENINGS_BIT < MAX_OPENINGS) this.#push(row)
  }

  /**
   * Files are not always in the order of time. Behind the first acknowledgment since the last SYN or SYN-ACK, the earliest
   * one is kept too.
   */
  #addEarlier(row: number, direction: number): void {
    let first = 0
    let earliest = 0
    for (let entry = this.head(row); entry > 0; entry = this.next(entry)) {
      const meta = this.chunk(entry)[this.offset(entry) + META]
      if ((meta & KIND_MASK) <= SEGMENT_SYN_ACK) first = earliest = 0
      else if ((meta & KIND_MASK) === SEGMENT_ACK && ((meta >> DIRECTION_BIT) & 1) === direction) {
        if (first === 0) first = entry
        else earliest = entry
      }
    }
    if (first === 0 || !this.#isBefore(earliest || first)) return
    if (earliest === 0) this.#push(row)
    else this.#write(earliest, this.next(earliest))
  }

  /** Whether `segment` is earlier than the one in `entry`. */
  #isBefore(entry: number): boolean {
    const { segment } = this
    const words = this.chunk(entry)
    const at = this.offset(entry)
    const seconds = secondsOf(segment[META], segment[SECONDS])
    const there = secondsOf(words[at + META], words[at + SECONDS])
    return seconds < there || (seconds === there && segment[NANOSECONDS] < words[at + NANOSECONDS])
  }

  /**
   * Appends the logs of the later part, whose rows here `mapping` gives, to those of the same streams. There may be a million, so its
   * chunks are taken over as they are; it is not used afterwards.
   */
  merge(later: HandshakeLog, mapping: Int32Array): void {
    const base = this.#takeOver(later.#chunks)
    for (let theirs = 0; theirs < later.count; theirs++) {
      if (!later.isObserved(theirs)) continue
      const ours = mapping[theirs]
      this.touch(ours)
      const head = later.head(theirs)
      const from = theirs * ROW_WORDS
      const at = ours * ROW_WORDS
      if (this.#rows[at + STATE] !== IS_OBSERVED) {
        if (head > 0) this.#append(ours, base + head, base + later.#rows[from + TAIL])
        continue
      }
      this.#rows[at + STATE] = later.#rows[from + STATE]
      if (head === 0) continue
      this.#rows[at + HEAD] = base + head
      this.#rows[at + TAIL] = base + later.#rows[from + TAIL]
    }
  }

  /** Adds chunks of another log to those here; returns by how much the numbers of its entries have grown. */
  #takeOver(chunks: readonly Int32Array<ArrayBuffer>[]): number {
    const base = this.#chunks.length << CHUNK_BITS
    for (const chunk of chunks) {
      for (let at = NEXT; at < chunk.length; at += SEGMENT_WORDS) if (chunk[at] > 0) chunk[at] += base
      this.#chunks.push(chunk)
    }
    if (chunks.length > 0) this.#entries = this.#chunks.length << CHUNK_BITS
    return base
  }

  /** Adds the entries from `head` to `tail`, which are no stream's, to the stream in `row`; they will be used again. */
  #append(row: number, head: number, tail: number): void {
    for (let entry = head; entry > 0; entry = this.next(entry)) {
      const words = this.chunk(entry)
      const at = this.offset(entry)
      for (let i = 0; i < NEXT; i++) this.segment[i] = words[at + i]
      this.add(row)
    }
    this.#link(tail, this.#free)
    this.#free = head
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { count: this.count, rows: this.#rows, chunks: this.#chunks }
  }

  /** Takes over what `save` gave: to be read, and not added to. */
  load(state: HandshakeLogState): void {
    this.count = state.count
    this.#rows = state.rows
    this.#chunks = state.chunks
  }

  /** Forgets the stream: its row will be used again. */
  remove(row: number): void {
    if (row >= this.count) return
    const at = row * ROW_WORDS
    if (this.#rows[at + HEAD] > 0) {
      this.#link(this.#rows[at + TAIL], this.#free)
      this.#free = this.#rows[at + HEAD]
    }
    this.#rows.fill(0, at, at + ROW_WORDS)
  }

  /** The stream's first entry; 0 if it has none. Entries are in the order of the capture, but for the earliest ones. */
  head(row: number): number {
    return row < this.count ? this.#rows[row * ROW_WORDS + HEAD] : 0
  }

  /** The entry behind `entry`; 0 behind the last. */
  next(entry: number): number {
    return this.chunk(entry)[this.offset(entry) + NEXT]
  }

  /** Hot: where the words of an entry are, those that `handshake-segment.ts` names. */
  chunk(entry: number): Int32Array {
    return this.#chunks[entry >> CHUNK_BITS]
  }

  /** Hot: where in its chunk the entry begins. */
  offset(entry: number): number {
    return (entry & CHUNK_MASK) * SEGMENT_WORDS
  }

  #push(row: number): void {
    const at = row * ROW_WORDS
    let entry = this.#free
    if (entry > 0) this.#free = this.next(entry)
    else {
      entry = this.#entries++
      if (entry >> CHUNK_BITS >= this.#chunks.length) this.#chunks.push(new Int32Array(SEGMENT_WORDS << CHUNK_BITS))
    }
    this.#write(entry, 0)
    if (this.#rows[at + HEAD] === 0) this.#rows[at + HEAD] = entry
    else this.#link(this.#rows[at + TAIL], entry)
    this.#rows[at + TAIL] = entry
  }

  #write(entry: number, next: number): void {
    const chunk = this.chunk(entry)
    const at = this.offset(entry)
    for (let i = 0; i < NEXT; i++) chunk[at + i] = this.segment[i]
    chunk[at + NEXT] = next
  }

  #link(entry: number, next: number): void {
    this.chunk(entry)[this.offset(entry) + NEXT] = next
  }

  #grow(row: number): void {
    this.#rows = growInt32(this.#rows, (row + 1) * ROW_WORDS - 1)
    // 0 before. Memory that is read before it is written to is mapped twice.
    for (; this.count <= row; this.count++) this.#rows[(this.count + 1) * ROW_WORDS - 1] = 0
  }
}
