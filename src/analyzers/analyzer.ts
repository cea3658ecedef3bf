/** What every analyzer is: a fold over packets that can be split anywhere and merged exactly. */
import type { StreamMapping } from '../flow/streams.ts'
import type { Packet } from '../packet/packet.ts'
import type { Need } from '../protocols/field.ts'

export interface Analyzer<Result> {
  /** State across packets that must be kept for it. */
  readonly needs: readonly Need[]
  /** Hot: folds in one decoded packet. */
  observe(packet: Packet): void
  /** The packet observed last is one that was asked for (`RunOptions.wholeFlows`). */
  mark?(): void
  /**
   * Absorbs an analyzer of the same kind that saw the packets after this one's; the outcome is that of one that saw
   * them all. `mapping` says which stream of the whole each stream of the later part is.
   */
  merge(later: this, mapping: StreamMapping): void
  /**
   * Its state as plain data, to be carried to another thread; this object is not used afterwards. Analyzers without it need all
   * packets in one thread.
   */
  save?(): unknown
  /**
   * Takes over what `save` gave of a part, of which `packetsBefore` packets came before. The analyzer is new, and good for nothing
   * but being merged into that of the part before.
   */
  load?(state: unknown, packetsBefore: number): void
  /**
   * Whether it had no room for something that came, which it counted as the rest. A part that is merged into another must not have:
   * what it left out may be what the other kept.
   */
  readonly hasLeftOut?: boolean
  /** Plain, sorted data; never depends on the order of a hash table. */
  result(): Result
}

/** A moment: seconds since 1970 and nanoseconds of the second. A double cannot hold both. */
export interface Moment {
  readonly seconds: number
  readonly nanoseconds: number
}

/** One side of a conversation. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}
