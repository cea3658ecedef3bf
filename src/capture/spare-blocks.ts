/** Memory of a capture's blocks that the next capture of a run takes over: fresh memory costs more than reading a small capture. */

/** Octets that are not worth keeping: an endless record has needed them. */
const TOO_LONG = 16 * 1024 * 1024

/** Two blocks: one is decoded while the other is read. */
const MOST = 2

export class SpareBlocks {
  readonly #memory: ArrayBuffer[] = []

  /** `length` octets; what they hold is left from before. */
  take(length: number): Uint8Array {
    const at = this.#memory.findIndex(({ byteLength }) => byteLength >= length)
    return at < 0 ? new Uint8Array(length) : new Uint8Array(this.#memory.splice(at, 1)[0], 0, length)
  }

  /** What `take` gave: nobody reads or writes it any more. */
  give({ buffer }: Uint8Array): void {
    if (buffer.byteLength > TOO_LONG || !(buffer instanceof ArrayBuffer)) return
    this.#memory.push(buffer)
    // The shortest one goes.
    if (this.#memory.length > MOST) this.#memory.sort((a, b) => b.byteLength - a.byteLength).pop()
  }
}
