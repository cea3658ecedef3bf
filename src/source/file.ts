/** A regular file, read in as large pieces as the reader asks for. */
import * as fs from 'node:fs'
import { promisify } from 'node:util'
import { asCaptureError, CaptureError } from './errors.ts'
import type { ByteSource } from './source.ts'
import { StreamSource, socketOn } from './stream.ts'

// Descriptors rather than FileHandles, because a descriptor can be handed over to a socket.
const open = promisify(fs.open)
const close = promisify(fs.close)
const status = promisify(fs.fstat)
const read = promisify(fs.read)
/** The event loop has gone round once. */
const turn = promisify(setImmediate)

/**
 * Milliseconds for a mebibyte, past which a file is taken to come from a disk: from then on reading overlaps with decoding. What
 * is in the page cache is read at once, without another thread, which would take longer to wake than the read takes.
 */
const SLOW = 2
/** Slow reads in a row: one may be slow because the machine is busy. */
const MAX_SLOW_READS = 3
const MEBIBYTE = 1_048_576
const PAGE = 4096
/** Milliseconds after which the event loop gets its turn: signals and the progress bar wait for it. */
const TURN_AFTER = 20

class FileSource implements ByteSource {
  readonly compression = null
  readonly name: string
  readonly size: number
  position: number
  readonly #descriptor: number
  #reading: Promise<unknown> = Promise.resolve()
  #open = true
  /** Slow reads one after the other. */
  #slowReads = 0
  #turned = performance.now()

  constructor(name: string, descriptor: number, size: number, position = 0) {
    this.name = name
    this.#descriptor = descriptor
    this.size = size
    this.position = position
  }

  get isImmediate(): boolean {
    return this.#slowReads < MAX_SLOW_READS
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    if (!this.#open) return 0
    try {
      if (this.isImmediate) {
        if (performance.now() - this.#turned > TURN_AFTER) {
          await turn()
          this.#turned = performance.now()
        }
        return this.#readNow(into, at, length)
      }
      const reading = read(this.#descriptor, into, at, length, this.position)
      this.#reading = reading
      const { bytesRead } = await reading
      this.position += bytesRead
      return bytesRead
    } catch (error) {
      throw asCaptureError('unreadable', 'cannot be read', error, this.name)
    }
  }

  timeOf(into: Uint8Array, at: number, length: number): number {
    const start = performance.now()
    fs.readSync(this.#descriptor, into, at, length, this.position)
    return performance.now() - start
  }

  #readNow(into: Uint8Array, at: number, length: number): number {
    const start = performance.now()
    // Large reads end at pages, for the next to begin there.
    const past = length > MEBIBYTE / 4 ? (this.position + length) % PAGE : 0
    const count = fs.readSync(this.#descriptor, into, at, length - past, this.position)
    this.position += count
    this.#slowReads = performance.now() - start > SLOW * Math.max(1, count / MEBIBYTE) ? this.#slowReads + 1 : 0
    return count
  }

  /** Waits for a read under way: its descriptor may else be another file's by the time it is carried out. */
  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#reading.catch(() => 0)
    await close(this.#descriptor)
  }
}

/** Opens the regular file at `path`, and begins to read at `position`; null if it is something else. */
export async function openFileAt(path: string, position: number): Promise<ByteSource | null> {
  try {
    const descriptor = await open(path, 'r')
    const found = await status(descriptor)
    if (found.isFile()) return new FileSource(path, descriptor, found.size, position)
    await close(descriptor)
    return null
  } catch (error) {
    throw asCaptureError('unreadable', 'cannot be opened', error, path)
  }
}

/** Opens what lies at `path`: a regular file, or something that streams (a named pipe, a device). */
export async function openFile(path: string): Promise<ByteSource> {
  try {
    const descriptor = await open(path, 'r')
    const found = await status(descriptor)
    if (found.isFile()) return new FileSource(path, descriptor, found.size)
    if (found.isDirectory()) {
      await close(descriptor)
      throw new CaptureError('unreadable', 'cannot be read: is a directory', { file: path })
    }
    if (found.isFIFO()) return new StreamSource(path, socketOn(descriptor))
    return new StreamSource(path, fs.createReadStream(path, { fd: descriptor }))
  } catch (error) {
    throw asCaptureError('unreadable', 'cannot be opened', error, path)
  }
}
