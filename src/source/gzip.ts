/**
 * gzip, RFC 1952, by Node's zlib, which inflates on another thread and goes on through the members of a file (§2.2).
 *
 * It goes on inflating while packets are decoded, a little ahead of them. Output is taken from zlib as soon as it is there: when the
 * input turns out to be cut short or corrupt, everything that could be decompressed before has been delivered.
 */
import { createGunzip } from 'node:zlib'
import { CaptureError } from './errors.ts'
import { EXPANSION_LIMITS, Expansion, type ExpansionLimit } from './expansion.ts'
import type { ByteSource } from './source.ts'

const INPUT_LENGTH = 64 * 1024
/**
 * Length and checksum (§2.3.1) come to zlib by themselves: it drops the output of a piece in which it finds a mistake,
 * and a wrong checksum should not cost the last packets, or all of a short capture.
 */
const TRAILER_LENGTH = 8
const OUTPUT_LENGTH = 256 * 1024
/** Octets of output ahead of the reader, past which zlib waits. */
const AHEAD = 1024 * 1024

/** Octets of a step where zlib is known to find a mistake. */
const STEP_LENGTH = 64

export interface GzipOptions {
  readonly limit?: ExpansionLimit
  /** Opens the input once more, from its beginning. */
  readonly reopen?: () => Promise<ByteSource>
  /** Offset of the input from which it is taken in small steps. */
  readonly careful?: number
}

export class GzipSource implements ByteSource {
  readonly compression = 'gzip'
  readonly name: string
  readonly size: number | null
  readonly #inner: ByteSource
  readonly #expansion: Expansion
  readonly #options: GzipOptions
  readonly #gunzip = createGunzip({ chunkSize: OUTPUT_LENGTH })
  readonly #input = new Uint8Array(INPUT_LENGTH)
  readonly #chunks: Uint8Array[] = []
  /** Octets of all chunks, and those already given of the first. */
  #ahead = 0
  #given = 0
  #delivered = 0
  /** Goes over the input once more, since it is damaged. */
  #second: GzipSource | null = null
  /** Octets of `#input` that went to zlib, and those behind them that wait. */
  #fed = 0
  #held = 0
  /** Where in the input `#input` begins. */
  #pieceAt = 0
  #feeding = false
  #ended = false
  #failure: unknown = null
  #wake: (() => void) | null = null

  constructor(inner: ByteSource, options: GzipOptions = {}) {
    this.name = inner.name
    this.#options = options
    this.#expansion = new Expansion(inner.name, 'gzip', 'gzip', options.limit ?? EXPANSION_LIMITS.gzip)
    this.size = inner.size
    this.#inner = inner
    this.#gunzip.on('data', (chunk: Uint8Array) => {
      this.#chunks.push(chunk)
      this.#ahead += chunk.length
      try {
        this.#expansion.add(chunk.length, this.#inner.position)
      } catch (error) {
        this.#gunzip.destroy(error as Error)
      }
      if (this.#ahead >= AHEAD) this.#gunzip.pause()
      this.#notify()
    })
    this.#gunzip.on('end', () => {
      this.#ended = true
      this.#notify()
    })
    this.#gunzip.on('close', () => {
      this.#ended = true
      this.#notify()
    })
    this.#gunzip.on('error', (error) => {
      this.#failure = error
      this.#notify()
    })
  }

  get position(): number {
    return this.#inner.position
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    for (;;) {
      const given = this.#take(into, at, length)
      if (given > 0) return given
      if (this.#failure !== null) return this.#again(this.#explain(this.#failure), into, at, length)
      if (this.#ended) return 0
      if (this.#feeding) await this.#event()
      else await this.#feed()
    }
  }

  /** Hands on what is there. */
  #take(into: Uint8Array, at: number, length: number): number {
    let given = 0
    while (given < length && this.#chunks.length > 0) {
      const [chunk] = this.#chunks
      const count = Math.min(chunk.length - this.#given, length - given)
      into.set(chunk.subarray(this.#given, this.#given + count), at + given)
      given += count
      this.#given += count
      if (this.#given < chunk.length) continue
      this.#chunks.shift()
      this.#given = 0
    }
    this.#ahead -= given
    this.#delivered += given
    if (this.#ahead < AHEAD && this.#gunzip.isPaused()) this.#gunzip.resume()
    return given
  }

  async close(): Promise<void> {
    this.#gunzip.destroy()
    await this.#inner.close()
    await this.#second?.close()
  }

  /**
   * The input is damaged, and zlib has dropped what it had made of the last piece up to there. It is gone over once more, where that is
   * possible, in small steps when it comes to that piece, so that little is lost.
   */
  async #again(error: unknown, into: Uint8Array, at: number, length: number): Promise<number> {
    const { reopen, careful } = this.#options
    if (reopen === undefined || careful !== undefined || !isDamage(error)) throw error
    if (this.#second === null) {
      const inner = await reopen()
      this.#second = new GzipSource(inner, { ...this.#options, careful: this.#pieceAt })
      let left = this.#delivered
      while (left > 0) {
        const count = await this.#second.read(into, at, Math.min(length, left))
        // It is another file by now.
        if (count === 0) throw error
        left -= count
      }
    }
    const count = await this.#second.read(into, at, length)
    if (count === 0) throw error
    return count
  }

  async #feed(): Promise<void> {
    this.#feeding = true
    const input = this.#input
    // What was held back of the piece before: zlib is done with that, so it may move.
    input.copyWithin(0, this.#fed, this.#fed + this.#held)
    const careful = (this.#options.careful ?? Infinity) - this.#inner.position
    const most = careful > 0 ? Math.min(INPUT_LENGTH - TRAILER_LENGTH, careful) : STEP_LENGTH
    const count = await this.#inner.read(input, this.#held, most)
    this.#pieceAt = this.#inner.position - this.#held - count
    const length = this.#held + count
    const held = count === 0 ? 0 : Math.min(length, TRAILER_LENGTH)
    this.#fed = length - held
    this.#held = held
    if (this.#fed > 0) this.#write(input.subarray(0, this.#fed))
    // The end is told by itself: zlib would drop the output of a last piece that it finds incomplete.
    else if (count === 0) this.#gunzip.end()
    else this.#fedUp()
  }

  /** What was fed is taken in. */
  #fedUp(): void {
    this.#feeding = false
    this.#notify()
    // Not waiting for the reader, who may be busy for longer than this piece took.
    if (this.#ahead >= AHEAD || this.#failure !== null || this.#gunzip.destroyed) return
    this.#feed().catch((error) => {
      this.#failure ??= error
      this.#notify()
    })
  }

  #write(octets: Uint8Array): void {
    this.#gunzip.write(octets, () => this.#fedUp())
  }

  #event(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  #explain(error: unknown): unknown {
    if (error instanceof CaptureError) return error
    const details = { file: this.name, cause: error }
    const position = this.#inner.position
    if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR')
      return new CaptureError('cut-short', `the gzip data is cut short at byte ${position}`, details)
    const where = `between its bytes ${this.#pieceAt} and ${position}`
    return new CaptureError('damaged', `the gzip data is damaged ${where}: ${(error as Error).message}`, details)
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof CaptureError && error.fault === 'damaged' && error.hint === undefined
}
