/**
 * The best rows of many, without sorting them all: a heap of bounded size whose root is the worst row kept.
 *
 * Rows are numbers; which of two comes first is for whoever uses it to say, and must be a total order, so that the outcome does
 * not depend on the order in which rows are offered.
 */
export class TopRows {
  /** Rows offered so far. */
  offered = 0
  readonly #limit: number
  readonly #compare: (a: number, b: number) => number
  readonly #heap: number[] = []

  /** At most `limit` rows (Infinity for all); `compare` is negative if `a` comes before `b`. */
  constructor(limit: number, compare: (a: number, b: number) => number) {
    this.#limit = limit
    this.#compare = compare
  }

  /** Hot: offers a row. */
  add(row: number): void {
    this.offered++
    const heap = this.#heap
    if (heap.length < this.#limit) {
      heap.push(row)
      if (this.#limit !== Infinity && heap.length === this.#limit)
        for (let at = (heap.length >> 1) - 1; at >= 0; at--) this.#sink(at)
      return
    }
    if (heap.length === 0 || this.#compare(row, heap[0]) >= 0) return
    heap[0] = row
    this.#sink(0)
  }

  /** The rows kept, the first first. */
  rows(): number[] {
    return [...this.#heap].sort(this.#compare)
  }

  /** Moves the row at `at` down to where no row below it is worse. */
  #sink(at: number): void {
    const heap = this.#heap
    const row = heap[at]
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.#compare(heap[child], heap[child + 1]) < 0) child++
      if (this.#compare(heap[child], row) <= 0) break
      heap[at] = heap[child]
      at = child
    }
    heap[at] = row
  }
}
