/**
 * Writes pcapng (draft-ietf-opsawg-pcapng), little-endian: one section, an interface description for each interface
 * that a packet really comes from (each capture read has its own), enhanced packet blocks. Options of the packets read
 * are not carried over.
 */
import type { Packet } from '../packet/packet.ts'
import type { CaptureWriter } from './capture-writer.ts'
import type { CaptureInfo, InterfaceInfo } from './info.ts'
import { CUSTOM_BLOCK, PRIVATE_CUSTOM_BLOCK } from './link-types.ts'
import { type Output, write16le, write32le } from './output.ts'
import {
  BYTE_ORDER_MAGIC,
  CUSTOM,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  SECTION_HEADER,
  SIMPLE_PACKET,
} from './pcapng.ts'
import * as option from './pcapng-options.ts'

/** `InterfaceInfo.resolutionCode` that is written for what is finer, or not decimal: a `Packet` has nanoseconds. */
const NANOSECONDS = 9
const TWO_16 = 65_536
const TWO_32 = 0x1_0000_0000
/** Octets before a packet's data. */
const ENHANCED_HEADER = 28
const SIMPLE_HEADER = 12
/** At most: header, padding, total length. */
const AROUND_DATA = ENHANCED_HEADER + 3 + 4

export class PcapngWriter implements CaptureWriter {
  packets = 0
  readonly #output: Output
  #info: CaptureInfo | null = null
  /** For each interface of the capture being read: its number here, or -1. */
  #ids: number[] = []
  /** For each interface written: units in a second, nanoseconds in a unit, snaplen. */
  readonly #units: number[] = []
  readonly #nanoseconds: number[] = []
  readonly #snaplens: number[] = []
  #started = false

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
    this.#ids = []
  }

  write(packet: Packet): void {
    const { linkType, capturedLength, originalLength } = packet
    if (linkType >= PRIVATE_CUSTOM_BLOCK) {
      if (linkType === CUSTOM_BLOCK) this.#custom(packet)
      return
    }
    const known = packet.interfaceId < this.#ids.length ? this.#ids[packet.interfaceId] : -1
    const id = known >= 0 ? known : this.#interface(packet)
    const output = this.#output
    output.reserve(AROUND_DATA)
    const { buffer, at } = output
    const padding = -capturedLength & 3
    const snaplen = this.#snaplens[id]
    // A simple packet block has no time, but it is of interface 0 and cut by its snaplen only.
    const simple =
      !packet.hasTime &&
      id === 0 &&
      capturedLength === (snaplen === 0 ? originalLength : Math.min(originalLength, snaplen))
    const header = simple ? SIMPLE_HEADER : ENHANCED_HEADER
    const total = header + capturedLength + padding + 4
    write32le(buffer, at, simple ? SIMPLE_PACKET : ENHANCED_PACKET)
    write32le(buffer, at + 4, total)
    if (simple) write32le(buffer, at + 8, originalLength)
    else {
      write32le(buffer, at + 8, id)
      // seconds * units overflows 2^53 for nanoseconds, so the seconds are multiplied in two parts.
      const units = this.#units[id]
      const seconds = Math.max(packet.seconds, 0)
      const upper = Math.floor(seconds / TWO_16) * units
      const lower = (seconds % TWO_16) * units + Math.floor(packet.nanoseconds / this.#nanoseconds[id])
      const low = (upper % TWO_16) * TWO_16 + lower
      write32le(buffer, at + 12, Math.floor(upper / TWO_16) + Math.floor(low / TWO_32))
      write32le(buffer, at + 16, low % TWO_32)
      write32le(buffer, at + 20, capturedLength)
      write32le(buffer, at + 24, originalLength)
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
    if (!this.#started) {
      this.#section()
      // Without packets, the capture read still says what they would have been.
      const first = this.#info?.interfaces[0]
      if (first !== undefined) this.#describe(first.linkType, first)
    }
    this.#output.close()
  }

  /** Ends a block: padding, total length. */
  #finish(padding: number, total: number): void {
    const output = this.#output
    output.reserve(padding + 4)
    const { buffer } = output
    for (let i = 0; i < padding; i++) buffer[output.at++] = 0
    write32le(buffer, output.at, total)
    output.at += 4
  }

  /** §4.1. The section length is -1: unknown, the file may be a pipe. */
  #section(): void {
    const { buffer } = this.#output
    write32le(buffer, 0, SECTION_HEADER)
    write32le(buffer, 4, 28)
    write32le(buffer, 8, BYTE_ORDER_MAGIC)
    write16le(buffer, 12, 1)
    write16le(buffer, 14, 0)
    buffer.fill(0xff, 16, 24)
    write32le(buffer, 24, 28)
    this.#output.at = 28
    this.#started = true
  }

  /** The number here of the interface that the packet comes from, described now. */
  #interface(packet: Packet): number {
    if (!this.#started) this.#section()
    while (this.#ids.length <= packet.interfaceId) this.#ids.push(-1)
    const id = this.#describe(packet.linkType, this.#info?.interfaces[packet.interfaceId])
    this.#ids[packet.interfaceId] = id
    return id
  }

  /** §4.2. */
  #describe(linkType: number, source: InterfaceInfo | undefined): number {
    const code = Math.min(source?.resolutionCode ?? NANOSECONDS, NANOSECONDS)
    const snaplen = source?.snaplen ?? 0
    const options = [
      ...textOption(option.INTERFACE_NAME, source?.name),
      ...textOption(option.INTERFACE_DESCRIPTION, source?.description),
      ...optionOctets(option.INTERFACE_RESOLUTION, [code]),
      ...[0, 0, 0, 0],
    ]
    const total = 16 + options.length + 4
    const output = this.#output
    output.reserve(total)
    const { buffer, at } = output
    write32le(buffer, at, INTERFACE_DESCRIPTION)
    write32le(buffer, at + 4, total)
    write16le(buffer, at + 8, linkType)
    write16le(buffer, at + 10, 0)
    write32le(buffer, at + 12, snaplen)
    buffer.set(options, at + 16)
    output.at = at + 16 + options.length
    this.#finish(0, total)
    this.#units.push(10 ** code)
    this.#nanoseconds.push(10 ** (NANOSECONDS - code))
    return this.#snaplens.push(snaplen) - 1
  }

  /** §4.8: the enterprise number, which stands before what the packet calls its data, and the data. */
  #custom(packet: Packet): void {
    if (!this.#started) this.#section()
    const output = this.#output
    const total = 12 + packet.capturedLength + 4
    output.reserve(8)
    write32le(output.buffer, output.at, CUSTOM)
    write32le(output.buffer, output.at + 4, total)
    output.at += 8
    output.copy(packet.bytes, packet.start - 4, packet.capturedLength + 4)
    this.#finish(0, total)
    this.packets++
  }
}

function textOption(code: number, text: string | undefined): number[] {
  if (text === undefined) return []
  return optionOctets(code, [...new TextEncoder().encode(text)].slice(0, 1024))
}

/** §3.5: code, length, value, padding. */
function optionOctets(code: number, value: readonly number[]): number[] {
  const padding = new Array<number>(-value.length & 3).fill(0)
  return [code & 0xff, code >> 8, value.length & 0xff, value.length >> 8, ...value, ...padding]
}
