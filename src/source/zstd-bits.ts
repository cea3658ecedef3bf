/**
 * The bit streams of Zstandard that are read from their end (RFC 8878 §4.1, "Bitstream"): the highest bit set in the last octet marks
 * where they begin. Memory behind the stream is read, and what lies there is masked out.
 */
export class BackwardBits {
  #bytes: Uint8Array = new Uint8Array(0)
  #from = 0
  /** Bits that are left; less than 0 once more was read than there was. */
  left = 0

  /** False if there is no stream from `from` to `to`. There must be 4 octets behind it. */
  begin(bytes: Uint8Array, from: number, to: number): boolean {
    if (to <= from || bytes[to - 1] === 0) return false
    this.#bytes = bytes
    this.#from = from
    this.left = (to - from) * 8 - (Math.clz32(bytes[to - 1]) - 23)
    return true
  }

  /** Hot: the next `count` bits, 0 to 32. Zeros once the stream is used up. */
  read(count: number): number {
    if (count > 16) {
      const high = this.read(count - 16)
      return high * 0x1_0000 + this.read(16)
    }
    this.left -= count
    return this.#at(this.left, count)
  }

  /** Hot: the next `count` bits, up to 16, which are not used up; filled up with zeros. */
  peek(count: number): number {
    return this.#at(this.left - count, count)
  }

  #at(bit: number, count: number): number {
    const mask = (1 << count) - 1
    if (bit < 0) return bit + count <= 0 ? 0 : (this.#at(0, bit + count) << -bit) & mask
    const bytes = this.#bytes
    const at = this.#from + (bit >> 3)
    return ((bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)) >> (bit & 7)) & mask
  }
}
