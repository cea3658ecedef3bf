import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/errors.ts'
import { readCapture } from '../../src/capture/read.ts'
import { createWriter, type WriteFormat } from '../../src/capture/writer.ts'
import { Packet } from '../../src/packet/packet.ts'
import { memorySource, PcapngBytes, pcapBytes, readAll, type Seen } from '../support/capture-bytes.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcapx-writer-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const DATA = Uint8Array.of(1, 2, 3, 4, 5)
const LONG = new Uint8Array(200_000).map((_, i) => i * 7)

/** Reads the captures one after the other and writes every packet. */
async function rewrite(format: WriteFormat, ...captures: Uint8Array[]): Promise<Uint8Array> {
  const path = join(folder, 'written')
  const writer = createWriter(path, format)
  const packet = new Packet()
  try {
    for (const capture of captures)
      await readCapture(memorySource(capture), packet, () => writer.write(packet), {
        onStart: (info) => writer.from(info),
        comments: true,
      })
    writer.close()
  } catch (error) {
    writer.discard()
    throw error
  }
  const written = readFileSync(path)
  expect(writer.bytes).toBe(written.length)
  return Uint8Array.from(written)
}

/** What of a packet must survive; its interface may get another number. */
function kept({ packets }: { packets: Seen[] }) {
  return packets.map(({ interfaceId: _, ...rest }) => rest)
}

const micro = pcapBytes(
  [
    { seconds: 1_700_000_000, subseconds: 999_999, data: DATA, original: 1500 },
    { seconds: 0xffff_ffff, subseconds: 0, data: [] },
    { seconds: 1, subseconds: 1, data: LONG },
  ],
  { snaplen: 96, linkType: 113 },
)
const nano = pcapBytes(
  [
    { seconds: 1_700_000_000, subseconds: 999_999_999, data: DATA },
    { seconds: 0xffff_ffff, subseconds: 123_456_789, data: DATA },
  ],
  { magic: 0xa1b23c4d },
)

describe('pcap', () => {
  test('microseconds: octet for octet what was read', async () => {
    expect(Buffer.from(await rewrite('pcap', micro)).equals(micro)).toBe(true)
  })

  test('nanoseconds too', async () => {
    expect(Buffer.from(await rewrite('pcap', nano)).equals(nano)).toBe(true)
  })

  test('a big-endian capture keeps its content', async () => {
    const big = pcapBytes([{ seconds: 5, subseconds: 6, data: DATA, original: 60 }], { little: false })
    expect(kept(await readAll(await rewrite('pcap', big)))).toEqual(kept(await readAll(big)))
  })

  test('no packet: still a capture, of the link type read', async () => {
    const { info } = await readAll(await rewrite('pcap', pcapBytes([], { linkType: 276 })))
    expect(info).toMatchObject({ packets: 0, damage: null })
    expect(info.interfaces[0].linkType).toBe(276)
  })

  test('a second link type is refused, and pcapng recommended', async () => {
    const mixed = new PcapngBytes().section().interface(1).interface(101).enhanced(0, 0n, DATA).enhanced(1, 0n, DATA)
    await expect(rewrite('pcap', mixed.done())).rejects.toMatchObject({
      name: 'CaptureError',
      fault: 'unwritable',
      message: 'packet 2 has link type RAW (101), the packets before it ETHERNET (1), and a pcap file has one',
      hint: 'write pcapng instead',
    })
  })

  test('nanoseconds after microseconds are refused rather than dropped', async () => {
    await expect(rewrite('pcap', pcapBytes([{ data: DATA }]), nano)).rejects.toThrow(/packet 2 has nanoseconds/)
  })
})

describe('pcapng', () => {
  test.each([
    ['microseconds', micro],
    ['nanoseconds', nano],
  ])('%s', async (resolution, capture) => {
    const before = await readAll(capture)
    const after = await readAll(await rewrite('pcapng', capture))
    expect(kept(after)).toEqual(kept(before))
    expect(after.info.interfaces).toEqual(before.info.interfaces)
    expect(after.info.resolution).toBe(resolution)
  })

  test('an interface for each that a packet comes from, with its name', async () => {
    const first = new PcapngBytes()
      .section()
      .interface(1, 96, [{ code: 2, value: new TextEncoder().encode('eth0') }])
      .interface(12)
      .interface(101, 0, [{ code: 9, value: [3] }])
      .enhanced(2, 1_700_000_000_123n, DATA)
      .enhanced(0, 1_700_000_000_000_001n, DATA)
      .done()
    const { info, packets } = await readAll(await rewrite('pcapng', first, nano), { comments: true })
    expect(
      info.interfaces.map(({ linkType, snaplen, resolution, name }) => [linkType, snaplen, resolution, name]),
    ).toEqual([
      [101, 0, 'milliseconds', undefined],
      [1, 96, 'microseconds', 'eth0'],
      [1, 65_535, 'nanoseconds', undefined],
    ])
    expect(packets.map(({ interfaceId, seconds, nanoseconds }) => [interfaceId, seconds, nanoseconds])).toEqual([
      [0, 1_700_000_000, 123_000_000],
      [1, 1_700_000_000, 1000],
      [2, 1_700_000_000, 999_999_999],
      [2, 0xffff_ffff, 123_456_789],
    ])
  })

  test('resolutions that a packet cannot hold become nanoseconds', async () => {
    const fine = new PcapngBytes()
      .section()
      .interface(1, 0, [{ code: 9, value: [12] }])
      .enhanced(0, 5_000_000_001_999n, DATA) // 5 s, 1.999 ns
      .done()
    const { info, packets } = await readAll(await rewrite('pcapng', fine))
    expect(info.resolution).toBe('nanoseconds')
    expect(packets[0]).toMatchObject({ seconds: 5, nanoseconds: 1 })
  })

  test('packets without a time stay so', async () => {
    const simple = new PcapngBytes().section().interface(1, 4).simple(60, DATA.subarray(0, 4)).done()
    expect(kept(await readAll(await rewrite('pcapng', simple)))).toEqual(kept(await readAll(simple)))
  })

  test('custom blocks are copied unless they say not to', async () => {
    const custom = new PcapngBytes().section().block(0x0bad, DATA.subarray(0, 4)).block(0x4000_0bad, DATA).done()
    const { packets } = await readAll(await rewrite('pcapng', custom))
    expect(packets).toHaveLength(1)
  })

  test('no packet: still a capture', async () => {
    const { info } = await readAll(await rewrite('pcapng', pcapBytes([], { linkType: 276 })))
    expect(info).toMatchObject({ format: 'pcapng', packets: 0, damage: null })
    expect(info.interfaces[0].linkType).toBe(276)
  })
})

test('a place that cannot be written', () => {
  const path = join(folder, 'no', 'such', 'folder.pcap')
  expect(() => createWriter(path, 'pcap')).toThrow(CaptureError)
  expect(() => createWriter(path, 'pcap')).toThrow('cannot be written: no such file')
})

test('a pipe that nobody reads any more ends in silence', () => {
  // A program of its own, because standard output is what breaks.
  const program = `
    import { createWriter } from ${JSON.stringify(new URL('../../src/capture/writer.ts', import.meta.url).href)}
    import { Packet } from ${JSON.stringify(new URL('../../src/packet/packet.ts', import.meta.url).href)}
    const packet = new Packet()
    packet.bytes = new Uint8Array(1000)
    packet.capturedLength = packet.originalLength = 1000
    packet.linkType = 1
    const writer = createWriter('-', 'pcap')
    while (!writer.closed && writer.packets < 1e5) writer.write(packet)
    writer.close()
    console.error(writer.closed)`
  const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url))
  const shell = spawnSync(
    'bash',
    ['-c', '"$0" "$1" --input-type=module -e "$2" | head -c 100 > /dev/null', process.execPath, tsx, program],
    {
      encoding: 'utf8',
    },
  )
  if (shell.error !== undefined) return console.warn('skipped: no bash here')
  expect(shell.stderr.trim()).toBe('true')
})
