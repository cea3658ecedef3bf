/**
 * Finite state entropy tables of Zstandard, RFC 8878 §4.1: from how often each symbol occurs to what each state stands for, and how
 * the next state is read. Nothing here trusts its input: `null` is a description that contradicts the format.
 */

export interface FseTable {
  /** States are numbers of so many bits. */
  readonly accuracy: number
  /** Of each state: its symbol, the bits to read for the next state, and what to add to them. */
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
  readonly bases: Uint16Array
}

export interface FseDescription {
  readonly table: FseTable
  /** Where in the input it ends. */
  readonly end: number
}

/** The least accuracy that a description can have (§4.1.1). */
const MIN_ACCURACY = 5

/** One state, one symbol, no bits (§3.1.1.3.2.1, "RLE_Mode"). */
export function singleSymbol(symbol: number): FseTable {
  return { accuracy: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) }
}

/** Reads how often each symbol occurs, from `at` on (§4.1.1), and makes the table of it. */
export function readFse(
  bytes: Uint8Array,
  at: number,
  end: number,
  maxAccuracy: number,
  maxSymbol: number,
): FseDescription | null {
  const bitEnd = (end - at) * 8
  let bit = 0
  const peek = (count: number): number => {
    const byte = at + (bit >> 3)
    const word = byteAt(byte) | (byteAt(byte + 1) << 8) | (byteAt(byte + 2) << 16)
    return (word >> (bit & 7)) & ((1 << count) - 1)
  }
  const byteAt = (place: number): number => (place < end ? bytes[place] : 0)

  const accuracy = peek(4) + MIN_ACCURACY
  bit += 4
  if (accuracy > maxAccuracy) return null
  const counts: number[] = []
  let left = 1 << accuracy
  while (left > 0) {
    if (counts.length > maxSymbol || bit > bitEnd) return null
    // A value of 0 to `left + 1`; the smaller of them take one bit less.
    const width = 32 - Math.clz32(left + 1)
    const value = peek(width)
    const low = value & ((1 << (width - 1)) - 1)
    const short = (1 << width) - 2 - left
    let count: number
    if (low < short) {
      bit += width - 1
      count = low - 1
    } else {
      bit += width
      count = (value >= 1 << (width - 1) ? value - short : value) - 1
    }
    counts.push(count)
    left -= Math.abs(count)
    if (count !== 0) continue
    // How many more symbols do not occur.
    for (let more = 3; more === 3; ) {
      more = peek(2)
      bit += 2
      for (let i = 0; i < more; i++) counts.push(0)
      if (counts.length > maxSymbol + 1 || bit > bitEnd) return null
    }
  }
  const table = left === 0 && bit <= bitEnd && counts.length <= maxSymbol + 1 ? fseTable(counts, accuracy) : null
  return table === null ? null : { table, end: at + ((bit + 7) >> 3) }
}

/** The table of symbols that occur `counts` times of `2 ** accuracy`; -1 is "less than once" (§4.1.1). */
export function fseTable(counts: readonly number[], accuracy: number): FseTable {
  const size = 1 << accuracy
  const symbols = new Uint8Array(size)
  const bits = new Uint8Array(size)
  const bases = new Uint16Array(size)
  const next = counts.map((count) => Math.abs(count))
  let last = size - 1
  for (const [symbol, count] of counts.entries()) if (count === -1) symbols[last--] = symbol
  const step = (size >> 1) + (size >> 3) + 3
  let state = 0
  for (const [symbol, count] of counts.entries())
    for (let i = 0; i < count; i++) {
      symbols[state] = symbol
      do state = (state + step) & (size - 1)
      while (state > last)
    }
  for (let at = 0; at < size; at++) {
    const number = next[symbols[at]]++
    bits[at] = accuracy - (31 - Math.clz32(number))
    bases[at] = (number << bits[at]) - size
  }
  return { accuracy, symbols, bits, bases }
}
