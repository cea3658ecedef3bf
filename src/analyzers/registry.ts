/** Analyzers by name: what has to be said in another thread, to which no function can be handed. */
import type { RunContext } from '../engine/context.ts'
import type { Analyzer } from './analyzer.ts'
import type { RttOptions } from './handshake-rtt.ts'
import type { HierarchyOptions } from './protocol-hierarchy.ts'

/** An analyzer that can be made in any thread. */
export type AnalyzerSpec =
  | { readonly name: 'count' | 'destinations' | 'endpoints' | 'statistics' }
  | { readonly name: 'hierarchy'; readonly options: HierarchyOptions }
  | { readonly name: 'rtt'; readonly options: RttOptions }

type Make = (context: RunContext) => Analyzer<unknown>

/** Loads the code of an analyzer. */
export async function makerOf(spec: AnalyzerSpec): Promise<Make> {
  switch (spec.name) {
    case 'count': {
      const { PacketCount } = await import('./packet-count.ts')
      return () => new PacketCount()
    }
    case 'destinations': {
      const { Destinations } = await import('./destinations.ts')
      return () => new Destinations()
    }
    case 'endpoints': {
      const { Endpoints } = await import('./endpoints.ts')
      return () => new Endpoints()
    }
    case 'hierarchy': {
      const { ProtocolHierarchy } = await import('./protocol-hierarchy.ts')
      return (context) => new ProtocolHierarchy(context, spec.options)
    }
    case 'rtt': {
      const { HandshakeRtt } = await import('./handshake-rtt.ts')
      return (context) => new HandshakeRtt(context, spec.options)
    }
    case 'statistics': {
      const { CaptureStatistics } = await import('./statistics.ts')
      return () => new CaptureStatistics()
    }
  }
}
