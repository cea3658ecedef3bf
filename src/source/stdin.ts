/** Standard input: a file that the shell opened for us, a pipe, or a terminal. */
import { fstatSync, read as readDescriptor } from 'node:fs'
import { promisify } from 'node:util'
import { asCaptureError } from './errors.ts'
import type { ByteSource } from './source.ts'
import { StreamSource } from './stream.ts'

const read = promisify(readDescriptor)

const STANDARD_INPUT = 0

/** Redirected from a regular file: read like one, from where the shell's other programs left it. */
class RedirectedFile implements ByteSource {
  readonly compression = null
  readonly name = '-'
  readonly size: number
  position = 0

  constructor(size: number) {
    this.size = size
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    try {
      const { bytesRead } = await read(STANDARD_INPUT, into, at, length, null)
      this.position += bytesRead
      return bytesRead
    } catch (error) {
      throw asCaptureError('unreadable', 'cannot be read', error, this.name)
    }
  }

  async close(): Promise<void> {}
}

export function openStandardInput(): ByteSource {
  try {
    const status = fstatSync(STANDARD_INPUT)
    if (status.isFile()) return new RedirectedFile(status.size)
    return new StreamSource('-', process.stdin)
  } catch (error) {
    throw asCaptureError('unreadable', 'cannot be opened', error, '-')
  }
}
