import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCapture } from '../../src/capture/read.ts'
import { createWriter, type WriteFormat } from '../../src/capture/writer.ts'
import { Packet } from '../../src/packet/packet.ts'
import { Bytes, memorySource, type OptionSpec, PcapngBytes, pcapBytes, readAll } from '../support/capture-bytes.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcapx-metadata-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const DATA = Uint8Array.of(1, 2, 3, 4, 5)
const text = (value: string) => new TextEncoder().encode(value)

/** Reads the captures one after the other and writes every packet, or those that `wanted` names. */
async function rewrite(
  format: WriteFormat,
  captures: readonly Uint8Array[],
  wanted: (number: number) => boolean = () => true,
): Promise<{ written: Buffer; lost: readonly string[] }> {
  const path = join(folder, 'written')
  const writer = createWriter(path, format)
  const packet = new Packet()
  try {
    for (const capture of captures)
      await readCapture(
        memorySource(capture, () => 64),
        packet,
        () => {
          if (wanted(packet.number)) writer.write(packet)
        },
        { onStart: (info) => writer.from(info) },
      )
    writer.close()
  } catch (error) {
    writer.discard()
    throw error
  }
  return { written: readFileSync(path), lost: writer.lost }
}

/** The options between `at` and `end`, without the mark at their end. */
function optionsOf(block: Buffer, at: number, little: boolean): OptionSpec[] {
  const found: OptionSpec[] = []
  const read = (from: number) => (little ? block.readUInt16LE(from) : block.readUInt16BE(from))
  while (block.length - at >= 4 && read(at) !== 0) {
    const length = read(at + 2)
    found.push({ code: read(at), value: [...block.subarray(at + 4, at + 4 + length)] })
    at += 4 + ((length + 3) & ~3)
  }
  return found
}

interface Block {
  readonly type: number
  readonly little: boolean
  /** All of it. */
  readonly bytes: Buffer
  readonly options: readonly OptionSpec[]
}

/** The blocks of a capture, read without any of our readers. */
function blocksOf(capture: Buffer): Block[] {
  const blocks: Block[] = []
  let little = true
  for (let at = 0; at < capture.length; ) {
    if (capture.readUInt32BE(at) === 0x0a0d0d0a) little = capture.readUInt32LE(at + 8) === 0x1a2b3c4d
    const read = (from: number) => (little ? capture.readUInt32LE(from) : capture.readUInt32BE(from))
    const type = read(at)
    const total = read(at + 4)
    expect(read(at + total - 4)).toBe(total)
    const bytes = capture.subarray(at, at + total)
    const packetEnd = type === 6 ? 28 + ((read(at + 20) + 3) & ~3) : 0
    const optionsAt = ({ 168627466: 24, 1: 16, 6: packetEnd } as Record<number, number>)[type] ?? total
    blocks.push({ type, little, bytes, options: optionsOf(bytes.subarray(0, total - 4), optionsAt, little) })
    at += total
  }
  return blocks
}

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const NAMES = 4
const STATISTICS = 5
const PACKET = 6
const SECRETS = 10

/** A custom option: whose it is, and what they put in (§3.5.1). */
function customOption(little: boolean, code: number): OptionSpec {
  return { code, value: new Bytes(little).u32(32473).text('abc').done() }
}

describe.each([true, false])('little-endian %s', (little) => {
  const number64 = (value: bigint) => new Bytes(little).u64(value).done()
  const number32 = (value: number) => new Bytes(little).u32(value).done()

  const sectionOptions = [
    { code: 1, value: text('a comment on the section') },
    { code: 2, value: text('hardware') },
    { code: 3, value: text('system') },
    { code: 4, value: text('application') },
  ]
  const interfaceOptions = [
    { code: 2, value: text('eth0') },
    { code: 3, value: text('to the router') },
    { code: 4, value: [10, 0, 0, 1, 255, 255, 255, 0] },
    { code: 6, value: [2, 0, 0, 0, 0, 1] },
    { code: 8, value: number64(1_000_000_000n) },
    { code: 9, value: [9] },
    { code: 11, value: [0, ...text('tcp port 80')] },
    { code: 12, value: text('Linux') },
    { code: 13, value: [4] },
    { code: 15, value: text('card') },
    { code: 1, value: text('a comment on the interface') },
  ]
  const packetOptions = [
    { code: 1, value: text('first') },
    { code: 1, value: text('second') },
    { code: 2, value: number32(0x0100_0005) },
    { code: 3, value: [2, 1, 2, 3, 4] },
    { code: 4, value: number64(3n) },
    { code: 5, value: number64(0x1122_3344_5566n) },
    { code: 6, value: number32(7) },
    { code: 7, value: [1, ...number64(2n)] },
    customOption(little, 2988),
    customOption(little, 2989),
    { code: 4711, value: [1, 2, 3] }, // nobody knows it
  ]

  test('what it says of section, interface and packet stays', async () => {
    const capture = new PcapngBytes(little)
      .section(sectionOptions)
      .interface(1, 96, interfaceOptions)
      .enhanced(0, 1_700_000_000_123_456_789n, DATA, { options: packetOptions })
      .enhanced(0, 1_700_000_000_123_456_790n, DATA)
      .done()
    // Octet for octet, section length and all.
    expect((await rewrite('pcapng', [capture])).written.equals(capture)).toBe(true)
  })

  test('custom options that are not to be copied are not', async () => {
    const secret = [customOption(little, 19_372), customOption(little, 19_373)]
    const capture = new PcapngBytes(little)
      .section([...secret, ...sectionOptions])
      .interface(1, 0, [...interfaceOptions, ...secret])
      .enhanced(0, 1n, DATA, { options: [...secret, ...packetOptions] })
      .done()
    const [section, described, packet] = blocksOf((await rewrite('pcapng', [capture])).written)
    expect(section.options).toEqual(plain(sectionOptions))
    expect(described.options).toEqual(plain(interfaceOptions))
    expect(packet.options).toEqual(plain(packetOptions))
  })

  test('times are absolute: their offset is dropped, and a resolution that is too fine', async () => {
    const capture = new PcapngBytes(little)
      .section()
      .interface(1, 0, [
        { code: 9, value: [12] },
        { code: 14, value: number64(1_000_000n) },
        { code: 2, value: text('eth0') },
      ])
      .enhanced(0, 5_000_000_001_999n, DATA) // 5 s, 1.999 ns
      .done()
    const { written } = await rewrite('pcapng', [capture])
    expect(blocksOf(written)[1].options).toEqual([
      { code: 9, value: [9] },
      { code: 2, value: [...text('eth0')] },
    ])
    expect((await readAll(written)).packets[0]).toMatchObject({ seconds: 1_000_005, nanoseconds: 1 })
  })

  test('keys and names come along, in front of the packets that they came before; statistics do not', async () => {
    const keys = new Bytes(little).u32(0x544c_534b).u32(5).text('keys\n').pad().done()
    const moreKeys = new Bytes(little).u32(0x544c_534b).u32(5).text('more\n').pad().done()
    // One record: IPv4, 10.0.0.1 is "a"; then the end of records.
    const names = new Bytes(little).u16(1).u16(6).u8(10, 0, 0, 1).text('a').u8(0).pad().u32(0).done()
    const capture = new PcapngBytes(little)
      .section()
      .block(SECRETS, keys)
      .interface(1)
      .block(NAMES, names)
      .enhanced(0, 1n, DATA)
      .block(STATISTICS, new Bytes(little).u32(0).u64(0n).done())
      .block(SECRETS, moreKeys)
      .enhanced(0, 2n, DATA)
      .done()
    const before = blocksOf(Buffer.from(capture))
    const after = blocksOf((await rewrite('pcapng', [capture])).written)
    expect(after.map(({ type }) => type)).toEqual([SECTION, INTERFACE, SECRETS, NAMES, PACKET, SECRETS, PACKET])
    for (const type of [SECRETS, NAMES])
      expect(after.filter((one) => one.type === type).map(({ bytes }) => bytes)).toEqual(
        before.filter((one) => one.type === type).map(({ bytes }) => bytes),
      )
    // Where no packet is written they are of no use.
    const none = blocksOf((await rewrite('pcapng', [capture], () => false)).written)
    expect(none.map(({ type }) => type)).toEqual([SECTION, INTERFACE])
  })

  test('the losses that an obsolete packet block counts become an option', async () => {
    const capture = new PcapngBytes(little).section().interface(1).obsolete(0, 1n, DATA).done()
    const [, , packet] = blocksOf((await rewrite('pcapng', [capture])).written)
    expect([packet.type, packet.options]).toEqual([PACKET, [{ code: 4, value: [...number64(7n)] }]])
  })

  test('custom blocks stay as they were', async () => {
    const custom = new Bytes(little).u32(32473).u8(1, 2, 3, 4).done()
    const capture = new PcapngBytes(little).section(sectionOptions).block(0x0bad, custom).done()
    expect((await rewrite('pcapng', [capture])).written.equals(capture)).toBe(true)
  })

  test('any options survive writing and reading', async () => {
    const code = fc.integer({ min: 1, max: 65_535 }).filter((one) => one !== 19_372 && one !== 19_373)
    const value = fc.uint8Array({ maxLength: 300 }).map((octets) => [...octets])
    const options = fc.array(fc.record({ code, value }, { noNullPrototype: true }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(options, { minLength: 1, maxLength: 5 }),
        fc.uint8Array({ maxLength: 9 }),
        async (all, data) => {
          const capture = new PcapngBytes(little).section().interface(1)
          for (const one of all) capture.enhanced(0, 1n, data, { options: one })
          const blocks = blocksOf((await rewrite('pcapng', [capture.done()])).written)
          expect(blocks.filter(({ type }) => type === PACKET).map((block) => block.options)).toEqual(all)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('options that run past their block end the list', async () => {
    const options = new Bytes(little).u16(1).u16(2).text('ok').pad().u16(1).u16(60_000).text('what').done()
    const body = new Bytes(little).u32(0).u64(0n).u32(4).u32(4).u8(1, 2, 3, 4).raw(options).done()
    const capture = new PcapngBytes(little).section().interface(1).block(PACKET, body).done()
    const [, , packet] = blocksOf((await rewrite('pcapng', [capture])).written)
    expect(packet.options).toEqual([{ code: 1, value: [...text('ok')] }])
  })

  test('hostile octets for options: what is written can be read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 64 }), async (one, other) => {
        const capture = new PcapngBytes(little)
          .block(SECTION, new Bytes(little).u32(0x1a2b3c4d).u16(1).u16(0).u64(-1n).raw(one).done())
          .block(INTERFACE, new Bytes(little).u16(1).u16(0).u32(0).raw(other).done())
          .block(SECRETS, one)
          .block(NAMES, other)
          .block(PACKET, new Bytes(little).u32(0).u64(0n).u32(4).u32(4).u8(1, 2, 3, 4).raw(one).pad().raw(other).done())
          .done()
        const { written } = await rewrite('pcapng', [capture])
        expect((await readAll(written)).info).toMatchObject({ packets: 1, damage: null, truncated: false })
      }),
      { numRuns: 100 },
    )
  })
})

/** Values as arrays, to compare. */
function plain(options: readonly OptionSpec[]): OptionSpec[] {
  return options.map(({ code, value }) => ({ code, value: [...value] }))
}

describe('sections', () => {
  const section = (comment: string | null, name: string, little = true) =>
    new PcapngBytes(little)
      .section(comment === null ? [] : [{ code: 1, value: text(comment) }])
      .interface(1, 0, [{ code: 2, value: text(name) }])
      .enhanced(0, 1n, DATA)
      .done()
  const types = (written: Buffer) => blocksOf(written).map(({ type }) => type)

  test('that say the same become one', async () => {
    const { written } = await rewrite('pcapng', [section('a', 'eth0'), section('a', 'eth1'), section('a', 'eth0')])
    expect(types(written)).toEqual([SECTION, INTERFACE, PACKET, INTERFACE, PACKET, INTERFACE, PACKET])
    expect((await readAll(written, { comments: true })).info.interfaces.map(({ name }) => name)).toEqual([
      'eth0',
      'eth1',
      'eth0',
    ])
  })

  test('that say something else, or are in another byte order, stay apart', async () => {
    const captures = [section('a', 'eth0'), section('b', 'eth0'), section('b', 'eth0', false)]
    const { written } = await rewrite('pcapng', captures)
    expect(written.equals(Buffer.concat(captures))).toBe(true)
    const joined = await rewrite('pcapng', [Buffer.concat(captures)])
    expect(joined.written.equals(written)).toBe(true)
  })

  test('packets of a pcap are of none that says something', async () => {
    const { written } = await rewrite('pcapng', [section('a', 'eth0'), pcapBytes([{ data: DATA }])])
    expect(types(written)).toEqual([SECTION, INTERFACE, PACKET, SECTION, INTERFACE, PACKET])
    expect(blocksOf(written)[3].options).toEqual([])
  })

  test('without packets leave nothing', async () => {
    const { written } = await rewrite('pcapng', [section('a', 'eth0'), section('b', 'eth1')], (number) => number === 2)
    expect(types(written)).toEqual([SECTION, INTERFACE, PACKET])
    expect(blocksOf(written)[0].options).toEqual([{ code: 1, value: [...text('b')] }])
  })
})

describe('frame check sequences', () => {
  // Bit 26 says that the upper four count 16-bit words: 2, that is 4 octets.
  const capture = pcapBytes([{ data: DATA }], { linkType: 0x2400_0001 })

  test('pcap tells pcap', async () => {
    expect((await rewrite('pcap', [capture])).written.equals(capture)).toBe(true)
  })

  test('pcap tells pcapng, and that pcap again', async () => {
    const { written } = await rewrite('pcapng', [capture])
    expect(blocksOf(written)[1].options).toContainEqual({ code: 13, value: [4] })
    expect((await readAll((await rewrite('pcap', [written])).written)).info.frameCheckLength).toBe(4)
  })
})

describe('pcap', () => {
  test('says what it has no place for', async () => {
    const capture = new PcapngBytes()
      .section([{ code: 1, value: text('a') }])
      .interface(1, 0, [{ code: 2, value: text('eth0') }])
      .block(SECRETS, new Bytes().u32(0x544c_534b).u32(0).done())
      .enhanced(0, 1n, DATA, { options: [{ code: 1, value: text('b') }] })
      .enhanced(0, 1n, DATA, { options: [{ code: 2, value: [1, 0, 0, 0] }] })
      .block(NAMES, new Bytes().u32(0).done())
      .done()
    expect((await rewrite('pcap', [capture])).lost).toEqual([
      'decryption keys',
      'comments on the capture',
      'interface names',
      'packet comments',
      'packet options',
      'names of addresses',
    ])
    expect((await rewrite('pcapng', [capture])).lost).toEqual([])
  })

  test('nothing is lost of a plain capture', async () => {
    const capture = new PcapngBytes()
      .section([{ code: 4, value: text('dumpcap') }])
      .interface(1, 0, [{ code: 9, value: [6] }])
      .enhanced(0, 1n, DATA)
      .done()
    expect((await rewrite('pcap', [capture, pcapBytes([{ data: DATA }])])).lost).toEqual([])
  })
})
