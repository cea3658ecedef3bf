/** A source whose first octets were already looked at: they are given again, then the rest. No seek is needed. */
import type { ByteSource } from './source.ts'

export class PrefixedSource implements ByteSource {
  readonly name: string
  readonly size: number | null
  readonly compression = null
  readonly #inner: ByteSource
  #prefix: Uint8Array

  constructor(inner: ByteSource, prefix: Uint8Array) {
    this.name = inner.name
    this.size = inner.size
    this.#inner = inner
    this.#prefix = prefix
  }

  get position(): number {
    return this.#inner.position - this.#prefix.length
  }

  get isImmediate(): boolean {
    return this.#inner.isImmediate === true
  }

  timeOf(into: Uint8Array, at: number, length: number): number {
    return this.#inner.timeOf?.(into, at, length) ?? 0
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    const count = Math.min(this.#prefix.length, length)
    if (count === 0) return this.#inner.read(into, at, length)
    into.set(this.#prefix.subarray(0, count), at)
    this.#prefix = this.#prefix.subarray(count)
    // A file never makes one wait, so fill up: a handful of octets would be a poor first block.
    if (this.size !== null && count < length) return count + (await this.#inner.read(into, at + count, length - count))
    return count
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}
