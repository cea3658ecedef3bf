/**
 * Every analysis in one pass. Each part is the analyzer that the command of its name runs, and counts what that counts; what two of
 * them need (streams and their amounts, applications, losses) is kept once.
 *
 * Parts are fields that are called by name: a list to loop over would make each call on the way of a packet one to anybody.
 */
import type { ApplicationTracker } from '../flow/applications.ts'
import type { HostNames } from '../flow/host-names.ts'
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import type { TcpLosses } from '../flow/tcp-losses.ts'
import type { Packet } from '../packet/packet.ts'
import type { CountryOf } from '../policy/judge.ts'
import type { Policy } from '../policy/policy.ts'
import type { Analyzer } from './analyzer.ts'
import { Destinations, type DestinationsResult } from './destinations.ts'
import { Endpoints, type EndpointsResult } from './endpoints.ts'
import { Flows, type FlowsResult } from './flows.ts'
import { HandshakeRtt, type RttResult } from './handshake-rtt.ts'
import { type HierarchyResult, ProtocolHierarchy } from './protocol-hierarchy.ts'
import { CaptureStatistics, type CaptureStatisticsResult } from './statistics.ts'
import type { AmountsByStream } from './stream-amounts.ts'
import { Unwanted, type UnwantedResult } from './unwanted.ts'

export interface SummaryResult {
  readonly statistics: CaptureStatisticsResult
  readonly rtt: RttResult
  readonly hierarchy: HierarchyResult
  readonly destinations: DestinationsResult
  readonly endpoints: EndpointsResult
  readonly flows: FlowsResult
  readonly losses: LossTotals
  readonly unwanted: UnwantedResult
}

/** Of all TCP streams that a packet of was counted; of a stream they are told whole, whatever packets a filter lets through. */
export interface LossTotals {
  readonly retransmissions: number
  readonly lostBytes: number
}

export interface SummaryOptions {
  readonly policy: Policy
  readonly countryOf?: CountryOf
  /** Handshakes, destinations, endpoints and flows listed at most. */
  readonly top?: number
  /** Conversations kept at once of what is neither TCP nor UDP; streams are bounded by their tracker. */
  readonly maxFlows?: number
}

interface Context {
  readonly streams: StreamTracker
  readonly applications: ApplicationTracker
  readonly losses: TcpLosses
  readonly names: HostNames
}

export class Summary implements Analyzer<SummaryResult> {
  readonly needs = ['streams', 'applications', 'losses'] as const
  readonly #losses: TcpLosses
  readonly #amounts: AmountsByStream
  readonly #statistics = new CaptureStatistics()
  readonly #rtt: HandshakeRtt
  readonly #hierarchy: ProtocolHierarchy
  readonly #endpoints: Endpoints
  readonly #destinations: Destinations
  readonly #flows: Flows
  readonly #unwanted: Unwanted
  /** Of streams that were closed out. */
  #closedRetransmissions = 0
  #closedLostBytes = 0

  constructor(context: Context, { policy, countryOf, top, maxFlows }: SummaryOptions) {
    this.#losses = context.losses
    this.#rtt = new HandshakeRtt(context, { top })
    this.#hierarchy = new ProtocolHierarchy(context)
    this.#endpoints = new Endpoints({ top })
    this.#destinations = new Destinations({ top, rows: this.#endpoints })
    this.#flows = new Flows(context, { top, maxFlows })
    // It counts both transports.
    this.#amounts = this.#flows.amounts!
    this.#unwanted = new Unwanted(context, { policy, countryOf, amounts: this.#amounts })
    // Who registers last is told first, while the others still know the stream.
    context.streams.tcp.onClose((row) => {
      if (this.#amounts.tcp.packetsOf(row) === 0) return
      this.#closedRetransmissions += this.#retransmissionsOf(row)
      this.#closedLostBytes += this.#lostBytesOf(row)
    })
  }

  /** Hot. */
  observe(packet: Packet): void {
    this.#statistics.observe(packet)
    this.#rtt.observe(packet)
    this.#hierarchy.observe(packet)
    this.#endpoints.observe(packet)
    this.#destinations.observe(packet)
    this.#flows.observe(packet)
    this.#unwanted.observe(packet)
  }

  merge(later: this, mapping: StreamMapping): void {
    this.#statistics.merge(later.#statistics)
    this.#rtt.merge(later.#rtt, mapping)
    this.#hierarchy.merge(later.#hierarchy, mapping)
    this.#endpoints.merge(later.#endpoints)
    this.#destinations.merge(later.#destinations)
    this.#flows.merge(later.#flows, mapping)
    this.#unwanted.merge(later.#unwanted, mapping)
    this.#closedRetransmissions += later.#closedRetransmissions
    this.#closedLostBytes += later.#closedLostBytes
  }

  result(): SummaryResult {
    return {
      statistics: this.#statistics.result(),
      rtt: this.#rtt.result(),
      hierarchy: this.#hierarchy.result(),
      destinations: this.#destinations.result(),
      endpoints: this.#endpoints.result(),
      flows: this.#flows.result(),
      losses: this.#lossTotals(),
      unwanted: this.#unwanted.result(),
    }
  }

  #lossTotals(): LossTotals {
    let retransmissions = this.#closedRetransmissions
    let lostBytes = this.#closedLostBytes
    const { tcp } = this.#amounts
    for (let row = 0; row < tcp.count; row++) {
      if (tcp.packetsOf(row) === 0) continue
      retransmissions += this.#retransmissionsOf(row)
      lostBytes += this.#lostBytesOf(row)
    }
    return { retransmissions, lostBytes }
  }

  #retransmissionsOf(row: number): number {
    return this.#losses.retransmissions(row, 0) + this.#losses.retransmissions(row, 1)
  }

  #lostBytesOf(row: number): number {
    return this.#losses.lostBytes(row, 0) + this.#losses.lostBytes(row, 1)
  }
}
