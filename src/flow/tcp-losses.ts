/**
 * What became of each TCP stream: segments sent again, octets that were never captured, how far the connection got. Segments
 * are judged by the rules of TCP analysis (`tcp-analysis/sequence.ts`), so retransmissions are those that Wireshark marks as
 * `tcp.analysis.retransmission`; but copies of packets that the capture has twice (`copies.ts`) are left out before.
 *
 * Lost octets are gaps in the sequence numbers of a direction between the first and the last segment captured, those that no
 * later segment filled. What the sender lost and sent again in time is not lost, and what only the capture missed is.
 *
 * Merging is exact: what a segment is depends on those before it, so a part of a capture that continues another keeps a log of
 * its segments, and the earlier part goes through it when the two are merged.
 */
import { viewOf } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import {
  COMPLETENESS_ACK,
  COMPLETENESS_DATA,
  COMPLETENESS_FIN,
  COMPLETENESS_RST,
  COMPLETENESS_SYN,
  COMPLETENESS_SYN_ACK,
  FAST_RETRANSMISSION,
  RETRANSMISSION,
  SPURIOUS_RETRANSMISSION,
} from '../packet/tcp-facts.ts'
import {
  ACK,
  ACKNOWLEDGMENT,
  FIN,
  MIN_HEADER_LENGTH,
  OFFSET_FLAGS,
  RST,
  SEQUENCE,
  SYN,
  WINDOW,
} from '../protocols/tcp/header.ts'
import { TCP } from '../protocols/tcp.ts'
import { growUint32 } from '../tables/grow.ts'
import { Copies, NOT_COMPARED } from './copies.ts'
import { Gaps } from './gaps.ts'
import { isPlain, PLAIN_TRANSPORT } from './plain.ts'
import { LoggedSegment, SegmentLog } from './segment-log.ts'
import type { StreamMapping, StreamTracker } from './streams.ts'
import { Directions, NEXT, RESENT, SEEN, streamWordsOf } from './tcp-analysis/directions.ts'
import { Segment, SequenceAnalysis } from './tcp-analysis/sequence.ts'

/** What a connection did, as bits; those of a direction are BIT << direction. */
const SAW_SYN = 1 << 0
const SAW_SYN_ACK = 1 << 1
const SAW_ACK = 1 << 2
const SAW_DATA = 1 << 3
const SAW_FIN = 1 << 4
const SAW_RST = 1 << 6

/** `LoggedSegment.found` of a further segment in the packet of the one before. */
const SAME_PACKET = -1
/** The length of a segment whose header contradicts itself. */
const UNSOUND = -1

const RESENT_FLAGS = RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS_RETRANSMISSION

/**
 * `no-answer`: SYN and nothing back. `refused`: SYN and a reset back. `half-open`: SYN and SYN-ACK, no more. `established`:
 * and nothing that ends it. `closing`: one side has sent FIN. `closed`: both have. `reset`: ended by a reset. `midstream`: the
 * beginning was not captured, nor the end.
 */
export type ConnectionState =
  | 'no-answer'
  | 'refused'
  | 'half-open'
  | 'established'
  | 'closing'
  | 'closed'
  | 'reset'
  | 'midstream'

export class TcpLosses {
  readonly copies: Copies
  readonly #directions = new Directions()
  readonly #rules = new SequenceAnalysis(this.#directions, null)
  readonly #segment = new Segment()
  readonly #gaps = new Gaps()
  readonly #log: SegmentLog | null
  readonly #logged = new LoggedSegment()
  /** Copies of TCP segments, by row; empty while there are none. */
  #copiesOf = new Uint32Array(0)

  /** `continues`: as for `StreamTracker`, whose rows this goes by. */
  constructor(streams: StreamTracker, { continues = false }: { continues?: boolean } = {}) {
    this.copies = new Copies(continues)
    this.#log = continues ? new SegmentLog() : null
    streams.tcp.onClose((row) => {
      // A stream of which only copies were seen has no more than their number.
      if (row < this.#copiesOf.length) this.#copiesOf[row] = 0
      if (!this.#directions.has(row)) return
      this.#directions.end(row)
      this.#gaps.forget(2 * row)
      this.#gaps.forget(2 * row + 1)
    })
  }

  /** Hot: the packet's streams must have been numbered. Quotations in ICMP errors are not traffic. */
  track(packet: Packet): void {
    const found = this.copies.compare(packet)
    const isCopy = this.copies.decide(found)
    if (isPlain(packet) && packet.layerProtocol[PLAIN_TRANSPORT] === TCP && packet.layerRow[PLAIN_TRANSPORT] >= 0) {
      this.#track(packet, PLAIN_TRANSPORT, isCopy, found)
      return
    }
    const layers = Math.min(packet.layerCount, packet.quotedFrom)
    let segments = 0
    for (let layer = 0; layer < layers; layer++) {
      if (packet.layerProtocol[layer] !== TCP || packet.layerRow[layer] < 0) continue
      this.#track(packet, layer, isCopy, segments === 0 ? found : SAME_PACKET)
      segments++
    }
    if (segments === 0 && found !== NOT_COMPARED && this.#log !== null) {
      this.#logged.row = -1
      this.#logged.found = found
      this.#logged.firstSlot = this.copies.firstSlot
      this.#log.add(this.#logged)
    }
  }

  #track(packet: Packet, layer: number, isCopy: boolean, found: number): void {
    const { bytes } = packet
    const row = packet.layerRow[layer]
    const at = packet.layerAt[layer]
    const header = (bytes[at + OFFSET_FLAGS] >> 4) * 4
    const flags = bytes[at + OFFSET_FLAGS + 1]
    const view = viewOf(bytes)
    const sequence = view.getInt32(at + SEQUENCE)
    const acknowledgment = view.getInt32(at + ACKNOWLEDGMENT)
    const window = view.getUint16(at + WINDOW)
    const isSound = header >= MIN_HEADER_LENGTH && at + header <= packet.layerWireEnd[layer]
    const length = isSound ? packet.layerWireEnd[layer] - at - header : UNSOUND
    const direction = packet.layerDirection[layer]
    if (isCopy) this.#addCopies(row, 1)
    else
      this.#judge(row, direction, flags, sequence, acknowledgment, window, length, packet.seconds, packet.nanoseconds)
    if (this.#log === null) return
    const logged = this.#logged
    logged.row = row
    logged.direction = direction
    logged.flags = flags
    logged.sequence = sequence
    logged.acknowledgment = acknowledgment
    logged.window = window
    logged.length = length
    logged.seconds = packet.seconds
    logged.nanoseconds = packet.nanoseconds
    logged.found = found
    logged.firstSlot = this.copies.firstSlot
    this.#log.add(logged)
  }

  /** Hot: what a segment is to its stream. */
  #judge(
    row: number,
    direction: number,
    flags: number,
    sequence: number,
    acknowledgment: number,
    window: number,
    length: number,
    seconds: number,
    nanoseconds: number,
  ): void {
    if (length === UNSOUND) return
    const directions = this.#directions
    if (!directions.has(row)) directions.begin(row)
    const seen = streamWordsOf(row) + SEEN
    directions.words[seen] |= sawBy(flags, length, direction)
    directions.setNow(seconds, nanoseconds)
    // Most segments.
    if (directions.advance(row, direction, flags, sequence, acknowledgment, window, length)) return
    this.#analyze(row, direction, flags, sequence, acknowledgment, window, length)
  }

  /** Hot: a segment that is not just the next one. */
  #analyze(
    row: number,
    direction: number,
    flags: number,
    sequence: number,
    acknowledgment: number,
    window: number,
    length: number,
  ): void {
    const directions = this.#directions
    const segment = this.#segment
    const { facts } = segment
    segment.place(row, direction)
    segment.flags = flags
    segment.sequence = sequence
    segment.acknowledgment = acknowledgment
    segment.window = window
    segment.length = length
    segment.time = directions.now
    facts.flags = 0
    const next = directions.words[segment.own + NEXT]
    this.#rules.analyze(segment)
    if ((facts.flags & RESENT_FLAGS) !== 0) directions.words[streamWordsOf(row) + RESENT + direction]++
    if (next === 0 || sequence === next || (flags & RST) !== 0) return
    if (((sequence - next) | 0) > 0) this.#gaps.add(2 * row + direction, next, sequence)
    else if (length > 0) this.#gaps.fill(2 * row + direction, sequence, (sequence + length) | 0)
  }

  #addCopies(row: number, count: number): void {
    if (row >= this.#copiesOf.length) this.#copiesOf = growUint32(this.#copiesOf, row)
    this.#copiesOf[row] += count
  }

  /** Absorbs the part after this one, which must have been made with `continues`; exact as long as no stream was closed out. */
  merge(later: TcpLosses, mapping: StreamMapping): void {
    const slots = this.copies.merge(later.copies)
    const log = later.#log
    if (log === null) throw new Error('the later part has no log of its segments')
    const logged = new LoggedSegment()
    let isCopy = false
    for (let index = 0; index < log.count; index++) {
      log.read(index, logged)
      if (logged.found !== SAME_PACKET) {
        if (logged.firstSlot >= 0) logged.found = slots.found[logged.firstSlot]
        isCopy = this.copies.decide(logged.found)
      }
      const row = logged.row < 0 ? -1 : mapping.tcp[logged.row]
      if (row >= 0) {
        const { direction, flags, sequence, acknowledgment, window, length, seconds, nanoseconds } = logged
        if (isCopy) this.#addCopies(row, 1)
        else this.#judge(row, direction, flags, sequence, acknowledgment, window, length, seconds, nanoseconds)
      }
      if (this.#log === null) continue
      logged.row = row
      if (logged.firstSlot >= 0 && slots.isFirst[logged.firstSlot] === 0) logged.firstSlot = -1
      this.#log.add(logged)
    }
  }

  /** Segments that the direction of the stream in `row` sent again. */
  retransmissions(row: number, direction: number): number {
    return this.#has(row) ? this.#directions.words[streamWordsOf(row) + RESENT + direction] : 0
  }

  /** Octets of the direction that were not captured. */
  lostBytes(row: number, direction: number): number {
    return this.#gaps.lost(2 * row + direction)
  }

  /** Copies among the stream's segments. */
  duplicates(row: number): number {
    return row < this.#copiesOf.length ? this.#copiesOf[row] : 0
  }

  /** Which of SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32 were seen: what `tcp.completeness` comes to. */
  completeness(row: number): number {
    const saw = this.#saw(row)
    let bits = 0
    if ((saw & SAW_SYN) !== 0) bits |= COMPLETENESS_SYN
    if ((saw & SAW_SYN_ACK) !== 0) bits |= COMPLETENESS_SYN_ACK
    if ((saw & SAW_ACK) !== 0) bits |= COMPLETENESS_ACK
    if ((saw & SAW_DATA) !== 0) bits |= COMPLETENESS_DATA
    if ((saw & (SAW_FIN | (SAW_FIN << 1))) !== 0) bits |= COMPLETENESS_FIN
    if ((saw & (SAW_RST | (SAW_RST << 1))) !== 0) bits |= COMPLETENESS_RST
    return bits
  }

  /** What became of the connection in `row`; `clientDirection` is that of `Streams.endpoints`. */
  state(row: number, clientDirection: number): ConnectionState {
    const saw = this.#saw(row)
    const isAnswered = (saw & (SAW_SYN_ACK | SAW_ACK | SAW_DATA)) !== 0
    if ((saw & SAW_SYN) !== 0 && !isAnswered)
      return (saw & (SAW_RST << (1 - clientDirection))) !== 0 ? 'refused' : 'no-answer'
    if ((saw & (SAW_RST | (SAW_RST << 1))) !== 0) return 'reset'
    const fins = saw & (SAW_FIN | (SAW_FIN << 1))
    if (fins !== 0) return fins === (SAW_FIN | (SAW_FIN << 1)) ? 'closed' : 'closing'
    if ((saw & (SAW_SYN | SAW_SYN_ACK)) === 0) return 'midstream'
    return (saw & (SAW_ACK | SAW_DATA)) !== 0 ? 'established' : 'half-open'
  }

  /** `SAW_*` of the connection. */
  #saw(row: number): number {
    return this.#has(row) ? this.#directions.words[streamWordsOf(row) + SEEN] : 0
  }

  #has(row: number): boolean {
    return this.#directions.has(row)
  }
}

/** Hot: what a segment says of the connection. */
function sawBy(flags: number, length: number, direction: number): number {
  let saw = length > 0 ? SAW_DATA : 0
  if ((flags & SYN) !== 0) saw |= (flags & ACK) !== 0 ? SAW_SYN_ACK : SAW_SYN
  else if ((flags & (ACK | RST)) === ACK && length === 0) saw |= SAW_ACK
  if ((flags & FIN) !== 0) saw |= SAW_FIN << direction
  if ((flags & RST) !== 0) saw |= SAW_RST << direction
  return saw
}
