/**
 * The readers, whatever they are given: they end, throw nothing but a `CaptureError`, hand out only octets that were there, and the
 * same packets however the octets arrive. With `recover`, what is undamaged behind a gap is found.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/errors.ts'
import type { CaptureInfo } from '../../src/capture/info.ts'
import { readCapture } from '../../src/capture/read.ts'
import { Packet } from '../../src/packet/packet.ts'
import { memorySource, PcapngBytes, pcapBytes } from '../support/capture-bytes.ts'

const SECONDS = 1_700_000_000

/** What a reader makes of octets that come `chunk` at a time; a text, to be compared. */
async function read(octets: Uint8Array, recover: boolean, chunk: number): Promise<{ text: string; info: CaptureInfo }> {
  const packet = new Packet()
  const seen: string[] = []
  let calls = 0
  const info = await readCapture(
    memorySource(octets, () => chunk),
    packet,
    () => {
      calls++
      const { start, capturedLength } = packet
      expect(start).toBeGreaterThanOrEqual(0)
      expect(start + capturedLength).toBeLessThanOrEqual(packet.scratch)
      const data = packet.bytes.subarray(start, start + capturedLength)
      seen.push(`${packet.number} ${packet.seconds} ${packet.nanoseconds} ${packet.linkType} ${hash(data)}`)
      return false
    },
    { recover, comments: true },
  )
  expect(info.packets).toBe(calls)
  expect(info.bytes).toBeLessThanOrEqual(octets.length)
  expect(info.interfaces.reduce((sum, one) => sum + one.packets, 0)).toBeLessThanOrEqual(calls)
  if (recover) {
    const { skipped } = info
    expect(skipped === undefined || skipped.bytes <= octets.length).toBe(true)
    for (const { offset, bytes } of skipped?.first ?? []) expect(offset + bytes).toBeLessThanOrEqual(octets.length)
  }
  const { damage, truncatedAt, skipped } = info
  return { info, text: JSON.stringify([seen, damage?.message, truncatedAt, skipped]) }
}

function hash(octets: Uint8Array): number {
  let sum = octets.length
  for (const octet of octets) sum = (Math.imul(sum, 31) + octet) | 0
  return sum
}

/** Reads it in every way, which must come out the same; what `recover` finds. */
async function readEveryWay(octets: Uint8Array, chunk: number): Promise<CaptureInfo | null> {
  let info: CaptureInfo | null = null
  for (const recover of [false, true]) {
    try {
      const whole = await read(octets, recover, octets.length)
      expect((await read(octets, recover, chunk)).text).toBe(whole.text)
      expect((await read(octets, recover, 1)).text).toBe(whole.text)
      if (info !== null) expect(whole.info.packets).toBeGreaterThanOrEqual(info.packets)
      info = whole.info
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error
      expect(error.fault).toBe('not-a-capture')
    }
  }
  return info
}

const data = fc.uint8Array({ minLength: 1, maxLength: 120 })
const pcapFile = fc
  .tuple(fc.array(data, { minLength: 1, maxLength: 12 }), fc.boolean(), fc.constantFrom(0xa1b2c3d4, 0xa1b23c4d))
  .map(([packets, little, magic]) =>
    pcapBytes(
      packets.map((octets, i) => ({ seconds: SECONDS + i, subseconds: i, data: octets })),
      { little, magic },
    ),
  )
const pcapngFile = fc.tuple(fc.array(data, { minLength: 1, maxLength: 12 }), fc.boolean()).map(([packets, little]) => {
  const ng = new PcapngBytes(little).section([{ code: 4, value: [65, 66] }]).interface(1)
  for (const [i, octets] of packets.entries()) {
    if (i % 5 === 3) ng.simple(octets.length, octets)
    else if (i % 5 === 4) ng.block(5, octets.subarray(0, 8))
    else ng.enhanced(0, BigInt(SECONDS + i) * 1_000_000n, octets, { options: [{ code: 1, value: [67] }] })
  }
  return ng.done()
})
const file = fc.oneof(pcapFile, pcapngFile)
const chunk = fc.integer({ min: 2, max: 500 })

test('any octets behind a file header', async () => {
  const header = fc.constantFrom(
    pcapBytes([]),
    pcapBytes([], { little: false, magic: 0xa1b23c4d }),
    pcapBytes([], { magic: 0xa1b2cd34 }),
    new PcapngBytes().section().interface(1).done(),
    new PcapngBytes(false).section().interface(1).done(),
  )
  // Small numbers are what lengths are made of.
  const octets = fc.array(fc.oneof(fc.nat(255), fc.nat(32), fc.constant(0)), { maxLength: 600 })
  await fc.assert(
    fc.asyncProperty(header, octets, chunk, async (before, behind, size) => {
      await readEveryWay(Buffer.concat([before, Uint8Array.from(behind)]), size)
    }),
    { numRuns: 50, seed: 11 },
  )
})

test('captures of which octets were changed, cut out or doubled', async () => {
  const change = fc.record({
    at: fc.nat(),
    octet: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 4, 6, 0xff)),
    kind: fc.constantFrom('set', 'set', 'set', 'cut', 'repeat'),
    length: fc.integer({ min: 1, max: 60 }),
  })
  await fc.assert(
    fc.asyncProperty(file, fc.array(change, { minLength: 1, maxLength: 6 }), chunk, async (octets, changes, size) => {
      let changed = Buffer.from(octets)
      for (const { at, octet, kind, length } of changes) {
        const place = 12 + (at % (changed.length - 12))
        const [before, behind] = [changed.subarray(0, place), changed.subarray(place)]
        if (kind === 'set') changed[place] = octet
        else if (kind === 'cut') changed = Buffer.concat([before, behind.subarray(length)])
        else changed = Buffer.concat([before, behind.subarray(0, length), behind])
        if (changed.length < 30) break
      }
      await readEveryWay(changed, size)
    }),
    { numRuns: 80, seed: 12 },
  )
})

/** What no record or block can begin with, and then anything: the octets are not small, so that few make sense by chance. */
const garbage = fc
  .uint8Array({ minLength: 0, maxLength: 700 })
  .map((octets) => Buffer.concat([new Uint8Array(32).fill(0xff), octets.map((octet) => octet | 0x81)]))

test('pcap: garbage between two records costs none of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(data, { minLength: 2, maxLength: 20 }),
      fc.nat(),
      garbage,
      fc.boolean(),
      async (packets, where, between, little) => {
        const records = packets.map((octets, i) => ({ seconds: SECONDS + i, subseconds: i, data: octets }))
        // Behind at least one record, whose time tells which others are likely.
        const before = 1 + (where % (records.length - 1))
        const whole = pcapBytes(records, { little })
        const at = 24 + packets.slice(0, before).reduce((sum, octets) => sum + 16 + octets.length, 0)
        const octets = Buffer.concat([whole.subarray(0, at), between, whole.subarray(at)])
        const { info } = await read(octets, true, octets.length)
        expect(info).toMatchObject({
          packets: records.length,
          truncated: false,
          skipped: { gaps: 1, bytes: between.length, first: [{ offset: at }] },
        })
      },
    ),
    { numRuns: 150, seed: 13 },
  )
})

test('pcapng: garbage between two packet blocks costs none of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(data, garbage), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      async (packets, little) => {
        const parts: Uint8Array[] = [new PcapngBytes(little).section().interface(1).done()]
        // In front of each of them: one undamaged block is enough.
        for (const [i, [octets, between]] of packets.entries())
          parts.push(between, new PcapngBytes(little).enhanced(0, BigInt(i), octets).done())
        const octets = Buffer.concat(parts)
        const { info } = await read(octets, true, octets.length)
        expect(info.packets).toBe(packets.length)
        expect(info.skipped?.gaps).toBe(packets.length)
        expect(info.skipped?.bytes).toBe(packets.reduce((sum, [, { length }]) => sum + length, 0))
      },
    ),
    { numRuns: 80, seed: 14 },
  )
})
