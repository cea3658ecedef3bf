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

/**
 * Octets up to which a file is read without a thread of its own. Measured on two cores with Node 20, 36 MB in the page
 * cache: the threads that compile the program's hot code compete with the one that reads, and waiting for it took 18 ms
 * of 227. Beyond, reading overlaps with decoding, which is what a disk wants.
 */
const SMALL = 64 * 1024 * 1024

class FileSource implements ByteSource {
  readonly compression = null
  readonly name: string
  readonly size: number
  position = 0
  readonly #descriptor: number
  #reading: Promise<unknown> = Promise.resolve()
  #open = true

  constructor(name: string, descriptor: number, size: number) {
    this.name = name
    this.#descriptor = descriptor
    this.size = size
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    if (!this.#open) return 0
    try {
      if (this.size <= SMALL) {
        const count = fs.readSync(this.#descriptor, into, at, length, this.position)
        this.position += count
        return count
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

  /** Waits for a read under way: its descriptor may else be another file's by the time it is carried out. */
  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#reading.catch(() => 0)
    await close(this.#descriptor)
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
