/**
 * A message over TCP of which segments are still missing: Wireshark's "multi-segment PDU". Knows sequence numbers and
 * octets, nothing of protocols.
 */

/** Octets kept of one message; of a longer one the rest is counted, and the message is shown cut. */
export const MAX_MESSAGE = 4 * 1_048_576
/** Pieces kept that lie behind a hole, and their octets; those past it are lost to the message. */
const MAX_PIECES = 1024

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

export class UnfinishedMessage {
  /** Sequence number of its first octet. */
  readonly sequence: number
  /** Octets from there to where the next message begins, as far as is known. */
  length: number
  /** The decoder asked for whatever the next segment has. */
  takesWholeSegment = false
  /** Its octets have been handed to the decoder, and it asked for no more. */
  isDone = false
  /** Octets from the first on without a hole, on the wire; of them at most `MAX_MESSAGE` are kept. */
  reached = 0
  /** Where it ends, once a segment reached its end; -1 before. */
  total = -1
  #bytes = new Uint8Array(4096)
  #pieces: Piece[] = []

  constructor(sequence: number, length: number) {
    this.sequence = sequence
    this.length = length
  }

  /** Octets of memory that it holds. */
  get size(): number {
    let size = this.#bytes.length
    for (const piece of this.#pieces) size += piece.bytes.length
    return size
  }

  /** Adds `length` octets at `at`, which lie at `offset` of the message. `isLast`: they reach its end. Returns whether it is whole now. */
  add(bytes: Uint8Array, at: number, length: number, offset: number, isLast: boolean): boolean {
    if (this.isDone) return false
    if (isLast && this.total < 0) this.total = offset + length
    if (offset > this.reached) {
      if (this.#pieces.length < MAX_PIECES && offset + length <= MAX_MESSAGE)
        this.#pieces.push({ offset, bytes: bytes.slice(at, at + length) })
      return false
    }
    this.#append(bytes, at, length, offset)
    this.#closeHoles()
    return this.total >= 0 && this.reached >= this.total
  }

  /** The decoder wants more: the message is whole only when a later segment reaches the new end. */
  reopen(): void {
    this.total = -1
  }

  /** Writes what is kept of the message to `target`, as far as it fits there; returns the number of octets. */
  write(into: Uint8Array, target: number): number {
    const length = Math.min(this.total, this.reached, MAX_MESSAGE, into.length - target)
    into.set(this.#bytes.subarray(0, length), target)
    return length
  }

  /** Lets go of the octets; what is left says only which part of the stream has been dealt with. */
  finish(): void {
    this.isDone = true
    this.#bytes = NO_BYTES
    this.#pieces = []
  }

  #append(bytes: Uint8Array, at: number, length: number, offset: number): void {
    const end = offset + length
    if (end <= this.reached) return
    const kept = Math.min(end, MAX_MESSAGE)
    if (kept > this.reached) {
      if (kept > this.#bytes.length) {
        const grown = new Uint8Array(Math.min(MAX_MESSAGE, Math.max(kept, 2 * this.#bytes.length)))
        grown.set(this.#bytes)
        this.#bytes = grown
      }
      const from = at + this.reached - offset
      this.#bytes.set(bytes.subarray(from, at + kept - offset), this.reached)
    }
    this.reached = end
  }

  #closeHoles(): void {
    let found = this.#pieces.length > 0
    while (found) {
      found = false
      for (let i = 0; i < this.#pieces.length; i++) {
        const { offset, bytes } = this.#pieces[i]
        if (offset > this.reached) continue
        this.#append(bytes, 0, bytes.length, offset)
        this.#pieces.splice(i, 1)
        found = true
        break
      }
    }
  }
}

const NO_BYTES = new Uint8Array(0)
