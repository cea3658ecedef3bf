/**
 * A search whose time is bounded by what is searched, whatever it holds (Knuth, Morris and Pratt: no octet is looked at again that
 * is known to fit). The searches that are fast on what captures hold turn to it when octets nearly fit again and again: a sequence of
 * 32 KiB in 64 KiB of the same octet would take them a thousand million steps.
 */

/** A sequence prepared for it: for each beginning of it, how much of its own beginning it ends with. */
export class LinearSearch {
  #borders = new Int32Array(0)

  /** Prepares for `needle`: `length` octets of it, from `at`, each taken for what `fold` says. Allocates only to grow. */
  prepare(needle: Uint8Array, at: number, length: number, fold: Uint8Array): void {
    if (this.#borders.length < length) this.#borders = new Int32Array(2 * length)
    const borders = this.#borders
    borders[0] = 0
    let border = 0
    for (let i = 1; i < length; i++) {
      const octet = fold[needle[at + i]]
      while (border > 0 && octet !== fold[needle[at + border]]) border = borders[border - 1]
      if (octet === fold[needle[at + border]]) border++
      borders[i] = border
    }
  }

  /** Hot: whether `bytes` hold it between `at` and `limit`. */
  find(
    bytes: Uint8Array,
    at: number,
    limit: number,
    needle: Uint8Array,
    needleAt: number,
    length: number,
    fold: Uint8Array,
  ): boolean {
    const borders = this.#borders
    let fits = 0
    for (; at < limit; at++) {
      const octet = fold[bytes[at]]
      while (fits > 0 && octet !== fold[needle[needleAt + fits]]) fits = borders[fits - 1]
      if (octet === fold[needle[needleAt + fits]]) fits++
      if (fits === length) return true
    }
    return false
  }
}

/** Every octet for itself. */
export const AS_IT_IS = Uint8Array.from({ length: 256 }, (_, octet) => octet)

/** Comparisons for each octet searched after which a faster search is no longer one. */
export const MAX_EFFORT = 8
