/** TCP conversations whose segments are cut anywhere, lost, sent again, out of order, overlapping, opened and closed at will. */
import fc from 'fast-check'
import { type Message, messages, messagesOf } from './messages.ts'
import { type Change, changes, mutate } from './mutations.ts'

const FLAGS = { fin: 0x01, syn: 0x02, rst: 0x04, ack: 0x10, psh: 0x18 } as const
const HEADERS = 40

export interface HostileSegments {
  /** Which message of the corpus says the protocol and the port. */
  readonly which: number
  /** What either side says: messages of the protocol, and what is made of them. */
  readonly says: readonly (readonly [which: number, made: readonly Change[]])[][]
  /** What happens in turn. */
  readonly events: readonly SegmentEvent[]
  /** Where the numbers of the two sides begin: some wrap around. */
  readonly from: readonly [number, number]
}

interface SegmentEvent {
  readonly kind: 'next' | 'next' | 'again' | 'ahead' | 'overlap' | 'lose' | 'syn' | 'fin' | 'rst' | 'ack' | 'bare'
  readonly side: 0 | 1
  /** Octets of the segment. */
  readonly size: number
  /** Octets that the capture lacks at its end. */
  readonly cut: number
}

const event: fc.Arbitrary<SegmentEvent> = fc.record({
  kind: fc.constantFrom(
    ...(['next', 'next', 'next', 'next', 'next', 'next', 'again', 'ahead', 'overlap', 'lose'] as const),
    ...(['syn', 'fin', 'rst', 'ack', 'bare'] as const),
  ),
  side: fc.constantFrom(0, 1),
  size: fc.oneof(fc.nat(40), fc.constant(1400)),
  cut: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 7, 100),
})

const says = fc.array(fc.tuple(fc.nat(0xffff), changes(1)), { minLength: 1, maxLength: 3 })

export const hostileSegments: fc.Arbitrary<HostileSegments> = fc.record({
  which: fc.nat(0xffff),
  says: fc.tuple(says, says).map((both) => [...both]),
  events: fc.array(event, { minLength: 1, maxLength: 16 }),
  from: fc.tuple(fc.constantFrom(1000, 0xffff_ffff, 0xffff_fff0, 0x7fff_fffe), fc.constantFrom(5000, 0xffff_ff00)),
})

/** Captured octets, and how many there were on the wire. */
export interface Captured {
  readonly bytes: Uint8Array
  readonly originalLength: number
}

const below = new Set(['tcp', 'udp', 'ip', 'ipv6', 'eth', 'data'])
const carried: readonly Message[] = messages.filter(
  ({ protocol, over, isGood }) => over !== '-' && isGood && !below.has(protocol.name),
)

/** The packets, in IPv4 without a link layer (LINKTYPE_IPV4), from and to the client's port. */
export function packetsOf({ which, says: both, events, from }: HostileSegments, clientPort: number): Captured[] {
  const message = carried[which % carried.length]
  const alike = messagesOf.get(message.protocol.id) as readonly Message[]
  const isUdp = message.over === 'udp'
  const streams = both.map((parts) =>
    parts.map(([index, made]) =>
      mutate(alike[index % alike.length].octets, messages[index % messages.length].octets, made),
    ),
  )
  const packets: Captured[] = []
  if (isUdp) {
    for (const [i, { side, cut }] of events.entries()) {
      const datagrams = streams[side]
      packets.push(
        packet(
          side,
          17,
          [...ports(side, clientPort, message.port), ...u16(8), 0, 0],
          datagrams[i % datagrams.length],
          cut,
        ),
      )
    }
    return packets
  }
  const whole = streams.map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))
  const said = [0, 0]
  const add = (side: 0 | 1, flags: number, at: number, length: number, cut = 0): void => {
    const data = whole[side].subarray(Math.max(0, at), Math.max(0, at) + length)
    const sequence = (from[side] + 1 + at) >>> 0
    const acknowledged = (from[1 - side] + 1 + said[1 - side]) >>> 0
    const header = [
      ...ports(side, clientPort, message.port),
      ...u32(sequence),
      ...u32(acknowledged),
      0x50,
      flags,
      0xff,
      0xff,
      0,
      0,
      0,
      0,
    ]
    packets.push(packet(side, 6, header, data, cut))
  }
  add(0, FLAGS.syn, -1, 0)
  add(1, FLAGS.syn | FLAGS.ack, -1, 0)
  for (const { kind, side, size, cut } of events) {
    const at = said[side]
    switch (kind) {
      case 'next':
        add(side, FLAGS.psh, at, size, cut)
        said[side] = Math.min(at + size, whole[side].length)
        break
      case 'again':
        add(side, FLAGS.psh, Math.max(0, at - size), size, cut)
        break
      case 'ahead':
        add(side, FLAGS.psh, at + size, size + 3, cut)
        break
      case 'overlap':
        add(side, FLAGS.psh, Math.max(0, at - 3), size + 3, cut)
        said[side] = Math.min(at + size, whole[side].length)
        break
      case 'lose':
        said[side] = Math.min(at + size, whole[side].length)
        break
      case 'syn':
        add(side, side === 0 ? FLAGS.syn : FLAGS.syn | FLAGS.ack, at - 1, 0)
        break
      case 'fin':
        add(side, FLAGS.fin | FLAGS.ack, at, size, cut)
        said[side] = Math.min(at + size, whole[side].length)
        break
      case 'rst':
        add(side, FLAGS.rst, at, 0)
        break
      case 'ack':
        add(side, FLAGS.ack, at, 0)
        break
      case 'bare':
        add(side, 0, at, size)
        break
    }
  }
  return packets
}

function packet(side: 0 | 1, protocol: number, header: readonly number[], data: Uint8Array, cut: number): Captured {
  const length = 20 + header.length + data.length
  const addresses = side === 0 ? [192, 0, 2, 1, 192, 0, 2, 2] : [192, 0, 2, 2, 192, 0, 2, 1]
  const transport = [...header]
  if (protocol === 17) [transport[4], transport[5]] = u16(8 + data.length)
  // IPv4, RFC 791 §3.1.
  const bytes = Uint8Array.of(
    0x45,
    0,
    ...u16(length),
    0,
    1,
    0,
    0,
    64,
    protocol,
    0,
    0,
    ...addresses,
    ...transport,
    ...data,
  )
  return { bytes: bytes.subarray(0, Math.max(HEADERS, bytes.length - cut)), originalLength: length }
}

function ports(side: 0 | 1, client: number, server: number): number[] {
  return side === 0 ? [...u16(client), ...u16(server)] : [...u16(server), ...u16(client)]
}

function u16(value: number): number[] {
  return [value >>> 8, value & 255]
}

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)]
}
