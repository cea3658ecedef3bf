/** A capture in memory, given whole or in pieces of any length. */
import { decompressed } from '../src/source/open.ts'
import type { ByteSource } from '../src/source/source.ts'
import type { Random } from './random.ts'

export class MemorySource implements ByteSource {
  readonly compression = null
  readonly name: string
  readonly size: number | null
  readonly isImmediate: boolean
  position = 0
  readonly #bytes: Uint8Array
  readonly #pieces: Random | null

  /** With `pieces` the octets come in lengths that it draws, as from a pipe. */
  constructor(name: string, bytes: Uint8Array, pieces: Random | null) {
    this.name = name
    this.size = pieces === null ? bytes.length : null
    this.isImmediate = pieces === null
    this.#bytes = bytes
    this.#pieces = pieces
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    const left = this.#bytes.length - this.position
    const wanted = this.#pieces === null ? length : Math.min(length, this.#pieces.few(300))
    const count = Math.min(left, wanted)
    into.set(this.#bytes.subarray(this.position, this.position + count), at)
    this.position += count
    return count
  }

  async close(): Promise<void> {}
}

export function openMemory(name: string, bytes: Uint8Array, pieces: Random | null): Promise<ByteSource> {
  // How much comes out before the damage depends on how much went in at once.
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  return decompressed(new MemorySource(name, bytes, isPacked ? null : pieces))
}
