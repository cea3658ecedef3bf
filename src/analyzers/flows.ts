/**
 * Every conversation: packets, bytes and time of each TCP and UDP stream.
 *
 * Counted are the packets that the display filter `tcp.stream == N` (or `udp.stream == N`) selects. That includes ICMP
 * errors that quote a packet of the stream; they count for the side that sent the error on. A packet with two transport
 * layers (a tunnel) counts for both streams.
 */
import type { ApplicationTracker } from '../flow/applications.ts'
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import type { Packet } from '../packet/packet.ts'
import { TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import { growFloat64 } from '../tables/grow.ts'
import type { Analyzer, Endpoint, Moment } from './analyzer.ts'
import { Moments } from './moments.ts'

export interface Flow {
  readonly protocol: 'tcp' | 'udp'
  /** Wireshark's `tcp.stream` or `udp.stream`. */
  readonly stream: number
  readonly client: Endpoint
  readonly server: Endpoint
  /** Which side is the client is a guess: no handshake was seen. */
  readonly guessed: boolean
  readonly packets: number
  readonly bytes: number
  /** Sent by the client, and by the server. */
  readonly clientPackets: number
  readonly clientBytes: number
  readonly serverPackets: number
  readonly serverBytes: number
  readonly start: Moment | null
  /** From the earliest packet to the latest, in seconds. */
  readonly duration: number | null
  /** Wireshark's name of the protocol on top, or null while it is not identified. */
  readonly application: string | null
}

export interface FlowsResult {
  readonly flows: readonly Flow[]
}

/** Columns of one transport protocol, by stream; two numbers for each, one for each direction. */
class FlowColumns {
  /** One past the highest stream that was counted. */
  count = 0
  packets = new Float64Array(128)
  bytes = new Float64Array(128)
  readonly first = new Moments()
  readonly last = new Moments()

  ensure(stream: number): void {
    if (stream >= this.count) this.count = stream + 1
    this.packets = growFloat64(this.packets, 2 * stream + 1)
    this.bytes = growFloat64(this.bytes, 2 * stream + 1)
    this.first.ensure(stream)
    this.last.ensure(stream)
  }

  /** Hot. */
  observe(packet: Packet, stream: number, direction: number): void {
    if (stream >= this.count) this.ensure(stream)
    this.packets[2 * stream + direction]++
    this.bytes[2 * stream + direction] += packet.originalLength
    this.first.earlier(stream, packet)
    this.last.later(stream, packet)
  }

  merge(later: FlowColumns, mapping: Int32Array): void {
    for (let theirs = 0; theirs < later.count; theirs++) {
      const ours = mapping[theirs]
      this.ensure(ours)
      for (let direction = 0; direction < 2; direction++) {
        this.packets[2 * ours + direction] += later.packets[2 * theirs + direction]
        this.bytes[2 * ours + direction] += later.bytes[2 * theirs + direction]
      }
      if (!later.first.isKnown(theirs)) continue
      if (!(this.first.nanosecondsBetween(ours, later.first, theirs) >= 0)) this.first.copy(ours, later.first, theirs)
      if (!(this.last.nanosecondsBetween(ours, later.last, theirs) <= 0)) this.last.copy(ours, later.last, theirs)
    }
  }
}

export class Flows implements Analyzer<FlowsResult> {
  readonly needs = ['streams', 'applications'] as const
  readonly #streams: StreamTracker
  readonly #applications: ApplicationTracker
  readonly #tcp = new FlowColumns()
  readonly #udp = new FlowColumns()

  constructor(context: { readonly streams: StreamTracker; readonly applications: ApplicationTracker }) {
    this.#streams = context.streams
    this.#applications = context.applications
  }

  /** Hot. */
  observe(packet: Packet): void {
    const protocols = packet.layerProtocol
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const protocol = protocols[layer]
      if (protocol !== TCP && protocol !== UDP) continue
      const stream = packet.layerStream[layer]
      if (stream < 0) continue
      // A quoted packet travelled the other way.
      const direction = packet.layerDirection[layer] ^ (layer >= packet.quotedFrom ? 1 : 0)
      if (protocol === TCP) this.#tcp.observe(packet, stream, direction)
      else this.#udp.observe(packet, stream, direction)
    }
  }

  merge(later: this, mapping: StreamMapping): void {
    this.#tcp.merge(later.#tcp, mapping.tcp)
    this.#udp.merge(later.#udp, mapping.udp)
  }

  /** Most bytes first; ties by packets, then TCP before UDP, then by stream. Streams without a packet are left out. */
  result(): FlowsResult {
    const flows = [...this.#rows('tcp', this.#tcp), ...this.#rows('udp', this.#udp)]
    flows.sort(
      (a, b) =>
        b.bytes - a.bytes ||
        b.packets - a.packets ||
        (a.protocol === b.protocol ? a.stream - b.stream : a.protocol < b.protocol ? -1 : 1),
    )
    return { flows }
  }

  *#rows(protocol: 'tcp' | 'udp', columns: FlowColumns): Generator<Flow> {
    for (let stream = 0; stream < columns.count; stream++) {
      const { client, server, clientDirection, guessed } = this.#streams[protocol].endpoints(stream)
      const ofClient = 2 * stream + clientDirection
      const ofServer = 2 * stream + 1 - clientDirection
      const packets = columns.packets[ofClient] + columns.packets[ofServer]
      if (packets === 0) continue
      const span = columns.first.nanosecondsBetween(stream, columns.last, stream)
      yield {
        protocol,
        stream,
        client,
        server,
        guessed,
        packets,
        bytes: columns.bytes[ofClient] + columns.bytes[ofServer],
        clientPackets: columns.packets[ofClient],
        clientBytes: columns.bytes[ofClient],
        serverPackets: columns.packets[ofServer],
        serverBytes: columns.bytes[ofServer],
        start: columns.first.at(stream),
        duration: Number.isNaN(span) ? null : span / 1e9,
        application: this.#applications[protocol].of(stream)?.name ?? null,
      }
    }
  }
}
