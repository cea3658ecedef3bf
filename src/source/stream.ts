/**
 * A Node stream as a source: a pipe, a terminal, a socket.
 *
 * Not `fs.read`, although its thread would read ahead while packets are decoded: a thread that waits for a quiet pipe
 * cannot be called back, and keeps the whole process from ending (measured, Node 20: `process.exit` hangs until the
 * writer writes). Streams wait in the event loop.
 */
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { asCaptureError } from './errors.ts'
import type { ByteSource } from './source.ts'

/** Octets queued before the stream is paused. */
const QUEUE_LIMIT = 512 * 1024

export class StreamSource implements ByteSource {
  readonly compression = null
  readonly size = null
  readonly name: string
  position = 0
  readonly #stream: Readable
  readonly #queue: Uint8Array[] = []
  #queued = 0
  /** Octets already taken from the first chunk of the queue. */
  #taken = 0
  #ended = false
  #failure: unknown = null
  #wake: (() => void) | null = null

  constructor(name: string, stream: Readable) {
    this.name = name
    this.#stream = stream
    stream.on('data', (chunk: Uint8Array) => {
      this.#queue.push(chunk)
      this.#queued += chunk.length
      if (this.#queued >= QUEUE_LIMIT) stream.pause()
      this.#notify()
    })
    stream.on('end', () => {
      this.#ended = true
      this.#notify()
    })
    stream.on('close', () => {
      this.#ended = true
      this.#notify()
    })
    stream.on('error', (error) => {
      this.#failure = error
      this.#notify()
    })
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#queued === 0) {
      if (this.#failure !== null) throw asCaptureError('unreadable', 'cannot be read', this.#failure, this.name)
      if (this.#ended) return 0
      if (this.#stream.isPaused()) this.#stream.resume()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    let given = 0
    while (given < length && this.#queue.length > 0) {
      const chunk = this.#queue[0]
      const count = Math.min(chunk.length - this.#taken, length - given)
      into.set(chunk.subarray(this.#taken, this.#taken + count), at + given)
      given += count
      this.#taken += count
      if (this.#taken === chunk.length) {
        this.#queue.shift()
        this.#taken = 0
      }
    }
    this.#queued -= given
    this.position += given
    if (this.#queued < QUEUE_LIMIT && this.#stream.isPaused()) this.#stream.resume()
    return given
  }

  async close(): Promise<void> {
    this.#stream.destroy()
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}

/** A stream on an open pipe, which it closes in the end. */
export function socketOn(descriptor: number): Socket {
  return new Socket({ fd: descriptor, readable: true, writable: false })
}
