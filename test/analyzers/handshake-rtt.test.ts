import { expect, test } from 'vitest'
import { HandshakeRtt } from '../../src/analyzers/handshake-rtt.ts'
import { StreamTracker } from '../../src/flow/streams.ts'
import type { Packet } from '../../src/packet/packet.ts'
import { segment } from '../support/segments.ts'

function measure(...packets: Packet[]) {
  const streams = new StreamTracker()
  const analyzer = new HandshakeRtt({ streams })
  for (const packet of packets) {
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
