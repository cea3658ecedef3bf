/** Fragments that wait for the rest of their datagram. They are used again: a capture may have millions. */

export interface Fragment {
  /** Where its octets lie in the datagram, and how many they are. */
  readonly offset: number
  readonly length: number
  /** Its octets are the first of these. */
  readonly bytes: Uint8Array
  /** The packet that brought it. */
  readonly number: number
  /** It claims to be the last one, of a datagram of another length than the first that claimed so. */
  readonly isOtherTail: boolean
}

type Reusable = { -readonly [K in keyof Fragment]: Fragment[K] }

// Room comes in powers of two, from 64 octets to 64 KiB.
const SMALLEST_BITS = 6
const LARGEST_BITS = 16
/** Octets kept for use again, of each size. */
const MAX_IDLE = 512 * 1024

export class FragmentPool {
  readonly #idle: Reusable[][] = Array.from({ length: LARGEST_BITS - SMALLEST_BITS + 1 }, () => [])

  /** Copies the `length` octets at `at`, 65,536 at most. */
  take(bytes: Uint8Array, at: number, length: number, offset: number, number: number, isOtherTail: boolean): Fragment {
    const size = sizeOf(length)
    const fragment = this.#idle[size].pop() ?? {
      offset,
      length,
      bytes: new Uint8Array(1 << (size + SMALLEST_BITS)),
      number,
      isOtherTail,
    }
    fragment.offset = offset
    fragment.length = length
    fragment.number = number
    fragment.isOtherTail = isOtherTail
    fragment.bytes.set(bytes.subarray(at, at + length))
    return fragment
  }

  /** Nobody will look at these again. */
  giveBack(fragments: readonly Fragment[]): void {
    for (const fragment of fragments) {
      const size = sizeOf(fragment.length)
      const idle = this.#idle[size]
      if ((idle.length + 1) << (size + SMALLEST_BITS) <= MAX_IDLE) idle.push(fragment)
    }
  }
}

function sizeOf(length: number): number {
  return length <= 1 << SMALLEST_BITS ? 0 : 32 - Math.clz32(length - 1) - SMALLEST_BITS
}
