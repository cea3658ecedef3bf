/** CRYPTO frames that came before what lies in front of them (RFC 9000 §7.5: at least 4096 octets must be kept). */

/** Octets kept for one direction and level, and frames. */
const MAX_OCTETS = 65_536
const MAX_FRAMES = 256

export interface EarlyFrame {
  /** Of its first octet in the handshake. */
  readonly offset: number
  readonly bytes: Uint8Array
}

export class EarlyFrames {
  readonly #frames: EarlyFrame[] = []
  #octets = 0

  get count(): number {
    return this.#frames.length
  }

  /** Keeps a copy of the octets from `at` to `end`, if there is room. */
  add(offset: number, bytes: Uint8Array, at: number, end: number): void {
    const length = end - at
    if (length === 0 || this.#octets + length > MAX_OCTETS || this.#frames.length === MAX_FRAMES) return
    this.#frames.push({ offset, bytes: bytes.slice(at, end) })
    this.#octets += length
  }

  /** Takes out a frame that begins at offset `reached` or before. */
  take(reached: number): EarlyFrame | undefined {
    const index = this.#frames.findIndex(({ offset }) => offset <= reached)
    if (index < 0) return undefined
    const [found] = this.#frames.splice(index, 1)
    this.#octets -= found.bytes.length
    return found
  }
}
