/** What a capture file says about itself, and how far it could be read. */
import type { RecordSection } from '../packet/packet.ts'
import type { CaptureError } from './errors.ts'

export interface InterfaceInfo {
  readonly linkType: number
  readonly linkTypeName: string
  /** Captured octets of a packet at most, as the file claims; 0 if it claims no limit. */
  readonly snaplen: number
  /** Of its timestamps: `microseconds`, `nanoseconds`, `2^-20 seconds`. */
  readonly resolution: string
  /** The same as pcapng writes it (§4.2, "if_tsresol"): n for 10^-n seconds, 128 + n for 2^-n. */
  readonly resolutionCode: number
  /** Packets of this interface that were read. */
  packets: number
  name?: string
  description?: string
  filter?: string
  os?: string
}

/** What lies between damage and the record at which reading went on. */
export interface Gap {
  /** Offset of the record that is damaged. */
  readonly offset: number
  /** Octets that were passed over. */
  bytes: number
  /** False: no record was found up to the end. */
  isClosed: boolean
  /** What was wrong. */
  readonly message: string
}

export interface Skipped {
  gaps: number
  bytes: number
  /** The first of them (`MAX_GAPS_TOLD`). */
  readonly first: Gap[]
}

/** Is handed a block of `length` octets at `at`, in the byte order of its section. They are there during the call only. */
export type OnBlock = (bytes: Uint8Array, at: number, length: number, section: RecordSection) => void

export interface CaptureInfo {
  readonly file: string
  readonly format: 'pcap' | 'pcapng'
  /** Of the first section. */
  byteOrder: 'little-endian' | 'big-endian'
  /** Of the first interface. */
  resolution: string
  /** Of the first interface. */
  snaplen: number
  readonly interfaces: InterfaceInfo[]
  /** 1 in pcap. */
  sections: number
  /** Packets read. */
  packets: number
  /** Octets of the uncompressed capture that were read. */
  bytes: number
  /** The last record is incomplete: the input ends inside it, or the compressed input was cut. */
  truncated: boolean
  /** Where that record begins. */
  truncatedAt?: number
  /** What of the compressed input is missing, if that was cut. */
  truncation?: string
  /** What ended the reading, if it was not the end; the first damage, if reading went on behind it. */
  damage: CaptureError | null
  /** Read with `recover`: what was passed over. */
  skipped?: Skipped
  /** pcap: octets of frame check sequence at the end of each packet, if the header tells. */
  frameCheckLength?: number
  /** pcapng, read with `comments`: how many comments there are on sections, interfaces and packets. */
  comments?: number
  hardware?: string
  os?: string
  application?: string
  /**
   * pcapng: who wants the blocks that tell what a copy of the packets needs besides (keys to decrypt them, names of
   * addresses); `ReadOptions.onStart` may set it. Nothing that the capture says.
   */
  onBlock?: OnBlock
}
