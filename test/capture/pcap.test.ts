import { describe, expect, test } from 'vitest'
import { pcapBytes, readAll } from '../support/capture-bytes.ts'

const DATA = [0xde, 0xad, 0xbe, 0xef]

describe.each([
  ['little-endian', true],
  ['big-endian', false],
] as const)('%s pcap', (byteOrder, little) => {
  test('microseconds', async () => {
    const { info, packets } = await readAll(
      pcapBytes([{ seconds: 1_700_000_000, subseconds: 123_456, data: DATA, original: 1500 }], { little, snaplen: 4 }),
    )
    expect(info).toMatchObject({
      format: 'pcap',
      byteOrder,
      resolution: 'microseconds',
      snaplen: 4,
      sections: 1,
      packets: 1,
      bytes: 24 + 16 + 4,
      truncated: false,
      damage: null,
    })
    expect(info.interfaces).toEqual([
      {
        linkType: 1,
        linkTypeName: 'ETHERNET',
        snaplen: 4,
        resolution: 'microseconds',
        resolutionCode: 6,
        packets: 1,
      },
    ])
    expect(packets).toEqual([
      {
        number: 1,
        seconds: 1_700_000_000,
        nanoseconds: 123_456 * 1000,
        hasTime: true,
        captured: 4,
        original: 1500,
        linkType: 1,
        interfaceId: 0,
        data: 'deadbeef',
      },
    ])
  })

  test('nanoseconds', async () => {
    const { info, packets } = await readAll(
      pcapBytes([{ seconds: 5, subseconds: 999_999_999, data: DATA }], { little, magic: 0xa1b23c4d }),
    )
    expect(info.resolution).toBe('nanoseconds')
    expect(packets[0]).toMatchObject({ seconds: 5, nanoseconds: 999_999_999 })
  })

  test('the modified format has 24 octets before each packet', async () => {
    const { packets } = await readAll(
      pcapBytes([{ data: DATA }, { data: [1, 2] }], { little, magic: 0xa1b2cd34, extra: 8 }),
    )
    expect(packets.map(({ data }) => data)).toEqual(['deadbeef', '0102'])
  })

  test('seconds are unsigned: the format lasts until 2106', async () => {
    const { packets } = await readAll(pcapBytes([{ seconds: 0xffff_ffff, data: DATA }], { little }))
    expect(packets[0].seconds).toBe(4_294_967_295)
  })

  test('more than a second of microseconds is carried over', async () => {
    const { packets } = await readAll(pcapBytes([{ seconds: 5, subseconds: 2_000_001, data: DATA }], { little }))
    expect(packets[0]).toMatchObject({ seconds: 7, nanoseconds: 1000 })
  })

  test('the link type is the lower half of its field; the upper tells of the frame check sequence', async () => {
    // Bit 26: the length is known; bits 28 to 31: it is 2 times 16 bits.
    const { info, packets } = await readAll(pcapBytes([{ data: DATA }], { little, linkType: 0x2400_0001 }))
    expect(packets[0].linkType).toBe(1)
    expect(info.frameCheckLength).toBe(4)
    expect((await readAll(pcapBytes([], { little, linkType: 0x2000_0001 }))).info.frameCheckLength).toBeUndefined()
  })

  test('an original length below the captured one stays, as Wireshark shows it', async () => {
    const { packets } = await readAll(pcapBytes([{ data: DATA, original: 2 }], { little }))
    expect(packets[0]).toMatchObject({ captured: 4, original: 2 })
  })

  test('versions before 2.3 have the two lengths the other way round', async () => {
    const { packets } = await readAll(
      pcapBytes([{ data: DATA, captured: 60, original: 4 }], { little, minor: 2 }), // AIX numbers apart
    )
    expect(packets[0]).toMatchObject({ captured: 4, original: 60 })
  })

  test('version 2.3 has them either way', async () => {
    const { packets } = await readAll(
      pcapBytes(
        [
          { data: DATA, captured: 60, original: 4 },
          { data: DATA, original: 60 },
        ],
        { little, minor: 3 },
      ),
    )
    expect(packets.map(({ captured, original }) => [captured, original])).toEqual([
      [4, 60],
      [4, 60],
    ])
  })

  test("AIX's version 2.2 has interface types and nanoseconds", async () => {
    const { info, packets } = await readAll(
      pcapBytes([{ subseconds: 7, data: DATA }], { little, minor: 2, linkType: 6 }),
    )
    expect(info.interfaces[0].linkTypeName).toBe('ETHERNET')
    expect(packets[0].nanoseconds).toBe(7)
  })
})

test('a header without packets is a capture', async () => {
  const { info } = await readAll(pcapBytes([]))
  expect(info).toMatchObject({ packets: 0, bytes: 24, truncated: false, damage: null })
})

test('a record without octets is a packet', async () => {
  const { packets } = await readAll(pcapBytes([{}, { data: DATA }]))
  expect(packets.map(({ captured }) => captured)).toEqual([0, 4])
})

describe('cut short', () => {
  const whole = pcapBytes([{ data: DATA }, { data: DATA }])
  const second = 24 + 20

  test.each([
    ['inside the record header', second + 1],
    ['before the first octet of the packet', second + 16],
    ['inside the packet', whole.length - 1],
  ])('%s', async (_, length) => {
    const { info, packets } = await readAll(whole.subarray(0, length))
    expect(packets).toHaveLength(1)
    expect(info).toMatchObject({ packets: 1, truncated: true, truncatedAt: second, bytes: second, damage: null })
  })

  test('between two records nothing shows it', async () => {
    expect((await readAll(whole.subarray(0, second))).info.truncated).toBe(false)
  })
})

describe('damage', () => {
  test('a length that no packet has', async () => {
    const { info, packets } = await readAll(pcapBytes([{ data: DATA }, { data: DATA, captured: 4_294_901_760 }]))
    expect(packets).toHaveLength(1)
    expect(info.damage?.message).toBe('record 2 at byte 44 claims 4294901760 octets, limit 262144')
    expect(info.damage).toMatchObject({ fault: 'damaged', file: 'memory', record: 2, offset: 44, found: 4_294_901_760 })
    expect(info).toMatchObject({ packets: 1, bytes: 44, truncated: false })
  })

  test('the limit itself is legal, and more for link types that need it', async () => {
    const long = new Uint8Array(262_145)
    expect((await readAll(pcapBytes([{ data: long.subarray(1) }]))).info.damage).toBeNull()
    expect((await readAll(pcapBytes([{ data: long }]))).info.damage).not.toBeNull()
    const usb = await readAll(pcapBytes([{ data: long }, { data: DATA }], { linkType: 189 }))
    expect(usb.packets.map(({ captured }) => captured)).toEqual([262_145, 4])
  })

  test('nothing is allocated for a claim', async () => {
    const before = process.memoryUsage().arrayBuffers
    const { info } = await readAll(
      pcapBytes([{ data: DATA, captured: 128 * 1024 * 1024, original: 128 * 1024 * 1024 }], { linkType: 249 }),
    )
    expect(info.truncated).toBe(true)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  })

  test('format version 1', async () => {
    const { info } = await readAll(pcapBytes([{ data: DATA }], { major: 1 }))
    expect(info.damage?.message).toContain('format version 1.4')
    expect(info.packets).toBe(0)
  })
})
