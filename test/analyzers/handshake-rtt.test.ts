import { expect, test } from 'vitest'
import { HandshakeRtt, type RttOptions } from '../../src/analyzers/handshake-rtt.ts'
import { StreamTracker } from '../../src/flow/streams.ts'
import type { Packet } from '../../src/packet/packet.ts'
import { segment } from '../support/segments.ts'

function measure(...packets: Packet[]) {
  return measureWith({}, packets)
}

function measureWith(options: RttOptions & { maxStreams?: number }, packets: readonly Packet[]) {
  const streams = new StreamTracker(options)
  const analyzer = new HandshakeRtt({ streams }, options)
  for (const [index, packet] of packets.entries()) {
    packet.number = index + 1
    streams.track(packet)
    analyzer.observe(packet)
  }
  return analyzer.result()
}

// The times of the cases are those of tshark 4.0.17 on captures with the same packets (seconds from the first SYN).

test('a clean handshake: SYN 0, SYN-ACK 0.132627, ACK 0.132768', () => {
  const { handshakes, summary } = measure(
    segment('100.0', 'client', 'S', 1000, 0),
    segment('100.132627', 'server', 'SA', 5000, 1001),
    segment('100.132768', 'client', 'A', 1001, 5001),
  )
  expect(handshakes).toEqual([
    {
      stream: 0,
      client: { address: '10.0.0.1', port: 40_000 },
      server: { address: '10.0.0.2', port: 80 },
      guessed: false,
      outcome: 'established',
      synRtt: 0.132627,
      ackRtt: 0.000141,
      initialRtt: 0.132768,
      connectTime: 0.132768,
      synRetransmissions: 0,
      synAckRetransmissions: 0,
      ambiguous: false,
      ackAmbiguous: false,
      ackCarriesData: false,
      initialRttHoldsLoss: false,
      clientName: null,
      serverName: null,
      mismatched: false,
      duplicates: 0,
      start: { seconds: 100, nanoseconds: 0 },
    },
  ])
  expect(summary).toEqual({
    count: 1,
    min: 0.132627,
    mean: 0.132627,
    p50: 0.132627,
    p90: 0.132627,
    p95: 0.132627,
    p99: 0.132627,
    max: 0.132627,
    error: 0,
  })
})

test('the first SYN is lost: measured from the one that was answered', () => {
  const { handshakes } = measure(
    segment('0', 'client', 'S', 1000, 0),
    segment('1.0', 'client', 'S', 1000, 0),
    segment('1.010', 'server', 'SA', 5000, 1001),
    segment('1.012', 'client', 'A', 1001, 5001),
  )
  expect(handshakes).toMatchObject([
    { outcome: 'established', synRtt: 0.01, initialRtt: 0.012, connectTime: 1.012, synRetransmissions: 1 },
  ])
})

test('the SYN-ACK is lost and resent: the first counts, and initialRtt holds the loss', () => {
  const { handshakes } = measure(
    segment('0', 'client', 'S', 1000, 0),
    segment('0.010', 'server', 'SA', 5000, 1001),
    segment('1.010', 'server', 'SA', 5000, 1001),
    segment('1.020', 'client', 'A', 1001, 5001),
  )
  expect(handshakes).toMatchObject([
    { outcome: 'established', synRtt: 0.01, initialRtt: 1.02, synAckRetransmissions: 1 },
  ])
})

test('no last ACK, as in a SYN scan', () => {
  const { handshakes } = measure(segment('0', 'client', 'S', 1000, 0), segment('0.010', 'server', 'SA', 5000, 1001))
  expect(handshakes).toMatchObject([{ outcome: 'no-ack', synRtt: 0.01, ackRtt: null, initialRtt: null }])
})

test('refused: the reset is the answer', () => {
  const { handshakes } = measure(segment('0', 'client', 'S', 1000, 0), segment('0.004', 'server', 'RA', 0, 1001))
  expect(handshakes).toMatchObject([{ outcome: 'refused', synRtt: 0.004, ackRtt: null, initialRtt: 0.004 }])
})

test('refused after the SYN was resent: measured from the last SYN', () => {
  const { handshakes } = measure(
    segment('0', 'client', 'S', 1000, 0),
    segment('1', 'client', 'S', 1000, 0),
    segment('1.004', 'server', 'RA', 0, 1001),
  )
  expect(handshakes).toMatchObject([{ outcome: 'refused', synRtt: 0.004, synRetransmissions: 1 }])
})

test('no answer', () => {
  const { handshakes, summary } = measure(
    segment('0', 'client', 'S', 1000, 0),
    segment('1', 'client', 'S', 1000, 0),
    segment('3', 'client', 'S', 1000, 0),
  )
  expect(handshakes).toMatchObject([
    { outcome: 'no-answer', synRtt: null, ackRtt: null, initialRtt: null, synRetransmissions: 2 },
  ])
  expect(summary).toMatchObject({ count: 0, min: null, p95: null })
})

test('the capture starts at the SYN-ACK', () => {
  const { handshakes } = measure(segment('0', 'server', 'SA', 5000, 1001), segment('0.010', 'client', 'A', 1001, 5001))
  expect(handshakes).toMatchObject([
    { outcome: 'midstream', guessed: false, client: { port: 40_000 }, synRtt: null, ackRtt: 0.01, initialRtt: null },
  ])
})

test('the capture starts in the middle of a connection', () => {
  const { handshakes } = measure(segment('0', 'server', 'A', 5001, 1001), segment('0.1', 'client', 'A', 1001, 5001))
  expect(handshakes).toMatchObject([
    { outcome: 'midstream', guessed: true, server: { port: 80 }, synRtt: null, ackRtt: null, initialRtt: null },
  ])
})

test('a pair of ports used again is a stream of its own', () => {
  const { handshakes } = measure(
    segment('0', 'client', 'S', 1000, 0),
    segment('0.010', 'server', 'SA', 5000, 1001),
    segment('0.011', 'client', 'A', 1001, 5001),
    segment('9', 'client', 'S', 9000, 0),
    segment('9.020', 'server', 'SA', 7000, 9001),
    segment('9.021', 'client', 'A', 9001, 7001),
  )
  expect(handshakes).toMatchObject([
    { stream: 1, synRtt: 0.02, initialRtt: 0.021 },
    { stream: 0, synRtt: 0.01, initialRtt: 0.011 },
  ])
})

test('a snaplen of 54 cuts the options off a SYN, and nothing that is needed', () => {
  // Maximum segment size 1460 (RFC 9293 §3.7.1): kind 2, length 4.
  const cut = { snaplen: 54, options: [2, 4, 0x05, 0xb4] }
  const { handshakes } = measure(
    segment('0', 'client', 'S', 1000, 0, cut),
    segment('0.030130', 'server', 'SA', 5000, 1001, cut),
    segment('0.030182', 'client', 'A', 1001, 5001, { snaplen: 54 }),
  )
  // 0.030182 - 0.030130 = 0.000052
  expect(handshakes).toMatchObject([{ synRtt: 0.03013, ackRtt: 0.000052, initialRtt: 0.030182 }])
})

test('slowest first, those without a time last; percentiles by nearest rank', () => {
  const packets = [5, 1, 3, 2, 4].flatMap((tenths, i) => [
    segment(`${i}`, 'client', 'S', 1000, 0, { clientPort: 40_000 + i }),
    segment(`${i}.${tenths}`, 'server', 'SA', 5000, 1001, { clientPort: 40_000 + i }),
  ])
  const { handshakes, summary } = measure(segment('0', 'client', 'S', 1, 0, { clientPort: 50_000 }), ...packets)
  expect(handshakes.map((h) => h.synRtt)).toEqual([0.5, 0.4, 0.3, 0.2, 0.1, null])
  // Five times: the 50th percentile is the third, the 90th and beyond the fifth. (0.1 + ... + 0.5) / 5 = 0.3
  expect(summary).toMatchObject({ count: 5, min: 0.1, p50: 0.3, p90: 0.5, p95: 0.5, p99: 0.5, max: 0.5 })
  expect(summary.mean).toBeCloseTo(0.3, 12)
})

/** Connections of ports 40000, 40001, ... whose SYN-ACKs come after so many tenths of a second; null: never. */
function answeredAfter(...tenths: (number | null)[]): Packet[] {
  return tenths.flatMap((t, i) => {
    const at = { clientPort: 40_000 + i }
    const syn = segment(`${i}`, 'client', 'S', 1000, 0, at)
    return t === null ? [syn] : [syn, segment(`${i}.${t}`, 'server', 'SA', 5000, 1001, at)]
  })
}

test('the slowest are listed, all are counted', () => {
  const { handshakes, omitted, connections, summary, outcomes } = measureWith({ top: 2 }, answeredAfter(1, 3, null, 2))
  expect(handshakes.map((h) => h.synRtt)).toEqual([0.3, 0.2])
  expect([omitted, connections, summary.count, summary.max]).toEqual([2, 4, 3, 0.3])
  expect(outcomes).toEqual({ established: 0, 'no-ack': 3, refused: 0, unreachable: 0, 'no-answer': 1, midstream: 0 })
})

test('streams that make room for others are counted, though not listed', () => {
  const packets = answeredAfter(1, 3, null, 2, 5)
  const whole = measureWith({}, packets)
  const bounded = measureWith({ maxStreams: 2 }, packets)
  expect([bounded.closed, bounded.handshakes.map((h) => h.stream)]).toEqual([3, [4, 3]])
  const { handshakes: _, omitted: _omitted, closed: _closed, ...totals } = whole
  expect(bounded).toMatchObject(totals)
})

test('a row that is used again knows nothing of the stream before', () => {
  const { handshakes } = measureWith({ maxStreams: 1 }, [
    segment('0', 'client', 'S', 1000, 0),
    segment('0.1', 'server', 'SA', 5000, 1001),
    segment('1', 'client', 'S', 1000, 0, { clientPort: 40_001 }),
  ])
  expect(handshakes).toMatchObject([{ stream: 1, outcome: 'no-answer', synRtt: null }])
})

test('groups: the slowest median first, those without a time last, ties by key', () => {
  const packets = [
    ...answeredAfter(1, 3, 2, null),
    // The other way round: 10.0.0.2 is the client.
    segment('9', 'server', 'S', 1, 0, { clientPort: 443 }),
    segment('9.4', 'client', 'RA', 0, 2, { clientPort: 443 }),
    segment('9', 'server', 'S', 1, 0, { clientPort: 25 }),
    segment('9', 'server', 'S', 1, 0, { clientPort: 22 }),
  ]
  const none = { established: 0, 'no-ack': 0, refused: 0, unreachable: 0, 'no-answer': 0, midstream: 0 }
  expect(measureWith({ by: 'port' }, packets).groups).toMatchObject([
    { key: 443, connections: 1, outcomes: { ...none, refused: 1 }, summary: { count: 1, p50: 0.4 } },
    { key: 80, connections: 4, outcomes: { ...none, 'no-ack': 3, 'no-answer': 1 }, summary: { count: 3, p50: 0.2 } },
    { key: 22, connections: 1, outcomes: { ...none, 'no-answer': 1 }, summary: { count: 0, p50: null } },
    { key: 25, connections: 1, outcomes: { ...none, 'no-answer': 1 }, summary: { count: 0, p50: null } },
  ])
  expect(measureWith({ by: 'server' }, packets).groups).toMatchObject([
    { key: '10.0.0.1', connections: 3 },
    { key: '10.0.0.2', connections: 4 },
  ])
  expect(measureWith({ by: 'client' }, packets).groups).toMatchObject([
    { key: '10.0.0.2', connections: 3 },
    { key: '10.0.0.1', connections: 4 },
  ])
  // Closed out or not, a stream belongs to its group.
  expect(measureWith({ by: 'port', maxStreams: 1 }, packets).groups).toEqual(
    measureWith({ by: 'port' }, packets).groups,
  )
  expect(measure(...packets).groups).toBeNull()
})

test('a flood of SYNs stays bounded', () => {
  const syns = Array.from({ length: 1000 }, (_, i) => segment(`${i}`, 'client', 'S', 1000, 0))
  // Of 64 that count, the first is no retransmission, and the last is not logged any more.
  expect(measure(...syns).handshakes).toMatchObject([{ outcome: 'no-answer', synRetransmissions: 62 }])
})

test('a segment without any flag belongs to its connection, and says nothing', () => {
  expect(measure(segment('0', 'client', '', 1000, 0)).handshakes).toMatchObject([
    { outcome: 'midstream', guessed: true, start: null },
  ])
})

test('the earliest acknowledgment counts, wherever the capture was split', () => {
  const packets = [
    segment('0', 'client', 'S', 1000, 0),
    segment('0.010', 'server', 'SA', 5000, 1001),
    segment('0.100', 'client', 'A', 1001, 5001),
    segment('0.130', 'client', 'A', 1001, 5001, { payload: 3 }),
    segment('0.120', 'client', 'A', 1001, 5001, { payload: 2 }),
    segment('0.050', 'client', 'A', 1001, 5001, { payload: 1 }),
  ]
  for (let cut = 0; cut <= packets.length; cut++) {
    const [whole, later] = [packets.slice(0, cut), packets.slice(cut)].map((part, index) => {
      const streams = new StreamTracker({ continues: index > 0 })
      const analyzer = new HandshakeRtt({ streams })
      for (const packet of part) {
        streams.track(packet)
        analyzer.observe(packet)
      }
      return { streams, analyzer }
    })
    whole.analyzer.merge(later.analyzer, whole.streams.merge(later.streams))
    expect(whole.analyzer.result().handshakes).toMatchObject([
      { outcome: 'established', ackRtt: 0.04, ackCarriesData: true, initialRtt: 0.1 },
    ])
  }
})

test('a reset behind the handshake refuses nothing; one from the client ends an unfinished one', () => {
  const opening = [segment('0', 'client', 'S', 1000, 0), segment('0.010', 'server', 'SA', 5000, 1001)]
  expect(
    measure(...opening, segment('0.011', 'client', 'A', 1001, 5001), segment('1', 'server', 'RA', 5001, 1001))
      .handshakes,
  ).toMatchObject([{ outcome: 'established' }])
  expect(measure(...opening, segment('0.011', 'client', 'R', 1001, 0)).handshakes).toMatchObject([
    { outcome: 'no-ack' },
  ])
})

test('both sides open at once (RFC 9293 §3.5): each SYN-ACK answers the SYN of the other side', () => {
  const { handshakes } = measure(
    segment('0', 'client', 'S', 1000, 0),
    segment('0.001', 'server', 'S', 5000, 0),
    segment('0.020', 'client', 'SA', 1000, 5001),
    segment('0.021', 'server', 'SA', 5000, 1001),
  )
  expect(handshakes).toMatchObject([{ outcome: 'no-ack', client: { port: 40_000 }, synRtt: 0.021, mismatched: false }])
})

test('packets without a time: outcomes, and no times', () => {
  const packets = [
    segment('0', 'client', 'S', 1000, 0),
    segment('0', 'server', 'SA', 5000, 1001),
    segment('0', 'client', 'A', 1001, 5001),
  ]
  for (const packet of packets) packet.hasTime = false
  expect(measure(...packets).handshakes).toMatchObject([
    { outcome: 'established', synRtt: null, ackRtt: null, initialRtt: null, start: null },
  ])
})

test('times far from 1970 are exact too', () => {
  const { handshakes } = measure(
    segment('10000000000.999999999', 'client', 'S', 1000, 0),
    segment('10000000001.000000001', 'server', 'SA', 5000, 1001),
  )
  expect(handshakes).toMatchObject([
    { synRtt: 0.000000002, start: { seconds: 10_000_000_000, nanoseconds: 999_999_999 } },
  ])
})
