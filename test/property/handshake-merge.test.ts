/**
 * Handshakes that go wrong in every way, split anywhere and merged in any order, are measured as they are in one piece: SYNs and
 * SYN-ACKs sent again, copies, resets, ICMP errors, files that are not in the order of time.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HandshakeRtt, type RttResult } from '../../src/analyzers/handshake-rtt.ts'
import { buffersOf } from '../../src/engine/transferables.ts'
import { StreamTracker } from '../../src/flow/streams.ts'
import { type Frame, replay } from '../support/traffic.ts'

const SYN = 0x02
const RST = 0x04
const ACK = 0x10

interface Spec {
  readonly kind: 'tcp' | 'copy' | 'error'
  readonly isV6: boolean
  /** True if the lower endpoint sends. */
  readonly fromLower: boolean
  readonly port: number
  readonly flags: number
  readonly sequence: number
  readonly acknowledgment: number
  readonly identification: number
  readonly data: number
  readonly timestamp: number | null
  /** Nothing of TCP was captured. */
  readonly isCut: boolean
  /** Nanoseconds since the frame before; may go back. */
  readonly gap: number
}

/** Any segment that has something to do with a handshake, or nothing. */
const anySpec: fc.Arbitrary<Spec> = fc.record({
  kind: fc.constantFrom('tcp', 'tcp', 'tcp', 'copy', 'error'),
  isV6: fc.constantFrom(false, false, true),
  fromLower: fc.boolean(),
  port: fc.constantFrom(80, 443),
  flags: fc.constantFrom(SYN, SYN, SYN | ACK, SYN | ACK, ACK, ACK, RST, RST | ACK, 0),
  sequence: fc.constantFrom(100, 100, 101, 500, 0xffffffff),
  acknowledgment: fc.constantFrom(101, 101, 102, 501, 0),
  identification: fc.constantFrom(0, 7),
  data: fc.constantFrom(0, 0, 1),
  timestamp: fc.constantFrom(null, 1, 2),
  isCut: fc.constantFrom(false, false, false, false, false, true),
  gap: fc.oneof(fc.integer({ min: -3_000_000, max: 3_000_000 }), fc.integer({ min: -1e8, max: 2e9 }), fc.constant(0)),
})

/** What the two sides of one handshake say. */
const usual: fc.Arbitrary<Partial<Spec>> = fc.constantFrom(
  { fromLower: true, flags: SYN, sequence: 100, acknowledgment: 0 },
  { fromLower: false, flags: SYN | ACK, sequence: 500, acknowledgment: 101 },
  { fromLower: true, flags: ACK, sequence: 101, acknowledgment: 501 },
  { fromLower: true, flags: ACK, sequence: 102, acknowledgment: 502 },
  { fromLower: false, flags: ACK, sequence: 501, acknowledgment: 102 },
  { fromLower: false, flags: RST | ACK, sequence: 0, acknowledgment: 101 },
)

/** Mostly one connection, so that its segments meet. */
const spec: fc.Arbitrary<Spec> = fc.oneof(
  { weight: 1, arbitrary: anySpec },
  {
    weight: 4,
    arbitrary: fc.tuple(anySpec, usual).map(([any, said]) => ({ ...any, isV6: false, port: 80, ...said })),
  },
)

/** Writes the frames out, between hosts of a network. A copy is the frame before once more; an error quotes it. */
function framesOf(specs: readonly Spec[], network = 0): Frame[] {
  let time = 1_700_000_000n * 1_000_000_000n
  let before = datagramOf(specs[0] ?? null, network)
  return specs.map((each) => {
    time += BigInt(each.gap)
    let datagram = before
    if (each.kind === 'tcp') datagram = before = datagramOf(each, network)
    else if (each.kind === 'error') datagram = errorAbout(before, each, network)
    const type = datagram[0] >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00]
    const whole = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...type, ...datagram)
    return {
      bytes: whole.subarray(0, each.isCut ? 34 : whole.length),
      seconds: Number(time / 1_000_000_000n),
      nanoseconds: Number(time % 1_000_000_000n),
      originalLength: whole.length,
    }
  })
}

/** IPv4 or IPv6, TCP: RFC 791, 8200, 9293. */
function datagramOf(each: Spec | null, network: number): number[] {
  if (each === null) return []
  const { timestamp } = each
  const options = timestamp === null ? [] : [1, 1, 8, 10, 0, 0, 0, timestamp, 0, 0, 0, timestamp]
  const ports = each.fromLower ? [40_000, each.port] : [each.port, 40_000]
  const segment = [
    ...[...u16(ports[0]), ...u16(ports[1]), ...u32(each.sequence), ...u32(each.acknowledgment)],
    ...[(5 + options.length / 4) << 4, each.flags, 255, 255, 0, 0, 0, 0, ...options, ...new Array(each.data).fill(0)],
  ]
  return ip(each.isV6, network, each.fromLower, 6, each.identification, segment)
}

/** RFC 792, RFC 4443: destination unreachable, with 8 octets of the segment or with all. */
function errorAbout(datagram: readonly number[], each: Spec, network: number): number[] {
  const isV6 = datagram[0] >> 4 === 6
  const quoted = each.data === 0 ? datagram : datagram.slice(0, (isV6 ? 40 : 20) + 8)
  return ip(isV6, network, each.fromLower, isV6 ? 58 : 1, 0, [isV6 ? 1 : 3, 1, 0, 0, 0, 0, 0, 0, ...quoted])
}

function ip(
  isV6: boolean,
  network: number,
  fromLower: boolean,
  protocol: number,
  identification: number,
  payload: readonly number[],
): number[] {
  const hosts = fromLower ? [1, 2] : [2, 1]
  if (!isV6) {
    const addresses = hosts.flatMap((host) => [10, 0, network, host])
    const length = u16(20 + payload.length)
    return [0x45, 0, ...length, 0, identification, 0, 0, 64, protocol, 0, 0, ...addresses, ...payload]
  }
  const addresses = hosts.flatMap((host) => [0x20, 1, 0xd, 0xb8, 0, network, 0, 0, 0, 0, 0, 0, 0, 0, 0, host])
  return [0x60, 0, 0, 0, ...u16(payload.length), protocol, 64, ...addresses, ...payload]
}

function u16(value: number): number[] {
  return [value >>> 8, value & 255]
}

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)]
}

interface Part {
  readonly streams: StreamTracker
  readonly analyzer: HandshakeRtt
}

/** One part for each stretch between two cuts. */
function measure(frames: readonly Frame[], cuts: readonly number[], maxStreams = Infinity): Part[] {
  const parts: Part[] = []
  const begin = (): void => {
    const streams = new StreamTracker({ continues: parts.length > 0, maxStreams })
    parts.push({ streams, analyzer: new HandshakeRtt({ streams }, { by: 'server' }) })
  }
  begin()
  replay(frames, (packet, index) => {
    for (const cut of cuts) if (cut === index) begin()
    parts.at(-1)!.streams.track(packet)
    parts.at(-1)!.analyzer.observe(packet)
  })
  return parts
}

function merge(into: Part, later: Part): Part {
  into.analyzer.merge(later.analyzer, into.streams.merge(later.streams))
  return into
}

/** A later part as it comes out of another thread. */
function carried(part: Part): Part {
  const saved = { streams: part.streams.save(), analyzer: part.analyzer.save() }
  const state = structuredClone(saved, { transfer: buffersOf(saved) })
  const streams = new StreamTracker({ continues: true })
  const analyzer = new HandshakeRtt({ streams }, { by: 'server' })
  streams.load(state.streams, 0)
  analyzer.load(state.analyzer)
  return { streams, analyzer }
}

const capture = fc.array(spec, { maxLength: 40 }).map((specs) => framesOf(specs))
const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 4 }).map((at) => at.sort((a, b) => a - b))

test.each([
  ['first parts first', (parts: Part[]) => parts.reduce(merge)],
  ['last parts first', (parts: Part[]) => parts.reduceRight((later, earlier) => merge(earlier, later))],
  ['parts from other threads', (parts: Part[]) => parts.reduce((whole, part) => merge(whole, carried(part)))],
])('%s', (_name, mergeAll) => {
  fc.assert(
    fc.property(capture, cuts, (frames, at) => {
      const [whole] = measure(frames, [])
      expect(mergeAll(measure(frames, at)).analyzer.result()).toEqual(whole.analyzer.result())
    }),
    { numRuns: 600 },
  )
})

describe('with streams closed out', () => {
  /** What does not depend on which of the parts closed a stream out, and so stays when parts are merged in another order. */
  const totals = ({ handshakes: _, omitted: _omitted, ...rest }: RttResult) => rest

  test('nothing is counted twice, and nothing is lost', () => {
    fc.assert(
      fc.property(capture, fc.integer({ min: 1, max: 3 }), (frames, maxStreams) => {
        const [part] = measure(frames, [], maxStreams)
        const { connections, handshakes, closed, outcomes, groups } = part.analyzer.result()
        expect(connections).toBe(handshakes.length + closed)
        expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(connections)
        expect(groups!.reduce((sum, group) => sum + group.connections, 0)).toBe(connections)
      }),
      { numRuns: 300 },
    )
  })

  test('parts that share no stream add up, in any order', () => {
    const parts = fc.array(fc.array(spec, { maxLength: 20 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 3 }), (specs, maxStreams) => {
        const measured = () => specs.map((each, network) => measure(framesOf(each, network), [], maxStreams)[0])
        const forward = measured().reduce(merge)
        const back = measured().reduceRight((later, earlier) => merge(earlier, later))
        const fromThreads = measured().reduce((whole, part) => merge(whole, carried(part)))
        expect(totals(forward.analyzer.result())).toEqual(totals(back.analyzer.result()))
        expect(totals(fromThreads.analyzer.result())).toEqual(totals(forward.analyzer.result()))
      }),
      { numRuns: 200 },
    )
  })
})
