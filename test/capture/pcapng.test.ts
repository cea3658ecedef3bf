import { describe, expect, test } from 'vitest'
import { CUSTOM_BLOCK, PRIVATE_CUSTOM_BLOCK } from '../../src/capture/link-types.ts'
import { Bytes, PcapngBytes, readAll } from '../support/capture-bytes.ts'

const DATA = Uint8Array.of(1, 2, 3, 4, 5)
const text = (value: string) => new TextEncoder().encode(value)

describe.each([
  ['little-endian', true],
  ['big-endian', false],
] as const)('%s pcapng', (byteOrder, little) => {
  test('enhanced packet blocks of two interfaces', async () => {
    const { info, packets } = await readAll(
      new PcapngBytes(little)
        .section()
        .interface(1, 96)
        .interface(101, 0, [{ code: 9, value: [9] }])
        .enhanced(0, 1_700_000_000_123_456n, DATA, { original: 60 })
        .enhanced(1, 1_700_000_000_123_456_789n, DATA)
        .done(),
    )
    expect(packets).toEqual([
      {
        number: 1,
        seconds: 1_700_000_000,
        nanoseconds: 123_456_000,
        hasTime: true,
        captured: 5,
        original: 60,
        linkType: 1,
        interfaceId: 0,
        data: '0102030405',
      },
      {
        number: 2,
        seconds: 1_700_000_000,
        nanoseconds: 123_456_789,
        hasTime: true,
        captured: 5,
        original: 5,
        linkType: 101,
        interfaceId: 1,
        data: '0102030405',
      },
    ])
    expect(info).toMatchObject({ format: 'pcapng', byteOrder, resolution: 'microseconds', snaplen: 96, sections: 1 })
    expect(
      info.interfaces.map(({ linkTypeName, resolution, packets: count }) => [linkTypeName, resolution, count]),
    ).toEqual([
      ['ETHERNET', 'microseconds', 1],
      ['RAW', 'nanoseconds', 1],
    ])
  })

  test('simple packet blocks have no time and are cut by the snaplen', async () => {
    const { packets } = await readAll(
      new PcapngBytes(little)
        .section()
        .interface(1, 4)
        .simple(1500, DATA.subarray(0, 4))
        .simple(3, DATA.subarray(0, 3))
        .done(),
    )
    expect(packets).toMatchObject([
      { hasTime: false, seconds: 0, captured: 4, original: 1500, data: '01020304' },
      { hasTime: false, captured: 3, original: 3, data: '010203' },
    ])
  })

  test('obsolete packet blocks', async () => {
    const { packets } = await readAll(
      new PcapngBytes(little).section().interface(1).interface(1).obsolete(1, 2_000_003n, DATA).done(),
    )
    expect(packets).toMatchObject([{ seconds: 2, nanoseconds: 3000, interfaceId: 1, data: '0102030405' }])
  })

  test('a time offset is added', async () => {
    const offset = (value: bigint) => [{ code: 14, value: new Bytes(little).u64(value).done() }]
    const { packets } = await readAll(
      new PcapngBytes(little)
        .section()
        .interface(1, 0, offset(1_000_000_000n))
        .interface(1, 0, offset(-3n))
        .enhanced(0, 5_000_001n, DATA)
        .enhanced(1, 5_000_001n, DATA)
        .done(),
    )
    expect(packets.map(({ seconds, nanoseconds }) => [seconds, nanoseconds])).toEqual([
      [1_000_000_005, 1000],
      [2, 1000],
    ])
  })

  test('options are read when asked for', async () => {
    const capture = new PcapngBytes(little)
      .section([
        { code: 1, value: text('on the section') },
        { code: 2, value: text('a machine') },
        { code: 3, value: text('an OS') },
        { code: 4, value: text('a program') },
      ])
      .interface(1, 0, [
        { code: 2, value: text('eth0\0') },
        { code: 3, value: text('first') },
        { code: 11, value: [0, ...text('tcp')] },
        { code: 12, value: text('Linux') },
      ])
      .enhanced(0, 0n, DATA, {
        options: [
          { code: 1, value: text('look') },
          { code: 1, value: text('again') },
        ],
      })
      .done()
    const { info } = await readAll(capture, { comments: true })
    expect(info).toMatchObject({ comments: 3, hardware: 'a machine', os: 'an OS', application: 'a program' })
    expect(info.interfaces[0]).toMatchObject({ name: 'eth0', description: 'first', filter: 'tcp', os: 'Linux' })
    const plain = (await readAll(capture)).info
    expect(plain.comments).toBeUndefined()
    expect(plain.interfaces[0].name).toBeUndefined()
  })

  test('other blocks are passed over, however long', async () => {
    const { packets, info } = await readAll(
      new PcapngBytes(little)
        .section()
        .block(4, new Uint8Array(40)) // names
        .interface(1)
        .block(0x8000_0001, new Uint8Array(3_000_000)) // longer than the window
        .enhanced(0, 0n, DATA)
        .block(5, new Uint8Array(20)) // statistics
        .done(),
    )
    expect(packets).toHaveLength(1)
    expect(info).toMatchObject({ truncated: false, damage: null })
  })

  test('custom blocks are frames, as in Wireshark, with link types of their own', async () => {
    const body = new Bytes(little).u32(32_473).text('abcd').done()
    const { packets } = await readAll(
      new PcapngBytes(little).section().block(0x0bad, body).block(0x4000_0bad, body).done(),
    )
    expect(packets).toMatchObject([
      { linkType: CUSTOM_BLOCK, hasTime: false, captured: 4, data: '61626364' },
      { linkType: PRIVATE_CUSTOM_BLOCK, captured: 4 },
    ])
  })

  test('a second section starts anew, and may be in the other byte order', async () => {
    const second = new PcapngBytes(!little).section().interface(113).enhanced(0, 2_000_000n, DATA).done()
    const { packets, info } = await readAll(
      Uint8Array.from([
        ...new PcapngBytes(little).section().interface(1).enhanced(0, 1_000_000n, DATA).done(),
        ...second,
      ]),
    )
    expect(packets.map(({ seconds, linkType, interfaceId }) => [seconds, linkType, interfaceId])).toEqual([
      [1, 1, 0],
      [2, 113, 1],
    ])
    expect(info).toMatchObject({ sections: 2, byteOrder })
  })

  describe('damage', () => {
    const start = () => new PcapngBytes(little).section().interface(1).enhanced(0, 0n, DATA)
    // 28 octets of section, 20 of interface, 40 of packet
    const AT = 'record 2 at byte 88'

    test.each([
      ['an interface that is not there', () => start().enhanced(1, 0n, DATA), 'names interface 1, the section has 1'],
      [
        'more octets than the block has',
        () => start().enhanced(0, 0n, DATA, { captured: 9 }),
        'claims 9 octets, limit 8',
      ],
      [
        'a length that is no multiple of 4',
        () => start().block(6, new Uint8Array(24), 37),
        'claims a block of 37 octets, it must be a multiple of 4, at least 32',
      ],
      ['a length too short', () => start().block(5, new Uint8Array(0), 8), 'claims a block of 8 octets'],
      [
        'a length beyond the limit',
        () => start().block(6, new Uint8Array(24), 0xffff_fff0),
        'claims 4294967280 octets, limit 16777216',
      ],
      [
        'two lengths that differ',
        () => start().block(6, new Uint8Array(24), 36, 40),
        'claims 36 octets at its start and 40 at its end',
      ],
      ['a section of another version', () => start().section([], 2, 0), 'is a section of format version 2.0'],
    ])('%s', async (_, make, message) => {
      const { info, packets } = await readAll(make().done())
      expect(packets).toHaveLength(1)
      expect(info.damage?.message).toContain(`${AT} ${message}`)
      expect(info).toMatchObject({ packets: 1, bytes: 88, truncated: false })
    })
  })

  test.each([
    ['a packet', () => new PcapngBytes(little).section().interface(1).enhanced(0, 0n, DATA).done(), 48],
    ['a block that nobody reads', () => new PcapngBytes(little).section().interface(1).block(4, DATA).done(), 48],
  ])('cut short inside %s', async (_, make, at) => {
    const whole = make()
    const { info } = await readAll(whole.subarray(0, whole.length - 1))
    expect(info).toMatchObject({ packets: 0, truncated: true, truncatedAt: at, damage: null })
  })
})
