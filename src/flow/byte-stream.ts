/**
 * One direction of a TCP connection as its receiver reads it: octets in order, each of them once, whatever was cut, resent,
 * lost and shuffled on the way.
 *
 * What is next in order is handed on at once and not kept. What lies behind a gap waits, in bounded memory, until the gap is
 * filled or given up: when the receiver acknowledges octets behind it (it had them: the capture missed them), when no more can
 * be kept, when the connection is reset, and at the end. Of octets that come twice the first copy counts.
 *
 * A stream that the capture meets in its middle begins with the first octets seen. As those may come out of order, too, they
 * wait until the receiver acknowledges their like, the sender is known to have sent what comes before them, or
 * `START_PIECES` or `START_OCTETS` are there.
 *
 * Positions are sequence numbers without the wrap at 2^32: each number is taken as the one nearest to what was expected.
 */
import { type Copy, DeliveredOctets } from './delivered-octets.ts'

/** Octets and pieces that wait behind gaps at most. */
const MAX_WAITING_OCTETS = 16 * 1_048_576
const MAX_WAITING_PIECES = 16_384

/** What has to wait at most before the stream begins, if nobody says where it does. */
export const START_PIECES = 16
export const START_OCTETS = 65_536

/** Sequence numbers wrap here (RFC 9293 §3.4). */
const WRAP = 0x1_0000_0000

/** The packet that carried octets, and its time. */
export interface Carrier {
  readonly number: number
  readonly seconds: number
  readonly nanoseconds: number
  readonly hasTime: boolean
}

/** Why octets are not there: the capture does not have their packet, or not the end of it. */
export type GapCause = 'missing' | 'snaplen'

/** Takes the stream in its order. */
export interface ByteSink {
  /** `offset` counts from the first octet of the stream. Valid during the call only. */
  octets(bytes: Uint8Array, at: number, length: number, offset: number, carrier: Carrier): void
  /** `carrier` brought what comes next, or what was cut; null at the end of the stream. */
  gap(offset: number, length: number, cause: GapCause, carrier: Carrier | null): void
}

export interface ByteStreamLimits {
  readonly octets?: number
  readonly pieces?: number
}

/** Octets that wait behind a gap. */
interface Piece {
  readonly from: number
  /** One past the last octet on the wire. */
  readonly end: number
  /** Those of them that were captured, from the first on. */
  readonly bytes: Uint8Array
  readonly carrier: Carrier
}

export class ByteStream {
  /** Octets handed on. */
  octets = 0
  /** Octets that are not there, whatever the cause, and in how many places. */
  missing = 0
  gaps = 0
  /** Octets that came again, on the wire. */
  retransmitted = 0
  /** How the copies compare, as far as earlier octets are remembered. */
  readonly copies: Copy = { differing: 0, late: 0 }

  readonly #sink: ByteSink
  readonly #maxOctets: number
  readonly #maxPieces: number
  readonly #delivered = new DeliveredOctets()
  /** A sequence number has been seen: `#next` is near to where the stream is. */
  #isAnchored = false
  /** The stream has a first octet: `#next` is the position expected next. */
  #hasBegun = false
  #next = 0
  #first = 0
  /** In the order of positions; none overlaps another. */
  #pieces: Piece[] = []
  #waiting = 0
  /** The highest position acknowledged, the one that a segment without data had, and the one of the FIN; -1 before. */
  #acknowledged = -1
  #sent = -1
  #fin = -1

  constructor(sink: ByteSink, limits: ByteStreamLimits = {}) {
    this.#sink = sink
    this.#maxOctets = limits.octets ?? MAX_WAITING_OCTETS
    this.#maxPieces = limits.pieces ?? MAX_WAITING_PIECES
  }

  /** Octets that wait behind a gap. */
  get waiting(): number {
    return this.#waiting
  }

  /** A SYN: the first octet has the number behind it. */
  open(sequence: number): void {
    const position = this.#positionOf(sequence + 1)
    // A SYN that comes again changes nothing; one with another number does as long as nothing was sent after the first.
    if (this.#hasBegun && (position === this.#first || this.octets + this.missing + this.#pieces.length > 0)) return
    this.#begin(position)
  }

  /** A segment without data, which carries the number of the octet to be sent next. */
  empty(sequence: number): void {
    const position = this.#positionOf(sequence)
    if (position > this.#sent) this.#sent = position
  }

  /** A FIN: the stream ends before this number. */
  close(sequence: number): void {
    this.#fin = this.#positionOf(sequence)
  }

  /** A segment's data: `length` octets on the wire, of which `captured` are at `at`. */
  add(sequence: number, bytes: Uint8Array, at: number, captured: number, length: number, carrier: Carrier): void {
    const from = this.#positionOf(sequence)
    const end = from + length
    if (!this.#hasBegun) {
      this.#wait(from, end, bytes, at, captured, carrier)
      this.#beginIfSure()
      this.#makeRoom()
      return
    }
    // A keep-alive repeats the octet before, with any value (RFC 9293 §3.8.4).
    if (length === 1 && from === this.#next - 1) return
    const old = Math.min(end, this.#next) - from
    if (old > 0) this.#repeat(from, old, bytes, at, Math.min(captured, old))
    if (end <= this.#next) return
    const skip = Math.max(0, old)
    const left = Math.max(0, captured - skip)
    if (from + skip === this.#next && (this.#pieces.length === 0 || end <= this.#pieces[0].from)) {
      this.#deliver(bytes, at + skip, left, end - this.#next, carrier)
      this.#drain()
      return
    }
    this.#wait(from + skip, end, bytes, at + skip, left, carrier)
    this.#drain()
    this.#makeRoom()
  }

  /** The receiver has all octets before this number. */
  acknowledge(sequence: number): void {
    const position = this.#positionOf(sequence)
    if (position > this.#acknowledged) this.#acknowledged = position
    if (this.#hasBegun) this.#giveUpBefore(position)
    else this.#beginIfSure()
  }

  /** The SYN was answered: the stream begins with this number, if the SYN itself was not seen. */
  answer(sequence: number): void {
    if (!this.#hasBegun) this.acknowledge(sequence)
  }

  /** Whether a RST with this number ends the stream: one from before the window ends nothing (RFC 9293 §3.10.7.4). */
  isReset(sequence: number): boolean {
    return !this.#hasBegun || this.#positionOf(sequence) >= this.#next
  }

  /** Nothing comes any more that fills a gap: the connection was reset. */
  giveUp(): void {
    if (!this.#hasBegun && this.#pieces.length > 0) this.#begin(this.#pieces[0].from)
    this.#giveUpBefore(Infinity)
  }

  /** The capture is over. What was acknowledged last, and never seen, is missing as well. */
  end(): void {
    if (!this.#isAnchored) return
    if (!this.#hasBegun) this.#begin(this.#pieces.length > 0 ? this.#pieces[0].from : this.#next)
    this.#giveUpBefore(Infinity)
    let end = this.#acknowledged
    if (this.#fin >= this.#next && end > this.#fin) end = this.#fin
    // One number without an octet is a FIN that the capture missed, more likely than not.
    else if (end === this.#next + 1) return
    if (end > this.#next) this.#pass(end - this.#next, 'missing', null)
  }

  #positionOf(sequence: number): number {
    if (!this.#isAnchored) {
      this.#isAnchored = true
      // There is room for numbers before the first one seen.
      this.#next = WRAP + (sequence >>> 0)
    }
    return this.#next + ((sequence - (this.#next % WRAP)) | 0)
  }

  #begin(position: number): void {
    this.#hasBegun = true
    this.#first = this.#next = position
    while (this.#pieces.length > 0 && this.#pieces[0].from < position) this.#takePiece()
    this.#drain()
    this.#giveUpBefore(this.#acknowledged)
  }

  /** The first octets seen are the first there are, if what comes before them was sent before the capture began. */
  #beginIfSure(): void {
    if (this.#pieces.length === 0) return
    const [{ from }] = this.#pieces
    const isSure = from <= this.#acknowledged || from <= this.#sent
    const isEnough = this.#pieces.length >= START_PIECES || this.#waiting >= START_OCTETS
    if (isSure || isEnough || this.#isFull()) this.#begin(from)
  }

  /** Keeps what no other piece has, cut up where it must be. */
  #wait(start: number, end: number, bytes: Uint8Array, at: number, captured: number, carrier: Carrier): void {
    let index = this.#indexBehind(start)
    for (let from = start; from < end; index++) {
      const piece: Piece | undefined = this.#pieces[index]
      const taken = from - start
      if (piece !== undefined && piece.from <= from) {
        const upTo = Math.min(end, piece.end)
        this.retransmitted += upTo - from
        this.#compareWith(piece, from, bytes, at + taken, Math.min(captured - taken, upTo - from))
        from = upTo
        continue
      }
      const upTo = piece === undefined ? end : Math.min(end, piece.from)
      const kept = bytes.slice(at + taken, at + Math.max(taken, Math.min(captured, upTo - start)))
      this.#pieces.splice(index, 0, { from, end: upTo, bytes: kept, carrier })
      this.#waiting += kept.length
      from = upTo
    }
  }

  /** Index of the first piece that ends behind `position`. */
  #indexBehind(position: number): number {
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#pieces[middle].end <= position) low = middle + 1
      else high = middle
    }
    return low
  }

  #compareWith(piece: Piece, from: number, bytes: Uint8Array, at: number, captured: number): void {
    const skip = from - piece.from
    const most = Math.min(captured, piece.bytes.length - skip)
    for (let i = 0; i < most; i++) if (piece.bytes[skip + i] !== bytes[at + i]) this.copies.differing++
  }

  #repeat(from: number, length: number, bytes: Uint8Array, at: number, captured: number): void {
    // What was sent before the stream began here is not a copy of anything.
    const before = Math.max(0, Math.min(length, this.#first - from))
    this.retransmitted += length - before
    this.#delivered.compare(from + before, bytes, at + before, captured - before, this.copies)
  }

  #takePiece(): Piece {
    const piece = this.#pieces.shift()!
    this.#waiting -= piece.bytes.length
    return piece
  }

  /** Hands on what has become next in order. */
  #drain(): void {
    while (this.#pieces.length > 0 && this.#pieces[0].from === this.#next) {
      const { bytes, end, carrier } = this.#takePiece()
      this.#deliver(bytes, 0, bytes.length, end - this.#next, carrier)
    }
  }

  #giveUpBefore(position: number): void {
    while (this.#pieces.length > 0 && this.#pieces[0].from < position) this.#skipGap()
  }

  #isFull(): boolean {
    return this.#waiting > this.#maxOctets || this.#pieces.length > this.#maxPieces
  }

  #makeRoom(): void {
    if (this.#hasBegun) while (this.#isFull()) this.#skipGap()
  }

  /** Goes on behind the first gap. */
  #skipGap(): void {
    const [{ from, carrier }] = this.#pieces
    // A FIN takes a number and has no octet; some go on sending all the same.
    if (this.#next === this.#fin && from === this.#fin + 1) this.#next = from
    else this.#pass(from - this.#next, 'missing', carrier)
    this.#drain()
  }

  #deliver(bytes: Uint8Array, at: number, captured: number, length: number, carrier: Carrier): void {
    if (captured > 0) {
      this.octets += captured
      this.#delivered.deliver(this.#next, bytes, at, captured)
      this.#sink.octets(bytes, at, captured, this.#next - this.#first, carrier)
      this.#next += captured
    }
    if (length > captured) this.#pass(length - captured, 'snaplen', carrier)
  }

  #pass(length: number, cause: GapCause, carrier: Carrier | null): void {
    this.missing += length
    this.gaps++
    this.#delivered.passOver(this.#next, length)
    this.#sink.gap(this.#next - this.#first, length, cause, carrier)
    this.#next += length
  }
}
