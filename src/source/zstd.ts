/**
 * Zstandard, RFC 8878, by fzstd.
 *
 * fzstd decompresses all that it is handed at once, and 4 octets can stand for 128 KiB. So frames are taken apart here
 * (§3.1.1) and handed over one block at a time, which bounds the output to one block; skippable frames (§3.1.2) never
 * reach it. Checksums are not verified.
 */
import { Decompress } from 'fzstd'
import { CaptureError } from './errors.ts'
import { Octets } from './octets.ts'
import type { ByteSource } from './source.ts'

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
/** Of the compressed data of a block (§3.1.1.2.4). */
const MAX_BLOCK = 128 * 1024
/** Magic, descriptor, window, dictionary, content size: all at their longest (§3.1.1.1). */
const MAX_FRAME_HEADER = 4 + 1 + 1 + 4 + 8
/** A window that a sane writer uses: `zstd --long` goes to 27, and needs that to be allowed when decompressing too. */
const MAX_WINDOW_LOG = 27

// Frame header descriptor (§3.1.1.1.1).
const SINGLE_SEGMENT = 0x20
const CHECKSUM = 0x04

// Block types (§3.1.1.2.2).
const RLE = 1
const RESERVED = 3

export class ZstdSource implements ByteSource {
  readonly compression = 'zstd'
  readonly name: string
  readonly size: number | null
  readonly #inner: ByteSource
  readonly #octets: Octets
  /** Block header and block. */
  readonly #block = new Uint8Array(3 + MAX_BLOCK)
  readonly #output: Uint8Array[] = []
  /** Octets already given of the first of `#output`. */
  #given = 0
  #decompress: Decompress | null = null
  #checksum = false
  #ended = false

  constructor(inner: ByteSource) {
    this.name = inner.name
    this.size = inner.size
    this.#inner = inner
    this.#octets = new Octets(inner)
  }

  get position(): number {
    return this.#inner.position
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#output.length === 0) {
      if (this.#ended) return 0
      if (this.#decompress === null) await this.#nextFrame()
      else await this.#nextBlock(this.#decompress)
    }
    let count = 0
    while (count < length && this.#output.length > 0) {
      const chunk = this.#output[0]
      const part = Math.min(length - count, chunk.length - this.#given)
      into.set(chunk.subarray(this.#given, this.#given + part), at + count)
      count += part
      this.#given += part
      if (this.#given === chunk.length) {
        this.#output.shift()
        this.#given = 0
      }
    }
    return count
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  async #nextFrame(): Promise<void> {
    const header = new Uint8Array(MAX_FRAME_HEADER)
    const got = await this.#octets.take(header, 4)
    if (got === 0) {
      this.#ended = true
      return
    }
    if (got < 4) throw this.#cut()
    const magic = number32(header)
    if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      await this.#take(header, 0, 4)
      const length = number32(header)
      if ((await this.#octets.skip(length)) < length) throw this.#cut()
      return
    }
    if (magic !== MAGIC) throw this.#bad(`a frame begins with 0x${magic.toString(16).padStart(8, '0')}`)
    await this.#take(header, 4, 1)
    const descriptor = header[4]
    const window = descriptor & SINGLE_SEGMENT ? 0 : 1
    const dictionary = [0, 1, 2, 4][descriptor & 3]
    const contentSize = [descriptor & SINGLE_SEGMENT ? 1 : 0, 2, 4, 8][descriptor >> 6]
    await this.#take(header, 5, window + dictionary + contentSize)
    const length = 5 + window + dictionary + contentSize
    if (window === 1 && (header[5] >> 3) + 10 > MAX_WINDOW_LOG) throw this.#bad('its window is larger than 128 MiB')
    // A single segment's window is its whole content, whose size is only a claim: fzstd would allocate it.
    if (window === 0 && wide(header, 5 + dictionary, contentSize) > 2 ** MAX_WINDOW_LOG)
      throw this.#bad('its window is larger than 128 MiB')
    this.#checksum = (descriptor & CHECKSUM) !== 0
    header[4] &= ~CHECKSUM // which fzstd would only want to skip
    this.#decompress = new Decompress((chunk) => {
      if (chunk.length > 0) this.#output.push(chunk)
    })
    this.#push(this.#decompress, header.subarray(0, length), false)
  }

  async #nextBlock(decompress: Decompress): Promise<void> {
    const block = this.#block
    await this.#take(block, 0, 3)
    const header = block[0] | (block[1] << 8) | (block[2] << 16)
    const type = (header >> 1) & 3
    const size = header >> 3
    if (type === RESERVED) throw this.#bad('a block of the reserved type')
    if (size > MAX_BLOCK) throw this.#bad(`a block claims ${size} octets, limit ${MAX_BLOCK}`)
    const length = type === RLE ? 1 : size
    await this.#take(block, 3, length)
    // Copies, because fzstd holds on to short pieces. Two of them, because it lets go only when it has to join pieces
    // (0.1.1). Saying "final" makes it look at frames that are shorter than 18 octets.
    this.#push(decompress, block.slice(0, 1), false)
    this.#push(decompress, block.slice(1, 3 + length), (header & 1) !== 0)
    if (header & 1) {
      if (this.#checksum) await this.#take(block, 0, 4)
      this.#decompress = null
    }
  }

  #push(decompress: Decompress, octets: Uint8Array, final: boolean): void {
    try {
      decompress.push(octets, final)
    } catch (error) {
      throw this.#bad((error as Error).message)
    }
  }

  async #take(into: Uint8Array, at: number, length: number): Promise<void> {
    if ((await this.#octets.take(into.subarray(at), length)) < length) throw this.#cut()
  }

  #cut(): CaptureError {
    return new CaptureError('cut-short', 'the zstd data is cut short', { file: this.name })
  }

  #bad(what: string): CaptureError {
    return new CaptureError('damaged', `the zstd data is damaged: ${what}`, { file: this.name })
  }
}

function number32(octets: Uint8Array): number {
  return (octets[0] | (octets[1] << 8) | (octets[2] << 16) | (octets[3] << 24)) >>> 0
}

/** A little-endian number of 1 to 8 octets; the 2-octet content size counts from 256 (§3.1.1.1.4). */
function wide(octets: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + octets[at + i]
  return length === 2 ? value + 256 : value
}
