/** Records as a capture file, written without the writers of pcapx, and with whatever its header may say. */
import type { CapturedRecord } from './corpus.ts'
import type { Random } from './random.ts'

/** A file, and where the records or blocks in it begin, for mutations that know of them. */
export interface Composed {
  readonly bytes: Uint8Array
  readonly starts: readonly number[]
  readonly little: boolean
  readonly isPcapng: boolean
}

/** Octets in one byte order. */
class Octets {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  readonly little: boolean
  length = 0

  constructor(little: boolean) {
    this.little = little
  }

  u16(value: number): void {
    this.#reserve(2)
    this.#view.setUint16(this.length, value, this.little)
    this.length += 2
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.length, value, this.little)
    this.length += 4
  }

  patch32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.little)
  }

  raw(octets: Uint8Array): void {
    this.#reserve(octets.length)
    this.#bytes.set(octets, this.length)
    this.length += octets.length
  }

  /** Zeros up to a multiple of 4. */
  pad(): void {
    this.raw(new Uint8Array(-this.length & 3))
  }

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length)
  }

  #reserve(length: number): void {
    if (this.length + length <= this.#bytes.length) return
    const bytes = new Uint8Array(2 * (this.length + length))
    bytes.set(this.#bytes)
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}

/** pcap if all records are of one link type, or pcapng. */
export function compose(records: readonly CapturedRecord[], random: Random): Composed {
  const isOneLinkType = records.every(({ linkType }) => linkType === records[0]?.linkType)
  return isOneLinkType && !random.once(3) ? pcap(records, random) : pcapng(records, random)
}

const MAGICS = [0xa1b2c3d4, 0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34]

function pcap(records: readonly CapturedRecord[], random: Random): Composed {
  const little = !random.once(4)
  const octets = new Octets(little)
  const magic = random.pick(MAGICS)
  octets.u32(magic)
  octets.u16(2)
  octets.u16(random.once(20) ? random.below(6) : 4)
  octets.u32(0)
  octets.u32(0)
  octets.u32(random.once(4) ? random.edge() : 262_144)
  octets.u32(records[0]?.linkType ?? 1)
  const unit = magic === 0xa1b23c4d ? 1 : 1000
  const starts: number[] = []
  for (const { seconds, nanoseconds, data, originalLength } of records) {
    starts.push(octets.length)
    octets.u32(seconds)
    octets.u32(Math.floor(nanoseconds / unit))
    octets.u32(data.length)
    octets.u32(originalLength)
    if (magic === 0xa1b2cd34) octets.raw(random.octets(8))
    octets.raw(data)
  }
  return { bytes: octets.bytes, starts, little, isPcapng: false }
}

const ENHANCED = 6
const SIMPLE = 3
const OBSOLETE = 2
const COMMENT = 1
const RESOLUTION = 9
const TEXTS = ['a comment', '\x1b[2J\u202e', '=1+1', 'caf\u00e9 \u009b31m', '"><img src=x onerror=alert(1)>']

function pcapng(records: readonly CapturedRecord[], random: Random): Composed {
  const little = !random.once(4)
  const octets = new Octets(little)
  const starts: number[] = []
  const block = (type: number, body: () => void): void => {
    const start = octets.length
    starts.push(start)
    octets.u32(type)
    octets.u32(0)
    body()
    octets.pad()
    const total = octets.length - start + 4
    octets.u32(total)
    octets.patch32(start + 4, total)
  }
  const text = (code: number, value: string): void => {
    const encoded = Buffer.from(value)
    octets.u16(code)
    octets.u16(encoded.length)
    octets.raw(encoded)
    octets.pad()
  }
  const interfaces = [...new Set(records.map(({ linkType }) => linkType))]
  const section = (): void => {
    block(0x0a0d0d0a, () => {
      octets.u32(0x1a2b3c4d)
      octets.u16(1)
      octets.u16(0)
      octets.u32(0xffff_ffff)
      octets.u32(0xffff_ffff)
      if (random.once(2)) text(random.between(1, 4), random.pick(TEXTS))
      octets.u32(0)
    })
    for (const linkType of interfaces)
      block(1, () => {
        octets.u16(linkType)
        octets.u16(0)
        octets.u32(random.once(8) ? random.edge() : 262_144)
        if (random.once(4)) {
          octets.u16(RESOLUTION)
          octets.u16(1)
          octets.u32((little ? 1 : 0x100_0000) * random.pick([3, 6, 9, 9, 12, 20, 127, 0x80, 0x94, 0xff]))
        }
        if (random.once(3)) text(random.pick([2, 3, COMMENT, 11, 12]), random.pick(TEXTS))
        octets.u32(0)
      })
  }
  section()
  for (const { linkType, seconds, nanoseconds, data, originalLength } of records) {
    if (random.once(40)) section()
    const type = random.once(10) ? random.pick([SIMPLE, OBSOLETE]) : ENHANCED
    block(type, () => {
      const time = BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanoseconds / 1000))
      if (type === OBSOLETE) {
        octets.u16(interfaces.indexOf(linkType))
        octets.u16(0)
      } else if (type === ENHANCED) octets.u32(interfaces.indexOf(linkType))
      if (type !== SIMPLE) {
        octets.u32(Number(BigInt.asUintN(32, time >> 32n)))
        octets.u32(Number(BigInt.asUintN(32, time)))
        octets.u32(data.length)
      }
      octets.u32(originalLength)
      octets.raw(data)
      octets.pad()
      if (type !== SIMPLE && random.once(10)) text(COMMENT, random.pick(TEXTS))
    })
    if (random.once(30)) block(random.pick([4, 5, 10, 0x0bad, 0x4000_0bad, 77]), () => octets.raw(random.octets(40)))
  }
  return { bytes: octets.bytes, starts, little, isPcapng: true }
}
