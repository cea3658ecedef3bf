/** A packet in full as JSON text: one object on one line. */
import { formatHex } from '../packet/address.ts'
import type { FieldNode, LayerNode, PacketTree } from './packet-tree.ts'

/** `type` comes first, where records of several kinds share a file. */
export function packetJson(tree: PacketTree, { hex, type }: { readonly hex: boolean; readonly type?: string }): string {
  const [record, ...rebuilt] = tree.sources.map((bytes) => formatHex(bytes, 0, bytes.length))
  return object({
    type: type === undefined ? undefined : JSON.stringify(type),
    number: String(tree.number),
    time: JSON.stringify(tree.time),
    layers: list(tree.layers.map(layerJson)),
    fault: JSON.stringify(tree.fault),
    hex: hex ? JSON.stringify(record) : undefined,
    reassembled: hex ? JSON.stringify(rebuilt) : undefined,
  })
}

function layerJson(layer: LayerNode): string {
  return object({
    protocol: JSON.stringify(layer.protocol),
    title: JSON.stringify(layer.title),
    heading: JSON.stringify(layer.heading),
    // Which of `reassembled` the layer lies in; null for the record itself.
    reassembled: layer.source === 0 ? 'null' : String(layer.source - 1),
    offset: String(layer.offset),
    length: String(layer.length),
    fields: list(layer.fields.map(fieldJson)),
  })
}

function fieldJson(node: FieldNode): string {
  return object({
    name: JSON.stringify(node.field.name),
    label: JSON.stringify(node.label),
    type: JSON.stringify(node.field.type),
    value: node.json,
    text: JSON.stringify(node.text),
    valueName: JSON.stringify(node.valueName),
    offset: JSON.stringify(node.offset),
    length: JSON.stringify(node.length),
    fields: list(node.fields.map(fieldJson)),
  })
}

/** Of members that are JSON text already: numbers keep every digit. */
function object(members: Readonly<Record<string, string | undefined>>): string {
  const parts: string[] = []
  for (const [key, json] of Object.entries(members)) if (json !== undefined) parts.push(`"${key}":${json}`)
  return `{${parts.join(',')}}`
}

function list(items: readonly string[]): string {
  return `[${items.join(',')}]`
}
