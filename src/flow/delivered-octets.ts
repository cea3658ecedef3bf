/**
 * The latest octets of a byte stream that were delivered, to compare with when some of them come again: a copy may differ
 * (a middlebox rewrote it, or somebody wants two readers to see two things), and may bring what was missing.
 */

/** Octets remembered: two windows of the usual size. */
export const REMEMBERED = 256 * 1024

/** What a copy of octets that had their turn turned out to be. */
export interface Copy {
  /** Of those that can be compared: how many differ from what was delivered. */
  differing: number
  /** How many had been given up as missing, and come too late. */
  late: number
}

export class DeliveredOctets {
  // A ring by position. Octets that were passed over are not known; made when the first octet is delivered.
  #octets = NOTHING
  #known = NOTHING
  /** One past the last position that was delivered or passed over. */
  #end = 0

  /** The next `length` octets were delivered; they begin at `position`. */
  deliver(position: number, bytes: Uint8Array, at: number, length: number): void {
    if (this.#octets.length === 0) {
      this.#octets = new Uint8Array(REMEMBERED)
      this.#known = new Uint8Array(REMEMBERED)
    }
    // Only the last of a piece longer than the ring remain.
    const kept = Math.min(length, REMEMBERED)
    const from = at + length - kept
    const slot = (position + length - kept) % REMEMBERED
    const first = Math.min(kept, REMEMBERED - slot)
    this.#octets.set(bytes.subarray(from, from + first), slot)
    this.#octets.set(bytes.subarray(from + first, from + kept), 0)
    this.#mark(position, length, 1)
  }

  /** The next `length` octets were not delivered and never will be. */
  passOver(position: number, length: number): void {
    if (this.#known.length > 0) this.#mark(position, length, 0)
    else this.#end = position + length
  }

  /** Compares `captured` octets at `at` with what was delivered at `position`; all of it lies before the end. */
  compare(position: number, bytes: Uint8Array, at: number, captured: number, copy: Copy): void {
    if (this.#known.length === 0) return
    const oldest = this.#end - REMEMBERED
    for (let i = Math.max(0, oldest - position); i < captured; i++) {
      const slot = (position + i) % REMEMBERED
      if (this.#known[slot] === 0) copy.late++
      else if (this.#octets[slot] !== bytes[at + i]) copy.differing++
    }
  }

  #mark(position: number, length: number, known: 0 | 1): void {
    this.#end = position + length
    const kept = Math.min(length, REMEMBERED)
    const slot = (this.#end - kept) % REMEMBERED
    const first = Math.min(kept, REMEMBERED - slot)
    this.#known.fill(known, slot, slot + first)
    this.#known.fill(known, 0, kept - first)
  }
}

const NOTHING = new Uint8Array(0)
