/**
 * gzip, RFC 1952, by Node's zlib, which inflates on another thread and goes on through the members of a file (§2.2).
 *
 * It goes on inflating while packets are decoded, a little ahead of them. Output is taken from zlib as soon as it is there: when the
 * input turns out to be cut short or corrupt, everything that could be decompressed before has been delivered.
 */
import { createGunzip } from 'node:zlib'
import { CaptureError } from './errors.ts'
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

export class GzipSource implements ByteSource {
  readonly compression = 'gzip'
  readonly name: string
  readonly size: number | null
  readonly #inner: ByteSource
  readonly #gunzip = createGunzip({ chunkSize: OUTPUT_LENGTH })
  readonly #input = new Uint8Array(INPUT_LENGTH)
  readonly #chunks: Uint8Array[] = []
  /** Octets of all chunks, and those already given of the first. */
  #ahead = 0
  #given = 0
  /** Octets of `#input` that went to zlib, and those behind them that wait. */
  #fed = 0
  #held = 0
  #feeding = false
  #ended = false
  #failure: unknown = null
  #wake: (() => void) | null = null

  constructor(inner: ByteSource) {
    this.name = inner.name
    this.size = inner.size
    this.#inner = inner
    this.#gunzip.on('data', (chunk: Uint8Array) => {
      this.#chunks.push(chunk)
      this.#ahead += chunk.length
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
      if (this.#failure !== null) throw this.#explain(this.#failure)
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
    if (this.#ahead < AHEAD && this.#gunzip.isPaused()) this.#gunzip.resume()
    return given
  }

  async close(): Promise<void> {
    this.#gunzip.destroy()
    await this.#inner.close()
  }

  async #feed(): Promise<void> {
    this.#feeding = true
    const input = this.#input
    // What was held back of the piece before: zlib is done with that, so it may move.
    input.copyWithin(0, this.#fed, this.#fed + this.#held)
    const count = await this.#inner.read(input, this.#held, INPUT_LENGTH - TRAILER_LENGTH)
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
    const cut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
    return cut
      ? new CaptureError('cut-short', 'the gzip data is cut short', { file: this.name, cause: error })
      : new CaptureError('damaged', `the gzip data is damaged: ${(error as Error).message}`, {
          file: this.name,
          cause: error,
        })
  }
}
