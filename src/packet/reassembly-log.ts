/**
 * What a part of a capture rests on in putting fragments together, noted so that it can be told afterwards whether all would
 * have been the same with the packets before the part (`reassembly-check.ts`).
 */
import { growInt32 } from '../tables/grow.ts'
import { read32le } from './bytes.ts'
import type { Piece } from './datagram.ts'

/** A fragment without its octets, of which there is a hash. */
export interface HashedPiece extends Piece {
  readonly hash: number
}

/** A datagram of which octets are missing. */
export interface OpenDatagram {
  readonly key: string
  /** Of the whole; -1 if it is not known yet. */
  readonly length: number
  /** By offset. */
  readonly pieces: readonly HashedPiece[]
}

/** The log as plain data. */
export interface SavedReassemblyLog {
  readonly keys: readonly string[]
  /** `ROW_WIDTH` words for each fragment. */
  readonly rows: Int32Array
  readonly count: number
  readonly peakOctets: number
  readonly peakDatagrams: number
}

// Words of a row.
export const ROW_KEY = 0
export const ROW_OFFSET = 1
export const ROW_LENGTH = 2
export const ROW_HASH = 3
export const ROW_FACTS = 4
export const ROW_WIDTH = 5

// Facts, as bits: it claims to be the last; it made the datagram whole.
export const IS_LAST = 1
export const MADE_WHOLE = 2

export class ReassemblyLog {
  readonly #numbers = new Map<string, number>()
  #rows = new Int32Array(64 * ROW_WIDTH)
  #count = 0
  #peakOctets = 0
  #peakDatagrams = 0

  /** `octets` and `datagrams` are those kept when the fragment had come. */
  add(key: string, piece: HashedPiece, isLast: boolean, madeWhole: boolean, octets: number, datagrams: number): void {
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(key, number)
    }
    const at = this.#count++ * ROW_WIDTH
    this.#rows = growInt32(this.#rows, at + ROW_WIDTH - 1)
    const rows = this.#rows
    rows[at + ROW_KEY] = number
    rows[at + ROW_OFFSET] = piece.offset
    rows[at + ROW_LENGTH] = piece.length
    rows[at + ROW_HASH] = piece.hash
    rows[at + ROW_FACTS] = (isLast ? IS_LAST : 0) | (madeWhole ? MADE_WHOLE : 0)
    this.#peakOctets = Math.max(this.#peakOctets, octets)
    this.#peakDatagrams = Math.max(this.#peakDatagrams, datagrams)
  }

  save(): SavedReassemblyLog {
    return {
      keys: [...this.#numbers.keys()],
      rows: this.#rows.slice(0, this.#count * ROW_WIDTH),
      count: this.#count,
      peakOctets: this.#peakOctets,
      peakDatagrams: this.#peakDatagrams,
    }
  }
}

/** FNV-1a over words instead of octets; what a word changes at its top is brought down for the next. */
export function hashOctets(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5 | 0
  let at = 0
  for (; at + 4 <= length; at += 4) {
    hash = Math.imul(hash ^ read32le(bytes, at), 0x01000193)
    hash ^= hash >>> 15
  }
  for (; at < length; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
  return hash
}
