/**
 * The pcap file format: draft-ietf-opsawg-pcap (§4 file header, §5 packet record), libpcap's savefile.
 *
 *    file header                                   record header
 *     0 | magic number                  |           0 | timestamp, seconds              |
 *     4 | major version | minor version |           4 | microseconds or nanoseconds     |
 *     8 | reserved (time zone)          |           8 | captured length                 |
 *    12 | reserved (accuracy)           |          12 | original length                 |
 *    16 | snaplen                       |             "modified" files only:
 *    20 | FCS length, link type         |          16 | interface index                 |
 *                                                  20 | protocol, packet type, padding  |
 *
 * All in the byte order of the machine that wrote the file, which the magic number shows.
 */
import { read32, read32le, viewOf } from '../packet/bytes.ts'
import type { Packet, RecordSource } from '../packet/packet.ts'
import { damaged, tooLong } from './errors.ts'
import type { CaptureInfo } from './info.ts'
import { MAX_ORIGINAL_LENGTH, maxCapturedLength } from './limits.ts'
import { linkTypeName } from './link-types.ts'
import {
  CAPTURED_LENGTH,
  LENGTHS_AS_NOW,
  LENGTHS_EITHER_WAY,
  LENGTHS_SWAPPED,
  type LengthOrder,
  ORIGINAL_LENGTH,
  type RecordForm,
  SUBSECONDS,
} from './pcap-record.ts'
import { findPcapRecord } from './pcap-recovery.ts'
import { DAMAGED, MORE, type OnPacket, REACHED, type RecordReader, STOPPED } from './reader.ts'
import type { Window } from './window.ts'

export const FILE_HEADER_LENGTH = 24
export const RECORD_HEADER_LENGTH = 16

/** Microseconds and nanoseconds (§4, "Magic Number"). */
export const MAGIC_MICROSECONDS = 0xa1b2c3d4
export const MAGIC_NANOSECONDS = 0xa1b23c4d
/** Alexey Kuznetzov's patch to libpcap: microseconds, and eight more octets in each record header. */
export const MAGIC_MODIFIED = 0xa1b2cd34

export const MODIFIED_RECORD_HEADER_LENGTH = 24

// Octets from the start of the file header.
const VERSION_MAJOR = 4
const SNAPLEN = 16
const LINK_TYPE = 20

/** The upper 4 bits of the link type field: half the frame check sequence's octets; valid if bit 26 is set (§4). */
export const FCS_SHIFT = 28
export const FCS_PRESENT = 0x0400_0000

const BILLION = 1_000_000_000

/** Snaplens are claims: a smaller one is not taken at its word where records are to be recognised. */
const MIN_SNAPLEN = 65_535

/** AIX's tcpdump (version 2.2) writes interface types of RFC 1573 and nanoseconds; as Wireshark, we know it by these. */
const AIX_LINK_TYPES: Readonly<Record<number, number>> = { 6: 1, 9: 6, 15: 10, 24: 0 }

export function isPcap(magic: number): boolean {
  return magic === MAGIC_MICROSECONDS || magic === MAGIC_NANOSECONDS || magic === MAGIC_MODIFIED
}

export class PcapReader implements RecordReader {
  readonly info: CaptureInfo
  /** Records that begin at this offset or behind are left alone (`Window.offset`). Asked for each block. */
  until: () => number = () => Infinity
  readonly skipLength = 0
  readonly #window: Window
  readonly #packet: Packet
  readonly #little: boolean
  readonly #headerLength: number
  readonly #nanosecondsPerUnit: number
  readonly #lengths: LengthOrder
  readonly #limit: number
  readonly #linkType: number
  readonly #source: RecordSource

  /** The whole file header must be in the window; it is consumed. */
  constructor(window: Window, packet: Packet, file: string) {
    this.#window = window
    this.#packet = packet
    const { bytes, at } = window
    this.#little = isPcap(read32le(bytes, at))
    const read = this.#little ? read32le : read32
    const magic = read(bytes, at)
    const version = read(bytes, at + VERSION_MAJOR)
    const major = this.#little ? version & 0xffff : version >>> 16
    const minor = this.#little ? version >>> 16 : version & 0xffff
    const field = read(bytes, at + LINK_TYPE)
    const aix = major === 2 && minor === 2 ? AIX_LINK_TYPES[field] : undefined
    const linkType = aix ?? field & 0xffff
    const nanoseconds = magic === MAGIC_NANOSECONDS || aix !== undefined
    const snaplen = read(bytes, at + SNAPLEN)

    this.#headerLength = magic === MAGIC_MODIFIED ? MODIFIED_RECORD_HEADER_LENGTH : RECORD_HEADER_LENGTH
    this.#nanosecondsPerUnit = nanoseconds ? 1 : 1000
    this.#lengths = lengthOrder(major, minor)
    this.#linkType = linkType
    this.#limit = maxCapturedLength(linkType)
    const resolution = nanoseconds ? 'nanoseconds' : 'microseconds'
    this.info = {
      file,
      format: 'pcap',
      byteOrder: this.#little ? 'little-endian' : 'big-endian',
      resolution,
      snaplen,
      interfaces: [
        {
          linkType,
          linkTypeName: linkTypeName(linkType),
          snaplen,
          resolution,
          resolutionCode: nanoseconds ? 9 : 6,
          packets: 0,
        },
      ],
      sections: 1,
      packets: 0,
      bytes: 0,
      truncated: false,
      damage: null,
    }
    if (field & FCS_PRESENT) this.info.frameCheckLength = (field >>> FCS_SHIFT) * 2
    this.#source = {
      section: null,
      isInterface: true,
      frameCheckLength: this.info.frameCheckLength ?? -1,
      snaplen,
      resolutionCode: nanoseconds ? 9 : 6,
      options: new Uint8Array(0),
    }
    if (major < 2)
      this.info.damage = damaged(file, 1, 0, `has format version ${major}.${minor}, known from 2.0 on`, major, 2)
    window.at = at + FILE_HEADER_LENGTH
  }

  /** How its records may be recognised. */
  get form(): RecordForm {
    const { snaplen } = this.info
    const claimed = snaplen > 0 ? Math.max(snaplen, MIN_SNAPLEN) : this.#limit
    return {
      little: this.#little,
      headerLength: this.#headerLength,
      limit: Math.min(this.#limit, claimed),
      resolution: BILLION / this.#nanosecondsPerUnit,
      lengths: this.#lengths,
    }
  }

  /** Its blocks are never skipped. */
  endsSkipped(): boolean {
    return true
  }

  behindDamage(): number {
    return this.#window.at + 1
  }

  find(at: number, isEnd: boolean): number {
    const { bytes, end } = this.#window
    const near = this.info.packets > 0 ? this.#packet.seconds : Number.NaN
    return findPcapRecord(bytes, at, end, this.form, near, isEnd)
  }

  walk(onPacket: OnPacket): number {
    const info = this.info
    if (info.damage !== null) return DAMAGED
    const packet = this.#packet
    const window = this.#window
    const { bytes, end } = window
    const little = this.#little
    const headerLength = this.#headerLength
    const nanosecondsPerUnit = this.#nanosecondsPerUnit
    const limit = this.#limit
    const lengths = this.#lengths
    let at = window.at
    let outcome = MORE
    packet.bytes = bytes
    packet.scratch = window.scratch
    packet.hasTime = true
    packet.linkType = this.#linkType
    packet.interfaceId = 0
    packet.source = this.#source
    const view = viewOf(bytes)
    // Where the last record may begin.
    const until = window.position(this.until())
    const last = Math.min(end - headerLength, until - 1)
    while (at <= last) {
      let captured = view.getUint32(at + CAPTURED_LENGTH, little)
      let original = view.getUint32(at + ORIGINAL_LENGTH, little)
      if (lengths !== LENGTHS_AS_NOW && (lengths === LENGTHS_SWAPPED || captured > original)) {
        const swap = captured
        captured = original
        original = swap
      }
      if (captured > limit) {
        info.damage = tooLong(info.file, info.packets + 1, window.offset(at), captured, limit)
        outcome = DAMAGED
        break
      }
      const start = at + headerLength
      if (captured > end - start) break
      packet.number++
      packet.start = start
      packet.capturedLength = captured
      packet.originalLength = Math.min(original, MAX_ORIGINAL_LENGTH)
      let seconds = view.getUint32(at, little)
      let nanoseconds = view.getUint32(at + SUBSECONDS, little) * nanosecondsPerUnit
      if (nanoseconds >= BILLION) {
        // Wireshark shows 5.1000000000 for this; everything behind us may rely on less than a second.
        seconds += Math.floor(nanoseconds / BILLION)
        nanoseconds %= BILLION
      }
      packet.seconds = seconds
      packet.nanoseconds = nanoseconds
      info.packets++
      at = start + captured
      if (onPacket() === true) {
        outcome = STOPPED
        break
      }
    }
    window.at = at
    info.interfaces[0].packets = info.packets
    return outcome === MORE && at >= until ? REACHED : outcome
  }
}

function lengthOrder(major: number, minor: number): LengthOrder {
  if (major === 2 && minor < 3) return LENGTHS_SWAPPED
  if (major === 2 && minor === 3) return LENGTHS_EITHER_WAY
  // Digital's OSF/1 tcpdump called its version 543.0 (libpcap, savefile.c).
  return major === 543 && minor === 0 ? LENGTHS_SWAPPED : LENGTHS_AS_NOW
}
