/** Capture files built in memory, octet by octet, for tests. Independent of the writers in src/. */
import { CaptureError } from '../../src/capture/errors.ts'
import { type CaptureInfo, type ReadOptions, readCapture } from '../../src/capture/read.ts'
import { Packet } from '../../src/packet/packet.ts'
import type { ByteSource } from '../../src/source/source.ts'

/** Writes integers in one byte order. */
export class Bytes {
  readonly little: boolean
  readonly #octets: number[] = []

  constructor(little = true) {
    this.little = little
  }

  u8(...values: number[]): this {
    for (const value of values) this.#octets.push(value & 0xff)
    return this
  }

  u16(value: number): this {
    return this.little ? this.u8(value, value >>> 8) : this.u8(value >>> 8, value)
  }

  u32(value: number): this {
    const upper = Math.floor(value / 65_536) & 0xffff
    return this.little ? this.u16(value & 0xffff).u16(upper) : this.u16(upper).u16(value & 0xffff)
  }

  u64(value: bigint): this {
    const bits = BigInt.asUintN(64, value)
    const [upper, lower] = [Number(bits >> 32n), Number(bits & 0xffff_ffffn)]
    return this.little ? this.u32(lower).u32(upper) : this.u32(upper).u32(lower)
  }

  text(value: string): this {
    return this.u8(...new TextEncoder().encode(value))
  }

  raw(octets: Iterable<number>): this {
    for (const octet of octets) this.#octets.push(octet)
    return this
  }

  /** Zeros up to a multiple of 4. */
  pad(): this {
    while (this.#octets.length % 4 !== 0) this.#octets.push(0)
    return this
  }

  get length(): number {
    return this.#octets.length
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#octets)
  }
}

export interface RecordSpec {
  seconds?: number
  /** Microseconds or nanoseconds, as the file has them. */
  subseconds?: number
  data?: Iterable<number>
  /** Claimed in the header; the length of the data unless given. */
  captured?: number
  original?: number
}

export interface PcapSpec {
  little?: boolean
  magic?: number
  major?: number
  minor?: number
  snaplen?: number
  linkType?: number
  /** Octets that the record header has beyond 16. */
  extra?: number
}

/** draft-ietf-opsawg-pcap. */
export function pcapBytes(records: readonly RecordSpec[], spec: PcapSpec = {}): Uint8Array {
  const bytes = new Bytes(spec.little ?? true)
  bytes.u32(spec.magic ?? 0xa1b2c3d4)
  bytes.u16(spec.major ?? 2).u16(spec.minor ?? 4)
  bytes.u32(0).u32(0)
  bytes.u32(spec.snaplen ?? 65_535)
  bytes.u32(spec.linkType ?? 1)
  for (const record of records) {
    const data = [...(record.data ?? [])]
    bytes.u32(record.seconds ?? 0).u32(record.subseconds ?? 0)
    bytes.u32(record.captured ?? data.length)
    bytes.u32(record.original ?? data.length)
    for (let i = 0; i < (spec.extra ?? 0); i++) bytes.u8(0xee)
    bytes.raw(data)
  }
  return bytes.done()
}

export interface OptionSpec {
  code: number
  value: Iterable<number>
}

/** Builds pcapng (draft-ietf-opsawg-pcapng), block after block. */
export class PcapngBytes {
  readonly #parts: Uint8Array[] = []
  little: boolean

  constructor(little = true) {
    this.little = little
  }

  /** A block with this body; `first` and `last` override the two total lengths. */
  block(type: number, body: Uint8Array, first?: number, last?: number): this {
    const padded = new Bytes(this.little).raw(body).pad().done()
    const total = padded.length + 12
    this.#parts.push(
      new Bytes(this.little)
        .u32(type)
        .u32(first ?? total)
        .raw(padded)
        .u32(last ?? total)
        .done(),
    )
    return this
  }

  section(options: readonly OptionSpec[] = [], major = 1, minor = 0): this {
    const body = new Bytes(this.little).u32(0x1a2b3c4d).u16(major).u16(minor).u64(-1n)
    return this.block(0x0a0d0d0a, body.raw(this.#options(options)).done())
  }

  interface(linkType: number, snaplen = 0, options: readonly OptionSpec[] = []): this {
    const body = new Bytes(this.little).u16(linkType).u16(0).u32(snaplen)
    return this.block(1, body.raw(this.#options(options)).done())
  }

  enhanced(
    id: number,
    timestamp: bigint,
    data: Uint8Array,
    spec: { captured?: number; original?: number; options?: readonly OptionSpec[] } = {},
  ): this {
    const body = new Bytes(this.little)
      .u32(id)
      .u32(Number(timestamp >> 32n))
      .u32(Number(timestamp & 0xffff_ffffn))
      .u32(spec.captured ?? data.length)
      .u32(spec.original ?? data.length)
      .raw(data)
      .pad()
    return this.block(6, body.raw(this.#options(spec.options ?? [])).done())
  }

  /** Appendix A: the packet block that the enhanced one replaced. */
  obsolete(id: number, timestamp: bigint, data: Uint8Array): this {
    const body = new Bytes(this.little)
      .u16(id)
      .u16(7) // drops
      .u32(Number(timestamp >> 32n))
      .u32(Number(timestamp & 0xffff_ffffn))
      .u32(data.length)
      .u32(data.length)
      .raw(data)
    return this.block(2, body.done())
  }

  simple(original: number, data: Uint8Array): this {
    return this.block(3, new Bytes(this.little).u32(original).raw(data).done())
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#parts.flatMap((part) => [...part]))
  }

  #options(options: readonly OptionSpec[]): Uint8Array {
    if (options.length === 0) return new Uint8Array(0)
    const bytes = new Bytes(this.little)
    for (const { code, value } of options) {
      const octets = [...value]
      bytes.u16(code).u16(octets.length).raw(octets).pad()
    }
    return bytes.u32(0).done()
  }
}

/** Octets in memory as a source that gives `chunk()` octets at a time, or as many as there is room for. */
export function memorySource(
  octets: Uint8Array,
  chunk: () => number = () => octets.length,
  name = 'memory',
): ByteSource {
  let position = 0
  return {
    name,
    size: null,
    compression: null,
    get position() {
      return position
    },
    async read(into, at, length) {
      const count = Math.min(length, octets.length - position, Math.max(1, chunk()))
      into.set(octets.subarray(position, position + count), at)
      position += count
      return count
    },
    async close() {},
  }
}

/** A packet as it was when `onPacket` was called. */
export interface Seen {
  number: number
  seconds: number
  nanoseconds: number
  hasTime: boolean
  captured: number
  original: number
  linkType: number
  interfaceId: number
  data: string
}

export function seen(packet: Packet): Seen {
  return {
    number: packet.number,
    seconds: packet.seconds,
    nanoseconds: packet.nanoseconds,
    hasTime: packet.hasTime,
    captured: packet.capturedLength,
    original: packet.originalLength,
    linkType: packet.linkType,
    interfaceId: packet.interfaceId,
    data: Buffer.from(packet.bytes.subarray(packet.start, packet.start + packet.capturedLength)).toString('hex'),
  }
}

/** Reads it all. */
export async function readAll(
  source: ByteSource | Uint8Array,
  options: ReadOptions = {},
): Promise<{ info: CaptureInfo; packets: Seen[] }> {
  const packet = new Packet()
  const packets: Seen[] = []
  const from = source instanceof Uint8Array ? memorySource(source) : source
  const info = await readCapture(from, packet, () => void packets.push(seen(packet)), options)
  return { info, packets }
}

/** What it throws, which must be a `CaptureError`. */
export async function readError(source: ByteSource | Uint8Array): Promise<CaptureError> {
  try {
    await readAll(source)
  } catch (error) {
    if (error instanceof CaptureError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
