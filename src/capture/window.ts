/**
 * The part of the capture that is in memory. While its records are decoded the next block is being read into a second
 * buffer; the tail of an unfinished record is then copied in front of that block.
 *
 *   | headroom ... tail | block read from the source | scratch area |
 *                       ^ at                         ^ end
 *
 * Nothing is sized by what the file claims: buffers grow only once an unfinished record has really filled them.
 */
import { SCRATCH_LENGTH } from '../packet/packet.ts'
import type { ByteSource } from '../source/source.ts'
import { asCaptureError, type CaptureError } from './errors.ts'
import { SpareBlocks } from './spare-blocks.ts'

/** Octets of a block. Measured over 1 GB of small and of mixed packets, Node 20: from 64 KiB to 1 MiB nothing differs but memory. */
const BLOCK_LENGTH = 512 * 1024
/** Room for the tail of an unfinished record: the longest ordinary record (see `limits.ts`) and its header. */
const HEADROOM = 256 * 1024 + 1024
/** Shorter files get buffers that fit; shorter than this they are not worth tailoring. */
const SMALLEST_BLOCK = 4096
/** Instead of a number of octets: the reader was told to give up waiting. */
const ABORTED = -1

/**
 * Where blocks begin matters: copying from the page cache takes four times as long if its target lies up to 32 octets behind its
 * source, modulo a page (measured on an AMD EPYC: each load seems to wait for a store to what looks like the same address). Where the
 * buffer lies is not known here, so two places are tried.
 */
const OTHER_PLACE = 2048
/** Octets of a file below which that is not worth it, and how much faster the other place must be. */
const WORTH_TRYING = 32 * 1024 * 1024
const MUCH_FASTER = 0.7

export class Window {
  bytes: Uint8Array
  /** First octet that is not yet consumed. The reader of records moves it on. */
  at: number
  /** One past the last octet that is here. */
  end: number
  /** One past the room for octets, where the scratch area begins. */
  scratch: number
  /** The source failed: `more` has said that nothing follows. */
  failure: CaptureError | null = null
  /** The signal said to stop: what follows is unknown. */
  aborted = false

  readonly #source: ByteSource
  readonly #signal: AbortSignal | undefined
  readonly #spare: SpareBlocks
  readonly #onAbort = (): void => this.#giveUp?.(ABORTED)
  /** Ends the wait for the source that is under way. */
  #giveUp: ((count: number) => void) | null = null
  #headroom: number
  /** Octets of the scratch area. */
  readonly #scratchLength: number
  #other: Uint8Array | null = null
  /** A read into `#other` from `#headroom` on. */
  #pending: Promise<number> | null = null
  #ended = false
  #isPlaced = false
  /** Offset in the capture of the first octet of `bytes`. */
  #base: number

  /** `gap` octets of the capture behind its header are left out, and count in offsets all the same. */
  constructor(
    source: ByteSource,
    signal?: AbortSignal,
    scratchLength = SCRATCH_LENGTH,
    gap = 0,
    spare = new SpareBlocks(),
  ) {
    this.#scratchLength = scratchLength
    this.#spare = spare
    this.#source = source
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort)
    const fits = source.size !== null && source.compression === null && source.size < BLOCK_LENGTH
    const block = fits ? Math.max(SMALLEST_BLOCK, source.size + 1) : BLOCK_LENGTH
    this.#headroom = Math.min(block, HEADROOM)
    this.scratch = this.#headroom + block + OTHER_PLACE
    this.bytes = spare.take(this.scratch + scratchLength)
    this.at = this.#headroom
    this.end = this.#headroom
    this.#base = gap - this.#headroom
  }

  /** Offset in the capture of what is at `position` of the window. */
  offset(position: number): number {
    return this.#base + position
  }

  /** Where in the window an offset of the capture is, or would be. */
  position(offset: number): number {
    return offset - this.#base
  }

  /**
   * Brings in at least one octet behind `end`, keeping those from `at` on, perhaps elsewhere (`bytes` and `at` change).
   * False: there is nothing more, because the source ended, failed or was abandoned.
   */
  async more(): Promise<boolean> {
    if (this.#ended) return false
    if (this.#source.isImmediate === true && this.#pending === null && this.end - this.at <= this.#headroom)
      return this.#refill()
    const count = await this.#next()
    if (count <= 0) {
      this.#ended = true
      this.aborted = count === ABORTED
      return false
    }
    const tail = this.end - this.at
    const fresh = this.#other as Uint8Array
    if (tail > count && this.end + count <= this.scratch) {
      // A long record from a source that gives little at a time: moving the tail for each piece would be quadratic.
      this.bytes.set(fresh.subarray(this.#headroom, this.#headroom + count), this.end)
      this.end += count
    } else if (tail <= this.#headroom) {
      const front = this.#headroom - tail
      if (tail > 0) fresh.set(this.bytes.subarray(this.at, this.end), front)
      this.#other = this.bytes
      this.bytes = fresh
      this.#base += this.at - front
      this.at = front
      this.end = this.#headroom + count
    } else this.#grow(fresh, tail, count)
    this.#pending = this.#source.isImmediate === true ? null : this.#read()
    return true
  }

  /** `more` where the octets are there at once: the block is read over the one before. */
  async #refill(): Promise<boolean> {
    if (!this.#isPlaced) this.#place()
    const front = this.#headroom - (this.end - this.at)
    this.bytes.copyWithin(front, this.at, this.end)
    this.#base += this.at - front
    this.at = front
    this.end = this.#headroom
    let count = ABORTED
    try {
      if (this.#signal?.aborted !== true)
        count = await this.#source.read(this.bytes, this.#headroom, this.scratch - this.#headroom)
    } catch (error) {
      this.failure = asCaptureError('unreadable', 'cannot be read', error, this.#source.name)
      count = 0
    }
    if (count <= 0) {
      this.#ended = true
      this.aborted = count === ABORTED
      return false
    }
    this.end += count
    return true
  }

  /** Chooses where blocks begin in the buffer. */
  #place(): void {
    this.#isPlaced = true
    const source = this.#source
    if (source.timeOf === undefined || source.size === null || source.size < WORTH_TRYING) return
    const length = this.scratch - this.#headroom - OTHER_PLACE
    const times = [Infinity, Infinity]
    // Twice each: memory that is used for the first time is slow anywhere.
    for (const place of [0, 1, 0, 1]) {
      const time = source.timeOf(this.bytes, this.#headroom + place * OTHER_PLACE, length)
      times[place] = Math.min(times[place], time)
    }
    if (times[1] < times[0] * MUCH_FASTER) this.#headroom += OTHER_PLACE
  }

  /** Consumes `length` octets, which need not be here yet, without keeping them. False: the source ended before. */
  async skip(length: number): Promise<boolean> {
    let left = length
    while (left > this.end - this.at) {
      left -= this.end - this.at
      this.at = this.end
      if (!(await this.more())) return false
    }
    this.at += left
    return true
  }

  /** The source is left alone from here on; whoever opened it closes it. */
  release(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#spare.give(this.bytes)
    // A read that was given up may still write to the other one.
    if (this.#other !== null && this.#pending === null && !this.aborted) this.#spare.give(this.#other)
  }

  async #next(): Promise<number> {
    try {
      const pending = this.#pending ?? this.#read()
      this.#pending = null
      return await (this.#signal === undefined ? pending : this.#orAborted(pending, this.#signal))
    } catch (error) {
      this.failure = asCaptureError('unreadable', 'cannot be read', error, this.#source.name)
      return 0
    }
  }

  /** Not `Promise.race`: that would add one more reaction to the same promise for each block of an endless capture. */
  #orAborted(pending: Promise<number>, signal: AbortSignal): Promise<number> {
    if (signal.aborted) return Promise.resolve(ABORTED)
    return new Promise((resolve, reject) => {
      this.#giveUp = resolve
      pending.then(resolve, reject)
    })
  }

  #read(): Promise<number> {
    this.#other ??= this.#spare.take(this.scratch + this.#scratchLength)
    const pending = this.#source.read(this.#other, this.#headroom, this.scratch - this.#headroom)
    // Looked at in `#next`; nobody may be waiting when it fails.
    pending.catch(() => 0)
    return pending
  }

  /** Doubles the buffers: the unfinished record of `tail` octets has outgrown the headroom. */
  #grow(fresh: Uint8Array, tail: number, count: number): void {
    const headroom = 2 * (tail + count)
    const scratch = headroom + this.scratch - this.#headroom
    const bytes = new Uint8Array(scratch + this.#scratchLength)
    const front = headroom - tail
    bytes.set(this.bytes.subarray(this.at, this.end), front)
    bytes.set(fresh.subarray(this.#headroom, this.#headroom + count), headroom)
    this.#base += this.at - front
    this.bytes = bytes
    this.at = front
    this.end = headroom + count
    this.scratch = scratch
    this.#headroom = headroom
    this.#other = null
  }
}
