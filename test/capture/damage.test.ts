/** Damaged captures, read without going on: what comes before the damage is counted, and its place is told. */
import { describe, expect, test } from 'vitest'
import { MAX_INTERFACES, MAX_OPTION_OCTETS, MAX_SECTIONS, MAX_TEXT_OCTETS } from '../../src/capture/limits.ts'
import { Bytes, memorySource, PcapngBytes, pcapBytes, readAll, readError } from '../support/capture-bytes.ts'

const DATA = Uint8Array.of(1, 2, 3, 4, 5)

describe('cut at each octet', () => {
  test('pcap: the whole records before', async () => {
    const whole = pcapBytes([{ data: DATA }, {}, { data: DATA }])
    // Where each record begins, and the end.
    const beginnings = [24, 24 + 21, 24 + 21 + 16, whole.length]
    for (let length = 24; length <= whole.length; length++) {
      const { info, packets } = await readAll(whole.subarray(0, length))
      const count = beginnings.filter((at) => at <= length).length - 1
      expect([length, packets.length, info.damage]).toEqual([length, count, null])
      expect([length, info.truncated]).toEqual([length, !beginnings.includes(length)])
      if (info.truncated) expect(info.truncatedAt).toBe(beginnings[count])
    }
    for (const length of [0, 1, 23])
      expect(await readError(whole.subarray(0, length))).toMatchObject({ fault: 'not-a-capture' })
  })

  test('pcapng: the whole blocks before', async () => {
    const whole = new PcapngBytes()
      .section()
      .interface(1)
      .enhanced(0, 0n, DATA)
      .simple(5, DATA)
      .block(4, new Uint8Array(8))
      .obsolete(0, 0n, DATA)
      .done()
    // Octets of each block: 28 and 20 of headers; 32, 16, 12 and 32 besides the data, in which are 5 octets and 3 of padding.
    const beginnings = [0, 28, 48, 88, 112, 132, 172]
    expect(whole).toHaveLength(172)
    const packetsUpTo = [0, 0, 0, 1, 2, 2, 3]
    for (let length = 24; length <= whole.length; length++) {
      const { info, packets } = await readAll(whole.subarray(0, length))
      const blocks = beginnings.filter((at) => at <= length).length - 1
      expect([length, packets.length, info.damage]).toEqual([length, packetsUpTo[blocks], null])
      expect([length, info.truncated]).toEqual([length, !beginnings.includes(length)])
      if (info.truncated) expect(info.truncatedAt).toBe(beginnings[blocks])
    }
  })
})

test('a block that nobody reads is as long at its end as at its start, however long it is', async () => {
  // 28 and 20 octets of headers; longer than what is in memory.
  const octets = new PcapngBytes().section().interface(1).block(5, new Uint8Array(900_000), undefined, 77).done()
  const { info } = await readAll(memorySource(octets, () => 100_000))
  expect(info.damage?.message).toBe('record 1 at byte 48 claims 900012 octets at its start and 77 at its end')
  const cut = await readAll(memorySource(octets.subarray(0, octets.length - 2), () => 100_000))
  expect(cut.info).toMatchObject({ truncated: true, truncatedAt: 48, damage: null })
})

describe('a block is damaged', () => {
  const start = () => new PcapngBytes().section().interface(1, 60)
  const AT = 'record 1 at byte 48'

  test.each([
    ['of length 0', start().block(6, new Uint8Array(32), 0), `${AT} claims a block of 0 octets`],
    ['simple, longer than the block', start().simple(60, DATA), `${AT} claims 60 octets, limit 8`],
    ['obsolete, of no interface', start().obsolete(2, 0n, DATA), `${AT} names interface 2, the section has 1`],
    ['simple, without any', new PcapngBytes().section().simple(5, DATA), 'record 1 at byte 28 names interface 0'],
    ['a custom block without a number', start().block(0xbad, new Uint8Array(0)), `${AT} claims a block of 12 octets`],
    ['an interface without a link type', start().block(1, new Uint8Array(0)), `${AT} claims a block of 12 octets`],
    [
      'a section of no known byte order',
      start().block(0x0a0d0d0a, new Uint8Array(16)),
      `${AT} is a section of no known byte order`,
    ],
  ])('%s', async (_, octets, message) => {
    const { info, packets } = await readAll(octets.done())
    expect(packets).toHaveLength(0)
    expect(info.damage?.message).toContain(message)
  })

  test('statistics of an interface that is not there are nobody’s business', async () => {
    const statistics = new Bytes().u32(9).u64(0n).done()
    const { info } = await readAll(start().block(5, statistics).enhanced(0, 0n, DATA).done())
    expect(info).toMatchObject({ packets: 1, damage: null })
  })
})

describe('options', () => {
  test('one longer than its block ends the list', async () => {
    const body = new Bytes().u16(1).u16(0).u32(60).u16(9).u16(1).u8(9).pad().u16(2).u16(60_000).text('eth0')
    const octets = new PcapngBytes().section().block(1, body.done()).enhanced(0, 1_000_000_000n, DATA).done()
    const { info, packets } = await readAll(octets, { comments: true })
    expect(info.damage).toBeNull()
    // 10^-9, which stands before it, is taken.
    expect(packets[0]).toMatchObject({ seconds: 1, nanoseconds: 0 })
    expect(info.interfaces[0].name).toBeUndefined()
  })

  test.each([
    // 2^64 - 1 units of 10^-127 and 2^-127 seconds are less than a nanosecond.
    ['10^-127', 127, 0xffff_ffff_ffff_ffffn, 0n, 0],
    ['2^-127', 255, 0xffff_ffff_ffff_ffffn, 0n, 0],
    // A second each: 18,446,744,073,709,551,615 of them, as a double.
    ['1', 0, 0xffff_ffff_ffff_ffffn, 0n, 18_446_744_073_709_552_000],
    ['1, from the other end of time on', 0, 0n, -(2n ** 63n), -9_223_372_036_854_776_000],
    ['1, beyond it', 0, 0n, 2n ** 63n - 1n, 9_223_372_036_854_776_000],
  ])('units of %s seconds', async (_, resolution, units, offset, seconds) => {
    const options = [
      { code: 9, value: [resolution] },
      { code: 14, value: new Bytes().u64(offset).done() },
    ]
    const octets = new PcapngBytes().section().interface(1, 0, options).enhanced(0, units, DATA).done()
    const { packets } = await readAll(octets)
    expect(packets[0].seconds).toBe(seconds)
    expect(packets[0].nanoseconds).toBe(0)
  })

  test('a name is read up to a limit', async () => {
    const value = new Uint8Array(60_000).fill(0x61)
    const octets = new PcapngBytes()
      .section()
      .interface(1, 0, [{ code: 2, value }])
      .done()
    const { info } = await readAll(octets, { comments: true })
    expect(info.interfaces[0].name).toBe('a'.repeat(MAX_TEXT_OCTETS))
  })
})

describe('ceilings', () => {
  /** The same octets many times. */
  const repeat = (octets: Uint8Array, count: number): Uint8Array => {
    const all = new Uint8Array(octets.length * count)
    for (let i = 0; i < count; i++) all.set(octets, i * octets.length)
    return all
  }
  const header = new PcapngBytes().section().done()
  const description = new PcapngBytes().interface(1).done()

  test('interfaces', async () => {
    const octets = Buffer.concat([header, repeat(description, MAX_INTERFACES + 1)])
    const { info } = await readAll(octets)
    expect(info.interfaces).toHaveLength(MAX_INTERFACES)
    expect(info.damage?.message).toBe(
      `record 1 at byte ${28 + 20 * MAX_INTERFACES} describes interface 65537 of the file, limit 65536`,
    )
    // Each one beyond is passed over.
    const more = Buffer.concat([octets, description, new PcapngBytes().enhanced(0, 0n, DATA).done()])
    expect((await readAll(more, { recover: true })).info).toMatchObject({ packets: 1, skipped: { gaps: 1, bytes: 40 } })
  })

  test('sections', async () => {
    const { info } = await readAll(repeat(header, MAX_SECTIONS + 1))
    expect(info.sections).toBe(MAX_SECTIONS)
    expect(info.damage?.message).toBe(`record 1 at byte ${28 * MAX_SECTIONS} is section 65537, limit 65536`)
  })

  test('options that are kept', async () => {
    // Two blocks of 8,500,000 octets of options are more than 16 MiB, 16,777,216. The block is 20 octets longer: its type, its length
    // at both ends, link type and snaplen.
    const length = 8_500_000
    const large = new Uint8Array(length + 20)
    large.set(new Bytes().u32(1).u32(large.length).u16(1).u16(0).u32(0).done())
    large.set(new Bytes().u32(large.length).done(), length + 16)
    const { info } = await readAll(Buffer.concat([header, large, large]))
    expect(info.interfaces).toHaveLength(1)
    expect(info.damage?.message).toBe(
      `record 1 at byte ${28 + large.length} brings the options of sections and interfaces to ${2 * length} octets, limit ${MAX_OPTION_OCTETS}`,
    )
  })
})

test('four hundred thousand records without octets', async () => {
  const octets = new Uint8Array(24 + 16 * 400_000)
  octets.set(pcapBytes([]))
  const { info } = await readAll(memorySource(octets), {})
  expect(info).toMatchObject({ packets: 400_000, truncated: false, damage: null })
})
