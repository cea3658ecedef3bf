/** However the octets arrive, the packets are the same; and whatever the octets, reading ends without a throw. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memorySource, PcapngBytes, pcapBytes, readAll } from '../support/capture-bytes.ts'

const pcapFile = fc
  .record({
    little: fc.boolean(),
    magic: fc.constantFrom(0xa1b2c3d4, 0xa1b23c4d),
    records: fc.array(
      fc.record({
        seconds: fc.nat(),
        subseconds: fc.nat(999_999),
        data: fc.uint8Array({ maxLength: 200 }),
        original: fc.nat(70_000),
      }),
      { maxLength: 20 },
    ),
  })
  .map(({ records, ...spec }) => pcapBytes(records, spec))

const block = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((data) => (ng: PcapngBytes) => ng.enhanced(0, 1_234_567_890n, data)),
  fc.uint8Array({ maxLength: 50 }).map((data) => (ng: PcapngBytes) => ng.simple(data.length, data)),
  fc.uint8Array({ maxLength: 300 }).map((data) => (ng: PcapngBytes) => ng.block(0x8000_0001, data)),
  fc.boolean().map((little) => (ng: PcapngBytes) => {
    ng.little = little
    return ng.section().interface(1)
  }),
)

const pcapngFile = fc.tuple(fc.boolean(), fc.array(block, { maxLength: 20 })).map(([little, blocks]) => {
  const ng = new PcapngBytes(little).section().interface(1)
  for (const add of blocks) add(ng)
  return ng.done()
})

const file = fc.oneof(pcapFile, pcapngFile)

/** Chunk lengths, repeated for as long as there are octets. */
const chunks = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 })

function cycle(lengths: readonly number[]): () => number {
  let next = 0
  return () => lengths[next++ % lengths.length]
}

test('any chunking gives the same packets', async () => {
  await fc.assert(
    fc.asyncProperty(file, chunks, async (octets, lengths) => {
      const whole = await readAll(octets)
      expect(await readAll(memorySource(octets, cycle(lengths)))).toEqual(whole)
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('cut anywhere: the whole records before, and a warning unless the cut is between two', async () => {
  await fc.assert(
    fc.asyncProperty(file, fc.nat(), chunks, async (octets, at, lengths) => {
      const cut = 32 + (at % Math.max(1, octets.length - 32))
      const whole = await readAll(octets)
      const { info, packets } = await readAll(memorySource(octets.subarray(0, cut), cycle(lengths)))
      expect(packets).toEqual(whole.packets.slice(0, packets.length))
      expect(info.damage).toBeNull()
      if (cut < octets.length) expect(info.truncated || info.bytes === cut).toBe(true)
    }),
    { numRuns: 300, seed: 2 },
  )
})

test('damaged anywhere: no throw, no packet beyond the octets, little memory', async () => {
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      async (octets, changes) => {
        const damaged = octets.slice()
        // The first octets stay, or it is no capture any more.
        for (const [at, value] of changes) damaged[12 + (at % (damaged.length - 12))] = value
        const { info, packets } = await readAll(damaged)
        expect(info.packets).toBe(packets.length)
        for (const packet of packets) expect(packet.data).toHaveLength(2 * packet.captured)
        expect(info.bytes).toBeLessThanOrEqual(damaged.length)
      },
    ),
    { numRuns: 500, seed: 3 },
  )
})

test('a record longer than the window, a few octets at a time', async () => {
  const data = new Uint8Array(3_000_000).map((_, i) => (i * 31) >>> 4)
  const octets = pcapBytes([{ data: data.subarray(0, 100) }, { data }, { data: data.subarray(0, 50) }], {
    linkType: 189,
  })
  const { packets, info } = await readAll(memorySource(octets, () => 40_000))
  expect(info).toMatchObject({ packets: 3, damage: null, truncated: false, bytes: octets.length })
  expect(packets[1].data).toBe(Buffer.from(data).toString('hex'))
})
