/**
 * A hash table from keys of a fixed number of 32-bit words to row numbers 0, 1, 2, ... in the order of first insertion.
 *
 * Open addressing with linear probing over typed arrays: no object for each key, no garbage. Whoever uses it keeps its
 * own columns by row number. It knows nothing of packets.
 *
 * A table may have a limit. Then all keys that come when it is full share one row more, which no key leads to: what is counted there
 * is the rest.
 */

const FIRST_SLOTS = 1024

export type KeyTableState = ReturnType<KeyTable['save']>

export class KeyTable {
  /** Words in a key. */
  readonly width: number
  /** The key to look up or insert: fill these words, then call `find` or `row`. */
  readonly key: Int32Array
  /** Rows in the table. */
  size = 0
  /** Rows that there may be, and so the row of all keys for which there is no room. */
  limit: number

  #slots = new Int32Array(FIRST_SLOTS).fill(-1)
  #mask = FIRST_SLOTS - 1
  #keys: Int32Array

  constructor(width: number, limit = Infinity) {
    this.width = width
    this.limit = limit
    this.key = new Int32Array(width)
    this.#keys = new Int32Array((FIRST_SLOTS >> 1) * width)
  }

  /** Hot: the row of `key`, or -1. */
  find(): number {
    const slots = this.#slots
    let slot = hashWords(this.key, 0, this.width) & this.#mask
    for (let row = slots[slot]; row >= 0; row = slots[slot]) {
      if (this.#equals(row)) return row
      slot = (slot + 1) & this.#mask
    }
    return -1
  }

  /** Hot: the row of `key`, which is entered if it is new: then `size` has grown by one, unless the table is full. */
  row(): number {
    const slots = this.#slots
    let slot = hashWords(this.key, 0, this.width) & this.#mask
    for (let row = slots[slot]; row >= 0; row = slots[slot]) {
      if (this.#equals(row)) return row
      slot = (slot + 1) & this.#mask
    }
    return this.#insert(slot)
  }

  /** Word `index` of the key of `row`. */
  word(row: number, index: number): number {
    return this.#keys[row * this.width + index]
  }

  /** Copies the key of `row` of `other`, a table of the same width, into `key`. */
  takeKey(other: KeyTable, row: number): void {
    for (let i = 0; i < this.width; i++) this.key[i] = other.word(row, i)
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { size: this.size, keys: this.#keys }
  }

  /** Takes over what `save` gave: rows can be read, but no key be found, as each thread hashes in its own way. */
  load(state: KeyTableState): void {
    this.size = state.size
    this.#keys = state.keys
  }

  #equals(row: number): boolean {
    const { width, key } = this
    const keys = this.#keys
    for (let i = 0, at = row * width; i < width; i++) if (keys[at + i] !== key[i]) return false
    return true
  }

  #insert(slot: number): number {
    if (this.size >= this.limit) return this.limit
    const row = this.size++
    const at = row * this.width
    if (at + this.width > this.#keys.length) {
      const larger = new Int32Array(this.#keys.length * 2)
      larger.set(this.#keys)
      this.#keys = larger
    }
    this.#keys.set(this.key, at)
    this.#slots[slot] = row
    // Half full at most: probes stay short.
    if (this.size * 2 > this.#slots.length) this.#rehash()
    return row
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let row = 0; row < this.size; row++) {
      let slot = hashWords(this.#keys, row * this.width, this.width) & mask
      while (slots[slot] >= 0) slot = (slot + 1) & mask
      slots[slot] = row
    }
    this.#slots = slots
    this.#mask = mask
  }
}

/** Words of the longest key. */
const MAX_WIDTH = 16

/** Random for each run: a capture cannot be made to collide on purpose. Row numbers do not depend on it. */
const MULTIPLIERS = Int32Array.from({ length: MAX_WIDTH }, () => (Math.random() * 0x1_0000_0000) | 1)

/** Hot: a sum of products, so that no word waits for the one before, and then MurmurHash3's finish (public domain, Austin Appleby). */
export function hashWords(words: Int32Array, at: number, count: number): number {
  let h = 0
  for (let i = 0; i < count; i++) {
    const word = words[at + i]
    h = (h + Math.imul(word ^ (word >>> 15), MULTIPLIERS[i])) | 0
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
