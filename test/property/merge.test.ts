/** Splitting a capture anywhere and merging the parts gives what reading it whole gives, for every analyzer. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Analyzer } from '../../src/analyzers/analyzer.ts'
import { Destinations } from '../../src/analyzers/destinations.ts'
import { Endpoints } from '../../src/analyzers/endpoints.ts'
import { FLOW_KINDS } from '../../src/analyzers/flow-kinds.ts'
import { Flows } from '../../src/analyzers/flows.ts'
import { HandshakeRtt } from '../../src/analyzers/handshake-rtt.ts'
import { ProtocolHierarchy } from '../../src/analyzers/protocol-hierarchy.ts'
import { CaptureStatistics } from '../../src/analyzers/statistics.ts'
import { Summary } from '../../src/analyzers/summary.ts'
import { Unwanted } from '../../src/analyzers/unwanted.ts'
import { mergeContext, newContext, type RunContext } from '../../src/engine/context.ts'
import { builtInPolicy } from '../../src/policy/read.ts'
import { track } from '../support/analysis.ts'
import { type Frame, framesOf, replay, segmentSpec } from '../support/traffic.ts'

const analyzers: Record<string, (context: RunContext) => Analyzer<unknown>> = {
  CaptureStatistics: () => new CaptureStatistics(),
  ProtocolHierarchy: (context) => new ProtocolHierarchy(context),
  Endpoints: () => new Endpoints(),
  Destinations: () => new Destinations(),
  Flows: (context) => new Flows(context, { kinds: FLOW_KINDS }),
  'Flows, a few of them': (context) => new Flows(context, { kinds: FLOW_KINDS, top: 2, order: 'lost' }),
  HandshakeRtt: (context) => new HandshakeRtt(context),
  Unwanted: (context) => new Unwanted(context, { policy: builtInPolicy() }),
  Summary: (context) => new Summary(context, { policy: builtInPolicy() }),
  'Summary, the top of it': (context) => new Summary(context, { policy: builtInPolicy(), top: 2 }),
}

interface Part {
  readonly context: RunContext
  readonly analyzer: Analyzer<unknown>
}

/** One part for each stretch between two cuts; the packets run through one decoder, as datagrams may span a cut. */
function analyze(frames: readonly Frame[], cuts: readonly number[], make: (context: RunContext) => Analyzer<unknown>) {
  const parts: Part[] = []
  const begin = (): void => {
    const context = newContext({ continues: parts.length > 0 })
    parts.push({ context, analyzer: make(context) })
  }
  begin()
  replay(frames, (packet, index) => {
    for (const cut of cuts) if (cut === index) begin()
    const { context, analyzer } = parts[parts.length - 1]
    track(context, packet)
    analyzer.observe(packet)
  })
  return parts
}

function merge(into: Part, later: Part): Part {
  into.analyzer.merge(later.analyzer, mergeContext(into.context, later.context))
  return into
}

const capture = fc.array(segmentSpec, { maxLength: 40 }).map(framesOf)
const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 4 }).map((at) => at.sort((a, b) => a - b))

describe.each(Object.entries(analyzers))('%s', (_name, make) => {
  test('first parts first', () => {
    fc.assert(
      fc.property(capture, cuts, (frames, at) => {
        const [whole] = analyze(frames, [], make)
        const merged = analyze(frames, at, make).reduce(merge)
        expect(merged.analyzer.result()).toEqual(whole.analyzer.result())
      }),
      { numRuns: 100 },
    )
  })

  test('last parts first', () => {
    fc.assert(
      fc.property(capture, cuts, (frames, at) => {
        const [whole] = analyze(frames, [], make)
        const merged = analyze(frames, at, make).reduceRight((later, earlier) => merge(earlier, later))
        expect(merged.analyzer.result()).toEqual(whole.analyzer.result())
      }),
      { numRuns: 100 },
    )
  })
})
