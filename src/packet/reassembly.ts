/**
 * Puts fragments of a datagram together again. Knows octets and keys, nothing of IP.
 *
 * Follows what Wireshark shows: every fragment but the one that completes the datagram is opaque; that one carries the
 * whole. Memory is bounded: past the ceilings the oldest unfinished datagrams are given up and counted.
 */
import { type Fragment, FragmentPool } from './fragment-pool.ts'

/** Octets of fragments kept at most, over all unfinished datagrams. */
const MAX_OCTETS = 32 * 1_048_576
/** Unfinished datagrams kept at most. */
const MAX_DATAGRAMS = 8192
/** Fragments of one datagram kept at most: 65,535 octets in the smallest legal fragments of 8. */
const MAX_FRAGMENTS = 8192
/** The largest datagram that the 13-bit fragment offset and a 16-bit length can name. */
const MAX_DATAGRAM = 65_536

export interface ReassemblyLimits {
  octets?: number
  datagrams?: number
  fragments?: number
}

/** A datagram that was put together. */
export interface Assembly {
  /** By offset, copies included. */
  readonly fragments: readonly Fragment[]
  /** Where it lies: first octet, and how many. */
  readonly at: number
  readonly length: number
}

interface Datagram {
  /** By offset; of equal ones the first to arrive stands first. */
  readonly fragments: Fragment[]
  octets: number
  /** Length of the whole, known once the last fragment was seen; -1 before. */
  length: number
  /** The first `joined` fragments cover every octet up to `reached`, without a hole. */
  joined: number
  reached: number
}

export class Reassembler {
  readonly #datagrams = new Map<string, Datagram>()
  readonly #maxOctets: number
  readonly #maxDatagrams: number
  readonly #maxFragments: number
  readonly #pool = new FragmentPool()
  /** Datagrams that were completed, whose fragments may still be looked at. */
  readonly #done: Datagram[] = []
  #octets = 0
  /** Unfinished datagrams given up because a ceiling was reached. */
  abandoned = 0
  /** The last datagram that was completed. */
  completed: Assembly | null = null

  /** The ceilings can be lowered, for tests. */
  constructor(limits: ReassemblyLimits = {}) {
    this.#maxOctets = limits.octets ?? MAX_OCTETS
    this.#maxDatagrams = limits.datagrams ?? MAX_DATAGRAMS
    this.#maxFragments = limits.fragments ?? MAX_FRAGMENTS
  }

  /** Datagrams of which octets are missing. */
  get unfinished(): number {
    return this.#datagrams.size
  }

  /**
   * Adds one fragment: `length` octets at `at`, which lie at `offset` of the datagram named `key`; packet `number` brought it.
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
    number = 0,
  ): number {
    if (offset + length > MAX_DATAGRAM) return -1
    let datagram = this.#datagrams.get(key)
    if (datagram === undefined) {
      datagram = { fragments: [], octets: 0, length: -1, joined: 0, reached: 0 }
      this.#datagrams.set(key, datagram)
    }
    // Where two fragments claim to be the last, the first of them is believed.
    if (!more && datagram.length < 0) datagram.length = offset + length
    const place = placeOf(datagram, offset)
    const isOtherTail = !more && datagram.length !== offset + length
    insert(datagram, place, this.#pool.take(bytes, at, length, offset, number, isOtherTail))
    this.#octets += length
    if (datagram.length >= 0 && datagram.reached >= datagram.length) {
      this.#forget(key, datagram)
      this.#done.push(datagram)
      if (target + datagram.length > bytes.length) return -1
      write(datagram, bytes, target)
      this.completed = { fragments: datagram.fragments, at: target, length: datagram.length }
      return datagram.length
    }
    if (datagram.fragments.length >= this.#maxFragments) {
      this.#abandon(key, datagram)
    }
    while (this.#octets > this.#maxOctets || this.#datagrams.size > this.#maxDatagrams) {
      const [oldest, old] = this.#datagrams.entries().next().value as [string, Datagram]
      this.#abandon(oldest, old)
    }
    return -1
  }

  /** The fragments of the datagrams completed so far will not be looked at any more. */
  release(): void {
    for (const { fragments } of this.#done) this.#pool.giveBack(fragments)
    this.#done.length = 0
  }

  #abandon(key: string, datagram: Datagram): void {
    this.#forget(key, datagram)
    this.#pool.giveBack(datagram.fragments)
    this.abandoned++
  }

  #forget(key: string, datagram: Datagram): void {
    this.#datagrams.delete(key)
    this.#octets -= datagram.octets
  }
}

/** Where a fragment at `offset` belongs: behind all that do not begin later. */
function placeOf({ fragments }: Datagram, offset: number): number {
  let low = 0
  let high = fragments.length
  // Fragments mostly come in order.
  if (high > 0 && fragments[high - 1].offset <= offset) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (fragments[middle].offset <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Puts the fragment in its place and moves on what is known to be without a hole. */
function insert(datagram: Datagram, place: number, fragment: Fragment): void {
  const { fragments } = datagram
  if (place === fragments.length) fragments.push(fragment)
  else fragments.splice(place, 0, fragment)
  datagram.octets += fragment.length
  if (place < datagram.joined) {
    datagram.joined++
    datagram.reached = Math.max(datagram.reached, fragment.offset + fragment.length)
  }
  while (datagram.joined < fragments.length && fragments[datagram.joined].offset <= datagram.reached) {
    const next = fragments[datagram.joined++]
    datagram.reached = Math.max(datagram.reached, next.offset + next.length)
  }
}

/** Where fragments overlap, the one that starts earlier wins, as in Wireshark; octets past the end are dropped. */
function write(datagram: Datagram, bytes: Uint8Array, target: number): void {
  let written = 0
  for (const fragment of datagram.fragments) {
    const end = Math.min(fragment.offset + fragment.length, datagram.length)
    if (end <= written) continue
    bytes.set(fragment.bytes.subarray(written - fragment.offset, end - fragment.offset), target + written)
    written = end
  }
}
