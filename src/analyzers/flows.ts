/**
 * Every conversation: packets, bytes and time of each TCP and UDP stream, what was lost and sent again, and the conversations of
 * other IP protocols, of IP addresses and of Ethernet addresses.
 *
 * Counted for a stream are the packets that the display filter `tcp.stream == N` (or `udp.stream == N`) selects. That includes
 * ICMP errors that quote a packet of the stream; they count for the side that sent the error on. A packet with two transport
 * layers (a tunnel) counts for both streams. All else is counted once, for the innermost IP header, or the outermost Ethernet.
 *
 * State, retransmissions, lost bytes and copies are the stream's, whatever packets a filter lets through.
 */
import type { ApplicationTracker } from '../flow/applications.ts'
import { communityId, icmpPorts } from '../flow/community-id.ts'
import type { HostNames } from '../flow/host-names.ts'
import { isPlain, PLAIN_TRANSPORT } from '../flow/plain.ts'
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import type { TcpLosses } from '../flow/tcp-losses.ts'
import type { Packet } from '../packet/packet.ts'
import { headerLength, TCP } from '../protocols/tcp.ts'
import { UDP, HEADER_LENGTH as UDP_HEADER_LENGTH } from '../protocols/udp.ts'
import { UDP_LITE } from '../protocols/udplite.ts'
import { growUint8 } from '../tables/grow.ts'
import { TopRows } from '../tables/top-rows.ts'
import type { Analyzer } from './analyzer.ts'
import { FlowColumns } from './flow-columns.ts'
import { FLOW_KINDS, type FlowKind, type FlowOrder } from './flow-kinds.ts'
import type { Flow, FlowEndpoint, FlowsResult } from './flow-record.ts'
import { FIRST_TAGGED, FlowTagTable } from './flow-tags.ts'
import { Totals } from './flow-totals.ts'
import { PairFlows } from './pair-flows.ts'
import type { PairKind } from './pair-key.ts'
import type { AmountsByStream } from './stream-amounts.ts'

export type { Flow, FlowEndpoint, FlowsResult, FlowTotals } from './flow-record.ts'

export interface FlowsOptions {
  /** Default: `tcp`, `udp` and `other`. */
  readonly kinds?: readonly FlowKind[]
  readonly order?: FlowOrder
  /** Flows listed at most. */
  readonly top?: number
  /** Conversations of each kind kept at once; streams are bounded by their tracker. */
  readonly maxFlows?: number
  /** Only flows are listed of which a packet was marked. */
  readonly onlyMarked?: boolean
}

interface Context {
  readonly streams: StreamTracker
  readonly applications: ApplicationTracker
  readonly losses: TcpLosses
  readonly names: HostNames
}

/** IP's numbers of the two. */
const IP_NUMBER = { tcp: 6, udp: 17 } as const

/** Rows of all kinds in one numbering: the row times this, plus the index of the kind. */
const KINDS = FLOW_KINDS.length
const TCP_KIND = FLOW_KINDS.indexOf('tcp')
const UDP_KIND = FLOW_KINDS.indexOf('udp')
const OTHER_KIND = FLOW_KINDS.indexOf('other')

/** Streams of one transport protocol: columns by the row of the stream. */
class StreamFlows {
  readonly columns = new FlowColumns()
  readonly tags = new FlowTagTable()
}

export class Flows implements Analyzer<FlowsResult> {
  readonly needs = ['streams', 'applications', 'losses'] as const
  readonly #context: Context
  readonly #options: FlowsOptions
  readonly #tcp: StreamFlows | null = null
  readonly #udp: StreamFlows | null = null
  readonly #pairs: readonly PairFlows[]
  readonly #other: PairFlows | null
  /** By kind. */
  readonly #columns: readonly (FlowColumns | null)[]
  readonly #closed = new Totals()
  /** By kind and row: a packet of the flow was marked. */
  readonly #marked: Uint8Array<ArrayBuffer>[] = FLOW_KINDS.map(() => new Uint8Array(64))
  // The rows that the packet observed last belongs to, as `row * KINDS + kind`.
  readonly #touched = new Int32Array(128)
  #touchedCount = 0
  /** Only flows are listed of which a packet was marked. */
  readonly #isMarking: boolean

  constructor(context: Context, options: FlowsOptions = {}) {
    this.#context = context
    this.#options = options
    this.#isMarking = options.onlyMarked === true
    const kinds = options.kinds ?? ['tcp', 'udp', 'other']
    for (const transport of ['tcp', 'udp'] as const) {
      if (!kinds.includes(transport)) continue
      const flows = new StreamFlows()
      if (transport === 'tcp') this.#tcp = flows
      else this.#udp = flows
      context.streams[transport].onClose((row) => {
        this.#close(transport, row, flows.columns)
        flows.columns.clear(row)
        flows.tags.clear(row)
      })
    }
    const pairs: PairFlows[] = []
    for (const kind of ['ethernet', 'ip', 'other'] as const) {
      if (!kinds.includes(kind)) continue
      const flows: PairFlows = new PairFlows(kind, options.maxFlows ?? Infinity, (row) =>
        this.#close(kind, row, flows.columns),
      )
      pairs.push(flows)
    }
    this.#pairs = pairs.filter((flows) => flows.kind !== 'other')
    this.#other = pairs.find((flows) => flows.kind === 'other') ?? null
    this.#columns = FLOW_KINDS.map((kind) => this.#columnsOf(kind))
  }

  /** Of the streams, for analyzers that ask for no more; null if either transport is not counted. */
  get amounts(): AmountsByStream | null {
    return this.#tcp === null || this.#udp === null ? null : { tcp: this.#tcp.columns, udp: this.#udp.columns }
  }

  /** Hot. */
  observe(packet: Packet): void {
    this.#touchedCount = 0
    const isOther = this.#observeStreams(packet)
    if (isOther && this.#other !== null) this.#touch(OTHER_KIND, this.#other.observe(packet))
    for (let i = 0; i < this.#pairs.length; i++)
      this.#touch(FLOW_KINDS.indexOf(this.#pairs[i].kind), this.#pairs[i].observe(packet))
  }

  /** Hot: counts the packet for the streams that it belongs to; whether there was none that it itself carries. */
  #observeStreams(packet: Packet): boolean {
    const protocols = packet.layerProtocol
    let isOther = true
    const isSole = isPlain(packet)
    const end = isSole ? PLAIN_TRANSPORT + 1 : packet.layerCount
    for (let layer = isSole ? PLAIN_TRANSPORT : 0; layer < end; layer++) {
      const protocol = protocols[layer]
      const isTcp = protocol === TCP
      if (!isTcp && protocol !== UDP && protocol !== UDP_LITE) continue
      const row = packet.layerRow[layer]
      if (row < 0) continue
      const isQuoted = layer >= packet.quotedFrom
      // What the innermost IP header carries is a stream.
      if (!isQuoted && layer > packet.network) isOther = false
      const flows = isTcp ? this.#tcp : this.#udp
      if (flows === null) continue
      const header = isTcp ? headerLength(packet, layer) : UDP_HEADER_LENGTH
      // What an error quotes is not data, and it travelled the other way.
      const payload = isQuoted ? 0 : Math.max(0, packet.layerWireEnd[layer] - packet.layerAt[layer] - header)
      const direction = packet.layerDirection[layer] ^ (isQuoted ? 1 : 0)
      if (layer >= FIRST_TAGGED && flows.columns.packetsOf(row) === 0) flows.tags.note(row, packet, layer)
      flows.columns.observe(packet, row, direction, payload)
      if (this.#isMarking) this.#touch(isTcp ? TCP_KIND : UDP_KIND, row)
    }
    return isOther
  }

  /** Hot. */
  #touch(kind: number, row: number): void {
    if (row >= 0 && this.#isMarking && this.#touchedCount < this.#touched.length)
      this.#touched[this.#touchedCount++] = row * KINDS + kind
  }

  /** Marks the flows of the packet observed last. */
  mark(): void {
    for (let i = 0; i < this.#touchedCount; i++) this.#markRow(this.#touched[i] % KINDS, (this.#touched[i] / KINDS) | 0)
  }

  #markRow(kind: number, row: number): void {
    this.#marked[kind] = growUint8(this.#marked[kind], row)
    this.#marked[kind][row] = 1
  }

  #isListed(kind: number, row: number): boolean {
    return !this.#isMarking || this.#marked[kind][row] === 1
  }

  #close(kind: FlowKind, row: number, columns: FlowColumns): void {
    const index = FLOW_KINDS.indexOf(kind)
    const packets = columns.packetsOf(row)
    if (packets > 0 && this.#isListed(index, row)) this.#closed.add(packets, columns.bytesOf(row))
    if (row < this.#marked[index].length) this.#marked[index][row] = 0
  }

  merge(later: this, mapping: StreamMapping): void {
    for (const transport of ['tcp', 'udp'] as const) {
      const ours = transport === 'tcp' ? this.#tcp : this.#udp
      const theirs = transport === 'tcp' ? later.#tcp : later.#udp
      if (ours === null || theirs === null) continue
      for (let row = 0; row < theirs.columns.count; row++) {
        if (theirs.columns.packetsOf(row) === 0) continue
        const to = mapping[transport][row]
        if (ours.columns.packetsOf(to) === 0) ours.tags.take(to, theirs.tags, row)
        ours.columns.add(to, theirs.columns, row)
      }
      this.#mergeMarks(FLOW_KINDS.indexOf(transport), later, mapping[transport])
    }
    for (const flows of this.#allPairs()) {
      const theirs = later.#allPairs().find((other) => other.kind === flows.kind)
      if (theirs !== undefined) this.#mergeMarks(FLOW_KINDS.indexOf(flows.kind), later, flows.merge(theirs))
    }
    this.#closed.addAll(later.#closed)
  }

  #mergeMarks(kind: number, later: this, mapping: Int32Array): void {
    const marks = later.#marked[kind]
    for (let row = 0; row < marks.length; row++) if (marks[row] === 1) this.#markRow(kind, mapping[row])
  }

  /** In the order asked for; ties by bytes, packets, kind, and order of appearance. Flows without a packet are left out. */
  result(): FlowsResult {
    const totals = new Totals()
    totals.addAll(this.#closed)
    const top = new TopRows(this.#options.top ?? Infinity, (a, b) => this.#compare(a, b))
    for (let kind = 0; kind < KINDS; kind++) {
      const columns = this.#columns[kind]
      if (columns === null) continue
      for (let row = 0; row < columns.count; row++) {
        const packets = columns.packetsOf(row)
        if (packets === 0 || !this.#isListed(kind, row)) continue
        totals.add(packets, columns.bytesOf(row))
        top.add(row * KINDS + kind)
      }
    }
    const rows = top.rows()
    const { packets: of, copies } = this.#context.losses.copies
    return {
      flows: rows.map((row) => this.#flow(FLOW_KINDS[row % KINDS], Math.floor(row / KINDS))),
      omitted: top.offered - rows.length,
      totals: totals.toJSON(),
      closedOut: this.#closed.toJSON(),
      duplicates: { packets: copies, of, ratio: of === 0 ? 0 : copies / of },
    }
  }

  #columnsOf(kind: FlowKind): FlowColumns | null {
    if (kind === 'tcp') return this.#tcp?.columns ?? null
    if (kind === 'udp') return this.#udp?.columns ?? null
    return this.#allPairs().find((flows) => flows.kind === kind)?.columns ?? null
  }

  #allPairs(): readonly PairFlows[] {
    return this.#other === null ? this.#pairs : [...this.#pairs, this.#other]
  }

  #pairsOf(kind: PairKind): PairFlows {
    return this.#allPairs().find((flows) => flows.kind === kind)!
  }

  #compare(a: number, b: number): number {
    const order = this.#options.order ?? 'bytes'
    const isAscending = order === 'start' || order === 'stream'
    const difference = this.#valueOf(a, order) - this.#valueOf(b, order)
    // Flows without a time come last.
    if (Number.isNaN(difference)) {
      const unknown = Number(Number.isNaN(this.#valueOf(a, order))) - Number(Number.isNaN(this.#valueOf(b, order)))
      if (unknown !== 0) return unknown
    } else if (difference !== 0) return isAscending ? difference : -difference
    return (
      this.#valueOf(b, 'bytes') - this.#valueOf(a, 'bytes') ||
      this.#valueOf(b, 'packets') - this.#valueOf(a, 'packets') ||
      (a % KINDS) - (b % KINDS) ||
      this.#valueOf(a, 'stream') - this.#valueOf(b, 'stream')
    )
  }

  #valueOf(numbered: number, order: FlowOrder): number {
    const row = Math.floor(numbered / KINDS)
    const columns = this.#columns[numbered % KINDS]!
    if (order === 'bytes') return columns.bytesOf(row)
    if (order === 'packets') return columns.packetsOf(row)
    if (order === 'payload') return columns.payloadOf(row)
    if (order === 'duration') return columns.duration(row) ?? Number.NaN
    if (order === 'start') return columns.startSeconds(row)
    const kind = FLOW_KINDS[numbered % KINDS]
    const { losses, streams } = this.#context
    if (order === 'stream') return kind === 'tcp' || kind === 'udp' ? streams[kind].numberOf(row) : row
    if (kind !== 'tcp') return 0
    if (order === 'lost') return losses.lostBytes(row, 0) + losses.lostBytes(row, 1)
    return losses.retransmissions(row, 0) + losses.retransmissions(row, 1)
  }

  #flow(kind: FlowKind, row: number): Flow {
    return kind === 'tcp' || kind === 'udp' ? this.#stream(kind, row) : this.#pair(kind, row)
  }

  #stream(kind: 'tcp' | 'udp', row: number): Flow {
    const { streams, applications, losses, names } = this.#context
    const { client, server, clientDirection, guessed } = streams[kind].endpoints(row)
    const { columns, tags } = (kind === 'tcp' ? this.#tcp : this.#udp)!
    const [lower, higher] = streams[kind].addresses(row)
    const isLower = clientDirection === 0
    const id = communityId(
      IP_NUMBER[kind],
      isLower ? lower : higher,
      isLower ? higher : lower,
      client.port,
      server.port,
    )
    const ofServer = 1 - clientDirection
    const isTcp = kind === 'tcp'
    const application = applications[kind].of(row)
    return {
      protocol: kind,
      stream: streams[kind].numberOf(row),
      client,
      server,
      guessed,
      state: isTcp ? losses.state(row, clientDirection) : null,
      application: application?.name ?? null,
      carries: application?.carries.map(({ name }) => name) ?? [],
      evidence: application?.evidence ?? null,
      clientName: names.ofAddress(client.address)?.name ?? null,
      serverName: (names.ofStream(kind, row) ?? names.ofAddress(server.address))?.name ?? null,
      ...amounts(columns, row, clientDirection),
      clientLostBytes: isTcp ? losses.lostBytes(row, clientDirection) : null,
      serverLostBytes: isTcp ? losses.lostBytes(row, ofServer) : null,
      clientRetransmissions: isTcp ? losses.retransmissions(row, clientDirection) : null,
      serverRetransmissions: isTcp ? losses.retransmissions(row, ofServer) : null,
      duplicates: isTcp ? losses.duplicates(row) : null,
      completeness: isTcp ? losses.completeness(row) : null,
      ...tags.of(row),
      icmp: null,
      communityId: id,
    }
  }

  #pair(kind: PairKind, row: number): Flow {
    const flows = this.#pairsOf(kind)
    const pair = flows.pair(row)
    const { clientDirection } = pair
    const server = 1 - clientDirection
    const endpoint = (side: number): FlowEndpoint => ({
      address: pair.addresses[side],
      port: pair.ports === null ? null : pair.ports[side],
    })
    return {
      protocol: pair.protocol,
      stream: null,
      client: endpoint(clientDirection),
      server: endpoint(server),
      guessed: true,
      state: null,
      application: null,
      carries: [],
      evidence: null,
      clientName: this.#context.names.ofAddress(pair.addresses[clientDirection])?.name ?? null,
      serverName: this.#context.names.ofAddress(pair.addresses[server])?.name ?? null,
      ...amounts(flows.columns, row, clientDirection),
      clientLostBytes: null,
      serverLostBytes: null,
      clientRetransmissions: null,
      serverRetransmissions: null,
      duplicates: null,
      completeness: null,
      ...flows.tags.of(row),
      icmp: pair.icmp,
      communityId: communityIdOf(pair.ipProtocol, pair.octets[clientDirection], pair.octets[server], pair),
    }
  }
}

/** The name of a conversation of one IP protocol, as its first packet gives it. */
function communityIdOf(
  ipProtocol: number | null,
  source: Uint8Array,
  destination: Uint8Array,
  { icmp, ports, clientDirection }: ReturnType<PairFlows['pair']>,
): string | null {
  if (ipProtocol === null) return null
  if (icmp !== null) {
    const stand = icmpPorts(icmp.type, icmp.code, source.length === 16)
    return communityId(ipProtocol, source, destination, stand.source, stand.destination, stand)
  }
  // Ports that were not captured leave the name unknown.
  if (ports === null && (ipProtocol === IP_NUMBER.tcp || ipProtocol === IP_NUMBER.udp)) return null
  return communityId(ipProtocol, source, destination, ports?.[clientDirection] ?? 0, ports?.[1 - clientDirection] ?? 0)
}

function amounts(columns: FlowColumns, row: number, client: number) {
  const server = 1 - client
  return {
    packets: columns.packetsOf(row),
    bytes: columns.bytesOf(row),
    payloadBytes: columns.payloadOf(row),
    clientPackets: columns.packets(row, client),
    clientBytes: columns.bytes(row, client),
    clientPayloadBytes: columns.payloadBytes(row, client),
    serverPackets: columns.packets(row, server),
    serverBytes: columns.bytes(row, server),
    serverPayloadBytes: columns.payloadBytes(row, server),
    firstPacket: columns.firstPacket(row),
    start: columns.start(row),
    duration: columns.duration(row),
  }
}
