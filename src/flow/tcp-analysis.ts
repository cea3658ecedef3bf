/**
 * TCP analysis as Wireshark 4.0 does it in one pass: what each segment is to the stream it belongs to (new, resent, out
 * of order, a probe, ...), and what its numbers mean there (relative, scaled, measured). The answers are put into
 * `Packet.tcpFacts`, from which `tcp.analysis.*` and other fields are read.
 *
 * They are guesses by design: a capture does not say what a sender meant. The guesses are Wireshark's.
 */
import { read16, read32s } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import {
  CLOSE_ACTIVE,
  CLOSE_PASSIVE,
  COMPLETENESS_ACK,
  COMPLETENESS_ALL,
  COMPLETENESS_DATA,
  COMPLETENESS_FIN,
  COMPLETENESS_RST,
  COMPLETENESS_SYN,
  COMPLETENESS_SYN_ACK,
  REUSED_PORTS,
  SCALE_ABSENT,
  SCALE_UNKNOWN,
  SCALE_UNUSED,
  TcpFacts,
  TFO_ACK,
  TFO_IGNORED,
  TFO_SYN,
} from '../packet/tcp-facts.ts'
import {
  ACK,
  ACKNOWLEDGMENT,
  END_OF_OPTIONS,
  EXPERIMENT_1,
  EXPERIMENT_2,
  EXPERIMENT_FAST_OPEN,
  EXPERIMENT_HEADER,
  FAST_OPEN,
  FIN,
  MAX_SHIFT,
  MIN_HEADER_LENGTH,
  NO_OPERATION,
  OFFSET_FLAGS,
  RST,
  SACK,
  SEQUENCE,
  SYN,
  WINDOW,
  WINDOW_SCALE,
} from '../protocols/tcp/header.ts'
import { TCP } from '../protocols/tcp.ts'
import type { StreamTracker } from './streams.ts'
import {
  BASE,
  BLOCK_EDGES,
  BLOCKS,
  Details,
  detailsOf,
  ECN_AGREED,
  ECN_ASKED,
  FIN_FRAME,
  FIRST_TIME,
  HANDSHAKE_TIME,
  MAX_BLOCKS,
  PREVIOUS_TIME,
  SYN_TIME,
  streamTimesOf,
} from './tcp-analysis/details.ts'
import { CLOSES_FIRST, Directions, FACTS, HAS_BASE, OPENS_FAST, SCALE } from './tcp-analysis/directions.ts'
import { Segment, SequenceAnalysis, spanNanoseconds, spanSeconds } from './tcp-analysis/sequence.ts'

export class TcpAnalysis {
  readonly #streams: StreamTracker
  readonly #directions = new Directions()
  readonly #details = new Details()
  readonly #sequences = new SequenceAnalysis(this.#directions, this.#details)
  readonly #segment = new Segment()

  /** `streams` numbers the packets that are analysed. */
  constructor(streams: StreamTracker) {
    this.#streams = streams
    streams.tcp.onClose((row) => {
      if (!this.#directions.has(row)) return
      this.#sequences.forget(row)
      this.#directions.end(row)
    })
  }

  /** Hot: fills `tcpFacts` of each TCP layer; the packet's streams must have been numbered. */
  track(packet: Packet): void {
    for (let layer = 0; layer < packet.layerCount; layer++) {
      if (packet.layerProtocol[layer] !== TCP) continue
      if (packet.tcpFacts[layer] === undefined) addFacts(packet, layer)
      const facts = packet.tcpFacts[layer]
      facts.reset()
      if (packet.layerStream[layer] >= 0) this.#segmentOf(packet, layer, facts)
    }
  }

  #segmentOf(packet: Packet, layer: number, facts: TcpFacts): void {
    const { bytes } = packet
    const directions = this.#directions
    const row = packet.layerRow[layer]
    const direction = packet.layerDirection[layer]
    const at = packet.layerAt[layer]
    const details = this.#details
    const isNew = !directions.has(row)
    if (isNew) {
      directions.begin(row)
      details.begin(row)
    }
    const segment = this.#segment
    segment.place(row, direction)
    segment.sequence = read32s(bytes, at + SEQUENCE)
    segment.acknowledgment = read32s(bytes, at + ACKNOWLEDGMENT)
    segment.flags = bytes[at + OFFSET_FLAGS + 1]
    segment.window = read16(bytes, at + WINDOW)
    segment.frame = packet.number
    segment.seconds = packet.seconds
    segment.nanoseconds = packet.nanoseconds
    directions.setNow(packet.seconds, packet.nanoseconds)
    segment.time = directions.now
    segment.facts = facts
    const ownDetails = detailsOf(row, direction)
    const otherDetails = detailsOf(row, 1 - direction)
    const { words } = directions
    const { own, other, flags } = segment

    facts.isKnown = true
    facts.completeness = details.seen[row] & COMPLETENESS_ALL
    facts.hasAccurateEcn = (flags & SYN) === 0 && (details.seen[row] & ECN_AGREED) !== 0
    this.#measure(segment, isNew)
    const headerLength = (bytes[at + OFFSET_FLAGS] >> 4) * 4
    facts.isSound = headerLength >= MIN_HEADER_LENGTH
    facts.hasTimes = facts.isSound && at + MIN_HEADER_LENGTH <= packet.layerEnd[layer]
    const isWhole = at + headerLength <= packet.layerWireEnd[layer]
    segment.length = isWhole ? packet.layerWireEnd[layer] - at - headerLength : 0
    details.seen[row] |= completenessOf(flags, segment.length, isNew)
    if ((flags & SYN) !== 0) details.seen[row] |= ecnOf(flags, bytes[at + OFFSET_FLAGS], details.seen[row])
    facts.sequence = segment.sequence >>> 0
    facts.acknowledgment = segment.acknowledgment >>> 0
    if (isNew && this.#streams.tcp.reusesPorts(row)) {
      facts.flags |= REUSED_PORTS
      facts.hasAnalysis = true
      facts.completeness = COMPLETENESS_SYN
    }
    if (layer < packet.quotedFrom && isWhole) {
      // A SYN-ACK that does not fit belongs to a connection that was not captured from its beginning.
      if (
        (flags & (SYN | ACK)) === (SYN | ACK) &&
        (words[own + FACTS] & HAS_BASE) !== 0 &&
        details.words[ownDetails + BASE] !== segment.sequence
      ) {
        this.#sequences.rebase(row, direction, segment.sequence)
        facts.flags |= REUSED_PORTS
        facts.hasAnalysis = true
      }
      this.#sequences.analyze(segment)
      facts.hasSequence = true
      facts.sequence = (segment.sequence - details.words[ownDetails + BASE]) >>> 0
      facts.nextSequence = (facts.sequence + segment.length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0)) >>> 0
      facts.acknowledgedBase = details.words[otherDetails + BASE] >>> 0
      if ((words[other + FACTS] & HAS_BASE) !== 0 && (flags & ACK) !== 0)
        facts.acknowledgment = (segment.acknowledgment - details.words[otherDetails + BASE]) >>> 0
    }
    const scale = words[own + SCALE]
    facts.window = segment.window
    facts.windowScale = SCALE_ABSENT
    if ((flags & SYN) === 0) {
      facts.windowScale = scale >= 0 ? 1 << scale : scale
      if (scale > 0) facts.window = segment.window * 2 ** scale
    }
    this.#readOptions(packet, layer, headerLength)
    if ((flags & SYN) !== 0 && facts.hasSequence) this.#openFast(segment)
    // Wireshark gets no further where the options were cut.
    const isCaptured = facts.isSound && at + headerLength <= packet.layerEnd[layer]
    if (!isCaptured) facts.hasAnalysis = false
    if ((flags & SYN) !== 0 && isCaptured) this.#agreeOnScale(segment)
    if (facts.isSound && (flags & FIN) !== 0) this.#close(segment)
  }

  /** Hot: times since the stream began, since its last segment, and of its handshake. */
  #measure({ row, flags, seconds, nanoseconds, facts }: Segment, isNew: boolean): void {
    const { times } = this.#details
    const streamTimes = streamTimesOf(row)
    const first = streamTimes + FIRST_TIME
    const previous = streamTimes + PREVIOUS_TIME
    if (isNew) {
      times[first] = times[previous] = seconds
      times[first + 1] = times[previous + 1] = nanoseconds
    }
    facts.relativeSeconds = spanSeconds(times[first], times[first + 1], seconds, nanoseconds)
    facts.relativeNanoseconds = spanNanoseconds(times[first], times[first + 1], seconds, nanoseconds)
    facts.deltaSeconds = spanSeconds(times[previous], times[previous + 1], seconds, nanoseconds)
    facts.deltaNanoseconds = spanNanoseconds(times[previous], times[previous + 1], seconds, nanoseconds)
    times[previous] = seconds
    times[previous + 1] = nanoseconds
    const syn = streamTimes + SYN_TIME
    const handshake = streamTimes + HANDSHAKE_TIME
    if ((flags & (SYN | ACK)) === SYN) {
      times[syn] = seconds
      times[syn + 1] = nanoseconds
    } else if (
      (flags & (SYN | ACK)) === ACK &&
      times[handshake] === 0 &&
      times[handshake + 1] === 0 &&
      (times[syn] !== 0 || times[syn + 1] !== 0)
    ) {
      times[handshake] = spanSeconds(times[syn], times[syn + 1], seconds, nanoseconds)
      times[handshake + 1] = spanNanoseconds(times[syn], times[syn + 1], seconds, nanoseconds)
    }
    facts.initialRttSeconds = times[handshake]
    facts.initialRttNanoseconds = times[handshake + 1]
  }

  /** Hot: remembers the window scale that a SYN offers, and the blocks of a selective acknowledgment. */
  #readOptions(packet: Packet, layer: number, headerLength: number): void {
    const { bytes } = packet
    const { words } = this.#directions
    const { row, direction, own } = this.#segment
    const details = this.#details.words
    const ownDetails = detailsOf(row, direction)
    const end = Math.min(packet.layerAt[layer] + headerLength, packet.layerEnd[layer])
    let at = packet.layerAt[layer] + MIN_HEADER_LENGTH
    details[ownDetails + BLOCKS] = 0
    while (at < end) {
      const kind = bytes[at]
      if (kind === END_OF_OPTIONS) return
      if (kind === NO_OPERATION) {
        at++
        continue
      }
      const length = at + 1 < end ? bytes[at + 1] : 0
      if (length < 2 || at + length > end) return
      if (kind === WINDOW_SCALE && length === 3) words[own + SCALE] = Math.min(bytes[at + 2], MAX_SHIFT)
      else if (hasFastOpenCookie(bytes, at, length)) words[own + FACTS] |= OPENS_FAST
      else if (kind === SACK) {
        let blocks = 0
        for (let edge = at + 2; edge + 8 <= at + length && blocks < MAX_BLOCKS; edge += 8, blocks++) {
          details[ownDetails + BLOCK_EDGES + 2 * blocks] = read32s(bytes, edge)
          details[ownDetails + BLOCK_EDGES + 2 * blocks + 1] = read32s(bytes, edge + 4)
        }
        details[ownDetails + BLOCKS] = blocks
      }
      at += length
    }
  }

  /** Which side closes, and which follows. */
  #close({ row, direction, own, facts, frame }: Segment): void {
    const { words } = this.#directions
    const details = this.#details.words
    const ownFin = detailsOf(row, direction) + FIN_FRAME
    if (details[ownFin] === 0 && details[detailsOf(row, 1 - direction) + FIN_FRAME] === 0)
      words[own + FACTS] |= CLOSES_FIRST
    facts.close = (words[own + FACTS] & CLOSES_FIRST) !== 0 ? CLOSE_ACTIVE : CLOSE_PASSIVE
    if (details[ownFin] === 0) details[ownFin] = frame
  }

  /** RFC 7413 §4.2: whether data came with the SYN, and what the SYN-ACK made of it. */
  #openFast({ own, other, flags, length, facts }: Segment): void {
    const { words } = this.#directions
    if ((flags & ACK) === 0) {
      if ((words[own + FACTS] & OPENS_FAST) !== 0) facts.flags |= TFO_SYN
      if (length === 0) words[own + FACTS] &= ~OPENS_FAST
    } else if (facts.acknowledgment > 1) facts.flags |= TFO_ACK
    else if (facts.acknowledgment === 1 && (words[other + FACTS] & OPENS_FAST) !== 0) facts.flags |= TFO_IGNORED
  }

  /** RFC 7323 §2.2: windows are scaled only if both SYNs offer it. */
  #agreeOnScale({ own, other }: Segment): void {
    const { words } = this.#directions
    if (words[own + SCALE] === SCALE_UNKNOWN) words[own + SCALE] = SCALE_UNUSED
    if (words[own + SCALE] === SCALE_UNUSED || words[other + SCALE] === SCALE_UNUSED) {
      words[own + SCALE] = SCALE_UNUSED
      words[other + SCALE] = SCALE_UNUSED
    }
  }
}

/** Hot: what a segment adds to the completeness of its stream. A SYN counts where the stream begins, and only a SYN does there. */
function completenessOf(flags: number, length: number, isFirst: boolean): number {
  if ((flags & (SYN | ACK)) === SYN) {
    let bits = isFirst ? COMPLETENESS_SYN : 0
    if (isFirst && length > 0) bits |= COMPLETENESS_DATA
    return (flags & RST) !== 0 && !isFirst ? COMPLETENESS_RST : bits
  }
  if (isFirst) return 0
  let bits = 0
  if ((flags & SYN) !== 0) bits |= COMPLETENESS_SYN_ACK
  else if ((flags & ACK) !== 0) bits |= length > 0 ? COMPLETENESS_DATA : COMPLETENESS_ACK
  if ((flags & FIN) !== 0) bits |= COMPLETENESS_FIN
  if ((flags & RST) !== 0) bits |= COMPLETENESS_RST
  return bits
}

/** Values of the counter in a SYN-ACK that agree to count (RFC 9768 §3.1.1), as bits. */
const ECN_AGREEING = (1 << 2) | (1 << 3) | (1 << 4) | (1 << 6)

/** What a SYN or SYN-ACK says of Accurate ECN; `high` is the octet before that of the other flags. */
function ecnOf(flags: number, high: number, seen: number): number {
  const counter = ((high & 1) << 2) | (flags >> 6)
  if ((flags & ACK) === 0) return counter === 7 ? ECN_ASKED : 0
  return (seen & ECN_ASKED) !== 0 && ((ECN_AGREEING >> counter) & 1) !== 0 ? ECN_AGREED : 0
}

/** Whether the option at `at` is Fast Open with a cookie, by its kind or as the experiment it was (RFC 7413 §4.1.1, RFC 6994 §4). */
function hasFastOpenCookie(bytes: Uint8Array, at: number, length: number): boolean {
  if (bytes[at] === FAST_OPEN) return length > 2
  if (bytes[at] !== EXPERIMENT_1 && bytes[at] !== EXPERIMENT_2) return false
  return length > EXPERIMENT_HEADER && read16(bytes, at + 2) === EXPERIMENT_FAST_OPEN
}

/** Facts are made as the layers of packets first need them. */
function addFacts(packet: Packet, layer: number): void {
  while (packet.tcpFacts.length <= layer) packet.tcpFacts.push(new TcpFacts())
}
