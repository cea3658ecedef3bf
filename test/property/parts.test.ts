/** Parts of a capture that were analysed in other threads, each counting its packets from 1, merge to what one thread gives. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Analyzer } from '../../src/analyzers/analyzer.ts'
import { Destinations } from '../../src/analyzers/destinations.ts'
import { Endpoints } from '../../src/analyzers/endpoints.ts'
import { HandshakeRtt } from '../../src/analyzers/handshake-rtt.ts'
import { ProtocolHierarchy } from '../../src/analyzers/protocol-hierarchy.ts'
import { CaptureStatistics } from '../../src/analyzers/statistics.ts'
import { loadContext, mergeContext, newContext, type RunContext, saveContext } from '../../src/engine/context.ts'
import { buffersOf } from '../../src/engine/transferables.ts'
import { type Frame, framesOf, replay, segmentSpec } from '../support/traffic.ts'

type Make = (context: RunContext) => Analyzer<unknown>

const analyzers: Record<string, Make> = {
  CaptureStatistics: () => new CaptureStatistics(),
  ProtocolHierarchy: (context) => new ProtocolHierarchy(context),
  Endpoints: () => new Endpoints(),
  Destinations: () => new Destinations(),
  HandshakeRtt: (context) => new HandshakeRtt(context),
  'HandshakeRtt, by server': (context) => new HandshakeRtt(context, { by: 'server' }),
}

interface Part {
  readonly context: RunContext
  readonly analyzer: Analyzer<unknown>
  packets: number
}

/** One part for each stretch between two cuts; the packets run through one decoder, as datagrams may span a cut. */
function analyze(frames: readonly Frame[], cuts: readonly number[], make: Make): Part[] {
  const parts: Part[] = []
  const begin = (): void => {
    const context = newContext({ continues: parts.length > 0 })
    parts.push({ context, analyzer: make(context), packets: 0 })
  }
  begin()
  replay(frames, (packet, index) => {
    for (const cut of cuts) if (cut === index) begin()
    const part = parts[parts.length - 1]
    packet.number = ++part.packets
    part.context.streams.track(packet)
    part.context.applications.track(packet)
    part.analyzer.observe(packet)
  })
  return parts
}

/** As it comes out of another thread. */
function carried(part: Part, packetsBefore: number, make: Make): Part {
  const saved = { context: saveContext(part.context), analyzer: part.analyzer.save!() }
  const { context: state, analyzer: counts } = structuredClone(saved, { transfer: buffersOf(saved) })
  const context = newContext({ continues: true })
  const analyzer = make(context)
  loadContext(context, state, packetsBefore)
  analyzer.load!(counts, packetsBefore)
  return { context, analyzer, packets: part.packets }
}

function inOne(parts: readonly Part[], make: Make): Part {
  return parts.reduce((whole, part) => {
    const later = carried(part, whole.packets, make)
    whole.analyzer.merge(later.analyzer, mergeContext(whole.context, later.context))
    whole.packets += later.packets
    return whole
  })
}

/** What is known of each stream, with the number of the packet that told its application. */
function known({ streams, applications }: RunContext) {
  return (['tcp', 'udp'] as const).map((transport) =>
    Array.from({ length: streams[transport].size }, (_, row) => ({
      number: streams[transport].numberOf(row),
      reusesPorts: streams[transport].reusesPorts(row),
      ...streams[transport].endpoints(row),
      application: applications[transport].of(row),
    })),
  )
}

const capture = fc.array(segmentSpec, { maxLength: 40 }).map(framesOf)
const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 4 }).map((at) => at.sort((a, b) => a - b))

describe.each(Object.entries(analyzers))('%s', (_name, make) => {
  test('parts from other threads', () => {
    fc.assert(
      fc.property(capture, cuts, (frames, at) => {
        const [whole] = analyze(frames, [], make)
        const merged = inOne(analyze(frames, at, make), make)
        expect(merged.analyzer.result()).toEqual(whole.analyzer.result())
        expect(known(merged.context)).toEqual(known(whole.context))
      }),
      { numRuns: 150 },
    )
  })
})
