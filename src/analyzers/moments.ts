/** A column of moments: seconds and nanoseconds apart, as a double cannot hold both. */
import type { Packet } from '../packet/packet.ts'
import { growFloat64, growInt32 } from '../tables/grow.ts'
import type { Moment } from './analyzer.ts'

/** Nanoseconds of a moment that is not known. */
const UNKNOWN = -1

export type MomentsState = ReturnType<Moments['save']>

export class Moments {
  #seconds = new Float64Array(64)
  #nanoseconds = new Int32Array(64).fill(UNKNOWN)

  /** Makes room for `row`. */
  ensure(row: number): void {
    const had = this.#nanoseconds.length
    if (row < had) return
    this.#seconds = growFloat64(this.#seconds, row)
    this.#nanoseconds = growInt32(this.#nanoseconds, row)
    this.#nanoseconds.fill(UNKNOWN, had)
  }

  isKnown(row: number): boolean {
    return this.#nanoseconds[row] !== UNKNOWN
  }

  /** Hot: sets `row` to the packet's time; a packet without one leaves it as it is. */
  set(row: number, packet: Packet): void {
    if (!packet.hasTime) return
    this.#seconds[row] = packet.seconds
    this.#nanoseconds[row] = packet.nanoseconds
  }

  /** Hot: the earlier of the row and the packet's time. */
  earlier(row: number, packet: Packet): void {
    if (!this.isKnown(row) || this.nanosecondsUntil(row, packet) < 0) this.set(row, packet)
  }

  /** Hot: the later of the two. */
  later(row: number, packet: Packet): void {
    if (!this.isKnown(row) || this.nanosecondsUntil(row, packet) > 0) this.set(row, packet)
  }

  /** Hot: from `row` to the packet's time; exact for spans up to 100 days. NaN if either is not known. */
  nanosecondsUntil(row: number, packet: Packet): number {
    if (!this.isKnown(row) || !packet.hasTime) return Number.NaN
    return (packet.seconds - this.#seconds[row]) * 1e9 + (packet.nanoseconds - this.#nanoseconds[row])
  }

  /** From `row` to row `there` of `other`, in nanoseconds; NaN if either is not known. */
  nanosecondsBetween(row: number, other: Moments, there: number): number {
    if (!this.isKnown(row) || !other.isKnown(there)) return Number.NaN
    return (other.#seconds[there] - this.#seconds[row]) * 1e9 + (other.#nanoseconds[there] - this.#nanoseconds[row])
  }

  copy(row: number, other: Moments, there: number): void {
    this.#seconds[row] = other.#seconds[there]
    this.#nanoseconds[row] = other.#nanoseconds[there]
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { seconds: this.#seconds, nanoseconds: this.#nanoseconds }
  }

  /** Takes over what `save` gave. */
  load(state: MomentsState): void {
    this.#seconds = state.seconds
    this.#nanoseconds = state.nanoseconds
  }

  at(row: number): Moment | null {
    if (!this.isKnown(row)) return null
    return { seconds: this.#seconds[row], nanoseconds: this.#nanoseconds[row] }
  }
}
