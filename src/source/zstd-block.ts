/**
 * A compressed block of Zstandard, RFC 8878 §3.1.1.3: literals, then sequences. A sequence copies some literals, then a match in what
 * was written before. Written here because fzstd, the one library for it without native code, follows lengths that no output has room
 * for: a block of 20 octets can keep it busy for minutes. Here nothing is written past the limit of a block, so a block costs no more
 * than 128 KiB of output, whatever it claims.
 */
import { BackwardBits } from './zstd-bits.ts'
import { type FseTable, fseTable, readFse, singleSymbol } from './zstd-fse.ts'
import { decodeHuffman, type HuffmanTable, readHuffman } from './zstd-huffman.ts'

/** Octets of a block, compressed or not (§3.1.1.2.4). */
export const MAX_BLOCK = 128 * 1024

// Types of literals (§3.1.1.3.1.1).
const RAW = 0
const RLE = 1
const COMPRESSED = 2

/** Literal lengths and match lengths from these codes on have bits of their own, and so many (§3.1.1.3.2.1.1). */
const LITERAL_BITS = [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const MATCH_BITS = [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const literalLengths = lengthCodes(0, 16, LITERAL_BITS)
const matchLengths = lengthCodes(3, 32, MATCH_BITS)

/** Of offsets: a window of 128 MiB has none of more bits. */
const MAX_OFFSET_CODE = 27
const MAX_LITERAL_CODE = 35
const MAX_MATCH_CODE = 52

/** Used where a block says nothing else (§3.1.1.3.2.2). */
const ONES = (count: number): number[] => new Array<number>(count).fill(1)
const defaultLiterals = fseTable(
  [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  6,
)
const defaultMatches = fseTable([1, 4, 3, 2, 2, 2, 2, 2, 2, ...ONES(37), -1, -1, -1, -1, -1, -1, -1], 6)
const defaultOffsets = fseTable([...ONES(6), 2, 2, 2, ...ONES(15), -1, -1, -1, -1, -1], 5)

/** Decodes the blocks of one frame, of which each may use tables and offsets of the one before. */
export class ZstdBlocks {
  readonly #literals = new Uint8Array(MAX_BLOCK)
  readonly #bits = new BackwardBits()
  #huffman: HuffmanTable | null = null
  #literalTable: FseTable | null = null
  #offsetTable: FseTable | null = null
  #matchTable: FseTable | null = null
  /** The last three offsets (§3.1.1.5). */
  #offset1 = 1
  #offset2 = 4
  #offset3 = 8

  /** Another frame begins. */
  reset(): void {
    this.#huffman = null
    this.#literalTable = null
    this.#offsetTable = null
    this.#matchTable = null
    this.#offset1 = 1
    this.#offset2 = 4
    this.#offset3 = 8
  }

  /**
   * Decodes `length` octets of `input`, which has 4 more behind them, into `output` from `at` on; matches may reach back to `first`.
   * Returns where the output ends, or -1 if the block contradicts the format or gives more than `MAX_BLOCK` octets.
   */
  decode(input: Uint8Array, length: number, output: Uint8Array, at: number, first: number): number {
    const literals = this.#readLiterals(input, length)
    if (literals < 0) return -1
    const next = this.#next
    if (next >= length) return -1
    return this.#sequences(input, next, length, literals, output, at, first)
  }

  /** Where in the input the literals end. */
  #next = 0

  /** Fills `#literals` and says how many there are; -1 if they contradict the format. */
  #readLiterals(input: Uint8Array, length: number): number {
    if (length === 0) return -1
    const [a, b, c, d, e] = input
    const type = a & 3
    const format = (a >> 2) & 3
    if (type === RAW || type === RLE) {
      const header = format === 1 ? 2 : format === 3 ? 3 : 1
      const size = format === 1 ? (a >> 4) | (b << 4) : format === 3 ? (a >> 4) | (b << 4) | (c << 12) : a >> 3
      const stored = type === RAW ? size : 1
      if (size > MAX_BLOCK || header + stored > length) return -1
      if (type === RAW) this.#literals.set(input.subarray(header, header + size))
      else this.#literals.fill(input[header], 0, size)
      this.#next = header + stored
      return size
    }
    let size = (a >> 4) | ((b & 0x3f) << 4)
    let packed = (b >> 6) | (c << 2)
    if (format === 2) {
      size = (a >> 4) | (b << 4) | ((c & 3) << 12)
      packed = (c >> 2) | (d << 6)
    } else if (format === 3) {
      size = (a >> 4) | (b << 4) | ((c & 0x3f) << 12)
      packed = (c >> 6) | (d << 2) | (e << 10)
    }
    let at = format < 2 ? 3 : format + 2
    const end = at + packed
    if (size > MAX_BLOCK || end > length) return -1
    if (type === COMPRESSED) {
      const description = readHuffman(input, at, end, this.#bits)
      if (description === null) return -1
      this.#huffman = description.table
      at = description.end
    }
    this.#next = end
    return this.#huffman !== null && this.#decodeStreams(this.#huffman, input, at, end, size, format !== 0) ? size : -1
  }

  /** One stream, or four behind a table of their lengths (§3.1.1.3.1.6). */
  #decodeStreams(
    table: HuffmanTable,
    input: Uint8Array,
    at: number,
    end: number,
    size: number,
    isFour: boolean,
  ): boolean {
    const bits = this.#bits
    const into = this.#literals
    if (!isFour) return decodeHuffman(table, bits, input, at, end, into, 0, size)
    if (end - at < 6) return false
    const part = (size + 3) >> 2
    if (3 * part > size) return false
    let from = at + 6
    for (let stream = 0; stream < 4; stream++) {
      const field = at + 2 * stream
      const to = stream === 3 ? end : from + (input[field] | (input[field + 1] << 8))
      if (to > end) return false
      const count = stream === 3 ? size - 3 * part : part
      if (!decodeHuffman(table, bits, input, from, to, into, stream * part, count)) return false
      from = to
    }
    return true
  }

  /** Carries out the sequences from `at` on (§3.1.1.4), and copies the literals behind the last. */
  #sequences(
    input: Uint8Array,
    start: number,
    end: number,
    literals: number,
    output: Uint8Array,
    from: number,
    first: number,
  ): number {
    let next = start
    let count = input[next++]
    if (count > 127) {
      if (count === 255) {
        count = (input[next] | (input[next + 1] << 8)) + 0x7f00
        next += 2
      } else count = ((count - 128) << 8) | input[next++]
    }
    const limit = from + MAX_BLOCK
    const source = this.#literals
    let taken = 0
    let at = from
    if (count > 0) {
      const modes = input[next++]
      if (next > end || (modes & 3) !== 0) return -1
      this.#end = next
      const literalTable = this.#table(modes >> 6, input, end, this.#literalTable, defaultLiterals, 9, MAX_LITERAL_CODE)
      const offsetTable = this.#table(modes >> 4, input, end, this.#offsetTable, defaultOffsets, 8, MAX_OFFSET_CODE + 4)
      const matchTable = this.#table(modes >> 2, input, end, this.#matchTable, defaultMatches, 9, MAX_MATCH_CODE)
      const bits = this.#bits
      if (literalTable === null || offsetTable === null || matchTable === null) return -1
      if (!bits.begin(input, this.#end, end)) return -1
      this.#literalTable = literalTable
      this.#offsetTable = offsetTable
      this.#matchTable = matchTable
      let literalState = bits.read(literalTable.accuracy)
      let offsetState = bits.read(offsetTable.accuracy)
      let matchState = bits.read(matchTable.accuracy)
      for (let i = 1; i <= count; i++) {
        const offsetCode = offsetTable.symbols[offsetState]
        const matchCode = matchTable.symbols[matchState]
        const literalCode = literalTable.symbols[literalState]
        if (offsetCode > MAX_OFFSET_CODE) return -1
        const value = (1 << offsetCode) + bits.read(offsetCode)
        const match = matchLengths.bases[matchCode] + bits.read(matchLengths.bits[matchCode])
        const length = literalLengths.bases[literalCode] + bits.read(literalLengths.bits[literalCode])
        if (i < count) {
          literalState = literalTable.bases[literalState] + bits.read(literalTable.bits[literalState])
          matchState = matchTable.bases[matchState] + bits.read(matchTable.bits[matchState])
          offsetState = offsetTable.bases[offsetState] + bits.read(offsetTable.bits[offsetState])
        }
        const offset = this.#offset(value, length)
        if (bits.left < 0 || length > literals - taken || length + match > limit - at) return -1
        copy(source, taken, output, at, length)
        taken += length
        at += length
        if (offset <= 0 || offset > at - first) return -1
        copyMatch(output, at, offset, match)
        at += match
      }
      if (bits.left !== 0) return -1
    } else if (next !== end) return -1
    const rest = literals - taken
    if (rest > limit - at) return -1
    copy(source, taken, output, at, rest)
    return at + rest
  }

  /** Where in the input the last table ends. */
  #end = 0

  /** The table of one kind of code, by its mode (§3.1.1.3.2.1); null if it contradicts the format. */
  #table(
    mode: number,
    input: Uint8Array,
    end: number,
    before: FseTable | null,
    usual: FseTable,
    maxAccuracy: number,
    maxSymbol: number,
  ): FseTable | null {
    switch (mode & 3) {
      case 0:
        return usual
      case 1: {
        const at = this.#end++
        return at < end && input[at] <= maxSymbol ? singleSymbol(input[at]) : null
      }
      case 2: {
        const description = readFse(input, this.#end, end, maxAccuracy, maxSymbol)
        if (description === null) return null
        this.#end = description.end
        return description.table
      }
      default:
        return before
    }
  }

  /** What an offset's value means: 1 to 3 are earlier ones (§3.1.1.5). */
  #offset(value: number, literals: number): number {
    if (value > 3) {
      this.#offset3 = this.#offset2
      this.#offset2 = this.#offset1
      this.#offset1 = value - 3
      return value - 3
    }
    const which = literals === 0 ? value + 1 : value
    if (which === 1) return this.#offset1
    const offset = which === 2 ? this.#offset2 : which === 3 ? this.#offset3 : this.#offset1 - 1
    if (which > 2) this.#offset3 = this.#offset2
    this.#offset2 = this.#offset1
    this.#offset1 = offset
    return offset
  }
}

/** Short copies are quicker one by one. */
const SHORT = 24

function copy(from: Uint8Array, at: number, into: Uint8Array, to: number, length: number): void {
  if (length > SHORT) into.set(from.subarray(at, at + length), to)
  else for (let i = 0; i < length; i++) into[to + i] = from[at + i]
}

/** A match may overlap what it writes: then it repeats, and the octets must be copied in order. */
function copyMatch(output: Uint8Array, at: number, offset: number, length: number): void {
  if (offset >= length && length > SHORT) output.copyWithin(at, at - offset, at - offset + length)
  else if (offset === 1 && length > SHORT) output.fill(output[at - 1], at, at + length)
  else for (let i = at; i < at + length; i++) output[i] = output[i - offset]
}

/** Codes below `first` are the lengths from `least` on; each further one has bits of its own, and begins where the one before ends. */
function lengthCodes(least: number, first: number, bits: readonly number[]): { bases: Int32Array; bits: Uint8Array } {
  const bases = Int32Array.from({ length: first + bits.length }, (_, code) => least + code)
  for (let i = 1; i < bits.length; i++) bases[first + i] = bases[first + i - 1] + (1 << bits[i - 1])
  return { bases, bits: Uint8Array.from([...new Array<number>(first).fill(0), ...bits]) }
}
