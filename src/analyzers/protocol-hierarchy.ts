/**
 * Traffic by protocol, as a tree of the layers that carry each other: what `tshark -z io,phs` prints, in percent and in
 * full.
 *
 * A packet counts once for each layer on its path. The packet that an ICMP error quotes is part of the ICMP message, not
 * traffic of its own, and is not counted; nor is the opaque body of ICMP.
 *
 * What a TCP or UDP stream carries is counted by stream: every packet with payload counts for the stream's application,
 * also those that came before it could be told. Wireshark counts the packets in which a message ends, and so shows an
 * eighth of a download as HTTP. `data` is the payload of streams that nothing could name. Counted by packet instead, what a packet
 * was decoded as is what counts, as in Wireshark; but nothing is counted twice, and nothing that is no protocol.
 */
import { linkTypeName } from '../capture/link-types.ts'
import type { Application, ApplicationTracker } from '../flow/applications.ts'
import { isPlain, PLAIN_NETWORK, PLAIN_TRANSPORT } from '../flow/plain.ts'
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import { FAULT_MALFORMED, FAULT_NONE, FAULT_TRUNCATED, type Packet } from '../packet/packet.ts'
import { DATA, data } from '../protocols/data.ts'
import { ETHERNET } from '../protocols/ethernet.ts'
import type { Need } from '../protocols/field.ts'
import { ICMP } from '../protocols/icmp.ts'
import { ICMPV6 } from '../protocols/icmpv6.ts'
import { protocolById, protocols } from '../protocols/index.ts'
import { protocolCount } from '../protocols/protocol.ts'
import { headerLength, TCP } from '../protocols/tcp.ts'
import { UDP, HEADER_LENGTH as UDP_HEADER_LENGTH } from '../protocols/udp.ts'
import { UNKNOWN_LINK } from '../protocols/unknown-link.ts'
import { growFloat64, growInt32 } from '../tables/grow.ts'
import type { Analyzer } from './analyzer.ts'
import { StreamPayloads } from './stream-payloads.ts'

export interface HierarchyNode {
  /** Wireshark's filter name; for a link type that pcapx does not decode, the link type's name. */
  readonly name: string
  readonly title: string
  readonly packets: number
  readonly bytes: number
  /** Packets and bytes whose last decoded layer this is. */
  readonly endPackets: number
  readonly endBytes: number
  /** TCP and UDP streams, each where its first packet came by. */
  readonly streams: number
  readonly children: readonly HierarchyNode[]
}

/** Payload of streams of one application, below the node that carries it. */
interface Carried {
  readonly node: number
  /** The application, and what that carries in turn; empty for streams that carry nothing. */
  readonly path: readonly Application[]
  readonly packets: number
  readonly bytes: number
  readonly streams: number
}

export interface HierarchyResult {
  readonly packets: number
  readonly bytes: number
  /** Packets of which a layer contradicts its specification, and of which the capture has only the first part of a header. */
  readonly malformed: number
  readonly cutOff: number
  readonly protocols: readonly HierarchyNode[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const NOTHING: readonly Application[] = []
const UNKNOWN: readonly Application[] = [data]

/** Paths kept apart at most. A hostile capture can nest tunnels in any order; beyond this a packet counts for the path so far. */
const MAX_NODES = 16_384

/** Paths of plain packets that are remembered. */
const USUAL_PATHS = 16

/** Extension headers are layers of the packet, but part of IPv6 in the hierarchy, as in Wireshark. */
const IS_PART_OF_IPV6 = new Uint8Array(protocolCount())
for (const name of ['ipv6.hopopts', 'ipv6.routing', 'ipv6.fraghdr', 'ipv6.dstopts']) {
  const extension = protocols.find((protocol) => protocol.name === name)
  if (extension !== undefined) IS_PART_OF_IPV6[extension.id] = 1
}

/** By protocol: its layer is there only when what TCP and UDP carry is decoded. */
const IS_DISSECTED = new Uint8Array(protocolCount())
for (const protocol of protocols) if (protocol.need === 'dissection') IS_DISSECTED[protocol.id] = 1

/** What Wireshark lists among protocols and is none. */
const IS_CONTENTS = new Uint8Array(protocolCount())
for (const protocol of protocols) if (protocol.name === 'data-text-lines') IS_CONTENTS[protocol.id] = 1

export interface HierarchyOptions {
  /** Count what each packet was decoded as, not by stream. */
  readonly byPacket?: boolean
}

type State = ReturnType<ProtocolHierarchy['save']>

export class ProtocolHierarchy implements Analyzer<HierarchyResult> {
  readonly needs: readonly Need[]
  readonly #byPacket: boolean
  #malformed = 0
  #cutOff = 0
  readonly #applications: ApplicationTracker
  /** Payload-carrying packets of each stream, apart by the node of its transport layer. */
  readonly #tcp = new StreamPayloads()
  readonly #udp = new StreamPayloads()
  /** Node of a child: row of the parent, column of the protocol; 0 if there is none yet. Node 0 is the root. */
  #children: Int32Array<ArrayBuffer>
  readonly #columns: number
  #nodes = 1
  // Of most packets the path to the transport layer is one of a few: by its protocols, and where it leads.
  readonly #usualKey = new Int32Array(USUAL_PATHS)
  readonly #usualNode = new Int32Array(USUAL_PATHS)
  #protocol = new Int32Array(64)
  /** The link type, where the protocol is `unknown_link`. */
  #linkType = new Int32Array(64)
  #endPackets = new Float64Array(64)
  #endBytes = new Float64Array(64)
  /** What streams carried that were closed out, by node and name. */
  #closed = new Map<string, Carried>()
  // Nodes of link types that are not decoded, which share one protocol number.
  #unknownLinks = new Map<number, number>()

  constructor(
    context: { readonly streams: StreamTracker; readonly applications: ApplicationTracker },
    { byPacket = false }: HierarchyOptions = {},
  ) {
    this.#byPacket = byPacket
    this.needs = byPacket ? ['dissection'] : ['streams', 'applications']
    this.#applications = context.applications
    for (const transport of ['tcp', 'udp'] as const) {
      const payloads = transport === 'tcp' ? this.#tcp : this.#udp
      context.streams[transport].onClose((row) => {
        for (const { node, packets, bytes, isFirst } of payloads.take(row)) {
          const path = this.#pathOf(transport, row, packets)
          this.#addClosed({ node, path, packets, bytes, streams: isFirst ? 1 : 0 })
        }
      })
    }
    this.#columns = protocolCount()
    this.#children = new Int32Array(64 * this.#columns)
  }

  /** Hot. */
  observe(packet: Packet): void {
    const layers = packet.layerProtocol
    if (packet.fault === FAULT_MALFORMED) this.#malformed++
    else if (packet.fault === FAULT_TRUNCATED) this.#cutOff++
    let count = Math.min(packet.layerCount, packet.quotedFrom)
    // Too short for an Ethernet header: Wireshark says malformed, and does not count it as Ethernet.
    if (packet.fault !== FAULT_NONE && packet.faultProtocol === ETHERNET) count = Math.min(count, packet.layerCount - 1)
    let node = 0
    let previous = 0
    let first = 0
    const isUsual = packet.fault === FAULT_NONE && isPlain(packet)
    const key = isUsual ? (layers[0] << 20) ^ (layers[PLAIN_NETWORK] << 10) ^ layers[PLAIN_TRANSPORT] : 0
    const known = key & (USUAL_PATHS - 1)
    if (isUsual && this.#usualKey[known] === key) {
      node = this.#usualNode[known]
      previous = layers[PLAIN_TRANSPORT]
      first = PLAIN_TRANSPORT + 1
    }
    for (let layer = first; layer < count; layer++) {
      const protocol = layers[layer]
      if (IS_PART_OF_IPV6[protocol] === 1) continue
      if (protocol === DATA && (previous === ICMP || previous === ICMPV6)) break
      if (this.#byPacket) {
        if (packet.layerRepeats[layer] === 1 || IS_CONTENTS[protocol] === 1) continue
        // Messages of one protocol behind each other are not nested, though Wireshark shows them so.
        if (protocol === previous && IS_DISSECTED[protocol] === 1) continue
      } else if (protocol === DATA || IS_DISSECTED[protocol] === 1) {
        const row = previous === TCP || previous === UDP ? packet.layerRow[layer - 1] : -1
        if (row >= 0) {
          const payloads = previous === TCP ? this.#tcp : this.#udp
          payloads.count(row, node, 1, packet.originalLength)
          return
        }
      }
      let child = this.#children[node * this.#columns + protocol]
      if (child === 0 || protocol === UNKNOWN_LINK) {
        child = this.#child(node, protocol, packet.linkType)
        if (child === 0) break
      }
      node = child
      previous = protocol
      if (isUsual && layer === PLAIN_TRANSPORT) {
        this.#usualKey[known] = key
        this.#usualNode[known] = node
      }
    }
    if (!this.#byPacket && (previous === TCP || previous === UDP) && this.#countStream(packet, node, previous)) return
    this.#endPackets[node]++
    this.#endBytes[node] += packet.originalLength
  }

  /**
   * Hot: the packet's last layer is a TCP or UDP header. Whether it carries something all the same, since a segment from the middle of
   * a message has no layer of its own where messages are decoded.
   */
  #countStream(packet: Packet, node: number, transport: number): boolean {
    // Ends before what an ICMP error quotes, and before layers that were set aside.
    const layer = packet.transport
    if (layer < 0 || packet.layerProtocol[layer] !== transport || layer >= packet.quotedFrom) return false
    const row = packet.layerRow[layer]
    if (row < 0) return false
    const length = transport === TCP ? headerLength(packet, layer) : UDP_HEADER_LENGTH
    const hasPayload = packet.layerEnd[layer] > packet.layerAt[layer] + length
    const payloads = transport === TCP ? this.#tcp : this.#udp
    payloads.count(row, node, hasPayload ? 1 : 0, hasPayload ? packet.originalLength : 0)
    return hasPayload
  }

  merge(later: this, streams: StreamMapping): void {
    const mapping = new Int32Array(later.#nodes)
    const visit = (theirs: number, ours: number): void => {
      mapping[theirs] = ours
      this.#endPackets[ours] += later.#endPackets[theirs]
      this.#endBytes[ours] += later.#endBytes[theirs]
      for (const child of later.#childrenOf(theirs))
        visit(child, this.#child(ours, later.#protocol[child], later.#linkType[child]) || ours)
    }
    visit(0, 0)
    this.#tcp.merge(later.#tcp, streams.tcp, mapping)
    this.#udp.merge(later.#udp, streams.udp, mapping)
    for (const closed of later.#closed.values()) this.#addClosed({ ...closed, node: mapping[closed.node] })
    this.#malformed += later.#malformed
    this.#cutOff += later.#cutOff
  }

  save() {
    return {
      nodes: this.#nodes,
      children: this.#children,
      protocol: this.#protocol,
      linkType: this.#linkType,
      unknownLinks: this.#unknownLinks,
      endPackets: this.#endPackets,
      endBytes: this.#endBytes,
      tcp: this.#tcp.save(),
      udp: this.#udp.save(),
      closed: this.#closed,
      malformed: this.#malformed,
      cutOff: this.#cutOff,
    }
  }

  load(state: State): void {
    this.#nodes = state.nodes
    this.#children = state.children
    this.#protocol = state.protocol
    this.#linkType = state.linkType
    this.#unknownLinks = state.unknownLinks
    this.#endPackets = state.endPackets
    this.#endBytes = state.endBytes
    this.#tcp.load(state.tcp)
    this.#udp.load(state.udp)
    this.#closed = state.closed
    this.#malformed = state.malformed
    this.#cutOff = state.cutOff
  }

  /** Siblings with most packets first; ties by bytes, then by name. */
  result(): HierarchyResult {
    const carried = new Map<number, CarriedNode>()
    for (const closed of this.#closed.values()) carry(carried, closed)
    for (const sum of this.#sums()) carry(carried, sum)
    const root = this.#report(0, carried)
    const { packets, bytes, children: protocols } = root
    return { packets, bytes, malformed: this.#malformed, cutOff: this.#cutOff, protocols }
  }

  /** What streams carry, added up by node and application first: there may be a million of them. */
  #sums(): Iterable<Carried> {
    const sums: Mutable<Carried>[] = []
    const byPath = new Map<readonly Application[], Map<number, Mutable<Carried>>>()
    for (const transport of ['tcp', 'udp'] as const) {
      const payloads = transport === 'tcp' ? this.#tcp : this.#udp
      payloads.forEach((row, node, packets, bytes, isFirst) => {
        const path = this.#pathOf(transport, row, packets)
        let ofPath = byPath.get(path)
        if (ofPath === undefined) {
          ofPath = new Map()
          byPath.set(path, ofPath)
        }
        let sum = ofPath.get(node)
        if (sum === undefined) {
          sum = { node, path, packets: 0, bytes: 0, streams: 0 }
          ofPath.set(node, sum)
          sums.push(sum)
        }
        sum.packets += packets
        sum.bytes += bytes
        if (isFirst) sum.streams++
      })
    }
    return sums
  }

  /** What the stream in `row` carries; nothing, if it has no `packets` with payload. */
  #pathOf(transport: 'tcp' | 'udp', row: number, packets: number): readonly Application[] {
    if (packets === 0) return NOTHING
    const path = this.#applications[transport].pathOf(row)
    return path.length === 0 ? UNKNOWN : path
  }

  #addClosed(carried: Carried): void {
    const key = [carried.node, ...carried.path.map(({ name }) => name)].join(' ')
    const sum = this.#closed.get(key)
    this.#closed.set(key, {
      ...carried,
      packets: carried.packets + (sum?.packets ?? 0),
      bytes: carried.bytes + (sum?.bytes ?? 0),
      streams: carried.streams + (sum?.streams ?? 0),
    })
  }

  #report(node: number, carried: Map<number, CarriedNode>): HierarchyNode {
    const protocol = this.#protocol[node]
    const children = this.#childrenOf(node).map((child) => this.#report(child, carried))
    const below = carried.get(node)
    // A node that decoding found itself and one that a stream carries are one, if they have one name.
    for (const application of below === undefined ? [] : childrenOf(below)) {
      const same = children.findIndex((child) => child.name === application.name)
      if (same < 0) children.push(application)
      else children[same] = sumOf(children[same], application)
    }
    children.sort(byAmount)
    const endPackets = this.#endPackets[node]
    const endBytes = this.#endBytes[node]
    const isUnknownLink = protocol === UNKNOWN_LINK
    const declared = protocolById[protocol]
    return {
      name: isUnknownLink ? linkTypeName(this.#linkType[node]) : (declared?.name ?? ''),
      title: isUnknownLink ? 'Link type that is not decoded' : (declared?.title ?? ''),
      packets: children.reduce((sum, child) => sum + child.packets, endPackets),
      bytes: children.reduce((sum, child) => sum + child.bytes, endBytes),
      endPackets,
      endBytes,
      streams: children.reduce((sum, child) => sum + child.streams, below?.streams ?? 0),
      children,
    }
  }

  #childrenOf(node: number): number[] {
    const found: number[] = []
    for (let protocol = 1; protocol < this.#columns; protocol++) {
      const child = this.#children[node * this.#columns + protocol]
      if (child !== 0 && protocol !== UNKNOWN_LINK) found.push(child)
    }
    if (node === 0) found.push(...this.#unknownLinks.values())
    return found
  }

  /** The node of `protocol` below `parent`, made if new; 0 if there is no room for another. */
  #child(parent: number, protocol: number, linkType: number): number {
    const known =
      protocol === UNKNOWN_LINK ? this.#unknownLinks.get(linkType) : this.#children[parent * this.#columns + protocol]
    if (known) return known
    if (this.#nodes >= MAX_NODES) return 0
    const node = this.#nodes++
    if (protocol === UNKNOWN_LINK) this.#unknownLinks.set(linkType, node)
    else this.#children[parent * this.#columns + protocol] = node
    this.#children = growInt32(this.#children, (node + 1) * this.#columns)
    this.#protocol = growInt32(this.#protocol, node)
    this.#linkType = growInt32(this.#linkType, node)
    this.#endPackets = growFloat64(this.#endPackets, node)
    this.#endBytes = growFloat64(this.#endBytes, node)
    this.#protocol[node] = protocol
    this.#linkType[node] = linkType
    return node
  }
}

/** What streams carry below a node, and what that carries; `streams` are those that end there. */
interface CarriedNode {
  readonly title: string
  packets: number
  bytes: number
  streams: number
  readonly children: Map<string, CarriedNode>
}

function emptyNode(title: string): CarriedNode {
  return { title, packets: 0, bytes: 0, streams: 0, children: new Map() }
}

/** Adds the payload of streams at the end of their path, below the node that carries it. */
function carry(into: Map<number, CarriedNode>, { node, path, packets, bytes, streams }: Carried): void {
  let at = into.get(node)
  if (at === undefined) {
    at = emptyNode('')
    into.set(node, at)
  }
  for (const { name, title } of path) {
    let child: CarriedNode | undefined = at.children.get(name)
    if (child === undefined) {
      child = emptyNode(title)
      at.children.set(name, child)
    }
    at = child
  }
  at.packets += packets
  at.bytes += bytes
  at.streams += streams
}

function childrenOf(node: CarriedNode): HierarchyNode[] {
  return [...node.children].map(([name, child]) => {
    const children = childrenOf(child).sort(byAmount)
    return {
      name,
      title: child.title,
      packets: children.reduce((sum, { packets }) => sum + packets, child.packets),
      bytes: children.reduce((sum, { bytes }) => sum + bytes, child.bytes),
      endPackets: child.packets,
      endBytes: child.bytes,
      streams: children.reduce((sum, { streams }) => sum + streams, child.streams),
      children,
    }
  })
}

function byAmount(a: HierarchyNode, b: HierarchyNode): number {
  return b.packets - a.packets || b.bytes - a.bytes || (a.name < b.name ? -1 : 1)
}

function sumOf(a: HierarchyNode, b: HierarchyNode): HierarchyNode {
  const children = [...a.children]
  for (const child of b.children) {
    const same = children.findIndex(({ name }) => name === child.name)
    if (same < 0) children.push(child)
    else children[same] = sumOf(children[same], child)
  }
  return {
    ...a,
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    endPackets: a.endPackets + b.endPackets,
    endBytes: a.endBytes + b.endBytes,
    streams: a.streams + b.streams,
    children: children.sort(byAmount),
  }
}
