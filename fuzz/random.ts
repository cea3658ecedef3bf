/** Chance that can be drawn again: the same seed and number give the same case, on any machine. */

/** Values that length fields, counters and offsets are wrong at. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 31, 32, 63, 64, 100, 127, 128, 255, 256, 1023, 1500, 4095, 4096, 32767]
const WIDE_EDGES = [32_768, 65_535, 65_536, 262_144, 262_145, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff]

/** Mulberry32, seeded with a mixture of two numbers. */
export class Random {
  #state: number

  constructor(seed: number, stream: number) {
    this.#state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(stream + 1, 0xc2b2_ae35)
    this.next()
  }

  /** A whole number of 32 bits. */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** From 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * count)
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }

  /** Small numbers mostly, large ones now and then. */
  few(most: number): number {
    return Math.min(most, 1 + Math.floor(1 / (this.next() / 0x1_0000_0000 + 1e-9) / 2))
  }

  /** A value of up to 32 bits that something may be wrong at. */
  edge(): number {
    return this.once(3) ? this.pick(WIDE_EDGES) : this.pick(EDGES)
  }

  octets(length: number): Uint8Array {
    const octets = new Uint8Array(length)
    for (let at = 0; at < length; at++) octets[at] = this.next()
    return octets
  }
}
