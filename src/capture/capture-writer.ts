/** What the writers of every format have in common. */
import type { Packet } from '../packet/packet.ts'
import type { CaptureInfo } from './info.ts'

export interface CaptureWriter {
  /** Packets written. */
  readonly packets: number
  /** Octets written, headers included. */
  readonly bytes: number
  /** Nobody reads the pipe any more: stop. */
  readonly closed: boolean
  /** The packets that follow come from this capture: give it to `ReadOptions.onStart`. */
  from(info: CaptureInfo): void
  /** Hot: copies the record. Throws a `CaptureError` if it cannot be written. */
  write(packet: Packet): void
  /** Hands on what is buffered, for a live capture that someone watches. */
  flush(): void
  /** Writes the header if there was no packet, and lets go of the file. */
  close(): void
}
