/** Compressed data that is damaged, cut or hostile: what comes before is delivered, and the place is told. */
import { spawnSync } from 'node:child_process'
import { ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { ExpansionLimit } from '../../src/source/expansion.ts'
import { decompressed, openSource } from '../../src/source/open.ts'
import type { ByteSource } from '../../src/source/source.ts'
import { Bytes, memorySource, pcapBytes, readAll } from '../support/capture-bytes.ts'

const folder = mkdtempSync(join(tmpdir(), 'pcapx-damage-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, octets: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, octets)
  return path
}

/** How many octets come out, at most `most` of them looked at, and how it ends. */
async function drain(source: ByteSource): Promise<{ count: number; error: { message: string } | null }> {
  const into = new Uint8Array(65_536)
  let count = 0
  try {
    for (;;) {
      const got = await source.read(into, 0, into.length)
      if (got === 0) return { count, error: null }
      count += got
    }
  } catch (error) {
    return { count, error: error as Error }
  } finally {
    await source.close()
  }
}

const unpack = async (octets: Uint8Array, limit?: ExpansionLimit) =>
  drain(await decompressed(memorySource(octets), { limit }))

/** A zstd frame (RFC 8878 §3.1.1): its descriptor and what follows it, then blocks: type, length, octets. */
function zstd(
  head: readonly number[],
  blocks: readonly (readonly [type: number, size: number, octets: Iterable<number>])[],
) {
  const bytes = new Bytes().u32(0xfd2fb528).u8(...head)
  for (const [i, [type, size, octets]] of blocks.entries()) {
    const header = (size << 3) | (type << 1) | (i === blocks.length - 1 ? 1 : 0)
    bytes.u8(header, header >>> 8, header >>> 16).raw(octets)
  }
  return bytes.done()
}
const RAW = 0
const RLE = 1
const COMPRESSED = 2
/** No checksum, no content size; a window of 128 KiB: 2^(10 + 7). */
const HEAD = [0, 7 << 3]

const packet = new Uint8Array(100).map((_, i) => (i * 37) % 251)
const capture = pcapBytes(
  Array.from({ length: 3000 }, (_, i) => ({ seconds: i, subseconds: (i * 7919) % 1_000_000, data: packet })),
)

describe('gzip that is corrupt in its middle', () => {
  // Stored blocks (RFC 1951 §3.2.4), which show where a mistake is: an octet of type, the length, and its complement.
  const bad = Uint8Array.from(gzipSync(capture, { level: 0 }))
  let at = 10
  let before = 0
  while (before < 200_000) {
    const length = bad[at + 1] | (bad[at + 2] << 8)
    at += 5 + length
    before += length
  }
  bad[at + 3] ^= 1
  const packets = Math.floor((before - 24) / 116)

  test('of a file: all packets before it, and its place within some octets', async () => {
    const source = await openSource(file('corrupt.gz', bad))
    const { info } = await readAll(source)
    await source.close()
    expect(info.packets).toBe(packets)
    const found = /damaged between its bytes (\d+) and (\d+): .*; the capture could be read up to its byte (\d+)$/.exec(
      info.damage?.message ?? '',
    )
    const [low, high, up] = (found ?? []).slice(1).map(Number)
    expect(low).toBeLessThanOrEqual(at + 5)
    expect(high).toBeGreaterThan(at)
    expect(high - low).toBeLessThan(200)
    expect(up).toBe(24 + 116 * packets)
    expect(info.damage).toMatchObject({ fault: 'damaged', offset: up })
  })

  test('of a pipe: zlib drops what it made of the last piece', async () => {
    const { info } = await readAll(await decompressed(memorySource(bad, () => 300)))
    expect(info.packets).toBeGreaterThan(packets - 4)
    expect(info.damage?.message).toMatch(/^the gzip data is damaged between its bytes/)
  })
})

describe('places', () => {
  const first = new Uint8Array(1000).fill(1)
  // 4 octets of magic, 2 of the header, then 3 for each block's.
  const second = 6 + 3 + 1000

  test('zstd', async () => {
    const blocks = [[RAW, 1000, first] as const, [3, 5, first] as const]
    expect(await unpack(zstd(HEAD, blocks))).toMatchObject({
      count: 1000,
      error: { message: `the zstd data is damaged at its byte ${second}: a block of the reserved type` },
    })
    expect(
      await unpack(
        zstd(HEAD, [
          [RAW, 1000, first],
          [RAW, 9, [1]],
        ]),
      ),
    ).toMatchObject({
      count: 1000,
      error: { message: `the zstd data is cut short at byte ${second + 4}` },
    })
  })

  test('lz4', async () => {
    // 4 octets of magic, 3 of the header, then 4 for each block's length.
    const frame = new Bytes()
      .u32(0x184d2204)
      .u8(0x40, 0x40, 0)
      .u32(0x8000_0000 + 1000)
      .raw(first)
    const bad = new Bytes().raw(frame.done()).u32(3).u8(0xff, 0xff, 0xff)
    expect(await unpack(bad.done())).toMatchObject({
      count: 1000,
      error: { message: 'the LZ4 data is damaged at its byte 1011: a block contradicts the format' },
    })
    expect(await unpack(frame.u32(5).done())).toMatchObject({
      error: { message: 'the LZ4 data is cut short at byte 1015' },
    })
  })

  test('a checksum that is missing costs no packets', async () => {
    expect(await unpack(zstd([0x04, 7 << 3], [[RAW, 1000, first]]))).toMatchObject({
      count: 1000,
      error: { fault: 'cut-short' },
    })
  })
})

describe('bombs', () => {
  const limit = { freeOctets: 1_000_000, ratio: 100, emptySteps: 1000 }

  test('zstd', async () => {
    const bomb = zstd(
      HEAD,
      Array.from({ length: 100 }, () => [RLE, 131_072, [0]] as const),
    )
    const { count, error } = await unpack(bomb, limit)
    // What was free, and the block that went beyond it.
    expect(count).toBeLessThan(1_000_000 + 131_072)
    expect(error?.message).toMatch(
      /^the zstd data expands to more than 100 times its length: \d+ octets became 1048576$/,
    )
    expect(error).toMatchObject({
      fault: 'damaged',
      hint: 'if that is meant to be so, decompress it yourself: zstd -dc FILE | pcapx ... -',
    })
    expect(await unpack(bomb)).toMatchObject({ count: 100 * 131_072, error: null })
  })

  test('gzip', async () => {
    const bomb = gzipSync(new Uint8Array(8_000_000))
    const { count, error } = await unpack(bomb, limit)
    expect(count).toBeLessThan(4_000_000)
    expect(error?.message).toMatch(/^the gzip data expands to more than 100 times its length/)
    expect(await unpack(bomb)).toMatchObject({ count: 8_000_000, error: null })
  })

  test('what shrinks well is no bomb, however long', async () => {
    const octets = new Uint8Array(3_000_000).map((_, i) => i >>> 4)
    expect(await unpack(gzipSync(octets), { ...limit, ratio: 1000 })).toMatchObject({ count: 3_000_000, error: null })
  })

  test('frames and blocks of which nothing comes', async () => {
    const blocks = zstd(
      HEAD,
      Array.from({ length: 1100 }, () => [RAW, 0, []] as const),
    )
    expect((await unpack(blocks, limit)).error?.message).toContain('1000 blocks in a row hold nothing')
    const frame = zstd(HEAD, [[RAW, 1, [7]]])
    const skippable = new Bytes().u32(0x184d2a50).u32(0).done()
    const many = Buffer.concat([frame, ...Array.from({ length: 1100 }, () => skippable), frame])
    expect((await unpack(many, limit)).error?.message).toContain('1000 blocks in a row hold nothing')
    const lz4 = new Bytes().u32(0x184d2204).u8(0x40, 0x40, 0)
    for (let i = 0; i < 1100; i++) lz4.u32(0x8000_0000)
    expect((await unpack(lz4.done(), limit)).error?.message).toContain('1000 blocks in a row hold nothing')
  })

  test('skippable frames without end in front', async () => {
    const skippable = new Bytes().u32(0x184d2a50).u32(0).done()
    const many = (count: number) =>
      Buffer.concat([...Array.from({ length: count }, () => skippable), gzipSync(capture)])
    expect((await decompressed(memorySource(many(1024)))).compression).toBe('gzip')
    expect((await decompressed(memorySource(many(1025)))).compression).toBeNull()
  })

  test('a skippable frame of 4 GiB that is not there', async () => {
    const octets = Buffer.concat([
      zstd(HEAD, [[RAW, 1, [7]]]),
      new Bytes().u32(0x184d2a50).u32(0xffff_ffff).u32(0).done(),
    ])
    expect(await unpack(octets)).toMatchObject({ count: 1, error: { fault: 'cut-short' } })
  })
})

describe('claims', () => {
  /** Octets of memory that reading takes. */
  const memoryOf = async (octets: Uint8Array): Promise<number> => {
    const before = process.memoryUsage().arrayBuffers
    const source = await decompressed(memorySource(octets))
    await source.read(new Uint8Array(100), 0, 100)
    return process.memoryUsage().arrayBuffers - before
  }

  test.each([
    ['a window of 128 MiB', [0, 17 << 3]],
    // Single segment, 4 octets of content size: 134,217,728.
    ['a content of 128 MiB', [0xa0, 0, 0, 0, 8]],
  ])('%s', async (_, head) => {
    expect(
      await memoryOf(
        zstd(head, [
          [RAW, 5, [1, 2, 3, 4, 5]],
          [RAW, 1, [6]],
        ]),
      ),
    ).toBeLessThan(16 * 1024 * 1024)
  })

  test.each([
    ['a window of 3.75 TiB', [0, 0xff]],
    ['a content of 2^63 octets', [0xe0, 0, 0, 0, 0, 0, 0, 0, 0x80]],
  ])('%s', async (_, head) => {
    expect((await unpack(zstd(head, [[RAW, 1, [1]]]))).error?.message).toContain('its window is larger than 128 MiB')
  })

  test('a dictionary', async () => {
    expect((await unpack(zstd([1, 7 << 3, 9], [[RAW, 1, [1]]]))).error?.message).toContain('it needs a dictionary')
  })

  // RFC 8878 §3.1.1.3: one literal, then sequences of which all three codes are given once for all.
  const LITERAL = [1 << 3, 0x41]
  const ALL_THE_SAME = 0b01_01_01_00

  test.each([
    // 98,047, the most there can be: no literals, an offset of those before, a match of 65,539 octets and 16 bits more.
    ['more sequences than it has bits for', [0xff, 0xff, 0xff, ALL_THE_SAME, 0, 0, 52, 0, 0, 0, 0, 0x80]],
    // 32,512 + 0x6b60 = 60,000 of them, and 16 bits of 0 for each.
    ['four thousand million octets', [0xff, 0x60, 0x6b, ALL_THE_SAME, 0, 0, 52, ...new Uint8Array(120_000), 1]],
    // One literal, and a match of 3 octets that begins 8 before it: the offset is 2^3 + 3 bits of 1, less 3.
    ['octets before the first', [1, ALL_THE_SAME, 1, 3, 0, 0b1111]],
  ])('a block that asks for %s', async (_, sequences) => {
    const block = [...LITERAL, ...sequences]
    const start = performance.now()
    const { count, error } = await unpack(
      zstd(HEAD, [
        [RAW, 8, new Uint8Array(8)],
        [COMPRESSED, block.length, block],
      ]),
    )
    expect([count, error?.message]).toEqual([
      8,
      'the zstd data is damaged at its byte 17: a block contradicts the format',
    ])
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

test('any damage of zstd data: an end, and no more than its blocks can hold', async () => {
  const text = Buffer.from(JSON.stringify(Array.from({ length: 3000 }, (_, i) => ({ i, root: Math.sqrt(i) }))))
  const run = spawnSync('zstd', ['-12', '-c'], { input: text })
  if (run.error !== undefined || run.status !== 0) return console.warn('skipped: zstd is not here')
  let damaged = 0
  for (let i = 0; i < 400; i++) {
    const bad = Uint8Array.from(run.stdout)
    bad[6 + ((i * 7919) % (bad.length - 6))] ^= 1 << (i & 7)
    const { count, error } = await unpack(bad)
    expect(count).toBeLessThanOrEqual(text.length + 131_072)
    if (error === null) continue
    damaged++
    expect(error).toMatchObject({ name: 'CaptureError' })
  }
  expect(damaged).toBeGreaterThan(50)
}, 20_000)

describe('files', () => {
  test('one that shrinks while it is read is cut short', async () => {
    const whole = pcapBytes(Array.from({ length: 3000 }, (_, i) => ({ seconds: i, data: new Uint8Array(1000) })))
    const path = file('shrinking.pcap', whole)
    const source = await openSource(path)
    const shrinking: ByteSource = {
      name: source.name,
      size: source.size,
      compression: null,
      get position() {
        return source.position
      },
      async read(into, at, length) {
        const count = await source.read(into, at, length)
        ftruncateSync(openSync(path, 'r+'), 24 + 1016 * 700 + 300)
        return count
      },
      close: () => source.close(),
    }
    const { info } = await readAll(shrinking)
    await source.close()
    expect(info).toMatchObject({ packets: 700, truncated: true, truncatedAt: 24 + 1016 * 700, damage: null })
  })

  test.each(['/dev/zero', '/dev/urandom'])('%s is no capture, and that is known at once', async (path) => {
    const source = await openSource(path)
    await expect(readAll(source)).rejects.toMatchObject({ fault: 'not-a-capture' })
    await source.close()
  })
})
