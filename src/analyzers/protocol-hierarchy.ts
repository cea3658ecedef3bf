/**
 * Traffic by protocol, as a tree of the layers that carry each other: what `tshark -z io,phs` prints, in percent and in
 * full.
 *
 * A packet counts once for each layer on its path. The packet that an ICMP error quotes is part of the ICMP message, not
 * traffic of its own, and is not counted; nor is the opaque body of ICMP.
 *
 * What a TCP or UDP stream carries is counted by stream: every packet with payload counts for the stream's application,
 * also those that came before it could be told. Wireshark counts the packets in which a message ends, and so shows an
 * eighth of a download as HTTP. `data` is the payload of streams that nothing could name.
 */
import { linkTypeName } from '../capture/link-types.ts'
import type { ApplicationTracker } from '../flow/applications.ts'
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import { FAULT_NONE, type Packet } from '../packet/packet.ts'
import { DATA, data } from '../protocols/data.ts'
import { ETHERNET } from '../protocols/ethernet.ts'
import { ICMP } from '../protocols/icmp.ts'
import { ICMPV6 } from '../protocols/icmpv6.ts'
import { protocolById, protocols } from '../protocols/index.ts'
import { protocolCount } from '../protocols/protocol.ts'
import { TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
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
  readonly children: readonly HierarchyNode[]
}

/** Payload of streams of one application, below the node that carries it. */
interface Carried {
  readonly node: number
  readonly name: string
  readonly title: string
  readonly packets: number
  readonly bytes: number
}

export interface HierarchyResult {
  readonly packets: number
  readonly bytes: number
  readonly protocols: readonly HierarchyNode[]
}

/** Paths kept apart at most. A hostile capture can nest tunnels in any order; beyond this a packet counts for the path so far. */
const MAX_NODES = 16_384

/** Extension headers are layers of the packet, but part of IPv6 in the hierarchy, as in Wireshark. */
const IS_PART_OF_IPV6 = new Uint8Array(protocolCount())
for (const name of ['ipv6.hopopts', 'ipv6.routing', 'ipv6.fraghdr', 'ipv6.dstopts']) {
  const extension = protocols.find((protocol) => protocol.name === name)
  if (extension !== undefined) IS_PART_OF_IPV6[extension.id] = 1
}

export class ProtocolHierarchy implements Analyzer<HierarchyResult> {
  readonly needs = ['streams', 'applications'] as const
  readonly #applications: ApplicationTracker
  /** Payload-carrying packets of each stream, apart by the node of its transport layer. */
  readonly #tcp = new StreamPayloads()
  readonly #udp = new StreamPayloads()
  /** Node of a child: row of the parent, column of the protocol; 0 if there is none yet. Node 0 is the root. */
  #children: Int32Array<ArrayBuffer>
  readonly #columns: number
  #nodes = 1
  #protocol = new Int32Array(64)
  /** The link type, where the protocol is `unknown_link`. */
  #linkType = new Int32Array(64)
  #endPackets = new Float64Array(64)
  #endBytes = new Float64Array(64)
  /** What streams carried that were closed out, by node and name. */
  readonly #closed = new Map<string, Carried>()
  // Nodes of link types that are not decoded, which share one protocol number.
  readonly #unknownLinks = new Map<number, number>()

  constructor(context: { readonly streams: StreamTracker; readonly applications: ApplicationTracker }) {
    this.#applications = context.applications
    for (const transport of ['tcp', 'udp'] as const) {
      const payloads = transport === 'tcp' ? this.#tcp : this.#udp
      context.streams[transport].onClose((row) => {
        const { name, title } = this.#applications[transport].of(row) ?? data
        for (const { node, packets, bytes } of payloads.take(row))
          this.#addClosed({ node, name, title, packets, bytes })
      })
    }
    this.#columns = protocolCount()
    this.#children = new Int32Array(64 * this.#columns)
  }

  /** Hot. */
  observe(packet: Packet): void {
    const layers = packet.layerProtocol
    let count = Math.min(packet.layerCount, packet.quotedFrom)
    // Too short for an Ethernet header: Wireshark says malformed, and does not count it as Ethernet.
    if (packet.fault !== FAULT_NONE && packet.faultProtocol === ETHERNET) count = Math.min(count, packet.layerCount - 1)
    let node = 0
    let previous = 0
    for (let layer = 0; layer < count; layer++) {
      const protocol = layers[layer]
      if (IS_PART_OF_IPV6[protocol] === 1) continue
      if (protocol === DATA) {
        if (previous === ICMP || previous === ICMPV6) break
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
    }
    this.#endPackets[node]++
    this.#endBytes[node] += packet.originalLength
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
  }

  /** Siblings with most packets first; ties by bytes, then by name. */
  result(): HierarchyResult {
    const carried = new Map<number, Map<string, HierarchyNode>>()
    for (const closed of this.#closed.values()) carry(carried, closed)
    for (const transport of ['tcp', 'udp'] as const)
      for (const { row, node, packets, bytes } of (transport === 'tcp' ? this.#tcp : this.#udp).rows()) {
        const { name, title } = this.#applications[transport].of(row) ?? data
        carry(carried, { node, name, title, packets, bytes })
      }
    const root = this.#report(0, carried)
    return { packets: root.packets, bytes: root.bytes, protocols: root.children }
  }

  #addClosed(carried: Carried): void {
    const key = `${carried.node} ${carried.name}`
    const sum = this.#closed.get(key)
    this.#closed.set(key, {
      ...carried,
      packets: carried.packets + (sum?.packets ?? 0),
      bytes: carried.bytes + (sum?.bytes ?? 0),
    })
  }

  #report(node: number, carried: Map<number, Map<string, HierarchyNode>>): HierarchyNode {
    const protocol = this.#protocol[node]
    const children = this.#childrenOf(node).map((child) => this.#report(child, carried))
    const applications = carried.get(node)
    // A node that decoding found itself and one that a stream carries are one, if they have one name.
    for (const application of applications?.values() ?? []) {
      const same = children.findIndex((child) => child.name === application.name)
      if (same < 0) children.push(application)
      else children[same] = sumOf(children[same], application)
    }
    children.sort((a, b) => b.packets - a.packets || b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
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

/** Adds the payload of streams, under their application's name, below the node that carries it. */
function carry(into: Map<number, Map<string, HierarchyNode>>, { node, name, title, packets, bytes }: Carried): void {
  let below = into.get(node)
  if (below === undefined) {
    below = new Map()
    into.set(node, below)
  }
  const sum = below.get(name)
  const total = { packets: packets + (sum?.packets ?? 0), bytes: bytes + (sum?.bytes ?? 0) }
  below.set(name, { name, title, ...total, endPackets: total.packets, endBytes: total.bytes, children: [] })
}

function sumOf(a: HierarchyNode, b: HierarchyNode): HierarchyNode {
  return {
    ...a,
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    endPackets: a.endPackets + b.endPackets,
    endBytes: a.endBytes + b.endBytes,
  }
}
