/** One capture in several threads gives what one thread gives, to the last octet. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findRecord } from '../../src/capture/boundary.ts'
import { LENGTHS_AS_NOW } from '../../src/capture/pcap-record.ts'
import { readPart } from '../../src/capture/read-part.ts'
import { analyze } from '../../src/engine/analyze.ts'
import { type AnalyzerSpec, makerOf } from '../../src/engine/analyzers.ts'
import { cutsOf } from '../../src/engine/cuts.ts'
import { analyzePart, type PartOutcome } from '../../src/engine/part.ts'
import { PartProgress } from '../../src/engine/part-progress.ts'
import { analyzeInParts } from '../../src/engine/parts.ts'
import { newPacket, type Parallel } from '../../src/engine/run.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import { builtProgram } from '../cli/build.ts'
import { pcapBytes } from '../support/capture-bytes.ts'

const folder = mkdtempSync(join(tmpdir(), 'pcapx-parts-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Octets of a frame of `length` from host to host; TCP, without options. */
function frame(length: number, port: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint16(12, 0x0800)
  bytes[14] = 0x45
  view.setUint16(16, length - 14)
  bytes[23] = 6
  view.setUint32(26, 0x0a000001)
  view.setUint32(30, 0x0a000002)
  view.setUint16(34, port)
  view.setUint16(36, 80)
  bytes[46] = 0x50
  return bytes
}

/**
 * A fragment of a UDP datagram (RFC 791, RFC 768) of three, of 200 octets each: the `index`th. Its port is the identification plus
 * 1000.
 */
function fragment(identification: number, index: number): Uint8Array {
  const bytes = frame(34 + 200, 0).fill(identification, 34)
  const view = new DataView(bytes.buffer)
  view.setUint16(18, identification)
  view.setUint16(20, (index < 2 ? 0x2000 : 0) | (index * 25))
  bytes[23] = 17
  if (index > 0) return bytes
  view.setUint16(34, 1000 + identification)
  view.setUint16(36, 53)
  view.setUint16(38, 600)
  return bytes
}

const COUNT = 4000
const records = Array.from({ length: COUNT }, (_, i) => ({
  seconds: 1_700_000_000 + (i >> 6),
  subseconds: (i * 37) % 1_000_000,
  data: frame(60 + ((i * 131) % 400), 1024 + (i % 7)),
}))
/** Where each record begins. */
const beginnings: number[] = []
for (let i = 0, at = 24; i < COUNT; at += 16 + records[i++].data.length) beginnings.push(at)
const capture = pcapBytes(records)
const path = join(folder, 'a.pcap')
beforeAll(() => writeFileSync(path, capture))

function progress(): PartProgress {
  return new PartProgress(PartProgress.memoryFor(2), 1)
}

function partFrom(file: string, from: number, to = Infinity): Promise<PartOutcome | null> {
  const spec = { file, from, to, analyzer: { name: 'statistics' }, expression: null, maxStreams: undefined } as const
  return analyzePart(spec, progress())
}

describe('where a record begins', () => {
  const form = {
    little: true,
    headerLength: 16,
    limit: 262_144,
    resolution: 1_000_000,
    lengths: LENGTHS_AS_NOW,
  } as const

  test('from anywhere in the middle of a record', () => {
    for (let i = 100; i < 200; i++) {
      const from = beginnings[i] + 1 + ((i * 29) % 60)
      expect(from + findRecord(capture.subarray(from), form)).toBe(beginnings[i + 1])
    }
  })

  test('none in octets that are none', () => {
    expect(findRecord(new Uint8Array(5000).fill(0xff), form)).toBe(-1)
  })
})

describe('a part', () => {
  test('has the records that begin within it', async () => {
    const [from, to] = [beginnings[1000] - 5, beginnings[3000] + 1]
    const part = await partFrom(path, from, to)
    expect(part?.start).toBe(beginnings[1000])
    expect(part?.end).toBe(beginnings[3001])
    expect(part?.info.packets).toBe(2001)
  })

  test('reaches to the end of the file', async () => {
    const part = await partFrom(path, beginnings[3990])
    expect(part).toMatchObject({
      start: beginnings[3990],
      end: capture.length,
      info: { packets: 10, truncated: false },
    })
  })

  test('of a capture that is cut short says where', async () => {
    const cut = join(folder, 'cut.pcap')
    writeFileSync(cut, capture)
    truncateSync(cut, capture.length - 3)
    const part = await partFrom(cut, beginnings[2000])
    expect(part?.info).toMatchObject({ packets: 1999, truncated: true, truncatedAt: beginnings[3999] })
  })

  test('is not had if it is damaged', async () => {
    const damaged = join(folder, 'damaged.pcap')
    const bytes = capture.slice()
    new DataView(bytes.buffer).setUint32(beginnings[3000] + 8, 0x7fff_ffff, true)
    writeFileSync(damaged, bytes)
    expect(await partFrom(damaged, beginnings[2000])).toBeNull()
    expect((await partFrom(damaged, beginnings[1000], beginnings[2000]))?.info.packets).toBe(1000)
  })

  test('is not had of something else', async () => {
    const text = join(folder, 'text')
    writeFileSync(text, 'no capture '.repeat(5000))
    expect(await partFrom(text, 20_000)).toBeNull()
  })

  test('packets before it are handed over, and it can be left at that', async () => {
    let led = 0
    let own = 0
    const visitor = { onLead: () => void led++, onStart: () => false, onPacket: () => void own++ }
    const place = { from: beginnings[2000], to: Infinity, lead: 50_000 }
    expect(await readPart(path, place, newPacket(), visitor)).toBeNull()
    // The first record is found behind where the lead begins.
    const first = beginnings.findIndex((at) => at >= beginnings[2000] - 50_000)
    expect(led).toBe(2000 - first)
    expect(own).toBe(0)
  })
})

const worker = pathToFileURL(join(builtProgram(), '../worker.js'))

/** The results of one thread and of several. */
async function both(file: string, analyzer: AnalyzerSpec, expression: string | null = null, jobs = 3) {
  const make = await makerOf(analyzer)
  const filter = expression === null ? null : compileFilter(expression)
  const parallel: Parallel = { analyzer, expression, jobs, worker, leastPackets: 1 }
  return {
    one: await analyze([file], make, { filter }),
    several: await analyzeInParts([file], make, { filter }, parallel),
  }
}

describe('in threads', () => {
  const long = join(folder, 'long.pcap')
  beforeAll(() => {
    // Three times the records, and so three parts.
    const body = capture.subarray(24)
    writeFileSync(long, Buffer.concat([capture, body, body, body, body]))
  })

  test.each<AnalyzerSpec>([
    { name: 'statistics' },
    { name: 'endpoints' },
    { name: 'destinations' },
    { name: 'count' },
    { name: 'hierarchy', options: {} },
    { name: 'rtt', options: {} },
  ])('$name', async (analyzer) => {
    expect(cutsOf(long, 3, 1)).toHaveLength(2)
    const { one, several } = await both(long, analyzer)
    expect(several).not.toBeNull()
    expect(several).toEqual(one)
    expect(one.packets).toBe(5 * COUNT)
  })

  test('with a filter', async () => {
    const { one, several } = await both(long, { name: 'count' }, 'tcp.port == 1026')
    expect(several).toEqual(one)
    // Of seven ports, every seventh packet from the third on.
    expect(several?.matched).toBe(5 * Math.ceil((COUNT - 2) / 7))
  })

  test('not if reading is to go on behind damage', async () => {
    const make = await makerOf({ name: 'statistics' })
    const parallel: Parallel = { analyzer: { name: 'statistics' }, expression: null, jobs: 3, worker, leastPackets: 1 }
    expect(await analyzeInParts([long], make, { recover: true }, parallel)).toBeNull()
    expect(await analyzeInParts([long], make, {}, parallel)).not.toBeNull()
  })

  test('not if the filter asks for what came before', async () => {
    for (const expression of ['frame.number == 3', 'tcp.stream == 1', 'tcp.analysis.retransmission'])
      expect((await both(long, { name: 'count' }, expression)).several).toBeNull()
  })

  test('a capture that is damaged, or cut short, in any part', async () => {
    const file = join(folder, 'odd.pcap')
    const bytes = Buffer.concat([capture, capture.subarray(24), capture.subarray(24), capture.subarray(24)])
    for (const share of [0.2, 0.5, 0.9]) {
      writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length * share) + 7))
      const { one, several } = await both(file, { name: 'statistics' })
      expect(one.truncated).toBe(true)
      expect(several ?? one).toEqual(one)
      const copy = Buffer.from(bytes)
      // The captured length of the record at that share.
      let at = 24
      while (at < copy.length * share) at += 16 + copy.readUInt32LE(at + 8)
      copy.writeUInt32LE(0x7fff_ffff, at + 8)
      writeFileSync(file, copy)
      const damaged = await both(file, { name: 'statistics' })
      expect(damaged.one.failures).toHaveLength(1)
      expect(damaged.several ?? damaged.one).toEqual(damaged.one)
    }
  })
})

describe('fragments, in threads', () => {
  const file = join(folder, 'fragments.pcap')

  /** Every packet is a fragment: `at` says of the `i`th which. */
  function write(count: number, at: (i: number) => readonly [identification: number, index: number]): void {
    const packets = Array.from({ length: count }, (_, i) => ({ seconds: 1_700_000_000 + i, data: fragment(...at(i)) }))
    writeFileSync(file, pcapBytes(packets))
  }

  test('of datagrams that span the cuts', async () => {
    // The first of one, the second of the one before, the last of the one before that: any cut goes through two at least.
    write(14_400, (i) => [Math.floor(i / 3) + 2 - (i % 3), i % 3])
    const cuts = cutsOf(file, 3, 1)
    expect(cuts).toHaveLength(2)
    // Of the first two something is missing for good.
    for (const cut of cuts) expect((await partFrom(file, cut))?.reassembly.before.length).toBeGreaterThan(3)
    for (const name of ['statistics', 'endpoints'] as const) {
      const { one, several } = await both(file, { name })
      expect(several).not.toBeNull()
      expect(several).toEqual(one)
    }
    const { one, several } = await both(file, { name: 'count' }, 'udp.dstport == 53')
    expect(several).toEqual(one)
    expect(several?.matched).toBe(4798)
  })

  test('of which the rest never comes', async () => {
    // Of every tenth datagram the last one is missing.
    write(14_400, (i) => [Math.floor(i / 3), i % 30 === 29 ? 1 : i % 3])
    expect(await partFrom(file, cutsOf(file, 2, 1)[0])).toBeNull()
    const { one, several } = await both(file, { name: 'endpoints' })
    expect(several).toEqual(one)
    expect(one.packets).toBe(14_400)
    expect((await both(file, { name: 'count' }, 'udp')).several?.matched).toBe(4320)
  })

  test('left from long ago, whose name is used again', async () => {
    const tenMebibytes = Buffer.concat(new Array(10).fill(capture.subarray(24)))
    const [first, second, last] = [0, 1, 2].map((index) => pcapBytes([{ data: fragment(7, index) }]).subarray(24))
    const written = (...pieces: readonly Uint8Array[]) =>
      writeFileSync(file, Buffer.concat([capture.subarray(0, 24), ...pieces]))

    // With it the datagram is whole; the part does not know, and what it says is not believed.
    written(first, tenMebibytes, tenMebibytes, last, second)
    const [cut] = cutsOf(file, 2, 1)
    expect((await partFrom(file, cut))?.reassembly).toMatchObject({ before: [], after: [{ length: 600 }] })
    const inTwo = await both(file, { name: 'count' }, 'udp', 2)
    expect(inTwo.one.matched).toBe(1)
    // One thread goes on behind the first part, or does it all.
    expect(inTwo.several).toEqual(inTwo.one)
    expect((await both(file, { name: 'count' }, 'udp', 3)).several).toBeNull()

    // The same octets once more make the same datagram.
    written(first, tenMebibytes, tenMebibytes, first, last, second)
    const { one, several } = await both(file, { name: 'endpoints' }, null, 2)
    expect(several).toEqual(one)
  })
})

describe('cuts', () => {
  const MEBIBYTE = 1_048_576
  const large = join(folder, 'large.pcap')
  /** As many packets as the beginning lets expect. */
  const packets = Math.floor((10 * MEBIBYTE) / ((capture.length - 24) / COUNT))
  beforeAll(() => {
    writeFileSync(large, capture)
    truncateSync(large, 10 * MEBIBYTE)
  })

  test('in equal parts, at whole mebibytes', () => {
    expect(cutsOf(large, 2, 1)).toEqual([5 * MEBIBYTE])
    expect(cutsOf(large, 4, 1)).toEqual([2 * MEBIBYTE, 5 * MEBIBYTE, 7 * MEBIBYTE])
  })

  test('no more of them than pay', () => {
    // A tenth more or less, since the beginning is not the whole.
    expect(cutsOf(large, 64, packets * 0.45)).toEqual([5 * MEBIBYTE])
    expect(cutsOf(large, 2, packets * 0.55)).toEqual([])
    expect(cutsOf(large, 1, 1)).toEqual([])
  })

  test('only of what is a pcap file', () => {
    const text = join(folder, 'text.pcap')
    writeFileSync(text, 'no capture')
    truncateSync(text, 10 * MEBIBYTE)
    for (const other of [text, folder, '-', join(folder, 'absent')]) expect(cutsOf(other, 4, 1)).toEqual([])
  })
})
