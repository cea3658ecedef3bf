/**
 * What is written is what was read: packets of any captures, hostile ones too, written as pcap and as pcapng and read again. The
 * files are looked at by others than our reader as well.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/errors.ts'
import { PRIVATE_CUSTOM_BLOCK } from '../../src/capture/link-types.ts'
import { readCapture } from '../../src/capture/read.ts'
import { type CaptureWriter, createWriter, type WriteFormat } from '../../src/capture/writer.ts'
import { Packet } from '../../src/packet/packet.ts'
import {
  memorySource,
  type OptionSpec,
  PcapngBytes,
  pcapBytes,
  readAll,
  type Seen,
  seen,
} from '../support/capture-bytes.ts'
import { type Change, changes, mutate } from '../support/mutations.ts'
import { walkPcapng } from '../support/pcapng-walker.ts'
import { runs } from '../support/runs.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcapx-writers-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const data = fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.constant(new Uint8Array(3000).fill(0x5a)))
const linkType = fc.constantFrom(1, 1, 1, 113, 228, 276)
/** Seconds: the first, the last, those around the sign bit. */
const seconds = fc.constantFrom(0, 1, 1_700_000_000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff)

const pcap = fc
  .record({
    records: fc.array(fc.record({ seconds, subseconds: fc.nat(999_999), data, more: fc.constantFrom(0, 0, 1, 1400) }), {
      maxLength: 5,
    }),
    linkType,
    little: fc.boolean(),
    magic: fc.constantFrom(0xa1b2c3d4, 0xa1b23c4d),
    snaplen: fc.constantFrom(0, 96, 65_535, 262_144),
  })
  .map(({ records, ...spec }) =>
    pcapBytes(
      records.map((record) => ({ ...record, original: record.data.length + record.more })),
      spec,
    ),
  )

const comment = fc
  .string({ maxLength: 9 })
  .map((text): OptionSpec => ({ code: 1, value: new TextEncoder().encode(text) }))
const octets = fc.uint8Array({ maxLength: 12 })
const anyOption = fc.oneof(
  comment,
  fc.record({ code: fc.constantFrom(2, 3, 4, 5, 8, 11, 13, 2988, 19_372, 19_373, 0x8001), value: octets }),
)
/** Of an interface: its resolution, decimal or binary, and the seconds that its times are off. */
const interfaceOption = fc.oneof(
  anyOption,
  fc
    .constantFrom(0, 3, 6, 7, 9, 12, 0x80, 0x80 + 10, 0x80 + 30)
    .map((code): OptionSpec => ({ code: 9, value: [code] })),
  fc
    .constantFrom(
      [0, 0, 0, 0, 0, 0, 0, 0],
      [100, 0, 0, 0, 0, 0, 0, 0],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    )
    .map((value): OptionSpec => ({ code: 14, value })),
)

type Block = (file: PcapngBytes) => void

const options = fc.array(anyOption, { maxLength: 3 })
const block: fc.Arbitrary<Block> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.nat(2), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), data, options, fc.constantFrom(0, 0, 9))
      .map(
        ([id, time, bytes, all, more]): Block =>
          (file) => {
            file.enhanced(id, time >> BigInt(more * 2), bytes, { options: all, original: bytes.length + more })
          },
      ),
  },
  {
    weight: 1,
    arbitrary: data.map(
      (bytes): Block =>
        (file) =>
          void file.simple(bytes.length, bytes),
    ),
  },
  {
    weight: 1,
    arbitrary: data.map(
      (bytes): Block =>
        (file) =>
          void file.obsolete(0, 1_700_000_000_000_000n, bytes),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(linkType, fc.constantFrom(0, 0, 96), fc.array(interfaceOption, { maxLength: 3 })).map(
      ([type, snaplen, all]): Block =>
        (file) =>
          void file.interface(type, snaplen, all),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(options, fc.boolean(), linkType).map(
      ([all, little, type]): Block =>
        (file) => {
          file.little = little
          file.section(all).interface(type)
        },
    ),
  },
  // Names, keys, custom blocks, journals, and what nobody knows, with any octets in them.
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(4, 5, 9, 10, 0xbad, 0x4000_0bad, 0x1234), fc.uint8Array({ maxLength: 40 })).map(
      ([type, body]): Block =>
        (file) =>
          void file.block(type, body),
    ),
  },
)
const pcapng = fc
  .record({
    little: fc.boolean(),
    first: fc.array(interfaceOption, { maxLength: 3 }),
    blocks: fc.array(block, { maxLength: 9 }),
  })
  .map(({ little, first, blocks }) => {
    const file = new PcapngBytes(little).section().interface(1, 0, first).interface(113).interface(1)
    for (const each of blocks) each(file)
    return file.done()
  })

const captures = fc.array(fc.tuple(fc.oneof(pcap, pcapng, pcapng), fc.oneof(fc.constant([]), changes(2))), {
  minLength: 1,
  maxLength: 3,
})

interface Written {
  readonly file: Uint8Array
  readonly lost: readonly string[]
  /** What was handed to the writer, until it refused one. */
  readonly packets: Seen[]
  readonly refusal: CaptureError | null
}

/** Reads the captures, as they are damaged, and writes every packet that there is. */
async function rewrite(format: WriteFormat, all: readonly Uint8Array[]): Promise<Written> {
  const path = join(folder, 'written')
  const writer: CaptureWriter = createWriter(path, format)
  const packet = new Packet()
  const packets: Seen[] = []
  let refusal: CaptureError | null = null
  for (const capture of all) {
    try {
      await readCapture(
        memorySource(capture),
        packet,
        () => {
          writer.write(packet)
          packets.push(seen(packet))
        },
        { onStart: (info) => writer.from(info), comments: true },
      )
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error
      if (error.fault === 'unwritable') refusal = error
    }
    if (refusal !== null) break
  }
  writer.close()
  const file = Uint8Array.from(readFileSync(path))
  expect(writer.bytes).toBe(file.length)
  return { file, lost: writer.lost, packets, refusal }
}

/** Nanoseconds in 64 bits end here, in 2554; what was in whole seconds may lie beyond. */
const LAST_SECOND = 18_446_744_073

/**
 * What of a packet must survive: its interface may get another number. pcapng has no times before 1970 but by an offset, which is not
 * written, and none after 2554; and a packet without a time has the first of 1970 where it cannot be written as a simple one.
 */
function kept(packets: readonly Seen[], asRead: readonly Seen[] = packets) {
  return packets.map(({ number: _number, interfaceId: _id, hasTime: _has, ...rest }, i) => {
    const from = asRead[i]?.seconds ?? 0
    return from < 0 || from >= LAST_SECOND ? { ...rest, seconds: -1, nanoseconds: -1 } : rest
  })
}

function damaged(all: readonly (readonly [Uint8Array, readonly Change[]])[]): Uint8Array[] {
  return all.map(([file, made]) => (made.length === 0 ? file : mutate(file, file, made)))
}

test('pcapng: what is read again is what was read, and the file is whole', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(captures, async (all) => {
      const { file, packets } = await rewrite('pcapng', damaged(all))
      const isPacket = ({ linkType }: Seen) => linkType < PRIVATE_CUSTOM_BLOCK
      expect(walkPcapng(file)).toBe(packets.filter(isPacket).length)
      const again = await readAll(file)
      expect(again.info.damage).toBeNull()
      const read = packets.filter(isPacket)
      expect(kept(again.packets.filter(isPacket), read)).toEqual(kept(read))
    }),
    { numRuns: runs(80) },
  )
})

test('pcap: what is read again is what was read, or it is refused', { timeout: 120_000 }, async () => {
  let whole = 0
  await fc.assert(
    fc.asyncProperty(captures, async (all) => {
      const { file, packets, refusal } = await rewrite('pcap', damaged(all))
      if (refusal === null) whole++
      const written = packets.filter(({ linkType }) => linkType < PRIVATE_CUSTOM_BLOCK)
      const again = await readAll(file)
      expect(again.info.damage).toBeNull()
      expect(kept(again.packets)).toEqual(kept(written))
    }),
    { numRuns: runs(80) },
  )
  expect(whole).toBeGreaterThan(20)
})

/** Packets that capinfos finds; -1 if it finds fault with the file. */
function capinfos(file: Uint8Array): number {
  const path = join(folder, 'for-capinfos')
  writeFileSync(path, file)
  const { status, stdout, stderr } = spawnSync('capinfos', ['-cMTr', path], { encoding: 'utf8' })
  return status === 0 && stderr === '' ? Number(stdout.trim().split('\t').at(-1)) : -1
}

const hasCapinfos = spawnSync('capinfos', ['-v']).status === 0
if (!hasCapinfos) console.warn('capinfos is missing: what it says of written captures is NOT tested')

test.skipIf(!hasCapinfos)('capinfos finds as many packets in what is written as in what was read', async () => {
  let compared = 0
  for (const all of fc.sample(captures, { numRuns: 9, seed: 7 })) {
    const files = all.map(([file]) => file)
    const counts = files.map(capinfos)
    // It is stricter with options than the format, and these are any.
    if (counts.includes(-1)) continue
    const count = counts.reduce((sum, each) => sum + each, 0)
    expect(capinfos((await rewrite('pcapng', files)).file)).toBe(count)
    const { file, refusal } = await rewrite('pcap', files)
    if (refusal === null) expect(capinfos(file)).toBe(count)
    compared++
  }
  expect(compared).toBeGreaterThan(3)
})

const { parse } = createRequire(import.meta.url)('pcap-parser') as {
  parse(path: string): {
    on(event: 'packet', handler: (packet: { header: Record<string, number>; data: Buffer }) => void): void
    on(event: 'end' | 'error', handler: (error?: Error) => void): void
  }
}

test('pcap-parser reads what is written', async () => {
  for (const little of [true, false]) {
    const records = fc.sample(fc.record({ seconds, subseconds: fc.nat(999_999), data }), { numRuns: 40, seed: 3 })
    const { file, packets } = await rewrite('pcap', [pcapBytes(records, { little })])
    const path = join(folder, 'for-pcap-parser')
    writeFileSync(path, file)
    const found = await new Promise<unknown[]>((resolve, reject) => {
      const each: unknown[] = []
      const parser = parse(path)
      parser.on('packet', ({ header, data: octets }) => {
        each.push([header.timestampSeconds, 1000 * header.timestampMicroseconds, octets.toString('hex')])
      })
      parser.on('end', () => resolve(each))
      parser.on('error', reject)
    })
    expect(found).toEqual(packets.map((each) => [each.seconds, each.nanoseconds, each.data]))
  }
})
