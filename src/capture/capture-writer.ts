/** What the writers of every format have in common. */
import type { Packet } from '../packet/packet.ts'
import type { CaptureInfo } from './info.ts'

/** What a writer needs to know of a packet. In pcapng, the octets around the record's own are the block that it was in. */
export type PacketRecord = Pick<
  Packet,
  | 'bytes'
  | 'start'
  | 'number'
  | 'seconds'
  | 'nanoseconds'
  | 'hasTime'
  | 'capturedLength'
  | 'originalLength'
  | 'linkType'
  | 'source'
>

export interface CaptureWriter {
  /** Packets written. */
  readonly packets: number
  /** Octets written, headers included. */
  readonly bytes: number
  /** Nobody reads the pipe any more: stop. */
  readonly closed: boolean
  /** What the captures read said besides their packets, and this format has no place for, in words: `packet comments`. */
  readonly lost: readonly string[]
  /** The packets that follow come from this capture: give it to `ReadOptions.onStart`. */
  from(info: CaptureInfo): void
  /** Hot: copies the record. Throws a `CaptureError` if it cannot be written. */
  write(packet: PacketRecord): void
  /** Hands on what is buffered, for a live capture that someone watches. */
  flush(): void
  /** Writes the header if there was no packet; the file is whole, and takes its name. */
  close(): void
  /** Something went wrong: nothing is left of the file, and what was there before stays. Nothing after `close`. */
  discard(): void
}
