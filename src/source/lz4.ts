/**
 * LZ4 frames (lz4_Frame_format.md 1.6.x; blocks: lz4_Block_format.md), decoded block by block in bounded memory.
 *
 * Written here because no library on npm decodes frames as a stream without native code: lz4js takes and returns whole
 * buffers. The checksums are skipped; lengths are checked everywhere, so bad data ends in an error, not in bad memory.
 *
 *    frame:  magic | FLG | BD | content size? | dictionary? | HC | blocks | 0 | content checksum?
 *    block:  length, top bit: stored as is | data | checksum?
 */
import { CaptureError } from './errors.ts'
import { EXPANSION_LIMITS, Expansion, type ExpansionLimit } from './expansion.ts'
import { decodeLz4Block } from './lz4-block.ts'
import { Octets } from './octets.ts'
import type { ByteSource } from './source.ts'

const MAGIC = 0x184d2204
/** 0x184D2A50 to 5F: frames of somebody's own data, length behind the magic. */
const SKIPPABLE_MAGIC = 0x184d2a50

// Bits of FLG.
const BLOCK_CHECKSUM = 0x10
const CONTENT_SIZE = 0x08
const CONTENT_CHECKSUM = 0x04
const DICTIONARY = 0x01

const STORED = 0x8000_0000
/** A match of a linked block reaches back this far at most. */
const WINDOW = 64 * 1024
/** BD bits 4 to 6: 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
const FIRST_SIZE = 4
const LAST_SIZE = 7

export class Lz4Source implements ByteSource {
  readonly compression = 'lz4'
  readonly name: string
  readonly size: number | null
  readonly #inner: ByteSource
  readonly #octets: Octets
  readonly #expansion: Expansion
  readonly #small = new Uint8Array(16)
  /** The last 64 KiB of output, then the current block's. */
  #output = new Uint8Array(0)
  #outputAt = 0
  #outputEnd = 0
  #block = new Uint8Array(0)
  #maxBlock = 0
  #flags = 0
  #inFrame = false
  #ended = false
  /** Where in the input the frame or block begins that is being looked at. */
  #began = 0

  constructor(inner: ByteSource, limit: ExpansionLimit = EXPANSION_LIMITS.lz4) {
    this.name = inner.name
    this.#expansion = new Expansion(inner.name, 'LZ4', 'lz4', limit)
    this.size = inner.size
    this.#inner = inner
    this.#octets = new Octets(inner)
  }

  get position(): number {
    return this.#inner.position
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#outputAt === this.#outputEnd) {
      if (this.#ended) return 0
      this.#began = this.#octets.position
      if (this.#inFrame) await this.#nextBlock()
      else await this.#nextFrame()
      this.#expansion.add(this.#outputEnd - this.#outputAt, this.#octets.position)
    }
    const count = Math.min(length, this.#outputEnd - this.#outputAt)
    into.set(this.#output.subarray(this.#outputAt, this.#outputAt + count), at)
    this.#outputAt += count
    return count
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  async #nextFrame(): Promise<void> {
    const got = await this.#octets.take(this.#small, 4)
    if (got === 0) {
      this.#ended = true
      return
    }
    if (got < 4) throw this.#cut()
    const magic = this.#number()
    if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      const length = await this.#next32()
      if ((await this.#octets.skip(length)) < length) throw this.#cut()
      return
    }
    if (magic !== MAGIC) throw this.#bad(`a frame begins with 0x${magic.toString(16).padStart(8, '0')}`)
    await this.#take(2)
    const flags = this.#small[0]
    const sizeCode = (this.#small[1] >> 4) & 7
    if (flags >> 6 !== 1) throw this.#bad(`frame version ${flags >> 6}, known is 1`)
    if (sizeCode < FIRST_SIZE || sizeCode > LAST_SIZE) throw this.#bad(`block size code ${sizeCode}`)
    if (flags & DICTIONARY) throw this.#bad('it needs a dictionary')
    await this.#take((flags & CONTENT_SIZE ? 8 : 0) + 1)
    this.#flags = flags
    this.#maxBlock = 1 << (8 + 2 * sizeCode)
    if (this.#output.length < WINDOW + this.#maxBlock) {
      this.#output = new Uint8Array(WINDOW + this.#maxBlock)
      this.#block = new Uint8Array(this.#maxBlock)
    }
    this.#outputAt = 0
    this.#outputEnd = 0
    this.#inFrame = true
  }

  async #nextBlock(): Promise<void> {
    const field = await this.#next32()
    if (field === 0) {
      if (this.#flags & CONTENT_CHECKSUM) await this.#take(4)
      this.#inFrame = false
      return
    }
    const length = field % STORED
    if (length > this.#maxBlock) throw this.#bad(`a block claims ${length} octets, limit ${this.#maxBlock}`)
    if ((await this.#octets.take(this.#block, length)) < length) throw this.#cut()
    if (this.#flags & BLOCK_CHECKSUM) await this.#take(4)

    // Keep what matches of a linked block can reach, in front.
    const history = Math.min(this.#outputEnd, WINDOW)
    if (this.#outputEnd > WINDOW) this.#output.copyWithin(0, this.#outputEnd - WINDOW, this.#outputEnd)
    this.#outputAt = history
    this.#outputEnd = history
    if (field >= STORED) {
      this.#output.set(this.#block.subarray(0, length), history)
      this.#outputEnd = history + length
    } else {
      const end = decodeLz4Block(this.#block, length, this.#output, history, history + this.#maxBlock)
      if (end < 0) throw this.#bad('a block contradicts the format')
      this.#outputEnd = end
    }
  }

  async #take(length: number): Promise<void> {
    if ((await this.#octets.take(this.#small, length)) < length) throw this.#cut()
  }

  async #next32(): Promise<number> {
    await this.#take(4)
    return this.#number()
  }

  #number(): number {
    const [a, b, c, d] = this.#small
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
  }

  #cut(): CaptureError {
    return new CaptureError('cut-short', `the LZ4 data is cut short at byte ${this.#octets.position}`, {
      file: this.name,
    })
  }

  #bad(what: string): CaptureError {
    return new CaptureError('damaged', `the LZ4 data is damaged at its byte ${this.#began}: ${what}`, {
      file: this.name,
    })
  }
}
