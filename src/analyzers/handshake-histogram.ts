/**
 * How often durations of which size occur, on a logarithmic axis: ten bins for each power of ten, from one nanosecond up.
 * The bins are the same for everybody, so merging is adding; what is shown is a handful of wider ones, whose bounds are
 * round numbers.
 */

/** Durations from `from` up to but not including `to`, in seconds. */
export interface HistogramBin {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Lower bounds of the bins of a decade. */
const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]

/** What is shown begins at every so many of them: all, then fewer, the more decades there are. */
const SHOWN_STEPS = [STEPS, [1, 1.5, 2.5, 4, 6], [1, 2, 5], [1, 3], [1]]

/** Up to 10^19 nanoseconds, 317 years; what is longer counts for the last bin. */
const DECADES = 19

/** Bins shown at most, unless one for each decade is more. */
const MAX_SHOWN = 16

const NANOSECONDS = 1e9

/** Lower bounds of all bins; the bin before them is that of durations of 0. */
const BOUNDS = Float64Array.from({ length: DECADES * STEPS.length + 1 }, (_, i) => {
  const decade = 10 ** Math.floor(i / STEPS.length)
  // Tenfold and divided, so that 1.2 times ten is twelve and not next to it.
  return (STEPS[i % STEPS.length] * 10 * decade) / 10
})

export type DurationHistogramState = ReturnType<DurationHistogram['save']>

export class DurationHistogram {
  #count = 0
  /** By index of the upper bound in BOUNDS. */
  #bins = new Float64Array(BOUNDS.length)

  /** Hot: adds a duration of whole nanoseconds, not negative. */
  add(nanoseconds: number): void {
    this.#count++
    this.#bins[binOf(nanoseconds)]++
  }

  merge(other: DurationHistogram): void {
    this.#count += other.#count
    for (let i = 0; i < this.#bins.length; i++) this.#bins[i] += other.#bins[i]
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { count: this.#count, bins: this.#bins }
  }

  /** Takes over what `save` gave. */
  load(state: DurationHistogramState): void {
    this.#count = state.count
    this.#bins = state.bins
  }

  /** The bins from the smallest to the largest duration, 16 at most; empty ones between them included. */
  bins(): HistogramBin[] {
    if (this.#count === 0) return []
    let first = 0
    while (this.#bins[first] === 0) first++
    let last = this.#bins.length - 1
    while (this.#bins[last] === 0) last--
    // Zero has no place on a logarithmic axis: the lowest bin reaches down to it.
    const zeros = first === 0 && last > 0 ? this.#bins[0] : 0
    if (zeros > 0) for (first = 1; this.#bins[first] === 0; ) first++
    const starts = startsFor(first, last)
    return starts.slice(0, -1).map((start, i) => {
      let count = i === 0 ? zeros : 0
      for (let bin = start; bin < starts[i + 1]; bin++) count += this.#bins[bin]
      return { from: i === 0 && zeros > 0 ? 0 : lowerBound(start), to: lowerBound(starts[i + 1]), count }
    })
  }
}

/** Hot: the index in BOUNDS of the bin's upper bound. */
function binOf(nanoseconds: number): number {
  let low = 0
  let high = BOUNDS.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (BOUNDS[middle] > nanoseconds) high = middle
    else low = middle + 1
  }
  return low
}

/** In seconds. */
function lowerBound(bin: number): number {
  return bin === 0 ? 0 : BOUNDS[bin - 1] / NANOSECONDS
}

/** Where the shown bins begin that hold bins `first` to `last`, and where the last of them ends. */
function startsFor(first: number, last: number): number[] {
  for (const steps of SHOWN_STEPS) {
    const starts: number[] = []
    let before = 0
    // One past the last: the end of what is longest.
    for (let bin = 0; bin <= BOUNDS.length; bin++) {
      if (bin > 0 && bin < BOUNDS.length && !steps.includes(STEPS[(bin - 1) % STEPS.length])) continue
      if (bin <= first) before = bin
      else {
        if (starts.length === 0) starts.push(before)
        starts.push(bin)
        if (bin > last) break
      }
    }
    if (starts.length - 1 <= MAX_SHOWN || steps.length === 1) return starts
  }
  return []
}
