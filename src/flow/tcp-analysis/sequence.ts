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
  BASE,
  BLOCK_EDGES,
  BLOCKS,
  type Details,
  detailsOf,
  FIRST_UNACKNOWLEDGED,
  HEAD,
  LAST_ACK_FRAME,
  LAST_UNACKNOWLEDGED,
  NEXT_FRAME,
  NEXT_TIME,
  PUSHED,
  timesOf,
} from './details.ts'
import {
  COUNTS_IN_FLIGHT,
  type Directions,
  DUPLICATES,
  ENDED_WITH_PUSH,
  FACTS,
  HAS_BASE,
  HAS_GAP,
  LAST_ACK,
  LAST_FLAGS,
  MISSES_DATA,
  NEXT,
  SCALE,
  TO_ACKNOWLEDGE,
  TOLD_ACK_LOST,
  WINDOW,
  WINDOW_OF_SYN,
  wordsOf,
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

/** The segment being analysed. Numbers are signed; `own` and `other` are where the columns of the two directions begin in `Directions`. */
export class Segment {
  row = 0
  direction = 0
  own = 0
  other = 0
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
  /** The same as `Directions` has it. */
  time = -0
  facts: TcpFacts = new TcpFacts()

  /** Hot: says which direction of which stream the segment belongs to. */
  place(row: number, direction: number): void {
    this.row = row
    this.direction = direction
    this.own = wordsOf(row, direction)
    this.other = wordsOf(row, 1 - direction)
  }
}

export class SequenceAnalysis {
  readonly #directions: Directions
  readonly #details: Details | null
  readonly #unacknowledged: Unacknowledged | null

  /** Without `details` only `TcpFacts.flags` is told, and window full is not. */
  constructor(directions: Directions, details: Details | null) {
    this.#directions = directions
    this.#details = details
    this.#unacknowledged = details === null ? null : new Unacknowledged(details)
  }

  /** Hot: fills the segment's facts, and remembers what later segments are judged by. */
  analyze(segment: Segment): void {
    const { words } = this.#directions
    const { row, direction, own, other, sequence, acknowledgment, length, flags, facts } = segment
    this.#setBases(segment)
    this.#directions.measureHandshake(row, flags, segment.time)
    if ((flags & ACK) !== 0) words[other + FACTS] |= COUNTS_IN_FLIGHT
    facts.flags |= this.#kind(segment)
    if (acknowledgment !== words[own + LAST_ACK]) {
      words[own + DUPLICATES] = 0
      words[own + FACTS] &= ~(TOLD_ACK_LOST | MISSES_DATA)
      if ((facts.flags & LOST_SEGMENT) === 0) words[own + FACTS] &= ~HAS_GAP
      if (this.#details !== null) this.#details.words[detailsOf(row, direction) + LAST_ACK_FRAME] = segment.frame
    }
    const toAcknowledge = words[other + TO_ACKNOWLEDGE]
    if ((flags & ACK) !== 0 && toAcknowledge !== 0 && ((acknowledgment - toAcknowledge) | 0) > 0)
      facts.flags |= this.#beyond(segment)
    const occupies = length > 0 || (flags & (SYN | FIN)) !== 0
    if (occupies && (facts.flags & KEEP_ALIVE) === 0) facts.flags |= this.#resentKind(segment)

    let next = (sequence + length) | 0
    if (occupies) {
      if (this.#unacknowledged === null) next = (next + counted(flags)) | 0
      else if (this.#unacknowledged.hasRoom(detailsOf(row, direction))) {
        next = (next + counted(flags)) | 0
        const { frame, seconds, nanoseconds } = segment
        this.#unacknowledged.add(detailsOf(row, direction), sequence, next, frame, seconds, nanoseconds)
      }
    }
    if ((facts.flags & ZERO_WINDOW_PROBE) === 0) {
      if (words[own + NEXT] === 0 || ((next - words[own + NEXT]) | 0) > 0) {
        words[own + NEXT] = next
        this.#directions.setNextTime(row, direction, segment.time)
        if (this.#details !== null) this.#moveNext(this.#details, segment)
      }
      if (words[own + TO_ACKNOWLEDGE] === 0 || sequence === words[own + TO_ACKNOWLEDGE])
        words[own + TO_ACKNOWLEDGE] = words[own + NEXT]
    }
    words[own + WINDOW] = segment.window
    words[own + LAST_ACK] = acknowledgment
    words[own + LAST_FLAGS] = facts.flags
    words[own + FACTS] = (flags & SYN) !== 0 ? words[own + FACTS] | WINDOW_OF_SYN : words[own + FACTS] & ~WINDOW_OF_SYN
    this.#directions.setAckTime(row, direction, segment.time)
    if (facts.flags !== 0) facts.hasAnalysis = true
    if (this.#details !== null) this.#measure(this.#details, segment)
  }

  /** Hot: `NEXT` of the direction moved. */
  #moveNext(details: Details, { row, direction, frame, seconds, nanoseconds }: Segment): void {
    details.words[detailsOf(row, direction) + NEXT_FRAME] = frame
    const at = timesOf(row, direction) + NEXT_TIME
    details.times[at] = seconds
    details.times[at + 1] = nanoseconds
  }

  /** Hot: which segment is acknowledged and how long that took; octets in flight. */
  #measure(details: Details, segment: Segment): void {
    const { facts } = segment
    const unacknowledged = this.#unacknowledged!
    if (unacknowledged.acknowledge(detailsOf(segment.row, 1 - segment.direction), segment.acknowledgment)) {
      facts.hasAnalysis = true
      facts.acksFrame = unacknowledged.frame
      const { seconds, nanoseconds } = unacknowledged
      facts.ackRttNanoseconds = spanNanoseconds(seconds, nanoseconds, segment.seconds, segment.nanoseconds)
      facts.ackRttSeconds = spanSeconds(seconds, nanoseconds, segment.seconds, segment.nanoseconds)
    }
    if (segment.length > 0) this.#countInFlight(details, segment)
  }

  /** Lets go of what is kept of the segments of the stream in `row`. */
  forget(row: number): void {
    for (let direction = 0; direction < 2; direction++) this.#unacknowledged?.clear(detailsOf(row, direction))
  }

  /** The direction turns out to have begun with another number. */
  rebase(row: number, direction: number, base: number): void {
    this.#unacknowledged?.rebase(detailsOf(row, direction), base)
  }

  /** Hot: the numbers that the directions began with. A segment that is no SYN is taken for the first behind one. */
  #setBases({ row, direction, own, other, sequence, acknowledgment, flags }: Segment): void {
    const { words } = this.#directions
    if ((words[own + FACTS] & HAS_BASE) === 0) {
      words[own + FACTS] |= HAS_BASE
      const base = (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0
      if (this.#details !== null) this.#details.words[detailsOf(row, direction) + BASE] = base
    }
    if ((flags & ACK) !== 0 && (words[other + FACTS] & HAS_BASE) === 0) {
      words[other + FACTS] |= HAS_BASE
      const base = (acknowledgment - 1) | 0
      if (this.#details !== null) this.#details.words[detailsOf(row, 1 - direction) + BASE] = base
    }
  }

  /** Hot: the flags that tell of windows, gaps and repeated acknowledgments. */
  #kind({ row, direction, own, other, sequence, acknowledgment, length, flags, window, facts }: Segment): number {
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
    if (this.#details !== null) facts.duplicateFrame = this.#details.words[detailsOf(row, direction) + LAST_ACK_FRAME]
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
    const directions = this.#directions
    const { words } = directions
    const { row, direction, own, other, sequence, length, time } = segment
    const next = words[own + NEXT]
    const end = (sequence + length + counted(segment.flags)) | 0
    const otherAck = words[other + LAST_ACK]
    if (length > 0 && otherAck !== 0 && ((sequence + length - otherAck) | 0) <= 0) return SPURIOUS_RETRANSMISSION
    if (next === 0 || ((sequence - next) | 0) >= 0) return 0
    // What follows a window probe sends its octet once more, but it is not a repetition.
    if (length > 1 && sequence === ((next - 1) | 0)) return 0
    const isAskedFor = words[other + DUPLICATES] >= FAST_DUPLICATES || (words[other + FACTS] & MISSES_DATA) !== 0
    if (isAskedFor && otherAck === sequence) {
      const sinceAck = directions.sinceAck(row, 1 - direction, time)
      if (sinceAck >= 0 && sinceAck < FAST_NANOSECONDS) return FAST_RETRANSMISSION
    }
    const sinceNext = directions.sinceNext(row, direction, time)
    const soon = directions.roundTrip(row) || REORDERING_NANOSECONDS
    if (sinceNext >= 0 && sinceNext < soon && next !== end) return OUT_OF_ORDER
    if (this.#details !== null) this.#measureTimeout(this.#details, segment)
    return RETRANSMISSION
  }

  /** After which packet the sender of a retransmission waited, and how long. */
  #measureTimeout(details: Details, { row, direction, seconds, nanoseconds, facts }: Segment): void {
    const at = timesOf(row, direction) + NEXT_TIME
    let fromSeconds = details.times[at]
    let fromNanoseconds = details.times[at + 1]
    const unacknowledged = this.#unacknowledged!
    facts.rtoFrame = details.words[detailsOf(row, direction) + NEXT_FRAME]
    if (unacknowledged.findOldest(detailsOf(row, direction))) {
      facts.rtoFrame = unacknowledged.frame
      fromSeconds = unacknowledged.seconds
      fromNanoseconds = unacknowledged.nanoseconds
    }
    facts.rtoSeconds = spanSeconds(fromSeconds, fromNanoseconds, seconds, nanoseconds)
    facts.rtoNanoseconds = spanNanoseconds(fromSeconds, fromNanoseconds, seconds, nanoseconds)
  }

  /** Hot: octets in flight, and since the last PSH. */
  #countInFlight(details: Details, { row, direction, own, length, flags, facts }: Segment): void {
    const { words } = this.#directions
    const at = detailsOf(row, direction)
    if (details.words[at + HEAD] < 0 || (words[own + FACTS] & COUNTS_IN_FLIGHT) === 0) return
    let inFlight = (details.words[at + LAST_UNACKNOWLEDGED] - details.words[at + FIRST_UNACKNOWLEDGED]) >>> 0
    if (inFlight > 0 && inFlight < MAX_IN_FLIGHT) facts.hasAnalysis = true
    // A FIN is not data, nor has what was reported as received to be counted.
    inFlight -= counted(flags)
    const reported = detailsOf(row, 1 - direction)
    for (let block = 0; block < details.words[reported + BLOCKS]; block++) {
      const edges = reported + BLOCK_EDGES + 2 * block
      inFlight -= (details.words[edges + 1] - details.words[edges]) | 0
    }
    details.words[at + PUSHED] =
      (words[own + FACTS] & ENDED_WITH_PUSH) !== 0 ? length : details.words[at + PUSHED] + length
    if ((flags & PSH) !== 0) words[own + FACTS] |= ENDED_WITH_PUSH
    else words[own + FACTS] &= ~ENDED_WITH_PUSH
    if (inFlight <= 0 || inFlight >= MAX_IN_FLIGHT) return
    facts.bytesInFlight = inFlight
    facts.pushBytesSent = details.words[at + PUSHED] >>> 0
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
