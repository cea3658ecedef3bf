/**
 * Handshakes that go every way a handshake may go: `fixtures/handshakes`.
 *
 * `synRtt` and `initialRtt` are those of TShark 4.0.17 unless said otherwise:
 *   tshark -n -r FILE -T fields -e tcp.stream -e tcp.flags.str -e tcp.analysis.ack_rtt -e tcp.analysis.initial_rtt
 * All other times are differences of those that `fixtures/handshakes/write.mjs` gives the packets.
 */
import { describe, expect, test } from 'vitest'
import { type Handshake, HandshakeRtt } from '../../src/analyzers/handshake-rtt.ts'
import { analyze } from '../../src/engine/analyze.ts'

async function measure(name: string) {
  const run = await analyze([`fixtures/handshakes/${name}.pcap`], (context) => new HandshakeRtt(context), {})
  return run.result
}

const NOTHING = {
  synRtt: null,
  ackRtt: null,
  initialRtt: null,
  connectTime: null,
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
}

/** What is measured of the capture's only handshake; what is not named is `NOTHING`. */
const CASES: Record<string, Partial<Handshake>> = {
  clean: {
    outcome: 'established',
    synRtt: 0.132627,
    ackRtt: 0.000141,
    initialRtt: 0.132768,
    connectTime: 0.132768,
  },
  // tshark measures the SYN-ACK from the first SYN (1.010).
  'syn-lost': {
    outcome: 'established',
    synRtt: 0.01,
    ackRtt: 0.002,
    initialRtt: 0.012,
    connectTime: 1.012,
    synRetransmissions: 1,
    ambiguous: true,
  },
  'syn-late': {
    outcome: 'established',
    synRtt: 0.2,
    ackRtt: 0.001,
    initialRtt: 0.201,
    connectTime: 1.201,
    synRetransmissions: 1,
    synAckRetransmissions: 1,
    ambiguous: true,
  },
  'syn-lost-timestamps': {
    outcome: 'established',
    synRtt: 0.01,
    ackRtt: 0.002,
    initialRtt: 0.012,
    connectTime: 1.012,
    synRetransmissions: 1,
  },
  // Which SYN a SYN-ACK echoes that was sent again, or comes late, says nothing.
  'syn-late-timestamps': {
    outcome: 'established',
    synRtt: 0.2,
    ackRtt: 0.001,
    initialRtt: 0.201,
    connectTime: 1.201,
    synRetransmissions: 1,
    ambiguous: true,
  },
  // 1.012 - 1.01006 = 0.00194
  'syn-ack-repeated': {
    outcome: 'established',
    synRtt: 0.01,
    ackRtt: 0.00194,
    initialRtt: 0.012,
    connectTime: 1.012,
    synRetransmissions: 1,
    synAckRetransmissions: 1,
    ambiguous: true,
    ackAmbiguous: true,
    initialRttHoldsLoss: true,
  },
  'syn-ack-lost': {
    outcome: 'established',
    synRtt: 0.01,
    ackRtt: 0.01,
    initialRtt: 1.02,
    connectTime: 1.02,
    synAckRetransmissions: 1,
    ackAmbiguous: true,
    initialRttHoldsLoss: true,
  },
  'no-ack': { outcome: 'no-ack', synRtt: 0.01 },
  refused: { outcome: 'refused', synRtt: 0.004, initialRtt: 0.004 },
  // tshark shows neither time on a reset that it does not analyse.
  'wrong-reset': { outcome: 'no-answer', initialRtt: 0.004 },
  'no-answer': { outcome: 'no-answer', synRetransmissions: 2 },
  unreachable: { outcome: 'unreachable' },
  'unreachable-ipv6': { outcome: 'unreachable' },
  'fragmentation-needed': { outcome: 'no-answer', synRetransmissions: 1 },
  midstream: { outcome: 'midstream', ackRtt: 0.01 },
  'ack-with-data': {
    outcome: 'established',
    synRtt: 0.01,
    ackRtt: 0.02,
    initialRtt: 0.03,
    connectTime: 0.03,
    ackCarriesData: true,
  },
  'ack-not-captured': { outcome: 'established', synRtt: 0.01, initialRtt: 0.5 },
  'one-side': { outcome: 'established', initialRtt: 0.012 },
  copies: {
    outcome: 'established',
    synRtt: 0.01,
    ackRtt: 0.002,
    initialRtt: 0.01195,
    connectTime: 0.012,
    duplicates: 2,
  },
  // The SYN-ACKs 80 ms apart have identification 0, as Linux sends them: the second was sent again, and is no copy.
  'late-copies': {
    outcome: 'established',
    synRtt: 0.1,
    ackRtt: 0.02,
    initialRtt: 0.12,
    connectTime: 0.2,
    synAckRetransmissions: 1,
    ackAmbiguous: true,
    initialRttHoldsLoss: true,
    duplicates: 1,
  },
  'wrong-ack': { outcome: 'no-answer', initialRtt: 0.012, mismatched: true },
  // tshark goes by the order of the file, and has no time for the SYN-ACK.
  'out-of-order': { outcome: 'established', synRtt: 0.01, ackRtt: 0.002, initialRtt: 0.012, connectTime: 0.012 },
  'request-first': { outcome: 'established', synRtt: 0.01, ackRtt: 0.002, initialRtt: 0.03, connectTime: 0.012 },
  options: {
    outcome: 'established',
    synRtt: 0.03013,
    ackRtt: 0.000052,
    initialRtt: 0.030182,
    connectTime: 0.030182,
  },
  'fast-open': { outcome: 'established', synRtt: 0.02, ackRtt: 0.001, initialRtt: 0.021, connectTime: 0.021 },
  ipv6: { outcome: 'established', synRtt: 0.015, ackRtt: 0.0005, initialRtt: 0.0155, connectTime: 0.0155 },
}
// Where the snaplen cuts options off, tshark has no time for the SYN-ACK; the one it has of `options` stands.
CASES['snaplen-54'] = CASES['snaplen-60'] = CASES.options

test.each(Object.entries(CASES))('%s', async (name, expected) => {
  const { handshakes } = await measure(name)
  expect(handshakes).toHaveLength(1)
  const { stream, client, server, start, guessed, ...measured } = handshakes[0]
  expect(measured).toEqual({ ...NOTHING, ...expected })
  expect([stream, client.port, server.port, guessed]).toEqual([0, 40_000, 80, false])
  // 2026-01-01 00:00:00 UTC.
  expect(start).toEqual({ seconds: 1_767_225_600, nanoseconds: 0 })
})

test('reuse: the same addresses and ports, and a stream of its own', async () => {
  const { handshakes, summary } = await measure('reuse')
  expect(handshakes).toMatchObject([
    { stream: 1, synRtt: 0.02, ackRtt: 0.001, initialRtt: 0.021 },
    { stream: 0, synRtt: 0.01, ackRtt: 0.002, initialRtt: 0.012 },
  ])
  expect(summary).toEqual({
    count: 2,
    min: 0.01,
    mean: 0.015,
    p50: 0.01,
    p90: 0.02,
    p95: 0.02,
    p99: 0.02,
    max: 0.02,
    error: 0,
  })
})

test('snaplen-34: no ports, and it says how many packets lack them', async () => {
  const result = await measure('snaplen-34')
  expect(result).toMatchObject({ handshakes: [], connections: 0, portsCut: 4 })
  expect((await measure('snaplen-54')).portsCut).toBe(0)
})

test('copies: half of the SYNs and SYN-ACKs', async () => {
  expect((await measure('copies')).duplicates).toEqual({ copies: 2, segments: 4, ratio: 0.5 })
  expect((await measure('clean')).duplicates).toEqual({ copies: 0, segments: 2, ratio: 0 })
})

describe('the side that the capture is taken on', () => {
  test('near the server the path lies between SYN-ACK and ACK', async () => {
    const { side, sideMedians } = await measure('near-server')
    expect([side, sideMedians]).toEqual(['server', { synRtt: 0.0001, ackRtt: 0.04 }])
  })

  test('two handshakes are too few', async () => {
    expect((await measure('reuse')).side).toBeNull()
  })
})
