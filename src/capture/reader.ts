/** What the readers of every format have in common. */
import type { CaptureInfo } from './info.ts'
import type { SpareBlocks } from './spare-blocks.ts'

/** Called for each record once the packet is filled; `true` stops the reading. */
export type OnPacket = () => boolean | void

/** What made `walk` return: all whole records in the window are done; stopped by `onPacket`; damage, see `info.damage`. */
export const MORE = 0
export const STOPPED = 1
export const DAMAGED = 2
/** A block that nobody reads is longer than the window: `skipLength` octets are to be passed over. */
export const SKIP = 3
/** The next record begins where the reader was told to stop. */
export const REACHED = 4

export interface RecordReader {
  readonly info: CaptureInfo
  /** With `SKIP`: how many octets. */
  readonly skipLength: number
  /** Hot: hands on the whole records that are in the window. */
  walk(onPacket: OnPacket): number
  /**
   * With `SKIP`, once all but the last `SKIPPED_END` octets of the block are behind: whether they are as they should be. `offset` is
   * where the block begins.
   */
  endsSkipped(offset: number): boolean
  /** Where in the window the search for the next record begins, after `DAMAGED`. */
  behindDamage(): number
  /**
   * Where in the window, from `at` on, a record can be recognised. If none is, less than 0: `-1 - result` is where to go on once there
   * is more; nothing more comes if `isEnd`. What is found depends on the octets alone, not on how many of them are here.
   */
  find(at: number, isEnd: boolean): number
}

/** Octets of a block that are looked at although it is skipped: its length, once more. */
export const SKIPPED_END = 4

export interface ReadOptions {
  /** Octets behind each block that decoding may write to; as many as two IP datagrams take if not given. */
  readonly scratchLength?: number
  /** Read the names, descriptions and comments that pcapng carries; for `info`, not for analysis. */
  readonly comments?: boolean
  /**
   * Called once before the first packet, with the object that will be returned. It grows while reading: interfaces of
   * pcapng stand in it before their first packet does.
   */
  readonly onStart?: (info: CaptureInfo) => void
  /** Stop before the first record that begins at this offset or behind; asked for each block. Of pcap alone. */
  readonly until?: () => number
  /** Octets of the capture behind its header that the source leaves out; offsets count them all the same. Of pcap alone. */
  readonly gap?: number
  /** Memory that the capture before has used. */
  readonly spare?: SpareBlocks
  /** Go on behind damage, at the next record that can be recognised. */
  readonly recover?: boolean
  /** Gives up waiting for the source. */
  readonly signal?: AbortSignal
}
