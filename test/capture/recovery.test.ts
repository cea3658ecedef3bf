/** `recover`: reading goes on behind damage. What is found depends on the octets alone, in time that grows with them. */
import { describe, expect, test } from 'vitest'
import { findPcapRecord } from '../../src/capture/pcap-recovery.ts'
import { findBlock } from '../../src/capture/pcapng-recovery.ts'
import { Bytes, memorySource, PcapngBytes, pcapBytes, type RecordSpec, readAll } from '../support/capture-bytes.ts'

const SECONDS = 1_700_000_000

/** Octets of no sense, the same each time. */
function noise(length: number, seed = 1): Uint8Array {
  const octets = new Uint8Array(length)
  for (let i = 0, x = seed; i < length; i++) {
    x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0
    octets[i] = x >>> 16
  }
  return octets
}

/** What no record header can begin with: a captured length of 4,294,967,295. */
const NO_RECORD = new Uint8Array(16).fill(0xff)

function records(count: number, length = 60): RecordSpec[] {
  return Array.from({ length: count }, (_, i) => ({ seconds: SECONDS + i, subseconds: i, data: noise(length, i + 7) }))
}

/** `garbage` in front of record `before`, counted from 0; each of them takes 16 octets and its data. */
function withGap(all: RecordSpec[], before: number, garbage: Uint8Array): Uint8Array {
  const whole = pcapBytes(all)
  const at = 24 + all.slice(0, before).reduce((sum, { data }) => sum + 16 + [...(data ?? [])].length, 0)
  return Buffer.concat([whole.subarray(0, at), garbage, whole.subarray(at)])
}

const RECOVER = { recover: true }

describe('pcap', () => {
  const garbage = Buffer.concat([NO_RECORD, noise(500)])

  test('garbage between two records: every record is read, and what was skipped is told', async () => {
    const octets = withGap(records(20), 5, garbage)
    const { info, packets } = await readAll(octets, RECOVER)
    expect(packets.map(({ seconds }) => seconds - SECONDS)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    const at = 24 + 5 * 76
    expect(info.skipped).toEqual({
      gaps: 1,
      bytes: 516,
      first: [
        {
          offset: at,
          bytes: 516,
          isClosed: true,
          message: `record 6 at byte ${at} claims 4294967295 octets, limit 262144`,
        },
      ],
    })
    expect(info).toMatchObject({ packets: 20, bytes: octets.length, truncated: false })
    expect(info.damage).toMatchObject({ record: 6, offset: at })
  })

  test('without it, reading ends at the damage', async () => {
    const { info } = await readAll(withGap(records(20), 5, garbage))
    expect(info.packets).toBe(5)
    expect(info.skipped).toBeUndefined()
  })

  test('a record header that was overwritten costs its record alone', async () => {
    const octets = pcapBytes(records(20))
    octets.set(NO_RECORD, 24 + 3 * 76)
    const { info, packets } = await readAll(octets, RECOVER)
    expect(packets.map(({ seconds }) => seconds - SECONDS)).toEqual([
      0,
      1,
      2,
      ...Array.from({ length: 16 }, (_, i) => i + 4),
    ])
    expect(info.skipped).toMatchObject({ gaps: 1, bytes: 76 })
  })

  test.each([1, 2, 3])('%i records from the end on: fewer headers must do', async (left) => {
    const { info } = await readAll(withGap(records(9), 9 - left, garbage), RECOVER)
    expect(info).toMatchObject({ packets: 9, truncated: false })
  })

  test('the last record is cut: still a warning, and not a gap more', async () => {
    const octets = withGap(records(9), 5, garbage)
    const { info } = await readAll(octets.subarray(0, octets.length - 10), RECOVER)
    expect(info).toMatchObject({ packets: 8, truncated: true, skipped: { gaps: 1, bytes: 516 } })
  })

  test('nothing behind: the gap goes to the end', async () => {
    const octets = Buffer.concat([pcapBytes(records(3)), garbage])
    const { info } = await readAll(octets, RECOVER)
    expect(info).toMatchObject({ packets: 3, bytes: octets.length, skipped: { gaps: 1, bytes: 516 } })
    expect(info.skipped?.first[0].isClosed).toBe(false)
  })

  test('a length that reaches beyond the end is damage if there are records behind it', async () => {
    const all = records(9)
    all[4] = { ...all[4], captured: 60_000, original: 60_000 }
    const { info, packets } = await readAll(pcapBytes(all), RECOVER)
    expect(packets.map(({ seconds }) => seconds - SECONDS)).toEqual([0, 1, 2, 3, 5, 6, 7, 8])
    const message = `record 5 at byte ${24 + 4 * 76} reaches beyond the end, and records follow its beginning`
    expect(info).toMatchObject({ truncated: false, skipped: { gaps: 1, bytes: 76 }, damage: { message } })
  })

  test('many gaps: ten are told, all are counted', async () => {
    const parts: Uint8Array[] = [pcapBytes([])]
    for (let i = 0; i < 40; i++) parts.push(pcapBytes(records(4)).subarray(24), NO_RECORD)
    const { info } = await readAll(Buffer.concat(parts), RECOVER)
    expect(info).toMatchObject({ packets: 160, skipped: { gaps: 40, bytes: 640 } })
    expect(info.skipped?.first).toHaveLength(10)
    expect(info.damage?.record).toBe(5)
  })

  test('records of another time need more headers, and have them', async () => {
    const old = records(12).map((record) => ({ ...record, seconds: 86_400 }))
    const octets = Buffer.concat([pcapBytes(records(3)), garbage, pcapBytes(old).subarray(24)])
    expect((await readAll(octets, RECOVER)).info.packets).toBe(15)
  })

  test.each([
    ['microseconds, big-endian', { little: false }],
    ['nanoseconds', { magic: 0xa1b23c4d }],
    ['the modified format', { magic: 0xa1b2cd34, extra: 8 }],
  ])('%s', async (_, spec) => {
    const whole = pcapBytes(records(12), spec)
    const at = 24 + 6 * (76 + ('extra' in spec ? 8 : 0))
    const octets = Buffer.concat([whole.subarray(0, at), NO_RECORD, garbage, whole.subarray(at)])
    expect((await readAll(octets, RECOVER)).info.packets).toBe(12)
  })

  test('version 2.2, in which the lengths stand the other way round', async () => {
    const swapped = records(12).map((record) => ({ ...record, captured: 80, original: 60 }))
    const whole = pcapBytes(swapped, { minor: 2 })
    const octets = Buffer.concat([whole.subarray(0, 24 + 76), NO_RECORD, garbage, whole.subarray(24 + 76)])
    expect((await readAll(octets, RECOVER)).info.packets).toBe(12)
  })

  test('a file header of a version that is unknown: nothing is guessed', async () => {
    const { info } = await readAll(pcapBytes(records(5), { major: 1 }), RECOVER)
    expect(info).toMatchObject({ packets: 0, damage: { found: 1 } })
  })

  test('one header that would do is not enough in the middle of a file', async () => {
    const decoy = new Bytes()
      .u32(SECONDS + 1)
      .u32(5)
      .u32(10)
      .u32(10)
      .done()
    const octets = withGap(records(20), 5, Buffer.concat([NO_RECORD, decoy, new Uint8Array(40).fill(0xff)]))
    const { info, packets } = await readAll(octets, RECOVER)
    expect(packets.map(({ seconds }) => seconds - SECONDS)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(info.skipped).toMatchObject({ gaps: 1, bytes: 16 + 16 + 40 })
  })

  test('of long records three headers are enough, as further ones are not waited for', () => {
    const form = { little: true, headerLength: 16, limit: 262_144, resolution: 1_000_000, lengths: 0 } as const
    const long = pcapBytes(Array.from({ length: 3 }, () => ({ seconds: SECONDS, data: new Uint8Array(262_000) })))
    // 524,344 octets are looked at: two records of 262,144 and three headers of 24 at most.
    expect(findPcapRecord(long, 24, 24 + 524_360, form, Number.NaN, false)).toBe(24)
    expect(findPcapRecord(long, 24, 24 + 524_000, form, Number.NaN, false)).toBe(-1 - 24)
  })

  test('zeros are no records', async () => {
    const octets = withGap(records(20), 5, Buffer.concat([NO_RECORD, new Uint8Array(4000)]))
    expect((await readAll(octets, RECOVER)).info.packets).toBe(20)
  })

  test('the search is the same in any chunks, and over blocks', async () => {
    const octets = withGap(records(40), 5, Buffer.concat([NO_RECORD, noise(1_300_000)]))
    const whole = await readAll(octets, RECOVER)
    expect(whole.info).toMatchObject({ packets: 40, skipped: { gaps: 1, bytes: 1_300_016 } })
    for (const chunk of [700, 65_536, 524_287])
      expect(
        await readAll(
          memorySource(octets, () => chunk),
          RECOVER,
        ),
      ).toEqual(whole)
  })
})

describe('pcapng', () => {
  const DATA = noise(48)
  const start = (little = true) => new PcapngBytes(little).section().interface(1)
  const packets = (ng: PcapngBytes, from: number, to: number) => {
    for (let i = from; i < to; i++) ng.enhanced(0, BigInt(i) * 1_000_000n, DATA)
    return ng
  }
  /** Octets of an enhanced packet block with those data. */
  const BLOCK = 32 + 48
  const HEADERS = 28 + 20

  test.each([0, 1, 2, 3, 501])('garbage of 16 + %i octets: at no multiple of 4', async (length) => {
    const garbage = Buffer.concat([NO_RECORD, noise(length)])
    const octets = Buffer.concat([packets(start(), 0, 5).done(), garbage, packets(new PcapngBytes(), 5, 12).done()])
    const { info, packets: read } = await readAll(octets, RECOVER)
    expect(read.map(({ seconds }) => seconds)).toEqual(Array.from({ length: 12 }, (_, i) => i))
    expect(info.skipped).toMatchObject({ gaps: 1, bytes: garbage.length, first: [{ offset: HEADERS + 5 * BLOCK }] })
  })

  test.each([
    ['an interface that is not there', (ng: PcapngBytes) => ng.enhanced(3, 0n, DATA), BLOCK],
    ['two lengths that differ', (ng: PcapngBytes) => ng.block(6, new Uint8Array(68), 80, 84), BLOCK],
    ['more octets than the block has', (ng: PcapngBytes) => ng.enhanced(0, 0n, DATA, { captured: 99 }), BLOCK],
    ['a block of length 0', (ng: PcapngBytes) => ng.block(6, new Uint8Array(68), 0, 80), BLOCK],
    ['a length that is no multiple of 4', (ng: PcapngBytes) => ng.block(5, new Uint8Array(68), 81, 81), BLOCK],
    ['an obsolete packet of interface 3', (ng: PcapngBytes) => ng.obsolete(3, 0n, DATA), BLOCK],
    ['a section of version 9', (ng: PcapngBytes) => ng.section([], 9), 28],
  ])('%s: that block alone is passed over', async (_, damage, length) => {
    const octets = packets(damage(packets(start(), 0, 3)), 3, 6).done()
    const { info, packets: read } = await readAll(octets, RECOVER)
    expect(read.map(({ seconds }) => seconds)).toEqual([0, 1, 2, 3, 4, 5])
    expect(info.skipped).toMatchObject({ gaps: 1, bytes: length })
  })

  test('a block that makes no sense as a whole is not looked into', async () => {
    // Its data are a packet block themselves.
    const inner = new PcapngBytes().enhanced(0, 77_000_000n, DATA).done()
    const octets = packets(packets(start(), 0, 2).enhanced(9, 0n, inner), 2, 4).done()
    const { packets: read } = await readAll(octets, RECOVER)
    expect(read.map(({ seconds }) => seconds)).toEqual([0, 1, 2, 3])
  })

  test('a section header in the other byte order ends a gap', async () => {
    const octets = Buffer.concat([packets(start(), 0, 2).done(), NO_RECORD, packets(start(false), 2, 4).done()])
    const { info, packets: read } = await readAll(octets, RECOVER)
    expect(read.map(({ seconds }) => seconds)).toEqual([0, 1, 2, 3])
    expect(info.sections).toBe(2)
  })

  test('a damaged section header leaves the section before as it is', async () => {
    // In the other byte order, and its second length is wrong: what follows belongs to the section before.
    const broken = new PcapngBytes(false).section().done()
    broken[27] ^= 4
    const octets = Buffer.concat([packets(start(), 0, 2).done(), broken, packets(new PcapngBytes(), 2, 4).done()])
    const { info, packets: read } = await readAll(octets, RECOVER)
    expect(read.map(({ seconds }) => seconds)).toEqual([0, 1, 2, 3])
    expect(info).toMatchObject({ sections: 1, skipped: { gaps: 1, bytes: 28 } })
  })

  test('other blocks need a block behind them, or the end', () => {
    const context = { little: true, limitOf: () => 262_144 }
    const find = (octets: Uint8Array) => findBlock(octets, 0, octets.length, context, true)
    const simple = new PcapngBytes().simple(8, DATA.subarray(0, 8)).done()
    expect(find(Buffer.concat([NO_RECORD, simple]))).toBe(16)
    expect(find(Buffer.concat([NO_RECORD, simple, simple]))).toBe(16)
    expect(find(Buffer.concat([NO_RECORD, simple, NO_RECORD]))).toBeLessThan(0)
    const enhanced = new PcapngBytes().enhanced(0, 0n, DATA).done()
    const differing = enhanced.slice()
    differing[differing.length - 4] ^= 4
    expect(find(Buffer.concat([NO_RECORD, differing, NO_RECORD]))).toBeLessThan(0)
    expect(find(Buffer.concat([NO_RECORD, enhanced, NO_RECORD]))).toBe(16)
  })

  test('a packet that the file ends in is told as cut short', async () => {
    const octets = Buffer.concat([packets(start(), 0, 2).done(), NO_RECORD, packets(new PcapngBytes(), 2, 3).done()])
    const { info } = await readAll(octets.subarray(0, octets.length - 6), RECOVER)
    expect(info).toMatchObject({ packets: 2, truncated: true, skipped: { gaps: 1, bytes: 16 } })
  })

  test('a block of no known type must be whole before it is believed', async () => {
    // It claims 1 MiB, longer than what is in memory, over packets that are there all the same.
    const claim = new Bytes()
      .u32(0x8000_0001)
      .u32(4 * 1024 * 1024)
      .done()
    const many = new PcapngBytes()
    for (let i = 0; i < 6; i++) many.enhanced(0, BigInt(i) * 1_000_000n, noise(100_000))
    const octets = Buffer.concat([packets(start(), 0, 2).done(), claim, many.done(), noise(600_000)])
    const { info } = await readAll(octets, RECOVER)
    expect(info.packets).toBe(8)
  })
})

describe('time grows with the octets, whatever they are', () => {
  /** Milliseconds for one look through; the quickest of three. */
  const timeOf = (look: () => void): number => {
    let best = Infinity
    for (let i = 0; i < 3; i++) {
      const start = performance.now()
      look()
      best = Math.min(best, performance.now() - start)
    }
    return best
  }
  const form = {
    little: true,
    headerLength: 16,
    limit: 262_144,
    resolution: 1_000_000,
    lengths: 0,
  } as const

  /** Where a number of four octets may begin stands what could be a header: all numbers are 65,793. */
  const almostRecords = (length: number) => {
    const octets = new Uint8Array(length).fill(1)
    for (let i = 3; i < length; i += 4) octets[i] = 0
    return octets
  }

  test('pcap: headers everywhere, chains that fail', () => {
    const look = (length: number) => {
      const octets = almostRecords(length)
      for (let i = 0; i < length; i += 200_000) octets.fill(0xff, i, i + 4000)
      return () => expect(findPcapRecord(octets, 0, length, form, Number.NaN, false)).toBeLessThan(0)
    }
    expect(timeOf(look(1_600_000))).toBeLessThan(100 + 12 * timeOf(look(400_000)))
  })

  test('pcapng: blocks that claim to go on and on', () => {
    const context = { little: true, limitOf: () => 262_144 }
    const look = (length: number) => {
      const octets = new Bytes()
      while (octets.length < 64) octets.u32(6).u32(300_000)
      const one = octets.done()
      const many = new Uint8Array(length)
      for (let i = 0; i < length; i += one.length) many.set(one, i)
      return () => findBlock(many, 0, length, context, true)
    }
    expect(timeOf(look(1_600_000))).toBeLessThan(100 + 12 * timeOf(look(400_000)))
  })

  test('reading: damage behind every few records, chains that seem to reach far', async () => {
    const make = (count: number) => {
      const one = pcapBytes(records(3)).subarray(24)
      // A header that fits, of a record that leads 200,000 octets ahead, into the middle of something.
      const far = new Bytes().u32(SECONDS).u32(0).u32(200_001).u32(200_001).done()
      const part = Buffer.concat([one, NO_RECORD, far, far])
      return Buffer.concat([pcapBytes([]), ...Array.from({ length: count }, () => part)])
    }
    const time = async (octets: Uint8Array): Promise<number> => {
      const start = performance.now()
      await readAll(
        memorySource(octets, () => 65_536),
        RECOVER,
      )
      return performance.now() - start
    }
    const [small, large] = [make(500), make(2000)]
    await time(small)
    expect(await time(large)).toBeLessThan(500 + 12 * (await time(small)))
  })

  test('memory stays bounded', async () => {
    const octets = Buffer.concat([pcapBytes(records(3)), NO_RECORD, almostRecords(6_000_000)])
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const source = memorySource(octets, () => 65_536)
    const watched = {
      ...source,
      read: (into: Uint8Array, at: number, length: number) => {
        most = Math.max(most, into.length)
        return source.read(into, at, length)
      },
    }
    await readAll(watched, RECOVER)
    // The reach of 524,344 octets, doubled, and a block.
    expect(most).toBeLessThan(4 * 1024 * 1024)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
  })
})
