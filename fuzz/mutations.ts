/** What is done to captures: to the octets of a packet, to the sequence of records, to the file around them. */
import { gzipSync } from 'node:zlib'
import type { Composed } from './compose.ts'
import type { CapturedRecord } from './corpus.ts'
import type { Random } from './random.ts'

/** Most length fields of headers lie here. */
const HEADERS = 120

/** A copy of the record with some octets changed. */
export function mutateRecord(record: CapturedRecord, random: Random): CapturedRecord {
  let data = Uint8Array.from(record.data)
  let { originalLength, seconds, nanoseconds, linkType } = record
  for (let times = random.few(12); times > 0; times--) {
    switch (random.below(14)) {
      case 0:
      case 1:
        if (data.length > 0) data[random.below(data.length)] ^= 1 << random.below(8)
        break
      case 2:
      case 3:
        if (data.length > 0) data[random.below(Math.min(data.length, HEADERS))] = random.next()
        break
      case 4:
      case 5:
        forge(data, random.below(Math.max(1, Math.min(data.length, HEADERS))), random)
        break
      case 6:
        forge(data, random.below(Math.max(1, data.length)), random)
        break
      case 7:
        data = data.slice(0, random.below(data.length + 1))
        break
      case 8: {
        // A piece of itself, once more, somewhere else.
        const from = random.below(data.length + 1)
        const piece = data.subarray(from, from + random.few(64))
        data = splice(data, random.below(data.length + 1), random.few(8), piece, random.few(20))
        break
      }
      case 9:
        data = splice(data, random.below(data.length + 1), random.below(30), random.octets(random.below(30)), 1)
        break
      case 10:
        originalLength = random.once(2) ? random.edge() : data.length + random.below(3000)
        break
      case 11:
        seconds = random.once(2) ? random.edge() : seconds - random.below(100)
        nanoseconds = random.once(2) ? random.edge() : nanoseconds
        break
      case 12:
        if (random.once(3))
          linkType = random.once(3) ? random.below(300) : random.pick([0, 1, 9, 12, 101, 105, 113, 127, 228, 276])
        break
      default:
        data.fill(random.pick([0, 0xff, 0x41, 0x80]), random.below(data.length + 1), random.below(data.length + 1))
    }
  }
  return { ...record, data, originalLength, seconds, nanoseconds, linkType }
}

/** A number of 1 to 4 octets that is wrong at an edge, or off by a little. */
function forge(data: Uint8Array, at: number, random: Random): void {
  const length = random.pick([1, 2, 2, 2, 3, 4])
  if (at + length > data.length) return
  const kind = random.below(3)
  let value = kind === 0 ? random.edge() : 0
  if (kind === 1) value = data.length - at + random.between(-6, 6)
  else if (kind === 2) {
    for (let i = 0; i < length; i++) value = value * 256 + data[at + i]
    value += random.between(-2, 2)
  }
  const little = random.once(4)
  for (let i = 0; i < length; i++) data[at + (little ? i : length - 1 - i)] = value >>> (8 * i)
}

function splice(
  data: Uint8Array,
  at: number,
  removed: number,
  piece: Uint8Array,
  times: number,
): Uint8Array<ArrayBuffer> {
  const behind = data.subarray(Math.min(data.length, at + removed))
  const result = new Uint8Array(at + piece.length * times + behind.length)
  result.set(data.subarray(0, at))
  for (let i = 0; i < times; i++) result.set(piece, at + i * piece.length)
  result.set(behind, at + piece.length * times)
  return result
}

/** Takes away, repeats and exchanges records. */
export function mutateSequence(records: CapturedRecord[], random: Random): void {
  for (let times = random.few(4) - 1; times > 0 && records.length > 0; times--) {
    const at = random.below(records.length)
    switch (random.below(4)) {
      case 0:
        records.splice(at, random.few(3))
        break
      case 1:
        records.splice(random.below(records.length), 0, ...records.slice(at, at + random.few(4)))
        break
      case 2: {
        const other = random.below(records.length)
        const record = records[at]
        records[at] = records[other]
        records[other] = record
        break
      }
      default:
        records[at] = { ...records[at], linkType: random.pick(records).linkType }
    }
  }
}

/** Damages the file around the records. */
export function mutateFile({ bytes: whole, starts, little, isPcapng }: Composed, random: Random): Uint8Array {
  let bytes: Uint8Array<ArrayBuffer> = Uint8Array.from(whole)
  for (let times = random.few(4); times > 0; times--) {
    const start = starts.length === 0 ? 0 : random.pick(starts)
    switch (random.below(8)) {
      case 0:
        bytes = bytes.slice(0, random.below(bytes.length + 1))
        break
      case 1: {
        // A length in the header of a record or a block.
        const at = start + (isPcapng ? random.pick([0, 4, 4, 8, 20, 24]) : random.pick([4, 8, 8, 12]))
        if (at + 4 <= bytes.length)
          new DataView(bytes.buffer).setUint32(at, random.once(2) ? random.edge() : random.below(2000), little)
        break
      }
      case 2:
        // Garbage between records.
        bytes = splice(bytes, Math.min(start, bytes.length), 0, random.octets(random.few(100)), 1)
        break
      case 3: {
        const next = starts[starts.indexOf(start) + random.few(4)] ?? bytes.length
        const block = bytes.slice(Math.min(start, bytes.length), next)
        bytes = splice(bytes, Math.min(start, bytes.length), 0, block, random.few(20))
        break
      }
      case 4:
        // The file header: link type, snaplen, version, byte order.
        if (bytes.length >= 24) forge(bytes, random.below(24), random)
        break
      case 5:
        if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8)
        break
      case 6:
        bytes = splice(bytes, random.below(bytes.length + 1), random.few(30), new Uint8Array(0), 0)
        break
      default:
        forge(bytes, random.below(bytes.length + 1), random)
    }
  }
  return bytes
}

/** Compressed, and the compressed data cut or changed in some cases. */
export function compress(bytes: Uint8Array, random: Random): Uint8Array {
  const packed = Uint8Array.from(gzipSync(bytes, { level: 1 }))
  if (random.once(3)) return packed.slice(0, random.below(packed.length + 1))
  if (random.once(2)) packed[random.below(packed.length)] ^= 1 << random.below(8)
  return packed
}
