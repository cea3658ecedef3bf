/**
 * A hash table from keys of a fixed number of 32-bit words to rows that somebody else hands out (`RowSpace`). Key and columns
 * of a row lie side by side in one array: finding a row brings its columns into the cache.
 *
 * Open addressing with linear probing. Unlike in `KeyTable`, keys can be removed, and a key can be led to another row; the row
 * it led to before keeps its words.
 */
import { growInt32 } from './grow.ts'
import { hashWords } from './key-table.ts'

const FIRST_SLOTS = 1024

export class KeyedRows {
  /** Words in a row: those of the key, then the columns. */
  readonly stride: number
  /** The key to look up: fill these words, then call `find`. */
  readonly key: Int32Array
  /** All rows; replaced as it grows. */
  words: Int32Array<ArrayBuffer>
  readonly #width: number
  /** Row and hash of a key by turns: most keys that are not the one sought are told by their hash alone. */
  #slots = new Int32Array(2 * FIRST_SLOTS).fill(-1)
  #mask = FIRST_SLOTS - 1
  /** Keys in the table. */
  #size = 0
  /** Where `find` stopped, and the hash it looked for. */
  #slot = 0
  #hash = 0

  constructor(width: number, columns: number) {
    this.#width = width
    this.stride = width + columns
    this.key = new Int32Array(width)
    this.words = new Int32Array((FIRST_SLOTS >> 1) * this.stride)
  }

  /** Hot: the row of `key`, or -1. */
  find(): number {
    const slots = this.#slots
    const mask = this.#mask
    const hash = hashWords(this.key, 0, this.#width)
    let slot = hash & mask
    let row = slots[2 * slot]
    while (row >= 0 && (slots[2 * slot + 1] !== hash || !this.#equals(row))) {
      slot = (slot + 1) & mask
      row = slots[2 * slot]
    }
    this.#slot = slot
    this.#hash = hash
    return row
  }

  /** Enters `key`, which `find` has just not found, with `row`; its columns become 0. */
  insert(row: number): void {
    this.#fill(row)
    this.#slots[2 * this.#slot] = row
    this.#slots[2 * this.#slot + 1] = this.#hash
    // Half full at most: probes stay short.
    if (++this.#size > this.#mask >> 1) this.#rehash()
  }

  /** Leads `key`, which `find` has just found, to `row` from now on; its columns become 0. */
  lead(row: number): void {
    this.#fill(row)
    this.#slots[2 * this.#slot] = row
  }

  /** Forgets the key of `row`, unless it leads to another row by now. */
  remove(row: number): void {
    const slots = this.#slots
    const mask = this.#mask
    let hole = hashWords(this.words, row * this.stride, this.#width) & mask
    while (slots[2 * hole] !== row) {
      if (slots[2 * hole] < 0) return
      hole = (hole + 1) & mask
    }
    // What comes behind may have been pushed there by the hole's key; it moves up, so that no search stops short of it.
    for (let slot = (hole + 1) & mask; slots[2 * slot] >= 0; slot = (slot + 1) & mask) {
      const distance = (slot - slots[2 * slot + 1]) & mask
      if (distance < ((slot - hole) & mask)) continue
      slots[2 * hole] = slots[2 * slot]
      slots[2 * hole + 1] = slots[2 * slot + 1]
      hole = slot
    }
    slots[2 * hole] = -1
    this.#size--
  }

  /** Copies the key of `row` of `other`, a table with keys as wide, into `key`. */
  takeKey(other: KeyedRows, row: number): void {
    for (let i = 0; i < this.#width; i++) this.key[i] = other.words[row * other.stride + i]
  }

  #equals(row: number): boolean {
    const { key, words } = this
    const at = row * this.stride
    for (let i = 0; i < this.#width; i++) if (words[at + i] !== key[i]) return false
    return true
  }

  #fill(row: number): void {
    const at = row * this.stride
    if (at + this.stride > this.words.length) this.words = growInt32(this.words, at + this.stride - 1)
    const { key, words } = this
    // Loops: calling `set` and `fill` takes longer than so few words do.
    for (let i = 0; i < this.#width; i++) words[at + i] = key[i]
    for (let i = this.#width; i < this.stride; i++) words[at + i] = 0
  }

  #rehash(): void {
    const old = this.#slots
    const slots = new Int32Array(old.length * 2).fill(-1)
    const mask = slots.length / 2 - 1
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] < 0) continue
      let slot = old[at + 1] & mask
      while (slots[2 * slot] >= 0) slot = (slot + 1) & mask
      slots[2 * slot] = old[at]
      slots[2 * slot + 1] = old[at + 1]
    }
    this.#slots = slots
    this.#mask = mask
  }
}
