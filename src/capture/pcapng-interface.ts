/**
 * pcapng's interface description block, draft-ietf-opsawg-pcapng §4.2.
 *
 *     8 | link type | reserved |
 *    12 | snaplen              |
 *    16 | options ...
 */
import { read16, read16le, read32, read32le } from '../packet/bytes.ts'
import type { RecordSection, RecordSource } from '../packet/packet.ts'
import type { InterfaceInfo } from './info.ts'
import { MAX_TEXT_OCTETS, maxCapturedLength } from './limits.ts'
import { linkTypeName } from './link-types.ts'
import * as option from './pcapng-options.ts'
import { DEFAULT_RESOLUTION, TimestampClock } from './resolution.ts'

export class NgInterface implements RecordSource {
  readonly section: RecordSection
  readonly isInterface = true
  readonly linkType: number
  readonly clock: TimestampClock
  readonly info: InterfaceInfo
  /** Captured octets of a packet at most, before it is taken for damaged. */
  readonly limit: number
  readonly options: Uint8Array
  comments = 0
  frameCheckLength = -1
  name: string | undefined
  description: string | undefined

  /** The block is `total` octets at `at`. `texts`: tell `info` the names and comments too. */
  constructor(section: RecordSection, bytes: Uint8Array, at: number, total: number, texts: boolean) {
    const { little } = section
    this.section = section
    this.options = bytes.slice(at + 16, at + total - 4)
    this.linkType = little ? read16le(bytes, at + 8) : read16(bytes, at + 8)
    this.limit = maxCapturedLength(this.linkType)
    const snaplen = little ? read32le(bytes, at + 12) : read32(bytes, at + 12)
    const text: Partial<InterfaceInfo> = {}
    const read = (value: number, length: number): string =>
      option.optionText(bytes, value, Math.min(length, MAX_TEXT_OCTETS))
    let resolution = DEFAULT_RESOLUTION
    let offset = 0n
    option.eachOption(bytes, at + 16, at + total - 4, little, (code, value, length) => {
      if (code === option.INTERFACE_RESOLUTION && length === 1) resolution = bytes[value]
      else if (code === option.INTERFACE_OFFSET && length === 8) offset = option.optionInteger(bytes, value, little)
      else if (code === option.INTERFACE_FRAME_CHECK_LENGTH && length === 1) this.frameCheckLength = bytes[value]
      else if (code === option.INTERFACE_NAME) this.name = read(value, length)
      else if (code === option.INTERFACE_DESCRIPTION) this.description = read(value, length)
      else if (!texts) return
      else if (code === option.COMMENT) this.comments++
      else if (code === option.INTERFACE_OS) text.os = read(value, length)
      // The first octet says what follows: 0, and it is a filter expression (§4.2, "if_filter").
      else if (code === option.INTERFACE_FILTER && length > 1 && bytes[value] === 0)
        text.filter = read(value + 1, length - 1)
    })
    if (texts && this.name !== undefined) text.name = this.name
    if (texts && this.description !== undefined) text.description = this.description
    this.clock = new TimestampClock(resolution, offset)
    this.info = {
      linkType: this.linkType,
      linkTypeName: linkTypeName(this.linkType),
      snaplen,
      resolution: this.clock.resolution,
      resolutionCode: resolution,
      packets: 0,
      ...text,
    }
  }

  get snaplen(): number {
    return this.info.snaplen
  }

  get resolutionCode(): number {
    return this.info.resolutionCode
  }
}

/** Where a block comes from that belongs to no interface. */
export function noInterface(section: RecordSection): RecordSource {
  const options = new Uint8Array(0)
  return { section, isInterface: false, frameCheckLength: -1, snaplen: 0, resolutionCode: DEFAULT_RESOLUTION, options }
}
