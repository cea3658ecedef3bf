/** Row numbers that are handed out, given back and handed out again: what tables and columns of bounded size share. */
import { growInt32 } from './grow.ts'

export class RowSpace {
  /** One past the highest row that was ever handed out: what columns must have room for. */
  size = 0
  /** Rows in use. */
  used = 0
  #free = new Int32Array(64)
  #freeCount = 0

  /** Hot: a row that is not in use; the one given back last, or else a new one. */
  take(): number {
    this.used++
    return this.#freeCount > 0 ? this.#free[--this.#freeCount] : this.size++
  }

  giveBack(row: number): void {
    this.used--
    this.#free = growInt32(this.#free, this.#freeCount)
    this.#free[this.#freeCount++] = row
  }
}
