/** One capture in several threads gives what one thread gives, to the last octet. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnalyzerSpec, makerOf } from '../../src/analyzers/registry.ts'
import { findRecord } from '../../src/capture/boundary.ts'
import { readPart } from '../../src/capture/read-part.ts'
import { analyze } from '../../src/engine/analyze.ts'
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
  const form = { little: true, headerLength: 16, limit: 262_144, resolution: 1_000_000 }

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

describe('in threads', () => {
  const MEBIBYTE = 1_048_576
  const worker = pathToFileURL(join(builtProgram(), '../worker.js'))

  /** The results of one thread and of several. */
  async function both(file: string, analyzer: AnalyzerSpec, expression: string | null = null) {
    const make = await makerOf(analyzer)
    const filter = expression === null ? null : compileFilter(expression)
    const parallel: Parallel = { analyzer, expression, jobs: 3, worker, leastPart: MEBIBYTE }
    return {
      one: await analyze([file], make, { filter }),
      several: await analyzeInParts([file], make, { filter }, parallel),
    }
  }

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
    expect(cutsOf(long, 3, MEBIBYTE)).toHaveLength(2)
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

describe('cuts', () => {
  const MEBIBYTE = 1_048_576
  const large = join(folder, 'large.pcap')
  beforeAll(() => {
    writeFileSync(large, capture)
    truncateSync(large, 10 * MEBIBYTE)
  })

  test('in equal parts, at whole mebibytes', () => {
    expect(cutsOf(large, 2, MEBIBYTE)).toEqual([5 * MEBIBYTE])
    expect(cutsOf(large, 4, MEBIBYTE)).toEqual([2 * MEBIBYTE, 5 * MEBIBYTE, 7 * MEBIBYTE])
  })

  test('no more of them than pay', () => {
    expect(cutsOf(large, 64, 5 * MEBIBYTE)).toEqual([5 * MEBIBYTE])
    expect(cutsOf(large, 2)).toEqual([])
    expect(cutsOf(large, 1, MEBIBYTE)).toEqual([])
  })

  test('only of what is a pcap file', () => {
    const text = join(folder, 'text.pcap')
    writeFileSync(text, 'no capture')
    truncateSync(text, 10 * MEBIBYTE)
    for (const other of [text, folder, '-', join(folder, 'absent')]) expect(cutsOf(other, 4, MEBIBYTE)).toEqual([])
  })
})
