/**
 * One packet in full: its layers from `frame` on, their fields as a tree, and where in the packet they lie. Everything is
 * copied out, so that the tree outlives the packet.
 */
import { FAULT_MALFORMED, FAULT_NONE, type Packet } from '../packet/packet.ts'
import type { Field, Need, Place } from '../protocols/field.ts'
import { protocolById } from '../protocols/index.ts'
import { type Protocol, protocolName } from '../protocols/protocol.ts'
import { formatValue } from '../protocols/value-format.ts'
import { formatJson } from './field-rows.ts'
import { isShown } from './field-visibility.ts'
import { isDouble, layerHeading } from './layer-heading.ts'
import { formatMoment } from './units.ts'

/** State across packets that the fields of a whole packet need. */
export const TREE_NEEDS: readonly Need[] = ['times', 'streams', 'analysis', 'udpTimes', 'echoes', 'dissection']

export interface PacketTree {
  readonly number: number
  /** RFC 3339; null without a timestamp. */
  readonly time: string | null
  readonly layers: readonly LayerNode[]
  /** What decoding met, in words; null if nothing. */
  readonly fault: string | null
  /** The octets of the record, and behind them those of every datagram or message rebuilt from several packets. */
  readonly sources: readonly Uint8Array[]
}

export interface LayerNode {
  readonly protocol: string
  /** Wireshark's full name of the protocol. */
  readonly title: string
  /** The title with what tells this layer from others. */
  readonly heading: string
  /** Index in `sources` of the octets that the layer lies in. */
  readonly source: number
  /** First octet there. */
  readonly offset: number
  /** Octets of the layer itself, without the layers in it. */
  readonly length: number
  readonly fields: readonly FieldNode[]
}

/** One value of a field, with the fields that it is made of. */
export interface FieldNode {
  readonly field: Field
  /** What Wireshark calls the field. */
  readonly label: string
  /** The value as JSON, as `pcapx fields --json` has it. */
  readonly json: string
  /** The value in tshark's notation. */
  readonly text: string
  readonly valueName: string | null
  /** Of an integer that is some bits of a larger one: the bits around it too, as Wireshark draws them. */
  readonly bits: string | null
  /** Where it lies in the source of its layer, if that is known. */
  readonly offset: number | null
  readonly length: number | null
  readonly fields: readonly FieldNode[]
}

/** Needs `TREE_NEEDS`. */
export function packetTree(packet: Packet): PacketTree {
  const sources = sourcesOf(packet)
  const layers: LayerNode[] = []
  for (let layer = WHOLE_PACKET; layer < packet.layerCount; layer++) {
    const protocol = layer === WHOLE_PACKET ? frame : protocolById[packet.layerProtocol[layer]]
    if (protocol !== undefined && !isDouble(packet, layer)) layers.push(layerNode(packet, layer, protocol, sources))
  }
  return {
    number: packet.number,
    time: packet.hasTime ? formatMoment(packet) : null,
    layers,
    fault: faultOf(packet),
    sources: sources.map(({ at, end }) => packet.bytes.slice(at, end)),
  }
}

/** The number of the layer that `frame`'s fields are read with. */
const WHOLE_PACKET = -1

const frame = protocolById.find((protocol) => protocol?.name === 'frame')

/** A stretch of `packet.bytes`. */
interface Stretch {
  readonly at: number
  end: number
}

/** The record, and what was rebuilt in the scratch area: every stretch there that no layer around it holds already. */
function sourcesOf(packet: Packet): Stretch[] {
  const record: Stretch = { at: packet.start, end: packet.start + packet.capturedLength }
  const sources = [record]
  for (let layer = 0; layer < packet.layerCount; layer++) {
    const [at, end] = [packet.layerAt[layer], packet.layerEnd[layer]]
    if (at < end && sourceAt(sources, at) < 0) sources.push({ at, end })
  }
  return sources
}

/** The source that holds the octet at `at`, or ends there; -1 if none does. */
function sourceAt(sources: readonly Stretch[], at: number): number {
  const inside = sources.findIndex((source) => at >= source.at && at < source.end)
  return inside >= 0 ? inside : sources.findIndex((source) => at === source.end)
}

function layerNode(packet: Packet, layer: number, protocol: Protocol, sources: readonly Stretch[]): LayerNode {
  const at = layer === WHOLE_PACKET ? packet.start : packet.layerAt[layer]
  const source = Math.max(0, sourceAt(sources, at))
  const origin = sources[source].at
  return {
    protocol: protocol.name,
    title: protocol.title,
    heading: (layerHeading(packet, layer, protocol) ?? protocol.title).trim(),
    source,
    offset: at - origin,
    length: layer === WHOLE_PACKET ? packet.capturedLength : ownLength(packet, layer),
    fields: nest(readFields(packet, layer, protocol, origin)),
  }
}

/** Octets up to the next layer, if that lies in this one. */
function ownLength(packet: Packet, layer: number): number {
  const [at, end] = [packet.layerAt[layer], packet.layerEnd[layer]]
  const next = layer + 1 < packet.layerCount ? packet.layerAt[layer + 1] : end
  return Math.max(0, (next >= at && next < end ? next : end) - at)
}

function faultOf({ fault, faultProtocol }: Packet): string | null {
  if (fault === FAULT_NONE) return null
  const name = protocolName(faultProtocol).toUpperCase()
  return fault === FAULT_MALFORMED ? `Malformed packet: ${name}` : `Packet cut short by the snaplen in ${name}`
}

type OpenNode = FieldNode & { readonly fields: FieldNode[] }

/** The values of each field of the layer that has any. */
function readFields(packet: Packet, layer: number, protocol: Protocol, origin: number): OpenNode[][] {
  const read: OpenNode[][] = []
  for (const field of protocol.fields) {
    if (!isShown(field)) continue
    const nodes: OpenNode[] = []
    field.each(packet, layer, (value, extra) => {
      nodes.push(fieldNode(packet, layer, field, origin, value, extra))
      return false
    })
    if (nodes.length > 0) read.push(nodes)
  }
  return read
}

// biome-ignore lint/suspicious/noExplicitAny: what a value is depends on the field's type.
function fieldNode(packet: Packet, layer: number, field: Field, origin: number, value: any, extra: number): OpenNode {
  const place = field.place ?? field.lies
  const isSpan = SPANS.has(field.type)
  let at: number | null = null
  // What was worked out from the octets lies in none of them.
  if (isSpan) at = value >= packet.layerAt[layer] && value < packet.layerEnd[layer] ? value : null
  else if (place !== undefined) at = packet.layerAt[layer] + place.offset
  return {
    field,
    label: labelOf(field),
    json: formatJson(field, packet, value as never, extra),
    text: formatValue(field, packet, value, extra),
    valueName: field.values?.[value] ?? null,
    bits: drawBits(place, value),
    offset: at === null ? null : at - origin,
    length: isSpan ? extra || LENGTHS[field.type] || 0 : (place?.width ?? null),
    fields: [],
  }
}

/** Types whose values are given by their place in the packet; some as the first octet alone. */
const SPANS: ReadonlySet<string> = new Set(['ether', 'ipv6', 'bytes', 'protocol'])
const LENGTHS: Readonly<Record<string, number>> = { ether: 6, ipv6: 16 }

/** A description begins with Wireshark's label; what follows a semicolon is ours. */
export function labelOf({ description }: Field): string {
  const end = description.indexOf(';')
  return end < 0 ? description : description.slice(0, end)
}

/** `.1.. ....`: the bits of a field within its octets; null for one that has its octets to itself. */
function drawBits(place: Place | undefined, value: number): string | null {
  if (place === undefined) return null
  const width = 8 * place.width
  const mask = place.mask >>> 0
  if (mask === 2 ** width - 1) return null
  const shifted = (value << place.shift) >>> 0
  let text = ''
  for (let bit = width - 1; bit >= 0; bit--) {
    text += (mask >>> bit) & 1 ? (shifted >>> bit) & 1 : '.'
    if (bit % 4 === 0 && bit > 0) text += ' '
  }
  return text
}

/**
 * Puts each field under the one whose name its own extends: `ip.flags.df` under `ip.flags`. Where both have several
 * values, as many of one as of the other, they belong together one by one; where the numbers differ, nobody can tell,
 * and the fields stay beside each other.
 */
function nest(read: readonly OpenNode[][]): FieldNode[] {
  const byName = new Map<string, OpenNode[]>()
  for (const nodes of read) byName.set(nodes[0].field.name, nodes)
  const top: OpenNode[][] = []
  const below = new Map<OpenNode, OpenNode[][]>()
  const add = (parent: OpenNode, children: OpenNode[]) => {
    const known = below.get(parent)
    if (known === undefined) below.set(parent, [children])
    else known.push(children)
  }
  for (const nodes of read) {
    const parents = parentsOf(nodes, byName)
    if (parents === undefined) top.push(nodes)
    else if (parents.length === 1) add(parents[0], nodes)
    else nodes.forEach((node, i) => void add(parents[i], [node]))
  }
  for (const [parent, children] of below) parent.fields.push(...takeTurns(children))
  return takeTurns(top)
}

/**
 * Siblings of one group that have equally many values take turns, as they mostly stand in the packet: name and type of
 * one record, then of the next, and not all names and then all types.
 */
function takeTurns(siblings: readonly OpenNode[][]): OpenNode[] {
  const turns = new Map<string, OpenNode[][]>()
  for (const nodes of siblings) {
    const { name } = nodes[0].field
    const group = name.slice(0, name.lastIndexOf('.'))
    // Within a protocol as a whole, equal numbers say nothing.
    const key = nodes.length > 1 && group.includes('.') ? `${group} ${nodes.length}` : name
    const known = turns.get(key)
    if (known === undefined) turns.set(key, [nodes])
    else known.push(nodes)
  }
  const ordered: OpenNode[] = []
  for (const fields of turns.values())
    for (let turn = 0; turn < fields[0].length; turn++) for (const nodes of fields) ordered.push(nodes[turn])
  return ordered
}

function parentsOf(nodes: readonly OpenNode[], byName: ReadonlyMap<string, OpenNode[]>): OpenNode[] | undefined {
  const { name } = nodes[0].field
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const parents = byName.get(name.slice(0, dot))
    if (parents !== undefined && parents !== nodes && (parents.length === 1 || parents.length === nodes.length))
      return parents
  }
  return undefined
}
