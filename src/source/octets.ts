/** Reads a source in exact pieces, for the decompressors: headers, blocks. */
import type { ByteSource } from './source.ts'

const BUFFER_LENGTH = 64 * 1024

export class Octets {
  readonly #source: ByteSource
  readonly #buffer = new Uint8Array(BUFFER_LENGTH)
  #at = 0
  #end = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** Octets of the source that were taken or passed over. */
  get position(): number {
    return this.#source.position - (this.#end - this.#at)
  }

  /** Fills `into` up to `length` octets; says how many, which is fewer only at the end of the source. */
  async take(into: Uint8Array, length: number): Promise<number> {
    let taken = 0
    while (taken < length) {
      if (this.#at === this.#end && !(await this.#fill())) break
      const count = Math.min(length - taken, this.#end - this.#at)
      into.set(this.#buffer.subarray(this.#at, this.#at + count), taken)
      this.#at += count
      taken += count
    }
    return taken
  }

  /** Passes over `length` octets; says how many there were. */
  async skip(length: number): Promise<number> {
    let passed = 0
    while (passed < length) {
      if (this.#at === this.#end && !(await this.#fill())) break
      const count = Math.min(length - passed, this.#end - this.#at)
      this.#at += count
      passed += count
    }
    return passed
  }

  async #fill(): Promise<boolean> {
    this.#at = 0
    this.#end = await this.#source.read(this.#buffer, 0, BUFFER_LENGTH)
    return this.#end > 0
  }
}
