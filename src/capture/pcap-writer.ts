/** Writes pcap: draft-ietf-opsawg-pcap, drawn in `pcap.ts`. */
import type { Packet } from '../packet/packet.ts'
import type { CaptureWriter } from './capture-writer.ts'
import { CaptureError } from './errors.ts'
import type { CaptureInfo } from './info.ts'
import { linkTypeName, PRIVATE_CUSTOM_BLOCK } from './link-types.ts'
import { type Output, write16le, write32le } from './output.ts'
import { FILE_HEADER_LENGTH, MAGIC_MICROSECONDS, MAGIC_NANOSECONDS, RECORD_HEADER_LENGTH } from './pcap.ts'

/** What capture programs write when they cut nothing off. */
const DEFAULT_SNAPLEN = 262_144
const ETHERNET = 1
/** `InterfaceInfo.resolutionCode` of microseconds. */
const MICROSECONDS = 6

/**
 * Little-endian. One link type and one resolution, those of the first packet's interface:
 * a packet that has another, or that would lose nanoseconds, is refused rather than bent.
 */
export class PcapWriter implements CaptureWriter {
  packets = 0
  readonly #output: Output
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

  from(info: CaptureInfo): void {
    this.#info = info
  }

  write(packet: Packet): void {
    const { linkType, capturedLength } = packet
    if (linkType !== this.#linkType) {
      // A pcapng custom block is no packet, and pcap has nothing to put it in.
      if (linkType >= PRIVATE_CUSTOM_BLOCK) return
      if (this.#linkType >= 0) throw this.#refuse(this.#mixed(packet))
      this.#header(linkType, packet.interfaceId)
    }
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
    this.packets++
  }

  flush(): void {
    this.#output.flush()
  }

  close(): void {
    if (this.#linkType < 0) this.#header(this.#info?.interfaces[0]?.linkType ?? ETHERNET, 0)
    this.#output.close()
  }

  #header(linkType: number, interfaceId: number): void {
    const source = this.#info?.interfaces[interfaceId]
    // Where nothing is known of the source, nanoseconds lose nothing.
    this.#nanoseconds = source === undefined || source.resolutionCode > MICROSECONDS
    this.#linkType = linkType
    const { buffer } = this.#output
    buffer.fill(0, 0, FILE_HEADER_LENGTH)
    write32le(buffer, 0, this.#nanoseconds ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS)
    write16le(buffer, 4, 2)
    write16le(buffer, 6, 4)
    write32le(buffer, 16, source?.snaplen || DEFAULT_SNAPLEN)
    write32le(buffer, 20, linkType)
    this.#output.at = FILE_HEADER_LENGTH
  }

  #mixed(packet: Packet): string {
    const [first, second] = [this.#linkType, packet.linkType].map((type) => `${linkTypeName(type)} (${type})`)
    return `packet ${packet.number} has link type ${second}, the packets before it ${first}, and a pcap file has one`
  }

  #refuse(what: string): CaptureError {
    return new CaptureError('unwritable', what, { file: this.#output.name, hint: 'write pcapng instead' })
  }
}
