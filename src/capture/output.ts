/**
 * Where a written capture goes: one reused buffer in front of a file, a pipe or standard output.
 *
 * Writes are synchronous. A packet must be copied before the next record anyway, and a full pipe then holds up the
 * reading by itself, so memory stays at one buffer whatever the speeds.
 */
import { writeSync } from 'node:fs'
import { type Destination, openDestination } from './destination.ts'
import { asCaptureError, type CaptureError } from './errors.ts'

const BUFFER_LENGTH = 512 * 1024
/** Shorter pieces are copied octet by octet: a view on them would cost more (measured, Node 20). */
const SHORT = 24
/** Milliseconds to wait for a pipe that somebody made non-blocking. */
const RETRY_AFTER = 2

export class Output {
  readonly name: string
  readonly buffer = new Uint8Array(BUFFER_LENGTH)
  /** The same, for numbers in either byte order. */
  readonly view = new DataView(this.buffer.buffer)
  /** Where the next octet goes. */
  at = 0
  /** Nobody reads what we write any more: a pipe into `head`. What follows goes nowhere. */
  closed = false
  /** Octets written, those in the buffer included. */
  get length(): number {
    return this.#flushed + this.at
  }
  #flushed = 0
  readonly #destination: Destination
  /** What went wrong with writing: what comes behind it must not pass for whole. */
  #failure: CaptureError | null = null
  #ended = false

  /** `-` is standard output. */
  constructor(path: string) {
    this.name = path
    try {
      this.#destination = openDestination(path)
    } catch (error) {
      throw this.#error('cannot be written', error)
    }
  }

  /** Hot: makes room for `length` octets in the buffer, at most `BUFFER_LENGTH`. */
  reserve(length: number): void {
    if (length > BUFFER_LENGTH - this.at) this.flush()
  }

  /** Hot: copies `length` octets of `bytes` from `from` on, whatever their number. */
  copy(bytes: Uint8Array, from: number, length: number): void {
    if (length > BUFFER_LENGTH - this.at) {
      this.flush()
      if (length > BUFFER_LENGTH) {
        this.#write(bytes, from, length)
        return
      }
    }
    const { buffer, at } = this
    if (length > SHORT) buffer.set(bytes.subarray(from, from + length), at)
    else for (let i = 0; i < length; i++) buffer[at + i] = bytes[from + i]
    this.at = at + length
  }

  flush(): void {
    const length = this.at
    this.at = 0
    this.#write(this.buffer, 0, length)
  }

  /** Writes what is left; only now does the file take its name (`destination.ts`). */
  close(): void {
    if (this.#ended) return
    this.flush()
    this.#ended = true
    try {
      this.#destination.commit()
    } catch (error) {
      this.#destination.discard()
      throw this.#error('cannot be written', error)
    }
  }

  /** It will not be whole: no file takes its name, and none stays. Nothing after `close`. */
  discard(): void {
    if (this.#ended) return
    this.#ended = true
    this.#destination.discard()
  }

  #write(bytes: Uint8Array, from: number, length: number): void {
    if (this.#failure !== null) throw this.#failure
    let written = 0
    while (written < length && !this.closed) {
      try {
        written += writeSync(this.#destination.descriptor, bytes, from + written, length - written)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EPIPE') this.closed = true
        else if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER)
        else {
          this.#failure = this.#error('cannot be written', error)
          throw this.#failure
        }
      }
    }
    this.#flushed += written
  }

  #error(what: string, error: unknown): CaptureError {
    return asCaptureError('unwritable', what, error, this.name)
  }
}

export function write16le(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
}

export function write32le(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}
