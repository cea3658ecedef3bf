/**
 * Puts fragments of a datagram together again. Knows octets and keys, nothing of IP.
 *
 * Follows what Wireshark shows: every fragment but the one that completes the datagram is opaque; that one carries the
 * whole. Memory is bounded: past the ceilings the oldest unfinished datagrams are given up and counted.
 */

/** Octets of fragments kept at most, over all unfinished datagrams. */
const MAX_OCTETS = 32 * 1_048_576
/** Unfinished datagrams kept at most. */
const MAX_DATAGRAMS = 8192
/** Fragments of one datagram kept at most: 65,535 octets in the smallest legal fragments of 8. */
const MAX_FRAGMENTS = 8192
/** The largest datagram that the 13-bit fragment offset and a 16-bit length can name. */
const MAX_DATAGRAM = 65_536

interface Fragment {
  readonly offset: number
  readonly bytes: Uint8Array
}

interface Datagram {
  readonly fragments: Fragment[]
  octets: number
  /** Length of the whole, known once the last fragment was seen; -1 before. */
  length: number
}

export class Reassembler {
  readonly #datagrams = new Map<string, Datagram>()
  #octets = 0
  /** Unfinished datagrams given up because a ceiling was reached. */
  abandoned = 0

  /**
   * Adds one fragment: `length` octets at `at`, which lie at `offset` of the datagram named `key`.
   * Returns the length of the whole datagram if this fragment completes it, having written it to `target` of `bytes`;
   * -1 while octets are missing, or when the whole does not fit behind `target`.
   */
  add(
    key: string,
    bytes: Uint8Array,
    at: number,
    length: number,
    offset: number,
    more: boolean,
    target: number,
  ): number {
    if (offset + length > MAX_DATAGRAM) return -1
    let datagram = this.#datagrams.get(key)
    if (datagram === undefined) {
      datagram = { fragments: [], octets: 0, length: -1 }
      this.#datagrams.set(key, datagram)
    }
    if (datagram.fragments.length >= MAX_FRAGMENTS) {
      this.#forget(key, datagram)
      this.abandoned++
      return -1
    }
    if (!more && datagram.length < 0) datagram.length = offset + length
    datagram.fragments.push({ offset, bytes: bytes.slice(at, at + length) })
    datagram.octets += length
    this.#octets += length
    if (datagram.length >= 0 && datagram.octets >= datagram.length && isWhole(datagram)) {
      this.#forget(key, datagram)
      if (target + datagram.length > bytes.length) return -1
      // The first octets to arrive win where fragments overlap, as in Wireshark.
      for (let i = datagram.fragments.length - 1; i >= 0; i--) {
        const fragment = datagram.fragments[i]
        const room = datagram.length - fragment.offset
        if (room > 0)
          bytes.set(
            room < fragment.bytes.length ? fragment.bytes.subarray(0, room) : fragment.bytes,
            target + fragment.offset,
          )
      }
      return datagram.length
    }
    while (this.#octets > MAX_OCTETS || this.#datagrams.size > MAX_DATAGRAMS) {
      const [oldest, old] = this.#datagrams.entries().next().value as [string, Datagram]
      this.#forget(oldest, old)
      this.abandoned++
    }
    return -1
  }

  #forget(key: string, datagram: Datagram): void {
    this.#datagrams.delete(key)
    this.#octets -= datagram.octets
  }
}

/** Whether the fragments cover every octet from 0 to the datagram's length. */
function isWhole(datagram: Datagram): boolean {
  const sorted = datagram.fragments.toSorted((a, b) => a.offset - b.offset)
  let reached = 0
  for (const fragment of sorted) {
    if (fragment.offset > reached) return false
    reached = Math.max(reached, fragment.offset + fragment.bytes.length)
  }
  return reached >= datagram.length
}
