/** Every part counts what the analyzer of its name counts by itself, and what was shared is not lost with closed streams. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Destinations } from '../../src/analyzers/destinations.ts'
import { Endpoints } from '../../src/analyzers/endpoints.ts'
import { Flows } from '../../src/analyzers/flows.ts'
import { HandshakeRtt } from '../../src/analyzers/handshake-rtt.ts'
import { ProtocolHierarchy } from '../../src/analyzers/protocol-hierarchy.ts'
import { CaptureStatistics } from '../../src/analyzers/statistics.ts'
import { Summary, type SummaryOptions } from '../../src/analyzers/summary.ts'
import { Unwanted } from '../../src/analyzers/unwanted.ts'
import { newContext } from '../../src/engine/context.ts'
import { builtInPolicy } from '../../src/policy/read.ts'
import { track } from '../support/analysis.ts'
import { dialogue, framesFrom, replayWhole, segment } from '../support/dialogue.ts'
import { framesOf, replay, segmentSpec } from '../support/traffic.ts'

const policy = builtInPolicy()

test('each part is what its command counts, also when streams have to make room', () => {
  const capture = fc.array(segmentSpec, { maxLength: 60 }).map(framesOf)
  fc.assert(
    fc.property(capture, fc.constantFrom(Infinity, 2), (frames, maxStreams) => {
      const context = newContext({ maxStreams })
      const summary = new Summary(context, { policy })
      const own = {
        statistics: new CaptureStatistics(),
        rtt: new HandshakeRtt(context),
        hierarchy: new ProtocolHierarchy(context),
        destinations: new Destinations(),
        endpoints: new Endpoints(),
        flows: new Flows(context),
        unwanted: new Unwanted(context, { policy }),
      }
      replay(frames, (packet) => {
        track(context, packet)
        summary.observe(packet)
        for (const analyzer of Object.values(own)) analyzer.observe(packet)
      })
      const { losses: _, ...parts } = summary.result()
      const separate = Object.fromEntries(Object.entries(own).map(([name, analyzer]) => [name, analyzer.result()]))
      expect(parts).toEqual(separate)
    }),
    { numRuns: 200 },
  )
})

function summaryOf(packets: readonly Uint8Array[], maxStreams = Infinity, options: Partial<SummaryOptions> = {}) {
  const context = newContext({ maxStreams })
  const summary = new Summary(context, { policy, ...options })
  replayWhole(framesFrom(packets), (packet) => {
    track(context, packet)
    summary.observe(packet)
  })
  return summary.result()
}

const ACK = 0x10
const PSH_ACK = 0x18

/** Three octets from 1001 on, once more from there on after 5 ms, and then four from 1010 on: those from 1004 to 1009 are missing. */
function lossy(port: number): Uint8Array[] {
  const [client, server] = [`10.0.0.5:${port}`, '10.0.0.4:9000']
  return [
    ...dialogue(client, server, []),
    segment(client, server, ACK, 1001, 5001, 'one'),
    ...[5001, 5002, 5003, 5004].map((sequence) => segment(server, client, ACK, sequence, 1001, 'x')),
    segment(client, server, PSH_ACK, 1001, 5005, 'one'),
    segment(client, server, ACK, 1010, 5005, 'four'),
  ]
}

test('losses are those of all streams, closed out or not', () => {
  const packets = [lossy(40_001), lossy(40_002), lossy(40_003)].flat()
  for (const maxStreams of [Infinity, 1])
    expect(summaryOf(packets, maxStreams).losses).toEqual({ retransmissions: 3 * 1, lostBytes: 3 * 6 })
})

test('top: what is not listed is counted', () => {
  const packets = Array.from({ length: 5 }, (_, i) => dialogue(`10.0.1.${i}:40000`, `10.0.2.${i}:9000`, [])).flat()
  const { rtt, flows, destinations, endpoints } = summaryOf(packets, Infinity, { top: 2 })
  expect([rtt.handshakes.length, rtt.omitted]).toEqual([2, 3])
  expect([flows.flows.length, flows.omitted]).toEqual([2, 3])
  // SYN and ACK go to each server, SYN-ACK to each client: of ten addresses those of servers come first, in the order of their text.
  expect(destinations.destinations.map(({ address, packets }) => [address, packets])).toEqual([
    ['10.0.2.0', 2],
    ['10.0.2.1', 2],
  ])
  expect(destinations.omitted).toBe(8)
  expect([endpoints.endpoints.map(({ address }) => address), endpoints.omitted]).toEqual([['10.0.1.0', '10.0.1.1'], 8])
})
