/**
 * From the logged segments of a stream to the times of its handshake (RFC 9293 §3.5).
 *
 *     client              server       synRtt      SYN to SYN-ACK
 *       | ------ SYN ------> |         ackRtt      SYN-ACK to the handshake's last ACK
 *       | <--- SYN-ACK ----- |         initialRtt  last SYN to first ACK: Wireshark's `tcp.analysis.initial_rtt`
 *       | ------ ACK ------> |         connectTime first SYN to last ACK, resends included
 *
 * Segments are matched by numbers and by time, whatever their order in the file; only `initialRtt` goes by the order of
 * the file, as Wireshark does. Copies of a packet (a mirror port sends it twice) are told from segments sent again, and
 * count for nothing but `initialRtt`, whose clock Wireshark lets the copy of a SYN restart.
 */
import { type HandshakeLog, MAX_ENTRIES } from './handshake-log.ts'
import {
  ACKNOWLEDGED,
  DIRECTION_BIT,
  EXTRA,
  HAS_DATA,
  HAS_TIMESTAMP,
  IDENTITY,
  KIND_MASK,
  META,
  NANOSECONDS,
  SECONDS,
  SEGMENT_ACK,
  SEGMENT_RESET,
  SEGMENT_RESET_ACK,
  SEGMENT_SYN,
  SEGMENT_SYN_ACK,
  SEQUENCE_NUMBER,
  secondsOf,
} from './handshake-segment.ts'

// Indices of OUTCOMES.
export const ESTABLISHED = 0
const NO_ACK = 1
const REFUSED = 2
export const UNREACHABLE = 3
export const NO_ANSWER = 4
const MIDSTREAM = 5

export const OUTCOMES = ['established', 'no-ack', 'refused', 'unreachable', 'no-answer', 'midstream'] as const

/** More than one segment. */
const SEVERAL = MAX_ENTRIES

/** Nanoseconds between a packet and its copy at most; longer where the datagram has an identification that both share. */
const COPY_WITHIN = 1_000_000
const IDENTIFIED_COPY_WITHIN = 100_000_000

/** The times of one handshake, in nanoseconds; NaN where they cannot be told. One object for all of them, filled anew. */
export class HandshakeTimes {
  /** Index of OUTCOMES. */
  outcome = NO_ANSWER
  synRtt = Number.NaN
  ackRtt = Number.NaN
  initialRtt = Number.NaN
  connectTime = Number.NaN
  /** The first SYN, or the first segment that tells of the handshake where there is none. NaN if not known. */
  startSeconds = Number.NaN
  startNanoseconds = 0
  /** SYNs and SYN-ACKs, copies included, and the copies among them. */
  openings = 0
  copies = 0
  synRetransmissions = 0
  synAckRetransmissions = 0
  /** Several SYNs may be what was answered (Karn's problem). */
  ambiguous = false
  /** Several SYN-ACKs may be what was acknowledged. */
  ackAmbiguous = false
  /** The segment that ends `ackRtt` has data: the time holds what the application took to send it. */
  ackCarriesData = false
  /** A SYN-ACK was sent again within `initialRtt`. */
  initialRttHoldsLoss = false
  /** A SYN-ACK acknowledges a number that no SYN has. */
  mismatched = false
  /** The sequence number of the client's first SYN. */
  synSequence = 0

  #count = 0
  // Columns by segment, in the order of the log.
  readonly #kind = new Uint8Array(MAX_ENTRIES)
  readonly #isClient = new Uint8Array(MAX_ENTRIES)
  readonly #meta = new Int32Array(MAX_ENTRIES)
  readonly #sequence = new Int32Array(MAX_ENTRIES)
  readonly #acknowledged = new Int32Array(MAX_ENTRIES)
  readonly #identity = new Int32Array(MAX_ENTRIES)
  readonly #extra = new Int32Array(MAX_ENTRIES)
  /** Nanoseconds since the log's first segment that has a time; exact for spans up to 100 days. */
  readonly #time = new Float64Array(MAX_ENTRIES)
  readonly #isCopy = new Uint8Array(MAX_ENTRIES)
  /** 1 for a SYN-ACK of the server that answers a SYN of the client. */
  readonly #isAnswer = new Uint8Array(MAX_ENTRIES)
  /** Segments in the order of time. */
  readonly #order = new Uint16Array(MAX_ENTRIES)
  #baseSeconds = Number.NaN
  #baseNanoseconds = 0

  /** Hot: works out the times of the stream in `row`, whose client sends in `clientDirection`. */
  read(log: HandshakeLog, row: number, clientDirection: number): void {
    this.#load(log, row, clientDirection)
    this.#sort()
    this.#markAnswers()
    this.#markCopies()
    this.#match()
    this.#measureInitialRtt()
  }

  #load(log: HandshakeLog, row: number, clientDirection: number): void {
    let count = 0
    this.#baseSeconds = Number.NaN
    this.#baseNanoseconds = 0
    for (let entry = log.head(row); entry > 0; entry = log.next(entry)) {
      const words = log.chunk(entry)
      const at = log.offset(entry)
      const meta = words[at + META]
      const seconds = secondsOf(meta, words[at + SECONDS])
      const nanoseconds = words[at + NANOSECONDS]
      if (Number.isNaN(this.#baseSeconds) && !Number.isNaN(seconds)) {
        this.#baseSeconds = seconds
        this.#baseNanoseconds = nanoseconds
      }
      this.#kind[count] = meta & KIND_MASK
      this.#isClient[count] = ((meta >> DIRECTION_BIT) & 1) === clientDirection ? 1 : 0
      this.#meta[count] = meta
      this.#sequence[count] = words[at + SEQUENCE_NUMBER]
      this.#acknowledged[count] = words[at + ACKNOWLEDGED]
      this.#identity[count] = words[at + IDENTITY]
      this.#extra[count] = words[at + EXTRA]
      this.#time[count] = (seconds - this.#baseSeconds) * 1e9 + (nanoseconds - this.#baseNanoseconds)
      this.#isCopy[count] = 0
      this.#order[count] = count
      count++
    }
    this.#count = count
  }

  /** By time; what has the same time, or none, stays in the order of the file. */
  #sort(): void {
    for (let i = 1; i < this.#count; i++) {
      const index = this.#order[i]
      let at = i
      for (; at > 0 && this.#time[this.#order[at - 1]] > this.#time[index]; at--) this.#order[at] = this.#order[at - 1]
      this.#order[at] = index
    }
  }

  /** A SYN-ACK answers any SYN that it acknowledges; where none was captured, it is believed. */
  #markAnswers(): void {
    for (let i = 0; i < this.#count; i++)
      this.#isAnswer[i] = this.#kind[i] === SEGMENT_SYN_ACK && this.#isClient[i] === 0 && this.#answersSyn(i) ? 1 : 0
  }

  #answersSyn(synAck: number): boolean {
    let isMidstream = true
    for (let syn = 0; syn < this.#count; syn++) {
      if (this.#kind[syn] !== SEGMENT_SYN || this.#isClient[syn] === 0) continue
      if (this.#acknowledges(synAck, syn)) return true
      isMidstream = false
    }
    return isMidstream
  }

  /** Whether a SYN-ACK, or a reset, acknowledges SYN `syn`: its number, and any of the data in it (RFC 7413). */
  #acknowledges(answer: number, syn: number): boolean {
    const distance = (this.#acknowledged[answer] - this.#sequence[syn]) >>> 0
    return distance >= 1 && distance <= 1 + this.#extra[syn]
  }

  #markCopies(): void {
    this.openings = this.copies = 0
    for (let i = 0; i < this.#count; i++) {
      const index = this.#order[i]
      if (this.#kind[index] > SEGMENT_SYN_ACK) continue
      this.openings++
      for (let k = i - 1; k >= 0 && this.#isCopy[index] === 0; k--)
        if (this.#isCopyOf(index, this.#order[k])) this.#isCopy[index] = 1
    }
    this.#doubt(SEGMENT_SYN, SEGMENT_SYN_ACK)
    this.#doubt(SEGMENT_SYN_ACK, SEGMENT_SYN)
    for (let i = 0; i < this.#count; i++) this.copies += this.#isCopy[i]
  }

  /**
   * A server whose SYN-ACK was lost answers two SYNs that come together twice, with the same octets. Where no identification
   * tells, SYN-ACKs are copies only if SYNs are doubled too, and the other way round.
   */
  #doubt(kind: number, other: number): void {
    let others = 0
    for (let i = 0; i < this.#count; i++) {
      if (this.#kind[i] !== other) continue
      if (this.#isCopy[i] === 1) return
      others++
    }
    if (others === 0) return
    for (let i = 0; i < this.#count; i++)
      if (this.#kind[i] === kind && this.#identity[i] >>> 16 === 0) this.#isCopy[i] = 0
  }

  #isCopyOf(index: number, earlier: number): boolean {
    if (this.#kind[index] !== this.#kind[earlier] || this.#isClient[index] !== this.#isClient[earlier]) return false
    if (this.#sequence[index] !== this.#sequence[earlier] || this.#identity[index] !== this.#identity[earlier])
      return false
    if (this.#acknowledged[index] !== this.#acknowledged[earlier] || this.#extra[index] !== this.#extra[earlier])
      return false
    const within = this.#identity[index] >>> 16 === 0 ? COPY_WITHIN : IDENTIFIED_COPY_WITHIN
    return this.#time[index] - this.#time[earlier] <= within
  }

  /** Goes through the segments in the order of time. */
  #match(): void {
    this.synRtt = this.ackRtt = this.connectTime = Number.NaN
    this.ambiguous = this.ackAmbiguous = this.ackCarriesData = this.mismatched = false
    let syns = 0
    let synAcks = 0
    let firstSyn = -1
    /** The first SYN-ACK, the first reset that answers a SYN, and the first segment that ends the handshake. */
    let synAck = -1
    let reset = -1
    let ack = -1
    let isAcknowledged = false
    let isContinued = false
    for (let i = 0; i < this.#count; i++) {
      const index = this.#order[i]
      const kind = this.#kind[index]
      const isClient = this.#isClient[index] === 1
      if (kind === SEGMENT_SYN) {
        if (!isClient || this.#isCopy[index] === 1) continue
        if (syns++ === 0) firstSyn = index
      } else if (kind === SEGMENT_SYN_ACK) {
        if (isClient || this.#isCopy[index] === 1) continue
        if (this.#isAnswer[index] === 0) this.mismatched = true
        else if (synAcks++ === 0) synAck = index
      } else if (kind === SEGMENT_ACK) {
        if (!isClient) continue
        if (ack < 0 && this.#endsHandshake(i)) ack = index
        if (this.#isBehindSynAck(index)) isAcknowledged = true
        if (this.#isBehindSyn(index)) isContinued = true
      } else if (!isClient && reset < 0 && synAck < 0 && this.#refuses(i)) reset = index
    }
    this.synRetransmissions = Math.max(0, syns - 1)
    this.synAckRetransmissions = Math.max(0, synAcks - 1)
    this.synSequence = firstSyn < 0 ? 0 : this.#sequence[firstSyn]
    this.#setStart(firstSyn >= 0 ? firstSyn : this.#order[0])
    if (syns === 0) this.outcome = MIDSTREAM
    else if (synAck >= 0) this.outcome = isAcknowledged ? ESTABLISHED : NO_ACK
    else if (reset >= 0) this.outcome = REFUSED
    // The server's side was not captured: that the client goes on says that there was an answer.
    else this.outcome = isContinued && !this.mismatched ? ESTABLISHED : NO_ANSWER
    if (synAck >= 0) this.#measureSynRtt(synAck)
    else if (reset >= 0) this.#measureSynRtt(reset)
    if (ack >= 0) {
      this.ackCarriesData = (this.#meta[ack] & HAS_DATA) !== 0
      this.#measureAckRtt(ack)
      if (firstSyn >= 0) this.connectTime = this.#time[ack] - this.#time[firstSyn]
    }
  }

  /** Whether the reset at `at` in the order of time is the answer to a SYN before it. */
  #refuses(at: number): boolean {
    const reset = this.#order[at]
    for (let i = 0; i < at; i++) {
      const syn = this.#order[i]
      if (this.#kind[syn] !== SEGMENT_SYN || this.#isClient[syn] === 0) continue
      if (this.#kind[reset] === SEGMENT_RESET || this.#acknowledges(reset, syn)) return true
    }
    return false
  }

  /** Whether the client's segment at `at` in the order of time acknowledges just a SYN-ACK before it. */
  #endsHandshake(at: number): boolean {
    for (let i = 0; i < at; i++) if (this.#isAckOf(this.#order[at], this.#order[i])) return true
    return false
  }

  #isAckOf(ack: number, synAck: number): boolean {
    return this.#isAnswer[synAck] === 1 && this.#acknowledged[ack] === ((this.#sequence[synAck] + 1) | 0)
  }

  /** Whether a segment of the client acknowledges a SYN-ACK, or what the server sent behind it. */
  #isBehindSynAck(ack: number): boolean {
    for (let synAck = 0; synAck < this.#count; synAck++)
      if (this.#isAnswer[synAck] === 1 && ((this.#acknowledged[ack] - this.#sequence[synAck]) | 0) > 0) return true
    return false
  }

  /** Whether a segment of the client is behind its SYN. */
  #isBehindSyn(ack: number): boolean {
    for (let syn = 0; syn < this.#count; syn++) {
      if (this.#kind[syn] !== SEGMENT_SYN || this.#isClient[syn] === 0) continue
      if (((this.#sequence[ack] - this.#sequence[syn]) | 0) > 0) return true
    }
    return false
  }

  /**
   * From the last SYN before the answer that it may answer. That it answers this one is certain if TCP's timestamps name it; that
   * they name an earlier one says nothing: Linux goes on to echo the first SYN's in SYN-ACKs that it sends again.
   */
  #measureSynRtt(answer: number): void {
    let candidates = 0
    let last = -1
    let named = -1
    for (let i = 0; this.#order[i] !== answer; i++) {
      const syn = this.#order[i]
      if (this.#kind[syn] !== SEGMENT_SYN || this.#isClient[syn] === 0 || this.#isCopy[syn] === 1) continue
      if (this.#kind[answer] !== SEGMENT_RESET && !this.#acknowledges(answer, syn)) continue
      candidates++
      last = syn
      if ((this.#meta[syn] & this.#meta[answer] & HAS_TIMESTAMP) === 0) continue
      // A SYN that was sent again at once may have the same.
      if (this.#acknowledged[syn] === this.#extra[answer]) named = named < 0 ? syn : SEVERAL
    }
    if (last < 0) return
    this.ambiguous = candidates > 1 && named !== last
    this.synRtt = this.#time[answer] - this.#time[last]
  }

  /** From the last SYN-ACK before the segment that acknowledges it. */
  #measureAckRtt(ack: number): void {
    let candidates = 0
    for (let i = 0; this.#order[i] !== ack; i++) {
      const synAck = this.#order[i]
      if (this.#isCopy[synAck] === 1 || !this.#isAckOf(ack, synAck)) continue
      candidates++
      this.ackRtt = this.#time[ack] - this.#time[synAck]
    }
    this.ackAmbiguous = candidates > 1
  }

  /**
   * Wireshark's `tcp.analysis.initial_rtt`: from the latest SYN to the first segment behind it that acknowledges and is no
   * SYN, whichever side sent it. A time of zero Wireshark takes for none, and looks on.
   */
  #measureInitialRtt(): void {
    this.initialRtt = Number.NaN
    this.initialRttHoldsLoss = false
    let syn = -1
    for (let i = 0; i < this.#count; i++) {
      const kind = this.#kind[i]
      if (kind === SEGMENT_SYN) syn = i
      else if (syn >= 0 && (kind === SEGMENT_ACK || kind === SEGMENT_RESET_ACK)) {
        const time = this.#time[i] - this.#time[syn]
        if (Number.isNaN(time) || time === 0) continue
        this.initialRtt = time
        if (this.synAckRetransmissions > 0)
          this.initialRttHoldsLoss = this.#synAcksWithin(this.#time[syn], this.#time[i]) > 1
        return
      }
    }
  }

  #synAcksWithin(from: number, to: number): number {
    let count = 0
    for (let i = 0; i < this.#count; i++) {
      if (this.#kind[i] !== SEGMENT_SYN_ACK || this.#isClient[i] === 1 || this.#isCopy[i] === 1) continue
      if (this.#time[i] >= from && this.#time[i] <= to) count++
    }
    return count
  }

  #setStart(index: number): void {
    this.startSeconds = Number.NaN
    this.startNanoseconds = 0
    if (this.#count === 0 || Number.isNaN(this.#time[index])) return
    const nanoseconds = this.#baseNanoseconds + this.#time[index]
    const seconds = Math.floor(nanoseconds / 1e9)
    this.startSeconds = this.#baseSeconds + seconds
    this.startNanoseconds = nanoseconds - seconds * 1e9
  }
}
