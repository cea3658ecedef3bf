/** Octets that come piece by piece, in one array: a piece takes the memory of its octets, however many pieces there are. */
export class GrowingOctets {
  length = 0
  #bytes = new Uint8Array(0)

  /** A view, good until more is added. */
  get octets(): Uint8Array {
    return this.#bytes.subarray(0, this.length)
  }

  /** Adds the octets from `at` to `end`. Whoever adds says where it stops. */
  add(bytes: Uint8Array, at: number, end: number): this {
    const length = this.length + end - at
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length))
      grown.set(this.octets)
      this.#bytes = grown
    }
    this.#bytes.set(bytes.subarray(at, end), this.length)
    this.length = length
    return this
  }
}
