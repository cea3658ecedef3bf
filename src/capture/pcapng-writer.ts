/**
 * Writes pcapng (draft-ietf-opsawg-pcapng): an interface description for each interface that a packet really comes from
 * (each capture read has its own), enhanced packet blocks, and what the captures read say besides.
 *
 * Options are copied as they stand, so a section is written in the byte order of the one read: what the numbers in an option
 * are need not be known then. Sections that say the same of themselves become one. Keys and names go into the section of
 * the packets that they came with, in front of the packets that they came before. Interface statistics are left out: they
 * count packets that are not here. So are blocks that nobody knows.
 */
import { read16, read16le, read32, read32le } from '../packet/bytes.ts'
import type { RecordSection, RecordSource } from '../packet/packet.ts'
import { blockOptionsAt, blockOptionsEnd, packetBlockAt } from '../packet/packet-block.ts'
import type { CaptureWriter, PacketRecord } from './capture-writer.ts'
import type { CaptureInfo } from './info.ts'
import { MAX_BLOCK_LENGTH } from './limits.ts'
import { CUSTOM_BLOCK, PRIVATE_CUSTOM_BLOCK } from './link-types.ts'
import { OptionList } from './option-list.ts'
import type { Output } from './output.ts'
import {
  BYTE_ORDER_MAGIC,
  CUSTOM,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  OBSOLETE_PACKET,
  SECTION_HEADER,
  SIMPLE_PACKET,
} from './pcapng.ts'
import * as option from './pcapng-options.ts'

/** `RecordSource.resolutionCode` that is written for what is finer, or not decimal: a `Packet` has nanoseconds. */
const NANOSECONDS = 9
const TWO_16 = 65_536
const TWO_32 = 0x1_0000_0000
/** Octets before a packet's data. */
const ENHANCED_HEADER = 28
const SIMPLE_HEADER = 12
/** At most: header, padding, total length. */
const AROUND_DATA = ENHANCED_HEADER + 3 + 4
/** Octets of the options that are added to those of a packet: its losses, the mark behind the last one. */
const ADDED_OPTIONS = 12 + 4
/** Octets of keys and names that wait for the first packet of their section. */
const MAX_WAITING = 16 * 1024 * 1024

/** In the obsolete packet block: the losses before the packet, unless they were not counted. */
const OBSOLETE_DROPS = 10
const NOT_COUNTED = 0xffff

/** Times are written without the offset that was added to them, and perhaps in another resolution. */
const TIME_OFFSET = [option.INTERFACE_OFFSET]
const TIME_OPTIONS = [option.INTERFACE_RESOLUTION, option.INTERFACE_OFFSET]
const NOTHING: readonly number[] = []
const NO_OPTIONS = new Uint8Array(0)

/** pcap has no sections; its packets go where nothing is said of them. */
const PLAIN_SECTION: RecordSection = { number: 0, little: true, options: NO_OPTIONS }

interface WrittenInterface {
  readonly id: number
  /** Units in a second, nanoseconds in a unit. */
  readonly units: number
  readonly nanoseconds: number
  readonly snaplen: number
}

interface WaitingBlock {
  readonly section: RecordSection
  readonly bytes: Uint8Array
}

export class PcapngWriter implements CaptureWriter {
  packets = 0
  readonly lost: readonly string[] = []
  readonly #output: Output
  readonly #options = new OptionList()
  #info: CaptureInfo | null = null
  /** What the section being written says; null before the first. */
  #section: RecordSection | null = null
  #little = true
  /** The interfaces described in it, by where their packets came from. */
  readonly #interfaces = new Map<RecordSource | null, WrittenInterface>()
  /** Of the last packet. */
  #source: RecordSource | null = null
  #current: WrittenInterface | null = null
  #waiting: WaitingBlock[] = []
  #waitingLength = 0

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
    info.onBlock = (bytes, at, length, section) => this.#block(bytes.slice(at, at + length), section)
  }

  write(packet: PacketRecord): void {
    const { linkType, capturedLength, originalLength, source } = packet
    if (linkType >= PRIVATE_CUSTOM_BLOCK) {
      if (linkType === CUSTOM_BLOCK) this.#custom(packet)
      return
    }
    let current = this.#current
    if (current === null || source !== this.#source) current = this.#enter(packet)
    const little = this.#little
    const padding = -capturedLength & 3
    // A simple packet block has no time, but it is of interface 0 and cut by its snaplen only.
    const simple =
      !packet.hasTime &&
      current.id === 0 &&
      capturedLength === (current.snaplen === 0 ? originalLength : Math.min(originalLength, current.snaplen))
    const header = simple ? SIMPLE_HEADER : ENHANCED_HEADER
    const withoutOptions = header + capturedLength + padding + 4
    const total = withoutOptions + this.#gatherOptions(packet, MAX_BLOCK_LENGTH - withoutOptions)
    const output = this.#output
    output.reserve(AROUND_DATA)
    const { view, at } = output
    view.setUint32(at, simple ? SIMPLE_PACKET : ENHANCED_PACKET, little)
    view.setUint32(at + 4, total, little)
    if (simple) view.setUint32(at + 8, originalLength, little)
    else {
      view.setUint32(at + 8, current.id, little)
      // seconds * units overflows 2^53 for nanoseconds, so the seconds are multiplied in two parts.
      const { units } = current
      const seconds = Math.max(packet.seconds, 0)
      const upper = Math.floor(seconds / TWO_16) * units
      const lower = (seconds % TWO_16) * units + Math.floor(packet.nanoseconds / current.nanoseconds)
      const low = (upper % TWO_16) * TWO_16 + lower
      view.setUint32(at + 12, Math.floor(upper / TWO_16) + Math.floor(low / TWO_32), little)
      view.setUint32(at + 16, low % TWO_32, little)
      view.setUint32(at + 20, capturedLength, little)
      view.setUint32(at + 24, originalLength, little)
    }
    output.at = at + header
    output.copy(packet.bytes, packet.start, capturedLength)
    this.#finish(padding, total)
    this.packets++
  }

  flush(): void {
    this.#output.flush()
  }

  close(): void {
    if (this.#section === null) {
      this.#begin(PLAIN_SECTION)
      // Without packets, the capture read still says what they would have been.
      const first = this.#info?.interfaces[0]
      if (first !== undefined) this.#describe(first.linkType, first)
    }
    this.#output.close()
  }

  discard(): void {
    this.#output.discard()
  }

  /** Hot: fills the list of options with those of the packet, as many as there is room for, and returns their length. */
  #gatherOptions(packet: PacketRecord, room: number): number {
    const options = this.#options
    options.length = 0
    const block = packetBlockAt(packet)
    if (block < 0) return 0
    const { bytes } = packet
    const little = this.#little
    const at = blockOptionsAt(packet)
    const end = blockOptionsEnd(bytes, block, little)
    const isObsolete = (little ? read32le(bytes, block) : read32(bytes, block)) === OBSOLETE_PACKET
    if (at === end && !isObsolete) return 0
    options.begin(little, room - ADDED_OPTIONS)
    options.copy(bytes, at, end, NOTHING)
    if (isObsolete) {
      const drops = little ? read16le(bytes, block + OBSOLETE_DROPS) : read16(bytes, block + OBSOLETE_DROPS)
      // A number of 64 bits in the enhanced packet block.
      const value = [drops & 0xff, drops >> 8, 0, 0, 0, 0, 0, 0]
      if (drops !== NOT_COUNTED) options.add(option.PACKET_DROPS, little ? value : value.reverse())
    }
    options.end()
    return options.length
  }

  /** Ends a block: padding, the options gathered, total length. */
  #finish(padding: number, total: number): void {
    const output = this.#output
    const { bytes, length } = this.#options
    output.reserve(padding + 4)
    for (let i = 0; i < padding; i++) output.buffer[output.at++] = 0
    if (length > 0) {
      output.copy(bytes, 0, length)
      output.reserve(4)
    }
    output.view.setUint32(output.at, total, this.#little)
    output.at += 4
  }

  /** The packet comes from elsewhere than the one before: the interface that it is of here. */
  #enter(packet: PacketRecord): WrittenInterface {
    const { source } = packet
    const section = source?.section ?? PLAIN_SECTION
    this.#open(section)
    let current = this.#interfaces.get(source)
    if (current === undefined) {
      current = this.#describe(packet.linkType, source)
      this.#interfaces.set(source, current)
    }
    this.#release(section)
    this.#source = source
    this.#current = current
    return current
  }

  /** What follows belongs to `section`. */
  #open(section: RecordSection): void {
    if (this.#section === null || !saysTheSame(this.#section, section)) this.#begin(section)
  }

  /** §4.1. The section length is -1: unknown, the file may be a pipe. */
  #begin(section: RecordSection): void {
    const { little } = section
    this.#section = section
    this.#little = little
    this.#interfaces.clear()
    this.#current = null
    const options = this.#options
    options.begin(little)
    options.copy(section.options, 0, section.options.length, NOTHING)
    options.end()
    const total = 28 + options.length
    const output = this.#output
    output.reserve(24)
    const { view, at } = output
    view.setUint32(at, SECTION_HEADER, little)
    view.setUint32(at + 4, total, little)
    view.setUint32(at + 8, BYTE_ORDER_MAGIC, little)
    // Version 1.0, in two halves.
    view.setUint32(at + 12, little ? 1 : TWO_16, little)
    output.buffer.fill(0xff, at + 16, at + 24)
    output.at = at + 24
    this.#finish(0, total)
  }

  /** §4.2. */
  #describe(
    linkType: number,
    source: (Pick<RecordSource, 'resolutionCode' | 'snaplen'> & Partial<RecordSource>) | null,
  ): WrittenInterface {
    const little = this.#little
    const code = Math.min(source?.resolutionCode ?? NANOSECONDS, NANOSECONDS)
    const snaplen = source?.snaplen ?? 0
    const { options: copied = NO_OPTIONS, frameCheckLength = -1, section = null } = source ?? {}
    const options = this.#options
    options.begin(little)
    const isNewResolution = section === null || code !== source?.resolutionCode
    if (isNewResolution) options.add(option.INTERFACE_RESOLUTION, [code])
    options.copy(copied, 0, copied.length, isNewResolution ? TIME_OPTIONS : TIME_OFFSET)
    if (section === null && frameCheckLength >= 0) options.add(option.INTERFACE_FRAME_CHECK_LENGTH, [frameCheckLength])
    options.end()
    const total = 16 + options.length + 4
    const output = this.#output
    output.reserve(16)
    const { view, at } = output
    view.setUint32(at, INTERFACE_DESCRIPTION, little)
    view.setUint32(at + 4, total, little)
    // The link type, and 16 bits that are reserved.
    view.setUint32(at + 8, little ? linkType : linkType * TWO_16, little)
    view.setUint32(at + 12, snaplen, little)
    output.at = at + 16
    this.#finish(0, total)
    return { id: this.#interfaces.size, units: 10 ** code, nanoseconds: 10 ** (NANOSECONDS - code), snaplen }
  }

  /** A block that belongs to the packets of a section: it waits for the first of them, whose interface comes before it. */
  #block(bytes: Uint8Array, section: RecordSection): void {
    this.#waiting.push({ section, bytes })
    this.#waitingLength += bytes.length
    const isEntered = this.#current !== null && this.#source?.section === section
    if (isEntered || this.#waitingLength > MAX_WAITING) this.#release(section)
  }

  /** Writes the blocks that wait for `section`. */
  #release(section: RecordSection): void {
    if (this.#waiting.length === 0) return
    const others: WaitingBlock[] = []
    for (const block of this.#waiting) {
      if (block.section === section) {
        this.#open(section)
        this.#output.copy(block.bytes, 0, block.bytes.length)
        this.#waitingLength -= block.bytes.length
      } else others.push(block)
    }
    this.#waiting = others
  }

  /** §4.8: the enterprise number, which stands before what the packet calls its data, and the data. */
  #custom(packet: PacketRecord): void {
    this.#open(packet.source?.section ?? PLAIN_SECTION)
    const output = this.#output
    const total = 12 + packet.capturedLength + 4
    output.reserve(8)
    output.view.setUint32(output.at, CUSTOM, this.#little)
    output.view.setUint32(output.at + 4, total, this.#little)
    output.at += 8
    output.copy(packet.bytes, packet.start - 4, packet.capturedLength + 4)
    this.#options.begin(this.#little)
    this.#finish(0, total)
    this.packets++
  }
}

function saysTheSame(one: RecordSection, other: RecordSection): boolean {
  if (one === other) return true
  const { length } = one.options
  return (
    one.little === other.little &&
    length === other.options.length &&
    one.options.every((octet, i) => octet === other.options[i])
  )
}
