/**
 * The pcapng file format: draft-ietf-opsawg-pcapng.
 *
 *    every block (§3.1)              enhanced packet block (§4.3)      simple packet block (§4.4)
 *     0 | type         |              8 | interface          |          8 | original length |
 *     4 | total length |             12 | timestamp, high    |         12 | data ...
 *     8 | body ...                   16 | timestamp, low     |
 *       | total length |             20 | captured length    |
 *                                    24 | original length    |
 *                                    28 | data, padding, options
 *
 * The obsolete packet block (appendix A) is the enhanced one with 16 bits of interface and 16 of drop count.
 * Numbers are in the byte order of the section, which its header shows. Interfaces count from 0 in each section;
 * `Packet.interfaceId` goes on counting over sections, as Wireshark's `frame.interface_id` does.
 */
import { read16, read16le, read32, read32le } from '../packet/bytes.ts'
import type { Packet, RecordSection, RecordSource } from '../packet/packet.ts'
import { type CaptureError, damaged, tooLong } from './errors.ts'
import type { CaptureInfo } from './info.ts'
import { MAX_BLOCK_LENGTH, MAX_INTERFACES, MAX_OPTION_OCTETS, MAX_ORIGINAL_LENGTH, MAX_SECTIONS } from './limits.ts'
import { CUSTOM_BLOCK, PRIVATE_CUSTOM_BLOCK } from './link-types.ts'
import {
  BYTE_ORDER_MAGIC,
  CUSTOM,
  CUSTOM_OVERHEAD,
  DECRYPTION_SECRETS,
  ENHANCED_OVERHEAD,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  INTERFACE_OVERHEAD,
  isCopied,
  isCustom,
  isKnownVersion,
  leastLength,
  MIN_BLOCK_LENGTH,
  OBSOLETE_PACKET,
  SECRETS_OVERHEAD,
  SECTION_HEADER,
  SECTION_OVERHEAD,
  SIMPLE_OVERHEAD,
  SIMPLE_PACKET,
} from './pcapng-blocks.ts'
import { NgInterface, noInterface } from './pcapng-interface.ts'
import * as option from './pcapng-options.ts'
import { findBlock, framedLength } from './pcapng-recovery.ts'
import { DAMAGED, MORE, type OnPacket, type ReadOptions, type RecordReader, SKIP, STOPPED } from './reader.ts'
import type { Window } from './window.ts'

export {
  BYTE_ORDER_MAGIC,
  CUSTOM,
  DECRYPTION_SECRETS,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  NAME_RESOLUTION,
  OBSOLETE_PACKET,
  SECTION_HEADER,
  SIMPLE_PACKET,
} from './pcapng-blocks.ts'

/** The type of an SSLKEYLOGFILE, "TLSK" (§4.7). */
const TLS_KEY_LOG = 0x544c_534b

const NO_OPTIONS = new Uint8Array(0)

export function isPcapng(bytes: Uint8Array, at: number): boolean {
  if (read32(bytes, at) !== SECTION_HEADER) return false
  return read32(bytes, at + 8) === BYTE_ORDER_MAGIC || read32le(bytes, at + 8) === BYTE_ORDER_MAGIC
}

export class PcapngReader implements RecordReader {
  readonly info: CaptureInfo
  skipLength = 0
  readonly #window: Window
  readonly #packet: Packet
  readonly #comments: boolean
  /** Blocks that nobody reads are seen whole too, before they are believed. */
  readonly #recovers: boolean
  #section: RecordSection = { number: 0, little: true, options: NO_OPTIONS }
  /** Of the custom blocks in it. */
  #blockSource: RecordSource = noInterface(this.#section)
  /** Of all sections; those of the current one begin at `#base`. */
  readonly #interfaces: NgInterface[] = []
  #base = 0
  /** Of sections and interfaces. */
  #optionOctets = 0

  constructor(window: Window, packet: Packet, file: string, { comments = false, recover = false }: ReadOptions) {
    this.#window = window
    this.#packet = packet
    this.#comments = comments
    this.#recovers = recover
    this.info = {
      file,
      format: 'pcapng',
      byteOrder: 'little-endian',
      resolution: '',
      snaplen: 0,
      interfaces: [],
      sections: 0,
      packets: 0,
      bytes: 0,
      truncated: false,
      damage: null,
    }
    if (comments) this.info.comments = 0
  }

  /** Hot: enhanced packet blocks are dealt with here, all others once each in `#block`. */
  walk(onPacket: OnPacket): number {
    const info = this.info
    const packet = this.#packet
    const window = this.#window
    const { bytes, end } = window
    const interfaces = this.#interfaces
    packet.bytes = bytes
    packet.scratch = window.scratch
    let { little } = this.#section
    for (;;) {
      const at = window.at
      if (end - at < MIN_BLOCK_LENGTH) return MORE
      const type = little ? read32le(bytes, at) : read32(bytes, at)
      if (type !== ENHANCED_PACKET && type !== OBSOLETE_PACKET) {
        const outcome = this.#block(type, at, onPacket)
        if (outcome !== CONTINUE) return outcome
        little = this.#section.little
        continue
      }
      const total = little ? read32le(bytes, at + 4) : read32(bytes, at + 4)
      if ((total & 3) !== 0 || total < ENHANCED_OVERHEAD || total > MAX_BLOCK_LENGTH)
        return this.#badLength(at, total, ENHANCED_OVERHEAD)
      if (total > end - at) return MORE
      let id = 0
      if (type === ENHANCED_PACKET) id = little ? read32le(bytes, at + 8) : read32(bytes, at + 8)
      else id = little ? read16le(bytes, at + 8) : read16(bytes, at + 8)
      const index = this.#base + id
      if (index >= interfaces.length) return this.#noInterface(at, id)
      const captured = little ? read32le(bytes, at + 20) : read32(bytes, at + 20)
      const original = little ? read32le(bytes, at + 24) : read32(bytes, at + 24)
      const source = interfaces[index]
      if (captured > total - ENHANCED_OVERHEAD || captured > source.limit)
        return this.#tooLong(at, captured, Math.min(total - ENHANCED_OVERHEAD, source.limit))
      if ((little ? read32le(bytes, at + total - 4) : read32(bytes, at + total - 4)) !== total)
        return this.#lengthsDiffer(window.offset(at), total, this.#read32(at + total - 4))
      const clock = source.clock
      clock.set(
        little ? read32le(bytes, at + 12) : read32(bytes, at + 12),
        little ? read32le(bytes, at + 16) : read32(bytes, at + 16),
      )
      packet.number++
      packet.start = at + 28
      packet.capturedLength = captured
      packet.originalLength = Math.min(original, MAX_ORIGINAL_LENGTH)
      packet.seconds = clock.seconds
      packet.nanoseconds = clock.nanoseconds
      packet.hasTime = true
      packet.linkType = source.linkType
      packet.interfaceId = index
      packet.source = source
      info.packets++
      source.info.packets++
      if (this.#comments) this.#countComments(at + 28 + ((captured + 3) & ~3), at + total - 4)
      window.at = at + total
      if (onPacket() === true) return STOPPED
    }
  }

  /** Any block but the packet blocks that `walk` takes. `type` is meaningless if a section in another byte order starts here. */
  #block(type: number, at: number, onPacket: OnPacket): number {
    const window = this.#window
    const { bytes, end } = window
    if (read32(bytes, at) === SECTION_HEADER) return this.#sectionHeader(at)
    const total = this.#read32(at + 4)
    const least = leastLength(type)
    if ((total & 3) !== 0 || total < least || total > MAX_BLOCK_LENGTH) return this.#badLength(at, total, least)
    if (total > end - at) {
      if (this.#recovers) return MORE
      if (type === INTERFACE_DESCRIPTION || type === SIMPLE_PACKET || isCustom(type)) return MORE
      if (type === DECRYPTION_SECRETS && this.#packet.secrets !== null) return MORE
      if (isCopied(type) && this.info.onBlock !== undefined) return MORE
      this.skipLength = total
      return SKIP
    }
    if (this.#read32(at + total - 4) !== total)
      return this.#lengthsDiffer(window.offset(at), total, this.#read32(at + total - 4))
    if (type === INTERFACE_DESCRIPTION) {
      if (!this.#interfaceDescription(at, total)) return DAMAGED
    } else if (isCopied(type)) {
      if (type === DECRYPTION_SECRETS) this.#secrets(at, total)
      this.info.onBlock?.(bytes, at, total, this.#section)
    } else if (type === SIMPLE_PACKET) return this.#simplePacket(at, total, onPacket)
    else if (isCustom(type)) return this.#custom(type, at, total, onPacket)
    window.at = at + total
    return CONTINUE
  }

  endsSkipped(offset: number): boolean {
    const total = this.skipLength
    const found = this.#read32(this.#window.at)
    if (found !== total) this.#lengthsDiffer(offset, total, found)
    return found === total
  }

  behindDamage(): number {
    const { bytes, at, end } = this.#window
    // A block that is whole, but makes no sense, is passed over as a whole.
    return at + Math.max(1, framedLength(bytes, at, end, this.#section.little))
  }

  find(at: number, isEnd: boolean): number {
    const { bytes, end } = this.#window
    const little = this.info.sections === 0 ? null : this.#section.little
    const limitOf = (id: number): number => this.#interfaces[this.#base + id]?.limit ?? -1
    return findBlock(bytes, at, end, { little, limitOf }, isEnd)
  }

  #sectionHeader(at: number): number {
    const window = this.#window
    const { bytes, end } = window
    const info = this.info
    if (end - at < SECTION_OVERHEAD) return MORE
    const little = read32le(bytes, at + 8) === BYTE_ORDER_MAGIC
    if (!little && read32(bytes, at + 8) !== BYTE_ORDER_MAGIC) {
      const found = `0x${read32(bytes, at + 8)
        .toString(16)
        .padStart(8, '0')}`
      return this.#contradicts(at, 'is a section of no known byte order', found, '0x1a2b3c4d')
    }
    const read = little ? read32le : read32
    const total = read(bytes, at + 4)
    if ((total & 3) !== 0 || total < SECTION_OVERHEAD || total > MAX_BLOCK_LENGTH)
      return this.#badLength(at, total, SECTION_OVERHEAD)
    if (total > end - at) return MORE
    if (read(bytes, at + total - 4) !== total)
      return this.#lengthsDiffer(window.offset(at), total, read(bytes, at + total - 4))
    const half = little ? read16le : read16
    const version = `${half(bytes, at + 12)}.${half(bytes, at + 14)}`
    if (!isKnownVersion(half(bytes, at + 12), half(bytes, at + 14)))
      return this.#contradicts(at, `is a section of format version ${version}, known is 1.0`, version, '1.0')
    if (info.sections === MAX_SECTIONS)
      return this.#contradicts(
        at,
        `is section ${MAX_SECTIONS + 1}, limit ${MAX_SECTIONS}`,
        MAX_SECTIONS + 1,
        MAX_SECTIONS,
      )
    if (!this.#keepsOptions(at, total - SECTION_OVERHEAD)) return DAMAGED
    this.#section = { number: info.sections + 1, little, options: bytes.slice(at + 24, at + total - 4) }
    this.#blockSource = noInterface(this.#section)
    if (info.sections === 0) info.byteOrder = little ? 'little-endian' : 'big-endian'
    info.sections++
    this.#base = this.#interfaces.length
    if (this.#comments)
      option.eachOption(bytes, at + 24, at + total - 4, little, (code, value, length) => {
        if (code === option.COMMENT) info.comments = (info.comments ?? 0) + 1
        else if (code === option.SECTION_HARDWARE) info.hardware ??= option.optionText(bytes, value, length)
        else if (code === option.SECTION_OS) info.os ??= option.optionText(bytes, value, length)
        else if (code === option.SECTION_APPLICATION) info.application ??= option.optionText(bytes, value, length)
      })
    window.at = at + total
    return CONTINUE
  }

  /** False if there are too many. */
  #interfaceDescription(at: number, total: number): boolean {
    if (this.#interfaces.length === MAX_INTERFACES) {
      const [number, limit] = [MAX_INTERFACES + 1, MAX_INTERFACES]
      this.#contradicts(at, `describes interface ${number} of the file, limit ${limit}`, number, limit)
      return false
    }
    if (!this.#keepsOptions(at, total - INTERFACE_OVERHEAD)) return false
    const added = new NgInterface(this.#section, this.#window.bytes, at, total, this.#comments)
    const { info } = this
    if (this.#interfaces.length === 0) {
      info.resolution = added.info.resolution
      info.snaplen = added.info.snaplen
    }
    this.#interfaces.push(added)
    info.interfaces.push(added.info)
    if (this.#comments) info.comments = (info.comments ?? 0) + added.comments
    return true
  }

  /** Whether there is room for options that are kept. */
  #keepsOptions(at: number, length: number): boolean {
    const octets = this.#optionOctets + length
    if (octets > MAX_OPTION_OCTETS) {
      const what = `brings the options of sections and interfaces to ${octets} octets, limit ${MAX_OPTION_OCTETS}`
      this.#contradicts(at, what, octets, `at most ${MAX_OPTION_OCTETS}`)
      return false
    }
    this.#optionOctets = octets
    return true
  }

  /** No time, the section's first interface, and as many octets as the snaplen lets through (§4.4). */
  #simplePacket(at: number, total: number, onPacket: OnPacket): number {
    const { info } = this
    const packet = this.#packet
    if (this.#base >= this.#interfaces.length) return this.#noInterface(at, 0)
    const source = this.#interfaces[this.#base]
    const original = this.#read32(at + 8)
    const { snaplen } = source.info
    const captured = snaplen === 0 ? original : Math.min(original, snaplen)
    if (captured > total - SIMPLE_OVERHEAD || captured > source.limit)
      return this.#tooLong(at, captured, Math.min(total - SIMPLE_OVERHEAD, source.limit))
    packet.number++
    packet.start = at + 12
    packet.capturedLength = captured
    packet.originalLength = Math.min(original, MAX_ORIGINAL_LENGTH)
    packet.seconds = 0
    packet.nanoseconds = 0
    packet.hasTime = false
    packet.linkType = source.linkType
    packet.interfaceId = this.#base
    packet.source = source
    info.packets++
    source.info.packets++
    this.#window.at = at + total
    return onPacket() === true ? STOPPED : CONTINUE
  }

  /**
   * A custom block (§4.8): somebody's own data behind their enterprise number. Wireshark numbers and counts it as a
   * frame, so that its frame numbers are ours we do so too; it has no time, and a link type that no capture has.
   */
  #custom(type: number, at: number, total: number, onPacket: OnPacket): number {
    const packet = this.#packet
    const length = total - CUSTOM_OVERHEAD
    packet.number++
    packet.start = at + 12
    packet.capturedLength = length
    packet.originalLength = length
    packet.seconds = 0
    packet.nanoseconds = 0
    packet.hasTime = false
    packet.linkType = type === CUSTOM ? CUSTOM_BLOCK : PRIVATE_CUSTOM_BLOCK
    packet.interfaceId = 0
    packet.source = this.#blockSource
    this.info.packets++
    this.#window.at = at + total
    return onPacket() === true ? STOPPED : CONTINUE
  }

  /** Secrets are kept where something decrypts. */
  #secrets(at: number, total: number): void {
    const { secrets } = this.#packet
    if (secrets === null || total < SECRETS_OVERHEAD || this.#read32(at + 8) !== TLS_KEY_LOG) return
    const length = Math.min(this.#read32(at + 12), total - SECRETS_OVERHEAD)
    secrets.add(Buffer.from(this.#window.bytes.subarray(at + 16, at + 16 + length)).toString('latin1'))
  }

  #countComments(at: number, end: number): void {
    option.eachOption(this.#window.bytes, at, end, this.#section.little, (code) => {
      if (code === option.COMMENT) this.info.comments = (this.info.comments ?? 0) + 1
    })
  }

  #read32(at: number): number {
    return this.#section.little ? read32le(this.#window.bytes, at) : read32(this.#window.bytes, at)
  }

  #fail(error: CaptureError): number {
    this.info.damage = error
    return DAMAGED
  }

  /** `what` follows "record 12 at byte 3456 ". */
  #contradicts(at: number, what: string, found: string | number, expected: string | number): number {
    const { file, packets } = this.info
    return this.#fail(damaged(file, packets + 1, this.#window.offset(at), what, found, expected))
  }

  #badLength(at: number, total: number, least: number): number {
    if (total > MAX_BLOCK_LENGTH) return this.#tooLong(at, total, MAX_BLOCK_LENGTH)
    const expected = `a multiple of 4, at least ${least}`
    return this.#contradicts(at, `claims a block of ${total} octets, it must be ${expected}`, total, expected)
  }

  #tooLong(at: number, found: number, limit: number): number {
    return this.#fail(tooLong(this.info.file, this.info.packets + 1, this.#window.offset(at), found, limit))
  }

  #lengthsDiffer(offset: number, total: number, found: number): number {
    const { file, packets } = this.info
    const what = `claims ${total} octets at its start and ${found} at its end`
    return this.#fail(damaged(file, packets + 1, offset, what, found, total))
  }

  #noInterface(at: number, id: number): number {
    const known = this.#interfaces.length - this.#base
    return this.#contradicts(at, `names interface ${id}, the section has ${known}`, id, `less than ${known}`)
  }
}

/** What `#block` returns besides what `walk` does: go on with the next block. */
const CONTINUE = -1
