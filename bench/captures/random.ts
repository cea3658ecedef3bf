/** Pseudo-random numbers that are the same on every machine: xorshift32 (Marsaglia, "Xorshift RNGs", 2003). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1
  }

  /** An integer of 32 bits, never 0. */
  next(): number {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state >>> 0
    return this.#state
  }

  /** An integer from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit)
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** True once in `count` times. */
  onceIn(count: number): boolean {
    return this.below(count) === 0
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }

  /** Octets that no compressor shortens, as encrypted data is. */
  octets(length: number): Buffer {
    const octets = Buffer.allocUnsafe(length)
    for (let at = 0; at < length; at++) octets[at] = this.next() >>> 8
    return octets
  }
}
