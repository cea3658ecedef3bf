/**
 * What a segment is, told by its numbers and those of the segments before it: new, resent, out of order, a probe, ...
 * The rules are Wireshark's (`tcp.analysis.*` in its User's Guide, §7.5), and so is their order.
 */
import {
  ACK_LOST_SEGMENT,
  DUPLICATE_ACK,
  FAST_RETRANSMISSION,
  KEEP_ALIVE,
  KEEP_ALIVE_ACK,
  LOST_SEGMENT,
  OUT_OF_ORDER,
  RETRANSMISSION,
  SCALE_UNKNOWN,
  SPURIOUS_RETRANSMISSION,
  TcpFacts,
  WINDOW_FULL,
  WINDOW_UPDATE,
  ZERO_WINDOW,
  ZERO_WINDOW_PROBE,
  ZERO_WINDOW_PROBE_ACK,
} from '../../packet/tcp-facts.ts'
import { ACK, FIN, PSH, RST, SYN } from '../../protocols/tcp/header.ts'
import {
  ACK_TIME,
  BASE,
  BLOCK_EDGES,
  BLOCKS,
  COUNTS_IN_FLIGHT,
  type Directions,
  DUPLICATES,
  ENDED_WITH_PUSH,
  FACTS,
  FIRST_UNACKNOWLEDGED,
  HANDSHAKE_TIME,
  HAS_BASE,
  HAS_GAP,
  HEAD,
  LAST_ACK,
  LAST_ACK_FRAME,
  LAST_FLAGS,
  LAST_UNACKNOWLEDGED,
  MISSES_DATA,
  NEXT,
  NEXT_FRAME,
  NEXT_TIME,
  PUSHED,
  SCALE,
  TO_ACKNOWLEDGE,
  TOLD_ACK_LOST,
  WINDOW,
  WINDOW_OF_SYN,
} from './directions.ts'
import { Unacknowledged } from './unacknowledged.ts'

/** A segment that comes this soon after the highest one is out of order rather than resent, if no round trip was measured. */
const REORDERING_NANOSECONDS = 3_000_000
/** A fast retransmission (RFC 5681 §3.2) follows the duplicate acknowledgment that asks for it this soon. */
const FAST_NANOSECONDS = 20_000_000
/** Wireshark takes that many duplicates for the three of RFC 5681: one may not have been captured. */
const FAST_DUPLICATES = 2
/** More cannot be in flight: the numbers do not belong together. */
const MAX_IN_FLIGHT = 2_000_000_000

/** The segment being analysed. Numbers are signed; `own` and `other` are where the columns of the two directions begin. */
export class Segment {
  own = 0
  other = 0
  ownTimes = 0
  otherTimes = 0
  streamTimes = 0
  sequence = 0
  acknowledgment = 0
  /** Octets of data. */
  length = 0
  flags = 0
  /** As sent. */
  window = 0
  frame = -0
  seconds = -0
  nanoseconds = -0
  facts: TcpFacts = new TcpFacts()
}

export class SequenceAnalysis {
  readonly #directions: Directions
  readonly #unacknowledged: Unacknowledged

  constructor(directions: Directions) {
    this.#directions = directions
    this.#unacknowledged = new Unacknowledged(directions)
  }

  /** Hot: fills the segment's facts, and remembers what later segments are judged by. */
  analyze(segment: Segment): void {
    const { words } = this.#directions
    const { own, other, sequence, acknowledgment, length, flags, facts } = segment
    this.#setBases(segment)
    if ((flags & ACK) !== 0) words[other + FACTS] |= COUNTS_IN_FLIGHT
    facts.flags |= this.#kind(segment)
    if (acknowledgment !== words[own + LAST_ACK]) {
      words[own + LAST_ACK_FRAME] = segment.frame
      words[own + DUPLICATES] = 0
      words[own + FACTS] &= ~(TOLD_ACK_LOST | MISSES_DATA)
      if ((facts.flags & LOST_SEGMENT) === 0) words[own + FACTS] &= ~HAS_GAP
    }
    const toAcknowledge = words[other + TO_ACKNOWLEDGE]
    if ((flags & ACK) !== 0 && toAcknowledge !== 0 && ((acknowledgment - toAcknowledge) | 0) > 0)
      facts.flags |= this.#beyond(segment)
    const occupies = length > 0 || (flags & (SYN | FIN)) !== 0
    if (occupies && (facts.flags & KEEP_ALIVE) === 0) facts.flags |= this.#resentKind(segment)

    let next = (sequence + length) | 0
    if (occupies && this.#unacknowledged.hasRoom(own)) {
      next = (next + counted(flags)) | 0
      this.#unacknowledged.add(own, sequence, next, segment.frame, segment.seconds, segment.nanoseconds)
    }
    if ((facts.flags & ZERO_WINDOW_PROBE) === 0) {
      if (words[own + NEXT] === 0 || ((next - words[own + NEXT]) | 0) > 0) {
        words[own + NEXT] = next
        words[own + NEXT_FRAME] = segment.frame
        this.#setTime(segment.ownTimes + NEXT_TIME, segment)
      }
      if (words[own + TO_ACKNOWLEDGE] === 0 || sequence === words[own + TO_ACKNOWLEDGE])
        words[own + TO_ACKNOWLEDGE] = words[own + NEXT]
    }
    words[own + WINDOW] = segment.window
    words[own + LAST_ACK] = acknowledgment
    words[own + LAST_FLAGS] = facts.flags
    words[own + FACTS] = (flags & SYN) !== 0 ? words[own + FACTS] | WINDOW_OF_SYN : words[own + FACTS] & ~WINDOW_OF_SYN
    this.#setTime(segment.ownTimes + ACK_TIME, segment)
    if (facts.flags !== 0) facts.hasAnalysis = true

    if (this.#unacknowledged.acknowledge(other, acknowledgment)) {
      facts.hasAnalysis = true
      facts.acksFrame = this.#unacknowledged.frame
      const { seconds, nanoseconds } = this.#unacknowledged
      facts.ackRttNanoseconds = spanNanoseconds(seconds, nanoseconds, segment.seconds, segment.nanoseconds)
      facts.ackRttSeconds = spanSeconds(seconds, nanoseconds, segment.seconds, segment.nanoseconds)
    }
    if (length > 0) this.#countInFlight(segment)
  }

  /** The direction turns out to have begun with another number. */
  rebase(own: number, base: number): void {
    this.#unacknowledged.rebase(own, base)
  }

  /** Hot: the numbers that the directions began with. A segment that is no SYN is taken for the first behind one. */
  #setBases({ own, other, sequence, acknowledgment, flags }: Segment): void {
    const { words } = this.#directions
    if ((words[own + FACTS] & HAS_BASE) === 0) {
      words[own + FACTS] |= HAS_BASE
      words[own + BASE] = (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0
    }
    if ((flags & ACK) !== 0 && (words[other + FACTS] & HAS_BASE) === 0) {
      words[other + FACTS] |= HAS_BASE
      words[other + BASE] = (acknowledgment - 1) | 0
    }
  }

  /** Hot: the flags that tell of windows, gaps and repeated acknowledgments. */
  #kind({ own, other, sequence, acknowledgment, length, flags, window, facts }: Segment): number {
    const { words } = this.#directions
    const next = words[own + NEXT]
    const otherWindow = words[other + WINDOW]
    if (length === 1 && sequence === next && otherWindow === 0) return ZERO_WINDOW_PROBE
    let kind = 0
    const isOrdinary = (flags & (SYN | FIN | RST)) === 0
    if (window === 0 && isOrdinary) kind |= ZERO_WINDOW
    if (next !== 0 && ((sequence - next) | 0) > 0 && (flags & RST) === 0) {
      kind |= LOST_SEGMENT
      words[own + FACTS] = (words[own + FACTS] & ~(COUNTS_IN_FLIGHT | MISSES_DATA)) | HAS_GAP
    }
    if (!isOrdinary) return kind
    if (length <= 1 && sequence === ((next - 1) | 0)) kind |= KEEP_ALIVE
    if (length > 0) {
      const scale = words[other + SCALE]
      if (scale === SCALE_UNKNOWN) return kind
      const shift = scale < 0 || (words[other + FACTS] & WINDOW_OF_SYN) !== 0 ? 0 : scale
      if (((sequence + length) | 0) === ((words[other + LAST_ACK] + (otherWindow << shift)) | 0)) kind |= WINDOW_FULL
      return kind
    }
    if (sequence !== next) return kind
    const lastAck = words[own + LAST_ACK]
    const isSame = acknowledgment === lastAck
    const lastWindow = words[own + WINDOW]
    const otherFlags = words[other + LAST_FLAGS]
    if (window !== lastWindow) return window !== 0 && isSame ? kind | WINDOW_UPDATE : kind
    if (window === 0) {
      if ((otherFlags & ZERO_WINDOW_PROBE) === 0) return kind
      return isSame ? kind | ZERO_WINDOW_PROBE_ACK : kind
    }
    if (!isSame) return kind
    if ((otherFlags & KEEP_ALIVE) !== 0) return kind | KEEP_ALIVE_ACK
    facts.duplicateCount = ++words[own + DUPLICATES]
    facts.duplicateFrame = words[own + LAST_ACK_FRAME]
    return kind | DUPLICATE_ACK
  }

  /**
   * Hot: the acknowledgment goes beyond what was captured of the other direction. That is told once for a gap, and once
   * until the other direction acknowledges something new; not at all while it repeats its acknowledgment.
   */
  #beyond({ other, acknowledgment, facts }: Segment): number {
    const { words } = this.#directions
    facts.hasAnalysis = true
    words[other + TO_ACKNOWLEDGE] = words[other + NEXT]
    if (((acknowledgment - words[other + NEXT]) | 0) <= 0) {
      words[other + FACTS] &= ~HAS_GAP
      return ACK_LOST_SEGMENT
    }
    words[other + FACTS] |= MISSES_DATA
    if ((words[other + FACTS] & HAS_GAP) !== 0) words[other + FACTS] &= ~HAS_GAP
    else if ((words[other + FACTS] & TOLD_ACK_LOST) !== 0 || words[other + DUPLICATES] > 0) return 0
    else words[other + FACTS] |= TOLD_ACK_LOST
    return ACK_LOST_SEGMENT
  }

  /** Hot: whether a segment that has data, SYN or FIN repeats octets, and why. */
  #resentKind(segment: Segment): number {
    const { words, times } = this.#directions
    const { own, other, sequence, length, facts } = segment
    const next = words[own + NEXT]
    const end = (sequence + length + counted(segment.flags)) | 0
    const otherAck = words[other + LAST_ACK]
    if (length > 0 && otherAck !== 0 && ((sequence + length - otherAck) | 0) <= 0) return SPURIOUS_RETRANSMISSION
    if (next === 0 || ((sequence - next) | 0) >= 0) return 0
    // What follows a window probe sends its octet once more, but it is not a repetition.
    if (length > 1 && sequence === ((next - 1) | 0)) return 0
    const isAskedFor = words[other + DUPLICATES] >= FAST_DUPLICATES || (words[other + FACTS] & MISSES_DATA) !== 0
    if (isAskedFor && otherAck === sequence) {
      const sinceAck = this.#nanosecondsSince(segment.otherTimes + ACK_TIME, segment)
      if (sinceAck >= 0 && sinceAck < FAST_NANOSECONDS) return FAST_RETRANSMISSION
    }
    const { seconds, nanoseconds } = segment
    const handshake = segment.streamTimes + HANDSHAKE_TIME
    const roundTrip = times[handshake] * 1e9 + times[handshake + 1]
    const sinceNext = this.#nanosecondsSince(segment.ownTimes + NEXT_TIME, segment)
    if (sinceNext >= 0 && sinceNext < (roundTrip || REORDERING_NANOSECONDS) && next !== end) return OUT_OF_ORDER

    let fromSeconds = times[segment.ownTimes + NEXT_TIME]
    let fromNanoseconds = times[segment.ownTimes + NEXT_TIME + 1]
    facts.rtoFrame = words[own + NEXT_FRAME]
    if (this.#unacknowledged.findOldest(own)) {
      facts.rtoFrame = this.#unacknowledged.frame
      fromSeconds = this.#unacknowledged.seconds
      fromNanoseconds = this.#unacknowledged.nanoseconds
    }
    facts.rtoSeconds = spanSeconds(fromSeconds, fromNanoseconds, seconds, nanoseconds)
    facts.rtoNanoseconds = spanNanoseconds(fromSeconds, fromNanoseconds, seconds, nanoseconds)
    return RETRANSMISSION
  }

  /** Hot: octets in flight, and since the last PSH. */
  #countInFlight({ own, other, length, flags, facts }: Segment): void {
    const { words } = this.#directions
    if (words[own + HEAD] < 0 || (words[own + FACTS] & COUNTS_IN_FLIGHT) === 0) return
    let inFlight = (words[own + LAST_UNACKNOWLEDGED] - words[own + FIRST_UNACKNOWLEDGED]) >>> 0
    if (inFlight > 0 && inFlight < MAX_IN_FLIGHT) facts.hasAnalysis = true
    // A FIN is not data, nor has what was reported as received to be counted.
    inFlight -= counted(flags)
    for (let block = 0; block < words[other + BLOCKS]; block++) {
      const edges = other + BLOCK_EDGES + 2 * block
      inFlight -= (words[edges + 1] - words[edges]) | 0
    }
    words[own + PUSHED] = (words[own + FACTS] & ENDED_WITH_PUSH) !== 0 ? length : words[own + PUSHED] + length
    if ((flags & PSH) !== 0) words[own + FACTS] |= ENDED_WITH_PUSH
    else words[own + FACTS] &= ~ENDED_WITH_PUSH
    if (inFlight <= 0 || inFlight >= MAX_IN_FLIGHT) return
    facts.bytesInFlight = inFlight
    facts.pushBytesSent = words[own + PUSHED] >>> 0
  }

  #setTime(column: number, { seconds, nanoseconds }: Segment): void {
    this.#directions.times[column] = seconds
    this.#directions.times[column + 1] = nanoseconds
  }

  /** Hot: negative if the capture's clock went back. */
  #nanosecondsSince(column: number, { seconds, nanoseconds }: Segment): number {
    const { times } = this.#directions
    return (seconds - times[column]) * 1e9 + (nanoseconds - times[column + 1])
  }
}

/** Hot: SYN and FIN take a number of the sequence space (RFC 9293 §3.4), though they are no data. */
function counted(flags: number): number {
  return (flags & (SYN | FIN)) !== 0 ? 1 : 0
}

/** Hot: whole seconds from one moment to another, with the sign of the span. */
export function spanSeconds(
  fromSeconds: number,
  fromNanoseconds: number,
  seconds: number,
  nanoseconds: number,
): number {
  const whole = seconds - fromSeconds
  const rest = nanoseconds - fromNanoseconds
  if (whole > 0 && rest < 0) return whole - 1
  return whole < 0 && rest > 0 ? whole + 1 : whole
}

/** Hot: the rest of it, with the same sign. */
export function spanNanoseconds(
  fromSeconds: number,
  fromNanoseconds: number,
  seconds: number,
  nanoseconds: number,
): number {
  const whole = seconds - fromSeconds
  const rest = nanoseconds - fromNanoseconds
  if (whole > 0 && rest < 0) return rest + 1e9
  return whole < 0 && rest > 0 ? rest - 1e9 : rest
}
