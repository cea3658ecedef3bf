/**
 * Packets, octets and time of flows, by row. What a packet changes lies side by side: with many flows at once, what counts is how
 * many places in memory a packet touches.
 */
import type { Packet } from '../packet/packet.ts'
import { growFloat64, growInt32 } from '../tables/grow.ts'
import type { Moment } from './analyzer.ts'

// Columns of a row; the first three are two, one for each direction.
const PACKETS = 0
const BYTES = 2
const PAYLOAD = 4
/** The earliest packet, in nanoseconds since the origin. */
const START = 6
/** From the earliest packet to the latest, in nanoseconds. */
const SPAN = 7
const WIDTH = 8

export class FlowColumns {
  /** One past the highest row that was counted. */
  count = 0
  #rows = new Float64Array(64 * WIDTH)
  /** The time of the earliest packet, exactly; nanoseconds are one more than they are, 0 for none. */
  #seconds = new Float64Array(64)
  #nanoseconds = new Int32Array(64)
  /** The number of the packet counted first; 0 for none. */
  #first = new Float64Array(64)
  /** Seconds since 1970 that START counts from: spans of a hundred days fit a double exactly then. */
  #origin = Number.NaN

  /** Hot: `payload` is in octets on the wire. */
  observe(packet: Packet, row: number, direction: number, payload: number): void {
    if (row >= this.count) this.#grow(row)
    const rows = this.#rows
    const at = row * WIDTH
    if (rows[at + PACKETS] + rows[at + PACKETS + 1] === 0) this.#first[row] = packet.number
    rows[at + PACKETS + direction]++
    rows[at + BYTES + direction] += packet.originalLength
    rows[at + PAYLOAD + direction] += payload
    if (!packet.hasTime) return
    const { seconds, nanoseconds } = packet
    const since = (seconds - this.#origin) * 1e9 + nanoseconds - rows[at + START]
    // Most packets: later than the first. A flow without one has NaN there.
    if (since >= 0) {
      if (since > rows[at + SPAN]) rows[at + SPAN] = since
    } else this.#begin(row, seconds, nanoseconds, 0)
  }

  /** Something that began then and lasted so long, in nanoseconds, belongs to the flow, and nothing earlier does yet. */
  #begin(row: number, seconds: number, nanoseconds: number, span: number): void {
    if (Number.isNaN(this.#origin)) this.#origin = seconds
    const rows = this.#rows
    const at = row * WIDTH
    const start = (seconds - this.#origin) * 1e9 + nanoseconds
    const isFirst = this.#nanoseconds[row] === 0
    if (!isFirst && !(start < rows[at + START])) {
      rows[at + SPAN] = Math.max(rows[at + SPAN], start - rows[at + START] + span)
      return
    }
    // A capture need not be in the order of time.
    rows[at + SPAN] = isFirst ? span : Math.max(rows[at + START] - start + rows[at + SPAN], span)
    rows[at + START] = start
    this.#seconds[row] = seconds
    this.#nanoseconds[row] = nanoseconds + 1
  }

  /** Adds row `theirs` of `later` to row `ours`. */
  add(ours: number, later: FlowColumns, theirs: number): void {
    if (ours >= this.count) this.#grow(ours)
    if (this.packetsOf(ours) === 0) this.#first[ours] = later.#first[theirs]
    for (let column = PACKETS; column < START; column++)
      this.#rows[ours * WIDTH + column] += later.#rows[theirs * WIDTH + column]
    if (later.#nanoseconds[theirs] !== 0)
      this.#begin(ours, later.#seconds[theirs], later.#nanoseconds[theirs] - 1, later.#rows[theirs * WIDTH + SPAN])
  }

  clear(row: number): void {
    if (row >= this.count) return
    this.#rows.fill(0, row * WIDTH, (row + 1) * WIDTH)
    this.#rows[row * WIDTH + START] = Number.NaN
    this.#nanoseconds[row] = 0
  }

  /** Packets that were sent in the direction. */
  packets(row: number, direction: number): number {
    return this.#rows[row * WIDTH + PACKETS + direction]
  }

  bytes(row: number, direction: number): number {
    return this.#rows[row * WIDTH + BYTES + direction]
  }

  payloadBytes(row: number, direction: number): number {
    return this.#rows[row * WIDTH + PAYLOAD + direction]
  }

  /** Packets of the row, both directions. */
  packetsOf(row: number): number {
    return row < this.count ? this.packets(row, 0) + this.packets(row, 1) : 0
  }

  bytesOf(row: number): number {
    return row < this.count ? this.bytes(row, 0) + this.bytes(row, 1) : 0
  }

  payloadOf(row: number): number {
    return row < this.count ? this.payloadBytes(row, 0) + this.payloadBytes(row, 1) : 0
  }

  /** Number of the packet that was counted first. */
  firstPacket(row: number): number {
    return this.#first[row]
  }

  start(row: number): Moment | null {
    if (this.#nanoseconds[row] === 0) return null
    return { seconds: this.#seconds[row], nanoseconds: this.#nanoseconds[row] - 1 }
  }

  /** Seconds since 1970 of the start, with an error below a microsecond: for sorting. NaN if it is not known. */
  startSeconds(row: number): number {
    return this.#nanoseconds[row] === 0 ? Number.NaN : this.#seconds[row] + this.#nanoseconds[row] / 1e9
  }

  /** In seconds; null if no packet had a time. */
  duration(row: number): number | null {
    return this.#nanoseconds[row] === 0 ? null : this.#rows[row * WIDTH + SPAN] / 1e9
  }

  #grow(row: number): void {
    this.#rows = growFloat64(this.#rows, (row + 1) * WIDTH - 1)
    if (row >= this.#seconds.length) {
      this.#seconds = growFloat64(this.#seconds, row)
      this.#nanoseconds = growInt32(this.#nanoseconds, row)
      this.#first = growFloat64(this.#first, row)
    }
    for (; this.count <= row; this.count++) this.#rows[this.count * WIDTH + START] = Number.NaN
  }
}
