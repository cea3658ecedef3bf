/**
 * Zstandard frames, RFC 8878 §3.1, decoded block by block.
 *
 *    frame:  magic | descriptor | window? | dictionary? | content size? | blocks | checksum?
 *    block:  type and length, 3 octets | data
 *
 * Nothing is sized by what a frame claims: what later blocks may refer to is kept as it comes out, up to the window, which is 128 MiB
 * at most. Checksums are not verified.
 */
import { CaptureError } from './errors.ts'
import { EXPANSION_LIMITS, Expansion, type ExpansionLimit } from './expansion.ts'
import { Octets } from './octets.ts'
import type { ByteSource } from './source.ts'
import { MAX_BLOCK, ZstdBlocks } from './zstd-block.ts'

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
/** Magic, descriptor, window, dictionary, content size: all at their longest (§3.1.1.1). */
const MAX_FRAME_HEADER = 4 + 1 + 1 + 4 + 8
/** A window that a sane writer uses: `zstd --long` goes to 27, and needs that to be allowed when decompressing too. */
const MAX_WINDOW = 2 ** 27

// Frame header descriptor (§3.1.1.1.1).
const SINGLE_SEGMENT = 0x20
const RESERVED_BIT = 0x08
const CHECKSUM = 0x04

// Block types (§3.1.1.2.2).
const RAW = 0
const RLE = 1
const RESERVED = 3

/** Octets of output at first; doubled as they are filled. */
const FIRST_CAPACITY = 4 * MAX_BLOCK
/** Octets behind a block that the bit reader may look at. */
const PADDING = 4

// What comes next in the input.
const BETWEEN = 0
const IN_FRAME = 1
const BEFORE_CHECKSUM = 2

export class ZstdSource implements ByteSource {
  readonly compression = 'zstd'
  readonly name: string
  readonly size: number | null
  readonly #inner: ByteSource
  readonly #octets: Octets
  readonly #expansion: Expansion
  readonly #blocks = new ZstdBlocks()
  readonly #header = new Uint8Array(MAX_FRAME_HEADER)
  readonly #block = new Uint8Array(MAX_BLOCK + PADDING)
  /** What blocks may refer to, then the output of the last one. */
  #output = new Uint8Array(FIRST_CAPACITY)
  #outputAt = 0
  #outputEnd = 0
  /** Where the output of this frame begins in `#output`, or what is left of it. */
  #first = 0
  #window = 0
  #state = BETWEEN
  #checksum = false
  #ended = false
  /** Where in the input the frame or block begins that is being looked at. */
  #began = 0

  constructor(inner: ByteSource, limit: ExpansionLimit = EXPANSION_LIMITS.zstd) {
    this.name = inner.name
    this.#expansion = new Expansion(inner.name, 'zstd', 'zstd', limit)
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
      if (this.#state === BETWEEN) await this.#nextFrame()
      else if (this.#state === IN_FRAME) await this.#nextBlock()
      else await this.#skipChecksum()
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
    const header = this.#header
    const got = await this.#octets.take(header, 4)
    if (got === 0) {
      this.#ended = true
      return
    }
    if (got < 4) throw this.#cut()
    const magic = number(header, 0, 4)
    if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      await this.#take(header, 0, 4)
      const length = number(header, 0, 4)
      if ((await this.#octets.skip(length)) < length) throw this.#cut()
      return
    }
    if (magic !== MAGIC) throw this.#bad(`a frame begins with 0x${magic.toString(16).padStart(8, '0')}`)
    await this.#take(header, 4, 1)
    const descriptor = header[4]
    const isSingle = (descriptor & SINGLE_SEGMENT) !== 0
    const window = isSingle ? 0 : 1
    const dictionary = [0, 1, 2, 4][descriptor & 3]
    const contentSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]
    await this.#take(header, 5, window + dictionary + contentSize)
    if ((descriptor & RESERVED_BIT) !== 0) throw this.#bad('a reserved bit of its frame header is set')
    if (number(header, 5 + window, dictionary) !== 0) throw this.#bad('it needs a dictionary')
    // The 2-octet content size counts from 256 (§3.1.1.1.4). A single segment's window is its content (§3.1.1.1.1.2).
    const content = number(header, 5 + window + dictionary, contentSize) + (contentSize === 2 ? 256 : 0)
    this.#window = isSingle ? content : windowSize(header[5])
    if (this.#window > MAX_WINDOW) throw this.#bad('its window is larger than 128 MiB')
    this.#checksum = (descriptor & CHECKSUM) !== 0
    this.#state = IN_FRAME
    this.#first = this.#outputEnd
    this.#blocks.reset()
  }

  async #nextBlock(): Promise<void> {
    await this.#take(this.#header, 0, 3)
    const header = number(this.#header, 0, 3)
    const type = (header >> 1) & 3
    const size = header >> 3
    if (type === RESERVED) throw this.#bad('a block of the reserved type')
    if (size > MAX_BLOCK) throw this.#bad(`a block claims ${size} octets, limit ${MAX_BLOCK}`)
    const length = type === RLE ? 1 : size
    await this.#take(this.#block, 0, length)
    this.#makeRoom()
    const output = this.#output
    const at = this.#outputEnd
    let end = at + size
    if (type === RAW) output.set(this.#block.subarray(0, size), at)
    else if (type === RLE) output.fill(this.#block[0], at, end)
    else end = this.#blocks.decode(this.#block, size, output, at, Math.max(this.#first, at - this.#window))
    if (end < 0) throw this.#bad('a block contradicts the format')
    this.#outputEnd = end
    if ((header & 1) !== 0) this.#state = this.#checksum ? BEFORE_CHECKSUM : BETWEEN
  }

  /** By itself: a checksum that is missing should not cost the packets of the last block. */
  async #skipChecksum(): Promise<void> {
    await this.#take(this.#header, 0, 4)
    this.#state = BETWEEN
  }

  /** Makes room for a block: drops what is out of the window's reach, or takes more memory, if so much has come out. */
  #makeRoom(): void {
    const { length } = this.#output
    if (this.#outputEnd + MAX_BLOCK <= length) return
    const kept = Math.min(this.#outputEnd - this.#first, this.#window)
    const from = this.#outputEnd - kept
    // Half of it is new each time, so that little is moved for each octet.
    const next = 2 * (kept + MAX_BLOCK) > length ? new Uint8Array(2 * length) : this.#output
    if (next === this.#output) next.copyWithin(0, from, this.#outputEnd)
    else next.set(this.#output.subarray(from, this.#outputEnd))
    this.#output = next
    this.#first = 0
    this.#outputAt = kept
    this.#outputEnd = kept
  }

  async #take(into: Uint8Array, at: number, length: number): Promise<void> {
    if (length === 0) return
    if ((await this.#octets.take(into.subarray(at), length)) < length) throw this.#cut()
  }

  #cut(): CaptureError {
    return new CaptureError('cut-short', `the zstd data is cut short at byte ${this.#octets.position}`, {
      file: this.name,
    })
  }

  #bad(what: string): CaptureError {
    return new CaptureError('damaged', `the zstd data is damaged at its byte ${this.#began}: ${what}`, {
      file: this.name,
    })
  }
}

/** Mantissa and exponent (§3.1.1.1.2). */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** A little-endian number of up to 8 octets. */
function number(octets: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + octets[at + i]
  return value
}
