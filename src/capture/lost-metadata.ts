/** What pcapng says of packets, and pcap has no place for: noted while packets are written as pcap. */
import { read32, read32le } from '../packet/bytes.ts'
import type { RecordSection, RecordSource } from '../packet/packet.ts'
import { blockOptionsAt, blockOptionsEnd, packetBlockAt } from '../packet/packet-block.ts'
import type { PacketRecord } from './capture-writer.ts'
import { DECRYPTION_SECRETS } from './pcapng.ts'
import { COMMENT, eachOption, INTERFACE_DESCRIPTION, INTERFACE_NAME } from './pcapng-options.ts'

const PACKET_COMMENTS = 'packet comments'
const PACKET_OPTIONS = 'packet options'
const CAPTURE_COMMENTS = 'comments on the capture'
const INTERFACE_NAMES = 'interface names'
const KEYS = 'decryption keys'
const NAMES = 'names of addresses'

export class LostMetadata {
  readonly #lost = new Set<string>()
  /** The source of the last packet, and all that were entered. */
  #source: RecordSource | null = null
  readonly #entered = new Set<RecordSource>()

  /** In words, for people; the first that was met first. */
  get list(): readonly string[] {
    return [...this.#lost]
  }

  /** Hot: a packet that is written. */
  packet(packet: PacketRecord): void {
    const { source } = packet
    if (source === null || source.section === null) return
    if (source !== this.#source) this.#enter(source, source.section)
    const block = packetBlockAt(packet)
    if (block < 0) return
    const { bytes } = packet
    const { little } = source.section
    const at = blockOptionsAt(packet)
    const end = blockOptionsEnd(bytes, block, little)
    if (end - at < 4) return
    eachOption(bytes, at, end, little, (code) => {
      this.#lost.add(code === COMMENT ? PACKET_COMMENTS : PACKET_OPTIONS)
    })
  }

  /** A block that is not a packet. */
  block(bytes: Uint8Array, at: number, { little }: RecordSection): void {
    const type = little ? read32le(bytes, at) : read32(bytes, at)
    this.#lost.add(type === DECRYPTION_SECRETS ? KEYS : NAMES)
  }

  #enter(source: RecordSource, { options, little }: RecordSection): void {
    this.#source = source
    if (this.#entered.has(source)) return
    this.#entered.add(source)
    eachOption(options, 0, options.length, little, (code) => {
      if (code === COMMENT) this.#lost.add(CAPTURE_COMMENTS)
    })
    eachOption(source.options, 0, source.options.length, little, (code) => {
      if (code === COMMENT) this.#lost.add(CAPTURE_COMMENTS)
      else if (code === INTERFACE_NAME || code === INTERFACE_DESCRIPTION) this.#lost.add(INTERFACE_NAMES)
    })
  }
}
