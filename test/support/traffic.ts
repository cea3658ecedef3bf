/** Small random captures: frames over few addresses, ports and sequence numbers, so that streams meet, end and begin again. */
import fc from 'fast-check'
import { Packet, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { decode } from '../../src/protocols/decode.ts'

export interface Frame {
  readonly bytes: Uint8Array
  readonly seconds: number
  readonly nanoseconds: number
  readonly originalLength: number
}

export interface SegmentSpec {
  /** `copy`: the frame before once more, as a mirror port has it. */
  readonly kind: 'tcp' | 'udp' | 'snmp' | 'tcp6' | 'fragment' | 'arp' | 'icmp' | 'copy'
  /** 0: from the lower endpoint. */
  readonly direction: number
  readonly port: number
  readonly flags: number
  readonly sequence: number
  readonly acknowledgment: number
  /** 0: none; else which of `PAYLOADS`, from 1. */
  readonly payload: number
  /** Captured octets at most. */
  readonly snaplen: number
  /** Nanoseconds since the frame before; may go back. */
  readonly gap: number
}

const FLAGS = [0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14, 0x00]

/** What streams say: nothing known, two applications, what begins like SNMP, a greeting in two pieces, FTP and what it announces. */
const PAYLOADS = [
  '\x80\x81\x82\x83',
  'SSH-2.0-OpenSSH_9.2\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  '0\x05',
  'SS',
  'H-2.0-pieces\r\n',
  '220 FTP server ready\r\n',
  '227 Entering Passive Mode (10,0,0,1,195,80)\r\n',
  'USER somebody\r\n',
]

export const segmentSpec: fc.Arbitrary<SegmentSpec> = fc.record({
  kind: fc.constantFrom(
    'tcp',
    'tcp',
    'tcp',
    'tcp',
    'udp',
    'snmp',
    'snmp',
    'tcp6',
    'fragment',
    'arp',
    'icmp',
    'copy',
    'copy',
  ),
  direction: fc.integer({ min: 0, max: 1 }),
  port: fc.constantFrom(80, 50_000),
  flags: fc.constantFrom(...FLAGS),
  sequence: fc.constantFrom(0, 1, 100, 101, 0xffffffff),
  acknowledgment: fc.constantFrom(0, 1, 101, 102),
  payload: fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
  snaplen: fc.constantFrom(65_535, 65_535, 65_535, 60, 50, 40, 34, 20),
  gap: fc.integer({ min: -1_000_000, max: 2_000_000_000 }),
})

/** Writes the frames out. Ethernet, IPv4 or IPv6, TCP or UDP: RFC 894, 791, 8200, 9293, 768. */
export function framesOf(specs: readonly SegmentSpec[]): Frame[] {
  let time = 1_700_000_000n * 1_000_000_000n
  let last: Pick<Frame, 'bytes' | 'originalLength'> | null = null
  return specs.map((spec) => {
    const isCopy = spec.kind === 'copy' && last !== null
    // Copies come within a millisecond, and some just too late to be taken for one.
    time += BigInt(isCopy ? Math.abs(spec.gap) % 1_200_000 : spec.gap)
    if (!isCopy || last === null) {
      const whole = frameOf(spec)
      last = { bytes: whole.subarray(0, spec.snaplen), originalLength: whole.length }
    }
    return { ...last, seconds: Number(time / 1_000_000_000n), nanoseconds: Number(time % 1_000_000_000n) }
  })
}

function frameOf(spec: SegmentSpec): Uint8Array {
  const isV6 = spec.kind === 'tcp6'
  const isIcmp = spec.kind === 'icmp'
  const isUdp = spec.kind === 'udp' || spec.kind === 'snmp' || spec.kind === 'fragment'
  // Echo, and its reply (RFC 792).
  const echo = [spec.direction === 0 ? 8 : 0, 0, 0, 0, 0, 1, 0, spec.sequence & 1]
  const transport = isIcmp ? echo : transportOf(spec, isUdp)
  const header = isV6
    ? ipv6Header(spec, transport.length)
    : ipv4Header(spec, transport.length, isIcmp ? 1 : isUdp ? 17 : 6)
  const type = spec.kind === 'arp' ? [0x08, 0x06] : isV6 ? [0x86, 0xdd] : [0x08, 0x00]
  return Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...type, ...header, ...transport)
}

function transportOf(spec: SegmentSpec, isUdp: boolean): number[] {
  const service = u16(spec.kind === 'snmp' ? 161 : spec.port)
  const ports = spec.direction === 0 ? [...u16(40_000), ...service] : [...service, ...u16(40_000)]
  const payload = spec.payload === 0 ? [] : [...Buffer.from(PAYLOADS[spec.payload - 1], 'latin1')]
  if (isUdp) return [...ports, ...u16(8 + payload.length), 0, 0, ...payload]
  return [
    ...ports,
    ...u32(spec.sequence),
    ...u32(spec.acknowledgment),
    0x50,
    spec.flags,
    255,
    255,
    0,
    0,
    0,
    0,
    ...payload,
  ]
}

function ipv4Header(spec: SegmentSpec, length: number, protocol: number): number[] {
  const addresses = spec.direction === 0 ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1]
  const fragment = spec.kind === 'fragment' ? (spec.flags & 1 ? [0x20, 0] : [0, 2]) : [0, 0]
  return [0x45, 0, ...u16(20 + length), 0, spec.port & 7, ...fragment, 64, protocol, 0, 0, ...addresses]
}

function ipv6Header(spec: SegmentSpec, length: number): number[] {
  const prefix = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const [source, destination] = spec.direction === 0 ? [1, 2] : [2, 1]
  return [0x60, 0, 0, 0, ...u16(length), 6, 64, ...prefix, source, ...prefix, destination]
}

function u16(value: number): number[] {
  return [value >>> 8, value & 255]
}

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)]
}

/** Decodes the frames one after the other into one packet, as the engine does, and calls `visit` with the frame's index. */
export function replay(frames: readonly Frame[], visit: (packet: Packet, index: number) => void): void {
  const packet = new Packet()
  packet.reassembler = new Reassembler()
  packet.linkType = 1
  for (const [index, frame] of frames.entries()) {
    packet.bytes = new Uint8Array(frame.bytes.length + SCRATCH_LENGTH)
    packet.bytes.set(frame.bytes)
    packet.start = 0
    packet.scratch = frame.bytes.length
    packet.number = index + 1
    packet.seconds = frame.seconds
    packet.nanoseconds = frame.nanoseconds
    packet.capturedLength = frame.bytes.length
    packet.originalLength = frame.originalLength
    decode(packet)
    visit(packet, index)
  }
}
