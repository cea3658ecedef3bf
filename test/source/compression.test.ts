import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decompressed, openSource } from '../../src/source/open.ts'
import type { ByteSource } from '../../src/source/source.ts'
import { Bytes, memorySource, pcapBytes, readAll } from '../support/capture-bytes.ts'

/** All that comes out, and how it ended. */
async function drain(source: ByteSource, length = 10_000): Promise<{ octets: Uint8Array; error: unknown }> {
  const parts: Uint8Array[] = []
  const into = new Uint8Array(length + 3)
  let error: unknown = null
  try {
    for (;;) {
      const count = await source.read(into, 3, length)
      if (count === 0) break
      parts.push(into.slice(3, 3 + count))
    }
  } catch (thrown) {
    error = thrown
  }
  await source.close()
  return { octets: Buffer.concat(parts), error }
}

async function unpack(octets: Uint8Array, chunk?: () => number) {
  return drain(await decompressed(memorySource(octets, chunk)))
}

const sample = new Uint8Array(300_000).map((_, i) => (i % 251) ^ (i >>> 9))

function same(got: Uint8Array, want: Uint8Array): void {
  expect(Buffer.compare(got, want)).toBe(0)
}

describe('not compressed', () => {
  test.each([0, 1, 3, 4, 5, 20_000])('%i octets', async (length) => {
    const { octets, error } = await unpack(sample.subarray(0, length))
    expect(error).toBeNull()
    same(octets, sample.subarray(0, length))
  })
})

describe('gzip', () => {
  const packed = gzipSync(sample)

  test('whole, in any chunks', async () => {
    for (const chunk of [1, 7, 1000, 1e6]) {
      const { octets, error } = await unpack(packed, () => chunk)
      expect(error).toBeNull()
      same(octets, sample)
    }
  })

  test('several members, as `cat a.gz b.gz` makes', async () => {
    const { octets } = await unpack(Buffer.concat([packed, gzipSync('more'), gzipSync(''), gzipSync('!')]))
    same(octets, Buffer.concat([sample, Buffer.from('more!')]))
  })

  test('cut short: what came before the cut is delivered', async () => {
    const noise = new Uint8Array(200_000)
    for (let i = 0, x = 1; i < noise.length; i++) {
      x = (x * 1_103_515_245 + 12_345) & 0x7fff_ffff
      noise[i] = x >>> 16
    }
    const whole = gzipSync(noise)
    for (const length of [whole.length - 1, whole.length >> 1, 40]) {
      const { octets, error } = await unpack(whole.subarray(0, length))
      expect(error).toMatchObject({ name: 'CaptureError', fault: 'cut-short' })
      // Noise does not shrink, so nearly as much comes out as was there.
      if (length > 1000) expect(octets.length).toBeGreaterThan(length - 40_000)
      same(octets, noise.subarray(0, octets.length))
    }
  })

  test('corrupt', async () => {
    const bad = Uint8Array.from(packed)
    bad[10] |= 0b110 // RFC 1951 §3.2.3: the block type that is none
    expect((await unpack(bad)).error).toMatchObject({ fault: 'damaged' })
  })

  test('a wrong checksum at the end: everything is delivered, then it is damage', async () => {
    const bad = Uint8Array.from(packed)
    bad[bad.length - 8] ^= 1
    const { octets, error } = await unpack(bad)
    expect(error).toMatchObject({ fault: 'damaged' })
    same(octets, sample)
  })

  test('a bomb stays small: output waits until it is asked for', async () => {
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024))
    const source = await decompressed(memorySource(bomb))
    const before = process.memoryUsage().arrayBuffers
    const into = new Uint8Array(1000)
    for (let i = 0; i < 10; i++) await source.read(into, 0, 1000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
    await source.close()
  })
})

/** A zstd frame of raw and RLE blocks (RFC 8878 §3.1.1), which need no compressor. */
function zstdFrame(blocks: readonly (Uint8Array | [octet: number, count: number])[], checksum = false): Bytes {
  const bytes = new Bytes().u32(0xfd2fb528).u8(checksum ? 0x04 : 0, 0x38) // window descriptor: 2^(10 + 7)
  blocks.forEach((block, i) => {
    const last = i === blocks.length - 1 ? 1 : 0
    const [type, size] = Array.isArray(block) ? [1, block[1]] : [0, block.length]
    const header = (size << 3) | (type << 1) | last
    bytes.u8(header, header >>> 8, header >>> 16)
    if (Array.isArray(block)) bytes.u8(block[0])
    else bytes.raw(block)
  })
  return checksum ? bytes.u32(0) : bytes
}

describe('zstd', () => {
  const parts = [sample.subarray(0, 1), sample.subarray(1, 100_000), sample.subarray(100_000, 200_000)]

  test.each([false, true])('raw blocks, checksum %s, any chunks', async (checksum) => {
    for (const chunk of [1, 1000, 1e6]) {
      const { octets, error } = await unpack(zstdFrame(parts, checksum).done(), () => chunk)
      expect(error).toBeNull()
      same(octets, sample.subarray(0, 200_000))
    }
  })

  test('RLE blocks, several frames, skippable frames between them', async () => {
    const file = new Bytes()
      .u32(0x184d2a53)
      .u32(5)
      .text('hello')
      .raw(zstdFrame([[0x41, 100_000]]).done())
      .u32(0x184d2a50)
      .u32(0)
      .raw(zstdFrame([Uint8Array.of(0x42)]).done())
    const { octets, error } = await unpack(file.done())
    expect(error).toBeNull()
    same(octets, Buffer.from(`${'A'.repeat(100_000)}B`))
  })

  test('a bomb is taken apart block by block', async () => {
    const before = process.memoryUsage().arrayBuffers
    const bomb = zstdFrame(Array.from({ length: 5000 }, () => [0, 131_072] as [number, number])).done()
    const source = await decompressed(memorySource(bomb))
    expect(await source.read(new Uint8Array(10), 0, 10)).toBe(10)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
    await source.close()
  })

  test('cut short', async () => {
    const whole = zstdFrame(parts).done()
    const { octets, error } = await unpack(whole.subarray(0, whole.length - 1))
    expect(error).toMatchObject({ fault: 'cut-short' })
    same(octets, sample.subarray(0, 100_000))
  })

  test('what is not zstd behind a frame', async () => {
    const { octets, error } = await unpack(zstdFrame(parts).text('trailing').done())
    expect(error).toMatchObject({ fault: 'damaged' })
    expect(octets).toHaveLength(200_000)
  })

  test('a window that nobody needs is refused, not allocated', async () => {
    const bytes = new Bytes().u32(0xfd2fb528).u8(0, 0xf8).u8(1, 0, 0)
    expect((await unpack(bytes.done())).error).toMatchObject({ fault: 'damaged' })
  })
})

/** An LZ4 frame; a block is stored as it is, or given compressed. */
function lz4Frame(blocks: readonly { data: Uint8Array; stored: boolean }[], flags = 0x40): Bytes {
  const bytes = new Bytes().u32(0x184d2204).u8(flags, 0x40)
  if (flags & 8) bytes.u64(0n)
  bytes.u8(0) // header checksum
  for (const { data, stored } of blocks) {
    bytes.u32(data.length + (stored ? 0x8000_0000 : 0)).raw(data)
    if (flags & 0x10) bytes.u32(0)
  }
  bytes.u32(0)
  return flags & 4 ? bytes.u32(0) : bytes
}

describe('lz4', () => {
  const stored = [sample.subarray(0, 60_000), sample.subarray(60_000, 120_000)].map((data) => ({ data, stored: true }))

  test.each([0x40, 0x60, 0x7c])('stored blocks, flags %i, any chunks', async (flags) => {
    for (const chunk of [1, 1000, 1e6]) {
      const { octets, error } = await unpack(lz4Frame(stored, flags).done(), () => chunk)
      expect(error).toBeNull()
      same(octets, sample.subarray(0, 120_000))
    }
  })

  test('sequences: literals, matches that overlap, long lengths, matches in the block before', async () => {
    const first = new Bytes()
      .u8(0x3f)
      .text('abc')
      .u16(3)
      .u8(255, 10) // 3 literals; offset 3, length 4 + 15 + 255 + 10
      .u8(0xf0, 2)
      .text('0123456789abcdefg') // 15 + 2 literals, the end
    const second = new Bytes().u8(0x00).u16(17).u8(0x10).text('!') // offset 17, length 4; then a literal
    const { octets, error } = await unpack(
      lz4Frame([
        { data: first.done(), stored: false },
        { data: second.done(), stored: false },
      ]).done(),
    )
    expect(error).toBeNull()
    same(octets, Buffer.from(`${'abc'.repeat(96).slice(0, 287)}0123456789abcdefg0123!`))
  })

  test('frames one after the other', async () => {
    const { octets } = await unpack(lz4Frame(stored).raw(lz4Frame(stored).done()).done())
    expect(octets).toHaveLength(240_000)
  })

  test.each([
    ['a match before the start', new Bytes().u8(0x10).text('a').u16(2).u8(0x10).text('b')],
    ['an offset of 0', new Bytes().u8(0x10).text('a').u16(0).u8(0x10).text('b')],
    ['literals beyond the block', new Bytes().u8(0xf0, 200).text('abc')],
    ['a length without end', new Bytes().u8(0xf0, 255, 255)],
    ['a match beyond the block size', new Bytes().u8(0x1f).text('a').u16(1).raw(new Uint8Array(300).fill(255)).u8(0)],
  ])('corrupt: %s', async (_, block) => {
    expect((await unpack(lz4Frame([{ data: block.done(), stored: false }]).done())).error).toMatchObject({
      fault: 'damaged',
    })
  })

  test('a block longer than the frame allows', async () => {
    const bytes = new Bytes().u32(0x184d2204).u8(0x40, 0x40, 0).u32(0x7fff_ffff)
    expect((await unpack(bytes.done())).error).toMatchObject({ fault: 'damaged' })
  })

  test('cut short', async () => {
    const whole = lz4Frame(stored).done()
    const { octets, error } = await unpack(whole.subarray(0, 70_000))
    expect(error).toMatchObject({ fault: 'cut-short' })
    same(octets, sample.subarray(0, 60_000))
  })
})

describe('what the programs make', () => {
  const text = Buffer.from(JSON.stringify(Array.from({ length: 30_000 }, (_, i) => ({ i, square: i * i }))))

  test.each([
    ['gzip', ['-9']],
    ['zstd', ['-1']],
    ['zstd', ['-19', '--no-check']],
    ['lz4', ['-1', '-B4', '-BD']],
    ['lz4', ['-9', '-BX', '--content-size']],
  ])('%s %j', async (program, options) => {
    const run = spawnSync(program, [...options, '-c'], { input: text, maxBuffer: 1e8 })
    if (run.error !== undefined || run.status !== 0) return console.warn(`skipped: ${program} is not here`)
    for (const chunk of [50, 1e6]) {
      const { octets, error } = await unpack(run.stdout, () => chunk)
      expect(error).toBeNull()
      same(octets, text)
    }
  })

  const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))

  test.each([
    ['http.pcap.gz', 'gzip'],
    ['http.pcap.zst', 'zstd'],
    ['http.pcap.lz4', 'lz4'],
  ])('%s', async (name, compression) => {
    if (!existsSync(fixture(name))) return console.warn(`skipped: no fixture ${name}`)
    const source = await openSource(fixture(name))
    expect(source.compression).toBe(compression)
    expect(source.size).toBe(readFileSync(fixture(name)).length)
    const { octets, error } = await drain(source)
    expect(error).toBeNull()
    same(octets, readFileSync(fixture('http.pcap')))
    expect(source.position).toBe(source.size)
  })
})

test('a capture in gzip that was cut: the packets before the cut, and a warning', async () => {
  const capture = pcapBytes(Array.from({ length: 2000 }, (_, i) => ({ seconds: i, data: sample.subarray(i, i + 60) })))
  const packed = gzipSync(capture)
  const { info, packets } = await readAll(await decompressed(memorySource(packed.subarray(0, packed.length >> 1))))
  expect(packets.length).toBeGreaterThan(100)
  expect(info).toMatchObject({ truncated: true, damage: null })
  expect(packets).toEqual((await readAll(capture)).packets.slice(0, packets.length))
})
