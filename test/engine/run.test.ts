import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CaptureStatistics } from '../../src/analyzers/statistics.ts'
import { analyze } from '../../src/engine/analyze.ts'
import { forEachPacket } from '../../src/engine/run.ts'
import { compileFilter } from '../../src/filter/filter.ts'

/** capinfos counts 1447 packets in it. */
const VM = 'fixtures/vm.pcap'
const VM_PACKETS = 1447

const folder = mkdtempSync(join(tmpdir(), 'pcapx-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

test('several captures are one run: numbers go on, and each is described', async () => {
  const numbers: number[] = []
  const run = await forEachPacket([VM, 'fixtures/refused.pcap'], {}, (packet) => {
    numbers.push(packet.number)
  })
  expect(run.captures.map((capture) => capture.file)).toEqual([VM, 'fixtures/refused.pcap'])
  expect(numbers).toEqual(Array.from({ length: run.packets }, (_, i) => i + 1))
  expect(run.packets).toBeGreaterThan(VM_PACKETS)
  expect(run).toMatchObject({ matched: run.packets, partial: false, truncated: false, failures: [] })
})

test('only packets that match are visited; stream numbers do not depend on the filter', async () => {
  // tshark -r fixtures/vm.pcap -Y "tcp.port == 111" selects 60 packets, of tcp.stream 14 to 19.
  const streams = new Set<number>()
  const options = { filter: compileFilter('tcp.port == 111'), needs: ['streams'] as const }
  const run = await forEachPacket([VM], options, (packet) => {
    streams.add(packet.layerStream[packet.transport])
  })
  expect(run).toMatchObject({ packets: VM_PACKETS, matched: 60 })
  expect([...streams]).toEqual([14, 15, 16, 17, 18, 19])
})

test('the visitor can stop', async () => {
  const run = await forEachPacket([VM, VM], {}, (packet) => packet.number === 10)
  expect(run).toMatchObject({ packets: 10, partial: false })
})

test('a signal stops the run, which is then partial', async () => {
  const controller = new AbortController()
  controller.abort()
  const run = await analyze([VM], () => new CaptureStatistics(), { signal: controller.signal })
  expect(run).toMatchObject({ partial: true, packets: 0 })
})

test('what cannot be read is named, and the rest is read all the same', async () => {
  const xml = file('error.xml', Buffer.from('<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code></Error>'))
  const run = await analyze(['missing.pcap', xml, VM], () => new CaptureStatistics(), {})
  expect(run.failures.map(({ file }) => file)).toEqual(['missing.pcap', xml])
  expect(run.failures[1].message).toContain('XML')
  expect(run.result.packets).toBe(VM_PACKETS)
})

test('damage in the middle ends a capture, and everything before it is answered', async () => {
  const bytes = readFileSync(VM)
  // The first record's captured length is at byte 24 + 8; the second record follows its 16 + length octets.
  const second = 24 + 16 + bytes.readUInt32LE(32)
  bytes.writeUInt32LE(0xffff0000, second + 8)
  const run = await analyze([file('damaged.pcap', bytes)], () => new CaptureStatistics(), {})
  expect(run.result.packets).toBe(1)
  expect(run.failures[0].message).toContain(`at byte ${second} claims 4294901760 octets`)
})

test('a capture cut short at its end is truncated, not damaged', async () => {
  const run = await analyze([file('short.pcap', readFileSync(VM).subarray(0, -1))], () => new CaptureStatistics(), {})
  expect(run).toMatchObject({ truncated: true, failures: [], packets: VM_PACKETS - 1 })
})

test('times: relative to the first packet, and to the one before', async () => {
  // tshark -r fixtures/vm.pcap -T fields -e frame.time_relative -e frame.time_delta, frames 1 to 3 and 1166
  const seen: string[] = []
  await forEachPacket([VM], { needs: ['times'] }, (packet) => {
    if (packet.number <= 3 || packet.number === 1166) {
      const relative = (packet.seconds - packet.firstSeconds) * 1e9 + packet.nanoseconds - packet.firstNanoseconds
      const delta = (packet.seconds - packet.previousSeconds) * 1e9 + packet.nanoseconds - packet.previousNanoseconds
      seen.push(`${relative} ${delta}`)
    }
  })
  expect(seen).toEqual(['0 0', '516000 516000', '613000 97000', '19785315000 -11000'])
})
