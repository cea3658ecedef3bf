/** Huffman coded literals of Zstandard, RFC 8878 §4.2. */
import type { BackwardBits } from './zstd-bits.ts'
import { readFse } from './zstd-fse.ts'

/** Bits of a code at most (§4.2.1). */
const MAX_BITS = 11
/** Symbols but the last, whose weight is told by the others (§4.2.1). */
const MAX_WEIGHTS = 255
const MAX_WEIGHT_ACCURACY = 6

export interface HuffmanTable {
  /** Bits of the longest code. */
  readonly maxBits: number
  /** By the next `maxBits` bits: the symbol, and the bits of its code. */
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
}

/** Reads the description of a tree from `at` on; null if it contradicts the format. There must be 4 octets behind `end`. */
export function readHuffman(
  bytes: Uint8Array,
  at: number,
  end: number,
  bits: BackwardBits,
): { table: HuffmanTable; end: number } | null {
  if (at >= end) return null
  const header = bytes[at]
  const weights: number[] = []
  let next = at + 1
  if (header < 128) {
    next += header
    if (next > end || !readWeights(bytes, at + 1, next, bits, weights)) return null
  } else {
    const count = header - 127
    next += (count + 1) >> 1
    if (next > end) return null
    for (let i = 0; i < count; i++) {
      const pair = bytes[at + 1 + (i >> 1)]
      weights.push((i & 1) === 0 ? pair >> 4 : pair & 15)
    }
  }
  const table = huffmanTable(weights)
  return table === null ? null : { table, end: next }
}

/** Weights that are compressed themselves, by two states in turn (§4.2.1.2). */
function readWeights(bytes: Uint8Array, at: number, end: number, bits: BackwardBits, weights: number[]): boolean {
  const description = readFse(bytes, at, end, MAX_WEIGHT_ACCURACY, MAX_BITS + 1)
  if (description === null || !bits.begin(bytes, description.end, end)) return false
  const { table } = description
  const states = [bits.read(table.accuracy), bits.read(table.accuracy)]
  if (bits.left < 0) return false
  for (let turn = 0; weights.length < MAX_WEIGHTS; turn ^= 1) {
    const state = states[turn]
    weights.push(table.symbols[state])
    if (table.bits[state] > bits.left) {
      weights.push(table.symbols[states[turn ^ 1]])
      return weights.length <= MAX_WEIGHTS
    }
    states[turn] = table.bases[state] + bits.read(table.bits[state])
  }
  return false
}

/** A symbol of weight w takes 2^(w-1) of all codes; the last symbol takes what is left (§4.2.1). */
function huffmanTable(weights: number[]): HuffmanTable | null {
  let sum = 0
  for (const weight of weights) {
    if (weight > MAX_BITS) return null
    if (weight > 0) sum += 1 << (weight - 1)
  }
  if (sum === 0) return null
  const maxBits = 32 - Math.clz32(sum)
  const left = (1 << maxBits) - sum
  if (maxBits > MAX_BITS || (left & (left - 1)) !== 0) return null
  weights.push(32 - Math.clz32(left))
  const symbols = new Uint8Array(1 << maxBits)
  const bits = new Uint8Array(1 << maxBits)
  let at = 0
  for (let weight = 1; weight <= maxBits; weight++)
    for (const [symbol, of] of weights.entries()) {
      if (of !== weight) continue
      const end = at + (1 << (weight - 1))
      symbols.fill(symbol, at, end)
      bits.fill(maxBits + 1 - weight, at, end)
      at = end
    }
  return { maxBits, symbols, bits }
}

/** Hot: decodes the stream from `from` to `to` into `count` octets of `into`. False unless it is exactly as long. */
export function decodeHuffman(
  { maxBits, symbols, bits: lengths }: HuffmanTable,
  bits: BackwardBits,
  bytes: Uint8Array,
  from: number,
  to: number,
  into: Uint8Array,
  at: number,
  count: number,
): boolean {
  if (!bits.begin(bytes, from, to)) return false
  for (let i = at; i < at + count; i++) {
    const code = bits.peek(maxBits)
    into[i] = symbols[code]
    bits.left -= lengths[code]
  }
  return bits.left === 0
}
