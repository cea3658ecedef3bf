/** Writes pcap: draft-ietf-opsawg-pcap, drawn in `pcap.ts`. */
import type { RecordSource } from '../packet/packet.ts'
import type { CaptureWriter, PacketRecord } from './capture-writer.ts'
import { CaptureError } from './errors.ts'
import type { CaptureInfo } from './info.ts'
import { linkTypeName, PRIVATE_CUSTOM_BLOCK } from './link-types.ts'
import { LostMetadata } from './lost-metadata.ts'
import { type Output, write16le, write32le } from './output.ts'
import {
  FCS_PRESENT,
  FCS_SHIFT,
  FILE_HEADER_LENGTH,
  MAGIC_MICROSECONDS,
  MAGIC_NANOSECONDS,
  RECORD_HEADER_LENGTH,
} from './pcap.ts'

/** What capture programs write when they cut nothing off. */
const DEFAULT_SNAPLEN = 262_144
const ETHERNET = 1
/** `RecordSource.resolutionCode` of microseconds. */
const MICROSECONDS = 6
/** Seconds since 1970 have 32 bits, without a sign. */
const MAX_SECONDS = 0xffff_ffff
/** Octets of frame check sequence that the header can tell of: pairs of them, in 4 bits. */
const MAX_FRAME_CHECK = 30

/**
 * Little-endian. One link type and one resolution, those of the first packet's interface:
 * a packet that has another, or that would lose nanoseconds, is refused rather than bent.
 */
export class PcapWriter implements CaptureWriter {
  packets = 0
  readonly #output: Output
  readonly #lost = new LostMetadata()
  #info: CaptureInfo | null = null
  /** -1 until the file header is written. */
  #linkType = -1
  #nanoseconds = true

  constructor(output: Output) {
    this.#output = output
  }

  get bytes(): number {
    return this.#output.length
  }

  get closed(): boolean {
    return this.#output.closed
  }

  get lost(): readonly string[] {
    return this.#lost.list
  }

  from(info: CaptureInfo): void {
    this.#info = info
    info.onBlock = (bytes, at, _length, section) => this.#lost.block(bytes, at, section)
  }

  write(packet: PacketRecord): void {
    const { linkType, capturedLength } = packet
    if (linkType !== this.#linkType) {
      // A pcapng custom block is no packet, and pcap has nothing to put it in.
      if (linkType >= PRIVATE_CUSTOM_BLOCK) return
      if (this.#linkType >= 0) throw this.#refuse(this.#mixed(packet))
      this.#header(linkType, packet.source)
    }
    if (packet.seconds < 0 || packet.seconds > MAX_SECONDS)
      throw this.#refuse(`packet ${packet.number} has a time outside of 1970 to 2106, and pcap has no others`)
    let subseconds = packet.nanoseconds
    if (!this.#nanoseconds) {
      const microseconds = Math.floor(subseconds / 1000)
      if (microseconds * 1000 !== subseconds)
        throw this.#refuse(`packet ${packet.number} has nanoseconds, the packets before it microseconds`)
      subseconds = microseconds
    }
    const output = this.#output
    output.reserve(RECORD_HEADER_LENGTH)
    const { buffer, at } = output
    write32le(buffer, at, packet.seconds)
    write32le(buffer, at + 4, subseconds)
    write32le(buffer, at + 8, capturedLength)
    write32le(buffer, at + 12, packet.originalLength)
    output.at = at + RECORD_HEADER_LENGTH
    output.copy(packet.bytes, packet.start, capturedLength)
    this.#lost.packet(packet)
    this.packets++
  }

  flush(): void {
    this.#output.flush()
  }

  close(): void {
    const first = this.#info?.interfaces[0]
    if (this.#linkType < 0) this.#header(first?.linkType ?? ETHERNET, first ?? null)
    this.#output.close()
  }

  discard(): void {
    this.#output.discard()
  }

  #header(
    linkType: number,
    source: (Pick<RecordSource, 'resolutionCode' | 'snaplen'> & Partial<RecordSource>) | null,
  ): void {
    // Where nothing is known of the source, nanoseconds lose nothing.
    this.#nanoseconds = source === null || source.resolutionCode > MICROSECONDS
    this.#linkType = linkType
    const { buffer } = this.#output
    buffer.fill(0, 0, FILE_HEADER_LENGTH)
    write32le(buffer, 0, this.#nanoseconds ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS)
    write16le(buffer, 4, 2)
    write16le(buffer, 6, 4)
    write32le(buffer, 16, source?.snaplen || DEFAULT_SNAPLEN)
    write32le(buffer, 20, linkType | frameCheckBits(source?.frameCheckLength ?? -1))
    this.#output.at = FILE_HEADER_LENGTH
  }

  #mixed(packet: PacketRecord): string {
    const [first, second] = [this.#linkType, packet.linkType].map((type) => `${linkTypeName(type)} (${type})`)
    return `packet ${packet.number} has link type ${second}, the packets before it ${first}, and a pcap file has one`
  }

  #refuse(what: string): CaptureError {
    return new CaptureError('unwritable', what, { file: this.#output.name, hint: 'write pcapng instead' })
  }
}

/** How the header tells that frames end in so many octets of check sequence; 0 where it cannot. */
function frameCheckBits(length: number): number {
  if (length < 0 || length > MAX_FRAME_CHECK || length % 2 !== 0) return 0
  return FCS_PRESENT | ((length / 2) << FCS_SHIFT)
}
