/**
 * How durations spread: count, smallest, largest, mean and percentiles, in bounded memory.
 *
 * As long as the values are few they are all kept, and percentiles are exact (nearest rank). Past that they go into a
 * DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019), whose percentiles are off by 0.1 % of their value at most. What is
 * kept depends on the values alone, not on their order, so merging in any order gives the same answers. Count, smallest,
 * largest and mean are always exact.
 */
import { DDSketch } from '@datadog/sketches-js'

/** In seconds; null without any value. */
export interface SpreadSummary {
  readonly count: number
  readonly min: number | null
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
  /** By what part of their value the percentiles may be off; 0 where they are exact. */
  readonly error: number
}

/** Values up to which percentiles are exact. */
const EXACT_VALUES = 4096

const RELATIVE_ERROR = 0.001

/** A sum of integers stays exact below this; what goes beyond is carried over. */
const CARRY_AT = 2 ** 52

const NANOSECONDS = 1e9

export type SpreadState = ReturnType<Spread['save']>

export class Spread {
  count = 0
  /** In nanoseconds. */
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  readonly #exactValues: number
  /** All values, as long as there is no sketch. */
  #values: number[] = []
  #sketch: DDSketch | null = null
  /** The sum, less what was carried over: a double does not hold it in full. */
  #sum = -0
  #carried = 0n

  /** Percentiles are exact for `exactValues` values and fewer. */
  constructor(exactValues = EXACT_VALUES) {
    this.#exactValues = exactValues
  }

  /** Hot: adds a duration of whole nanoseconds, not negative. */
  add(nanoseconds: number): void {
    this.count++
    if (nanoseconds < this.min) this.min = nanoseconds
    if (nanoseconds > this.max) this.max = nanoseconds
    if (this.#sum + nanoseconds < CARRY_AT) this.#sum += nanoseconds
    else this.#carry(nanoseconds)
    if (this.#sketch !== null) this.#sketch.accept(nanoseconds)
    else if (this.#values.push(nanoseconds) > this.#exactValues) this.#summarizeValues()
  }

  merge(other: Spread): void {
    this.count += other.count
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
    this.#carried += other.#carried + BigInt(this.#sum) + BigInt(other.#sum)
    this.#sum = 0
    if (this.#sketch === null && (other.#sketch !== null || this.count > this.#exactValues)) this.#summarizeValues()
    if (this.#sketch === null) this.#values.push(...other.#values)
    else if (other.#sketch !== null) this.#sketch.merge(other.#sketch)
    else for (const value of other.#values) this.#sketch.accept(value)
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    const { count, min, max } = this
    const sketch =
      this.#sketch === null ? null : { zeroCount: this.#sketch.zeroCount, store: { ...this.#sketch.store } }
    return { count, min, max, values: this.#values, sketch, sum: this.#sum, carried: this.#carried }
  }

  /** Takes over what `save` gave. */
  load(state: SpreadState): void {
    this.count = state.count
    this.min = state.min
    this.max = state.max
    this.#values = state.values
    this.#sum = state.sum
    this.#carried = state.carried
    if (state.sketch === null) return
    this.#sketch = new DDSketch({ relativeAccuracy: RELATIVE_ERROR })
    this.#sketch.zeroCount = state.sketch.zeroCount
    Object.assign(this.#sketch.store, state.sketch.store)
  }

  summary(): SpreadSummary {
    const { count } = this
    const error = this.#sketch === null ? 0 : RELATIVE_ERROR
    if (count === 0)
      return { count, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null, error }
    const sorted = Float64Array.from(this.#values).sort()
    return {
      count,
      min: this.min / NANOSECONDS,
      mean: Number(this.#carried + BigInt(this.#sum)) / count / NANOSECONDS,
      p50: this.#percentile(50, sorted) / NANOSECONDS,
      p90: this.#percentile(90, sorted) / NANOSECONDS,
      p95: this.#percentile(95, sorted) / NANOSECONDS,
      p99: this.#percentile(99, sorted) / NANOSECONDS,
      max: this.max / NANOSECONDS,
      error,
    }
  }

  /** In seconds; NaN without any value. */
  median(): number {
    return this.count === 0 ? Number.NaN : this.#percentile(50, Float64Array.from(this.#values).sort()) / NANOSECONDS
  }

  /** Nearest rank: the smallest value that `percent` percent of all do not exceed. */
  #percentile(percent: number, sorted: Float64Array): number {
    const rank = Math.max(0, Math.ceil((percent * this.count) / 100) - 1)
    if (this.#sketch === null) return sorted[rank]
    const { store, mapping, zeroCount } = this.#sketch
    if (rank < zeroCount) return 0
    return Math.min(this.max, Math.max(this.min, mapping.value(store.keyAtRank(rank - zeroCount))))
  }

  #summarizeValues(): void {
    this.#sketch = new DDSketch({ relativeAccuracy: RELATIVE_ERROR })
    for (const value of this.#values) this.#sketch.accept(value)
    this.#values = []
  }

  #carry(nanoseconds: number): void {
    this.#carried += BigInt(this.#sum) + BigInt(nanoseconds)
    this.#sum = 0
  }
}
