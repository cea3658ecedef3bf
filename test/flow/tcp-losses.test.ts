import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newContext } from '../../src/engine/context.ts'
import { TcpAnalysis } from '../../src/flow/tcp-analysis.ts'
import type { Packet } from '../../src/packet/packet.ts'
import { FAST_RETRANSMISSION, RETRANSMISSION, SPURIOUS_RETRANSMISSION } from '../../src/packet/tcp-facts.ts'
import { track } from '../support/analysis.ts'
import { segment } from '../support/segments.ts'

const RESENT = RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS_RETRANSMISSION

/** The losses of the only stream; direction 0 is the client's, whose address is the lower one. */
function lossesOf(...packets: Packet[]) {
  const context = newContext()
  for (const [index, packet] of packets.entries()) {
    packet.number = index + 1
    track(context, packet)
  }
  return context.losses
}

const handshake = (): Packet[] => [
  segment('0', 'client', 'S', 100, 0),
  segment('0.010', 'server', 'SA', 500, 101),
  segment('0.011', 'client', 'A', 101, 501),
]

describe('lost octets', () => {
  test('a gap that nothing fills', () => {
    const losses = lossesOf(
      ...handshake(),
      segment('1', 'server', 'A', 501, 101, { payload: 100 }),
      // 601 to 900 were not captured.
      segment('1.001', 'server', 'A', 901, 101, { payload: 100 }),
    )
    expect([losses.lostBytes(0, 0), losses.lostBytes(0, 1)]).toEqual([0, 300])
  })

  test('filled in part, and by more than it holds', () => {
    const gap = [
      segment('1', 'server', 'A', 501, 101, { payload: 100 }),
      segment('1.001', 'server', 'A', 901, 101, { payload: 100 }),
    ]
    const middle = segment('1.5', 'server', 'A', 701, 101, { payload: 100 })
    // 601 to 700 and 801 to 900 are left.
    expect(lossesOf(...handshake(), ...gap, middle).lostBytes(0, 1)).toBe(200)
    const over = segment('1.6', 'server', 'A', 551, 101, { payload: 200 })
    expect(lossesOf(...handshake(), ...gap, middle, over).lostBytes(0, 1)).toBe(100)
  })

  test('across the end of the sequence space', () => {
    const losses = lossesOf(
      segment('0', 'client', 'A', 0xffff_ff00, 1, { payload: 0x80 }),
      segment('1', 'client', 'A', 0x80, 1, { payload: 10 }),
    )
    // From 0xffffff80 to 0x80
    expect(losses.lostBytes(0, 0)).toBe(0x100)
  })

  test('numbers that cannot belong together are no gap', () => {
    const losses = lossesOf(
      segment('0', 'client', 'A', 1000, 1, { payload: 10 }),
      // More than a window may hold (RFC 7323 §2.3: 2^30).
      segment('1', 'client', 'A', 1_100_000_000 + 1010, 1, { payload: 10 }),
    )
    expect(losses.lostBytes(0, 0)).toBe(0)
  })

  test('a reset with an odd number is no gap', () => {
    const losses = lossesOf(...handshake(), segment('1', 'server', 'R', 9000, 0))
    expect(losses.lostBytes(0, 1)).toBe(0)
  })
})

describe('state', () => {
  // Letters of the segments, the server's behind a slash.
  test.each([
    ['no-answer', [['client', 'S']]],
    [
      'refused',
      [
        ['client', 'S'],
        ['server', 'RA'],
      ],
    ],
    [
      'half-open',
      [
        ['client', 'S'],
        ['server', 'SA'],
      ],
    ],
    [
      'established',
      [
        ['client', 'S'],
        ['server', 'SA'],
        ['client', 'A'],
      ],
    ],
    [
      'closing',
      [
        ['client', 'S'],
        ['server', 'SA'],
        ['client', 'A'],
        ['client', 'FA'],
      ],
    ],
    [
      'closed',
      [
        ['client', 'S'],
        ['server', 'SA'],
        ['client', 'FA'],
        ['server', 'FA'],
      ],
    ],
    [
      'reset',
      [
        ['client', 'S'],
        ['server', 'SA'],
        ['client', 'A'],
        ['server', 'R'],
      ],
    ],
    [
      'midstream',
      [
        ['client', 'A'],
        ['server', 'A'],
      ],
    ],
    ['half-open', [['server', 'SA']]],
  ] as const)('%s: %j', (state, segments) => {
    const packets = segments.map(([from, flags], i) =>
      segment(`${i}`, from, flags, from === 'client' ? (i === 0 ? 100 : 101) : 500, 101),
    )
    expect(lossesOf(...packets).state(0, 0)).toBe(state)
  })
})

describe('copies', () => {
  /** A handshake of which each packet comes twice, so many nanoseconds apart; `id` is its identification. */
  const copied = (gap: number, id: number): ReturnType<typeof lossesOf> => {
    const packets = handshake().flatMap((original, i) => {
      const [copy] = handshake().slice(i, i + 1)
      for (const packet of [original, copy]) {
        packet.seconds = 0
        packet.nanoseconds = 20_000_000 * i + (packet === copy ? gap : 0)
        // IPv4 identification, RFC 791 §3.1
        packet.bytes[19] = id * (i + 1)
      }
      // A router lowers the time to live.
      copy.bytes[22]--
      return [original, copy]
    })
    return lossesOf(...packets)
  }

  test.each([
    ['50 us apart', 50_000, 0],
    ['50 us apart, with an identification', 50_000, 7],
  ])('%s: left out of what was sent again', (_name, gap, id) => {
    const losses = copied(gap, id)
    expect([losses.copies.packets, losses.copies.copies, losses.duplicates(0)]).toEqual([6, 3, 3])
    expect([losses.retransmissions(0, 0), losses.retransmissions(0, 1)]).toEqual([0, 0])
  })

  test('9 ms apart: copies only where an identification says so', () => {
    expect(copied(9_000_000, 7).copies.copies).toBe(3)
    const anonymous = copied(9_000_000, 0)
    expect(anonymous.copies.copies).toBe(0)
    // SYN and SYN-ACK; the acknowledgment has nothing to be sent again.
    expect([anonymous.retransmissions(0, 0), anonymous.retransmissions(0, 1)]).toEqual([1, 1])
  })

  test('the same octets twice among packets that are not doubled are sent twice', () => {
    const many = Array.from({ length: 20 }, (_, i) =>
      segment(`1.${10 + i}`, 'server', 'A', 501 + i, 101, { payload: 1 }),
    )
    const repeated = [
      segment('2', 'server', 'A', 521, 101, { payload: 10 }),
      segment('2.0005', 'server', 'A', 521, 101, { payload: 10 }),
    ]
    const losses = lossesOf(...handshake(), ...many, ...repeated)
    expect(losses.copies.copies).toBe(0)
    expect(losses.retransmissions(0, 1)).toBe(1)
  })
})

test('what is sent again is what TCP analysis says, whatever the segments', () => {
  const spec = fc.record({
    from: fc.constantFrom('client' as const, 'server' as const),
    flags: fc.constantFrom('S', 'SA', 'A', 'A', 'A', 'PA', 'PA', 'PA', 'FA', 'R'),
    sequence: fc.constantFrom(100, 101, 102, 201, 301, 401),
    acknowledgment: fc.constantFrom(101, 102, 201, 301),
    payload: fc.constantFrom(0, 0, 1, 100, 100, 200),
    gap: fc.constantFrom(0.0000015, 0.001, 0.004, 0.03, 0.5),
    window: fc.constantFrom(0, 1000, 1000, 1000, 2000),
  })
  fc.assert(
    fc.property(fc.array(spec, { maxLength: 40 }), (specs) => {
      const context = newContext()
      const analysis = new TcpAnalysis(context.streams)
      let time = 1
      const told = new Map<string, number>()
      for (const [index, { from, flags, sequence, acknowledgment, payload, gap, window }] of specs.entries()) {
        time += gap
        const packet = segment(time.toFixed(7), from, flags, sequence, acknowledgment, { payload })
        new DataView(packet.bytes.buffer).setUint16(14 + 20 + 14, window)
        // So that nothing is taken for a copy: an identification of its own.
        new DataView(packet.bytes.buffer).setUint16(14 + 4, index + 1)
        packet.number = index + 1
        track(context, packet)
        analysis.track(packet)
        const key = `${packet.layerRow[2]} ${packet.layerDirection[2]}`
        const isResent = (packet.tcpFacts[2].flags & RESENT) !== 0
        told.set(key, (told.get(key) ?? 0) + (isResent ? 1 : 0))
      }
      for (const [key, count] of told) {
        const [row, direction] = key.split(' ').map(Number)
        expect(context.losses.retransmissions(row, direction)).toBe(count)
      }
    }),
    { numRuns: 500 },
  )
})
