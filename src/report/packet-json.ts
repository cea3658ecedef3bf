/** A packet in full as JSON text: one object on one line. */
import { formatHex } from '../packet/address.ts'
import { jsonText } from './json-text.ts'
import type { FieldNode, LayerNode, PacketTree } from './packet-tree.ts'

/** `type` comes first, where records of several kinds share a file. */
export function packetJson(tree: PacketTree, { hex, type }: { readonly hex: boolean; readonly type?: string }): string {
  const [record, ...rebuilt] = tree.sources.map((bytes) => formatHex(bytes, 0, bytes.length))
  return object({
    type: type === undefined ? undefined : jsonText(type),
    number: String(tree.number),
    time: jsonText(tree.time),
    layers: list(tree.layers.map(layerJson)),
    fault: jsonText(tree.fault),
    hex: hex ? jsonText(record) : undefined,
    reassembled: hex ? jsonText(rebuilt) : undefined,
  })
}

function layerJson(layer: LayerNode): string {
  return object({
    protocol: jsonText(layer.protocol),
    title: jsonText(layer.title),
    heading: jsonText(layer.heading),
    // Which of `reassembled` the layer lies in; null for the record itself.
    reassembled: layer.source === 0 ? 'null' : String(layer.source - 1),
    offset: String(layer.offset),
    length: String(layer.length),
    fields: list(layer.fields.map(fieldJson)),
  })
}

function fieldJson(node: FieldNode): string {
  return object({
    name: jsonText(node.field.name),
    label: jsonText(node.label),
    type: jsonText(node.field.type),
    value: node.json,
    text: jsonText(node.text),
    valueName: jsonText(node.valueName),
    offset: jsonText(node.offset),
    length: jsonText(node.length),
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
