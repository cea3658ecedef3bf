/** What a capture holds in sum: packets, octets, times, link types, and how whole the packets are. */
import { linkTypeName } from '../capture/link-types.ts'
import { FAULT_MALFORMED, FAULT_TRUNCATED, type Packet } from '../packet/packet.ts'
import type { Analyzer, Moment } from './analyzer.ts'
import { Moments } from './moments.ts'

export interface LinkTypeCount {
  readonly linkType: number
  readonly name: string
  readonly packets: number
}

export interface CaptureStatisticsResult {
  readonly packets: number
  /** On the wire. */
  readonly bytes: number
  readonly capturedBytes: number
  /** Earliest and latest packet. */
  readonly start: Moment | null
  readonly end: Moment | null
  /** Seconds. */
  readonly duration: number | null
  /** No packet is earlier than the one before it. */
  readonly inTimeOrder: boolean
  /** Packets of which the snaplen cut something off. */
  readonly cutPackets: number
  /** Captured octets of the largest packet. */
  readonly largestCaptured: number
  readonly linkTypes: readonly LinkTypeCount[]
  /** Packets whose decoding ended where the captured octets did. */
  readonly truncatedPackets: number
  /** Packets whose octets contradict the specification of a protocol. */
  readonly malformedPackets: number
}

// Rows of the moments kept.
const EARLIEST = 0
const LATEST = 1
const FIRST = 2
const LAST = 3

type State = ReturnType<CaptureStatistics['save']>

export class CaptureStatistics implements Analyzer<CaptureStatisticsResult> {
  readonly needs = []
  #packets = 0
  #bytes = 0
  #capturedBytes = 0
  #cut = 0
  #largest = 0
  #truncated = 0
  #malformed = 0
  #inTimeOrder = true
  readonly #moments = new Moments()
  #linkTypes = new Float64Array(65_536)

  /** Hot. */
  observe(packet: Packet): void {
    this.#packets++
    this.#bytes += packet.originalLength
    this.#capturedBytes += packet.capturedLength
    if (packet.capturedLength < packet.originalLength) this.#cut++
    if (packet.capturedLength > this.#largest) this.#largest = packet.capturedLength
    if (packet.fault === FAULT_TRUNCATED) this.#truncated++
    else if (packet.fault === FAULT_MALFORMED) this.#malformed++
    this.#linkTypes[packet.linkType & 0xffff]++
    if (!packet.hasTime) return
    const moments = this.#moments
    if (!moments.isKnown(FIRST)) moments.set(FIRST, packet)
    if (moments.nanosecondsUntil(LAST, packet) < 0) this.#inTimeOrder = false
    moments.set(LAST, packet)
    moments.earlier(EARLIEST, packet)
    moments.later(LATEST, packet)
  }

  merge(later: this): void {
    this.#packets += later.#packets
    this.#bytes += later.#bytes
    this.#capturedBytes += later.#capturedBytes
    this.#cut += later.#cut
    this.#largest = Math.max(this.#largest, later.#largest)
    this.#truncated += later.#truncated
    this.#malformed += later.#malformed
    for (let linkType = 0; linkType < later.#linkTypes.length; linkType++)
      this.#linkTypes[linkType] += later.#linkTypes[linkType]
    const [ours, theirs] = [this.#moments, later.#moments]
    this.#inTimeOrder &&= later.#inTimeOrder && !(ours.nanosecondsBetween(LAST, theirs, FIRST) < 0)
    if (!theirs.isKnown(FIRST)) return
    if (!ours.isKnown(FIRST)) ours.copy(FIRST, theirs, FIRST)
    ours.copy(LAST, theirs, LAST)
    if (!(ours.nanosecondsBetween(EARLIEST, theirs, EARLIEST) >= 0)) ours.copy(EARLIEST, theirs, EARLIEST)
    if (!(ours.nanosecondsBetween(LATEST, theirs, LATEST) <= 0)) ours.copy(LATEST, theirs, LATEST)
  }

  save() {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      capturedBytes: this.#capturedBytes,
      cut: this.#cut,
      largest: this.#largest,
      truncated: this.#truncated,
      malformed: this.#malformed,
      inTimeOrder: this.#inTimeOrder,
      moments: this.#moments.save(),
      linkTypes: this.#linkTypes,
    }
  }

  load(state: State): void {
    this.#packets = state.packets
    this.#bytes = state.bytes
    this.#capturedBytes = state.capturedBytes
    this.#cut = state.cut
    this.#largest = state.largest
    this.#truncated = state.truncated
    this.#malformed = state.malformed
    this.#inTimeOrder = state.inTimeOrder
    this.#moments.load(state.moments)
    this.#linkTypes = state.linkTypes
  }

  /** Link types with most packets first. */
  result(): CaptureStatisticsResult {
    const span = this.#moments.nanosecondsBetween(EARLIEST, this.#moments, LATEST)
    const linkTypes: LinkTypeCount[] = []
    for (const [linkType, packets] of this.#linkTypes.entries())
      if (packets > 0) linkTypes.push({ linkType, name: linkTypeName(linkType), packets })
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      capturedBytes: this.#capturedBytes,
      start: this.#moments.at(EARLIEST),
      end: this.#moments.at(LATEST),
      duration: Number.isNaN(span) ? null : span / 1e9,
      inTimeOrder: this.#inTimeOrder,
      cutPackets: this.#cut,
      largestCaptured: this.#largest,
      linkTypes: linkTypes.sort((a, b) => b.packets - a.packets || a.linkType - b.linkType),
      truncatedPackets: this.#truncated,
      malformedPackets: this.#malformed,
    }
  }
}
