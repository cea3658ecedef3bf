/** TCP conversations written as lines, for tests: who sends what when. */
import { Packet } from '../../src/packet/packet.ts'
import { decode } from '../../src/protocols/decode.ts'

const FLAGS: Record<string, number> = { F: 0x01, S: 0x02, R: 0x04, P: 0x08, A: 0x10 }

export interface SegmentOptions {
  /** Octets of the frame that are captured. */
  snaplen?: number
  clientPort?: number
  options?: readonly number[]
  payload?: number
}

/**
 * One decoded frame. `time` is in seconds with up to nine decimals, `from` is `client` (10.0.0.1) or `server` (10.0.0.2,
 * port 80), `flags` is letters of FSRPA.
 */
export function segment(
  time: string,
  from: 'client' | 'server',
  flags: string,
  sequence: number,
  acknowledgment: number,
  { snaplen = 65_535, clientPort = 40_000, options = [], payload = 0 }: SegmentOptions = {},
): Packet {
  const ports = from === 'client' ? [clientPort, 80] : [80, clientPort]
  const hosts = from === 'client' ? [1, 2] : [2, 1]
  const bits = [...flags].reduce((sum, letter) => sum | FLAGS[letter], 0)
  const header = 20 + options.length
  const bytes = Uint8Array.of(
    ...[2, 0, 0, 0, 0, hosts[1], 2, 0, 0, 0, 0, hosts[0], 0x08, 0x00],
    // IPv4, RFC 791 §3.1: version and length, total length, ..., TTL 64, protocol 6, addresses
    ...[0x45, 0, ...u16(20 + header + payload), 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, hosts[0], 10, 0, 0, hosts[1]],
    // TCP, RFC 9293 §3.1
    ...[...u16(ports[0]), ...u16(ports[1]), ...u32(sequence), ...u32(acknowledgment)],
    ...[(header / 4) << 4, bits, 0xff, 0xff, 0, 0, 0, 0, ...options],
    ...new Array<number>(payload).fill(0x61),
  )
  const packet = new Packet()
  packet.linkType = 1
  packet.bytes = bytes
  packet.scratch = bytes.length
  packet.originalLength = bytes.length
  packet.capturedLength = Math.min(snaplen, bytes.length)
  const [seconds, fraction = ''] = time.split('.')
  packet.seconds = Number(seconds)
  packet.nanoseconds = Number(fraction.padEnd(9, '0'))
  decode(packet)
  return packet
}

function u16(value: number): number[] {
  return [value >>> 8, value & 255]
}

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)]
}
