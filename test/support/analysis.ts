/** Runs an analyzer over packets that a test made, as the engine does over those of a capture. */
import type { Analyzer } from '../../src/analyzers/analyzer.ts'
import { newContext, type RunContext } from '../../src/engine/context.ts'
import type { Packet } from '../../src/packet/packet.ts'

/** Everything that may be known across packets is kept. */
export function track(context: RunContext, packet: Packet): void {
  context.streams.track(packet)
  context.applications.track(packet)
  context.losses.track(packet)
}

/** Packets are numbered from 1. */
export function analyze<R>(
  make: (context: RunContext) => Analyzer<R>,
  packets: readonly Packet[],
  context = newContext(),
): R {
  const analyzer = make(context)
  for (const [index, packet] of packets.entries()) {
    packet.number = index + 1
    track(context, packet)
    analyzer.observe(packet)
  }
  return analyzer.result()
}
