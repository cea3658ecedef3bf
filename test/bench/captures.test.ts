/** The captures of the benchmarks are what they claim to be, and the same each time. */
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checksum } from '../../bench/captures/headers.ts'
import { connections, mixture, smallPackets } from '../../bench/captures/kinds.ts'
import { type CaptureWriter, PcapngWriter, PcapWriter, type Written } from '../../bench/captures/writer.ts'

interface WitnessPacket {
  header: { timestampSeconds: number; timestampMicroseconds: number; capturedLength: number; originalLength: number }
  data: Buffer
}
interface WitnessParser {
  on(event: 'packet', listener: (packet: WitnessPacket) => void): void
  on(event: 'end' | 'error', listener: (error?: Error) => void): void
}
const { parse } = createRequire(import.meta.url)('pcap-parser') as {
  parse(stream: NodeJS.ReadableStream): WitnessParser
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcapx-bench-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const BYTES = 600_000
const kinds: [string, (writer: CaptureWriter) => void][] = [
  ['packets', (writer) => smallPackets(writer, 2000, 50)],
  ['connections', (writer) => connections(writer, 100)],
  ['mixture', (writer) => mixture(writer, BYTES)],
]

function write(name: string, make: (writer: CaptureWriter) => void): Written & { path: string } {
  const path = join(folder, name)
  const writer = new PcapWriter(path)
  make(writer)
  return { path, ...writer.close() }
}

function readPackets(path: string): Promise<WitnessPacket[]> {
  return new Promise((resolve, reject) => {
    const packets: WitnessPacket[] = []
    const parser = parse(createReadStream(path))
    parser.on('packet', (packet) => packets.push(packet))
    parser.on('end', () => resolve(packets))
    parser.on('error', reject)
  })
}

describe.each(kinds)('%s', (name, make) => {
  test('another reader finds the packets, in the order of their times', async () => {
    const written = write(name, make)
    const packets = await readPackets(written.path)
    expect(packets.length).toBe(written.packets)
    expect(packets.reduce((total, { data }) => total + 16 + data.length, 24)).toBe(written.bytes)
    expect(readFileSync(written.path).length).toBe(written.bytes)
    const times = packets.map(({ header }) => header.timestampSeconds * 1e6 + header.timestampMicroseconds)
    expect(times.every((time, index) => index === 0 || time >= times[index - 1])).toBe(true)
    for (const { header, data } of packets) {
      expect(header.capturedLength).toBe(header.originalLength)
      expect(data.length).toBeGreaterThanOrEqual(60)
      expect(data.length).toBeLessThanOrEqual(1518)
    }
  })

  test('checksums are right', async () => {
    for (const { data } of await readPackets(write(name, make).path)) expect(faultOf(data)).toBeNull()
  })

  test('it is the same each time', () => {
    expect(write('again', make).digest).toBe(write('and again', make).digest)
  })
})

test('every small packet is 60 octets', () => {
  expect(write('small', (writer) => smallPackets(writer, 300)).bytes).toBe(24 + 300 * 76)
})

test('a connection is opened, carries data both ways and is closed', () => {
  const { packets } = write('one', (writer) => connections(writer, 100))
  // SYN, SYN-ACK, ACK; twice data and its acknowledgment; FIN, FIN, ACK; now and then data is sent again.
  expect(packets).toBeGreaterThanOrEqual(1000)
  expect(packets).toBeLessThan(1020)
})

test('the mixture has what it should, and ends where it should', async () => {
  const long = 5 * BYTES
  const { path, bytes } = write('mixture', (writer) => mixture(writer, long))
  expect(bytes).toBeGreaterThanOrEqual(long)
  expect(bytes).toBeLessThan(long + 2000)
  const kinds = new Set((await readPackets(path)).map(({ data }) => kindOf(data)))
  for (const kind of ['4/6', '4/17', '4/1', '6/6', '6/17', '6/58', '4/17 fragment', '6/44', 'vlan', 'arp'])
    expect(kinds).toContain(kind)
})

test('the pcapng holds the same packets', () => {
  const path = join(folder, 'mixture.pcapng')
  const writer = new PcapngWriter(path)
  mixture(writer, BYTES)
  const { packets, bytes } = writer.close()
  const octets = readFileSync(path)
  const types: number[] = []
  // Every block has its length at both ends.
  for (let at = 0; at < octets.length; at += octets.readUInt32LE(at + 4)) {
    const length = octets.readUInt32LE(at + 4)
    expect(octets.readUInt32LE(at + length - 4)).toBe(length)
    types.push(octets.readUInt32LE(at))
  }
  expect(types.slice(0, 2)).toEqual([0x0a0d0d0a, 1])
  expect(types.slice(2)).toEqual(Array(packets).fill(6))
  expect(bytes).toBe(octets.length)
  expect(packets).toBe(write('mixture', (other) => mixture(other, BYTES)).packets)
})

/** Where the network header begins, and its type. */
function network(frame: Buffer): { at: number; type: number } {
  const tagged = frame.readUInt16BE(12) === 0x8100
  return { at: tagged ? 18 : 14, type: frame.readUInt16BE(tagged ? 16 : 12) }
}

function kindOf(frame: Buffer): string {
  const { at, type } = network(frame)
  if (type === 0x0806) return 'arp'
  if (at === 18) return 'vlan'
  if (type === 0x86dd) return `6/${frame[at + 6]}`
  return `4/${frame[at + 9]}${(frame.readUInt16BE(at + 6) & 0x3fff) === 0 ? '' : ' fragment'}`
}

/** Which checksum is wrong: over right octets with their checksum it is 0 (RFC 1071 §1). Fragments have theirs in the first alone. */
function faultOf(frame: Buffer): string | null {
  const { at, type } = network(frame)
  if (type === 0x0806) return null
  const six = type === 0x86dd
  if (!six && checksum(frame.subarray(at, at + 20)) !== 0) return 'ip'
  const protocol = frame[at + (six ? 6 : 9)]
  if (protocol === 44 || (!six && (frame.readUInt16BE(at + 6) & 0x3fff) !== 0)) return null
  const start = at + (six ? 40 : 20)
  const end = six ? start + frame.readUInt16BE(at + 4) : at + frame.readUInt16BE(at + 2)
  const addresses = six ? frame.subarray(at + 8, at + 40) : frame.subarray(at + 12, at + 20)
  const pseudo = Buffer.from([0, protocol, (end - start) >>> 8, (end - start) & 0xff])
  const covered = protocol === 1 ? [] : [addresses, pseudo]
  return checksum(Buffer.concat([...covered, frame.subarray(start, end)])) === 0 ? null : `protocol ${protocol}`
}
