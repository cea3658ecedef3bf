/** Analyzers by name: what has to be said in another thread, to which no function can be handed. */
import type { Analyzer } from '../analyzers/analyzer.ts'
import type { RttOptions } from '../analyzers/handshake-rtt.ts'
import type { HierarchyOptions } from '../analyzers/protocol-hierarchy.ts'
import type { RunContext } from './context.ts'

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
      const { PacketCount } = await import('../analyzers/packet-count.ts')
      return () => new PacketCount()
    }
    case 'destinations': {
      const { Destinations } = await import('../analyzers/destinations.ts')
      return () => new Destinations()
    }
    case 'endpoints': {
      const { Endpoints } = await import('../analyzers/endpoints.ts')
      return () => new Endpoints()
    }
    case 'hierarchy': {
      const { ProtocolHierarchy } = await import('../analyzers/protocol-hierarchy.ts')
      return (context) => new ProtocolHierarchy(context, spec.options)
    }
    case 'rtt': {
      const { HandshakeRtt } = await import('../analyzers/handshake-rtt.ts')
      return (context) => new HandshakeRtt(context, spec.options)
    }
    case 'statistics': {
      const { CaptureStatistics } = await import('../analyzers/statistics.ts')
      return () => new CaptureStatistics()
    }
  }
}
