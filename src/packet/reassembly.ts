/**
 * Puts fragments of a datagram together again. Knows octets and keys, nothing of IP.
 *
 * Follows what Wireshark shows: every fragment but the one that completes the datagram is opaque; that one carries the
 * whole. Memory is bounded: past the ceilings the oldest unfinished datagrams are given up and counted.
 */
import { type Datagram, joinFragment, newDatagram } from './datagram.ts'
import { type Fragment, FragmentPool } from './fragment-pool.ts'
import { hashOctets, type OpenDatagram, type ReassemblyLog } from './reassembly-log.ts'

/** Octets of fragments kept at most, over all unfinished datagrams. */
export const MAX_OCTETS = 32 * 1_048_576
/** Unfinished datagrams kept at most. */
export const MAX_DATAGRAMS = 8192
/** Fragments of one datagram kept at most: 65,535 octets in the smallest legal fragments of 8. */
export const MAX_FRAGMENTS = 8192
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

export class Reassembler {
  readonly #datagrams = new Map<string, Datagram<Fragment>>()
  readonly #maxOctets: number
  readonly #maxDatagrams: number
  readonly #maxFragments: number
  readonly #pool = new FragmentPool()
  /** Datagrams that were completed, whose fragments may still be looked at. */
  readonly #done: Datagram<Fragment>[] = []
  #octets = 0
  /** Unfinished datagrams given up because a ceiling was reached. */
  abandoned = 0
  /** Notes every fragment, where that is wanted. */
  log: ReassemblyLog | null = null
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
      datagram = newDatagram()
      this.#datagrams.set(key, datagram)
    }
    const isOtherTail = !more && datagram.length >= 0 && datagram.length !== offset + length
    const fragment = this.#pool.take(bytes, at, length, offset, number, isOtherTail)
    const isWhole = joinFragment(datagram, fragment, !more)
    this.#octets += length
    if (this.log !== null) {
      const piece = { offset, length, hash: hashOctets(fragment.bytes, length) }
      this.log.add(key, piece, !more, isWhole, this.#octets, this.#datagrams.size)
    }
    if (isWhole) {
      this.#forget(key, datagram)
      this.#done.push(datagram)
      if (target + datagram.length > bytes.length) return -1
      write(datagram, bytes, target)
      this.completed = { fragments: datagram.fragments, at: target, length: datagram.length }
      return datagram.length
    }
    if (datagram.fragments.length >= this.#maxFragments) this.#abandon(key, datagram)
    while (this.#octets > this.#maxOctets || this.#datagrams.size > this.#maxDatagrams) {
      const [oldest, old] = this.#datagrams.entries().next().value as [string, Datagram<Fragment>]
      this.#abandon(oldest, old)
    }
    return -1
  }

  /** The datagrams of which octets are missing. */
  open(): OpenDatagram[] {
    return Array.from(this.#datagrams, ([key, { length, fragments }]) => ({
      key,
      length,
      pieces: fragments.map((piece) => ({
        offset: piece.offset,
        length: piece.length,
        hash: hashOctets(piece.bytes, piece.length),
      })),
    }))
  }

  /** The fragments of the datagrams completed so far will not be looked at any more. */
  release(): void {
    for (const { fragments } of this.#done) this.#pool.giveBack(fragments)
    this.#done.length = 0
  }

  #abandon(key: string, datagram: Datagram<Fragment>): void {
    this.#forget(key, datagram)
    this.#pool.giveBack(datagram.fragments)
    this.abandoned++
  }

  #forget(key: string, datagram: Datagram<Fragment>): void {
    this.#datagrams.delete(key)
    this.#octets -= datagram.octets
  }
}

/** Where fragments overlap, the one that starts earlier wins, as in Wireshark; octets past the end are dropped. */
function write(datagram: Datagram<Fragment>, bytes: Uint8Array, target: number): void {
  let written = 0
  for (const fragment of datagram.fragments) {
    const end = Math.min(fragment.offset + fragment.length, datagram.length)
    if (end <= written) continue
    bytes.set(fragment.bytes.subarray(written - fragment.offset, end - fragment.offset), target + written)
    written = end
  }
}
