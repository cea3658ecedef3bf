/** A packet in full as a person reads it: the tree as `tshark -V` lays it out, and the octets. */
import { isVerdict, isWorkedOut } from './field-visibility.ts'
import { hexLines, NO_LAYER } from './hex-view.ts'
import { wrapIndented } from './indent.ts'
import type { FieldNode, LayerNode, PacketTree } from './packet-tree.ts'
import { painter, type Style, shades } from './terminal.ts'
import { clipText, escapeText } from './text.ts'

/** Columns that a field stands behind the one that it belongs to. */
const INDENT = 4
/** The same where there are few columns. */
const NARROW_INDENT = 2
const NARROW = 60
/** Hexadecimal digits shown of a value; the octets below the tree have all. */
const MAX_DIGITS = 64

export class PacketText {
  readonly #style: Style
  readonly #hex: boolean
  readonly #paint
  readonly #shades

  constructor(style: Style, { hex }: { readonly hex: boolean }) {
    this.#style = style
    this.#hex = hex
    this.#paint = painter(style.color)
    this.#shades = shades(style.color)
  }

  /** The lines, without line ends. */
  *lines(tree: PacketTree): Generator<string> {
    for (const [index, layer] of tree.layers.entries()) {
      // `frame` is about the capture and has no octets of its own.
      const shade = index === 0 ? (text: string) => text : this.#shade(index)
      yield* this.#wrapped(layer.heading, 0, (text) => shade(this.#paint(text, 'strong')))
      yield* this.#fields(layer.fields, 1)
    }
    if (tree.fault !== null) yield* this.#wrapped(`[${tree.fault}]`, 0, (text) => this.#paint(text, 'bad'))
    if (this.#hex) yield* this.#octets(tree)
  }

  #shade(layer: number): (text: string) => string {
    return this.#shades[(layer - 1) % this.#shades.length]
  }

  *#fields(fields: readonly FieldNode[], depth: number): Generator<string> {
    for (const node of fields) {
      yield* this.#wrapped(fieldLine(node), depth)
      yield* this.#fields(node.fields, depth + 1)
    }
  }

  /** On a terminal a long line goes on in the next, further in. */
  *#wrapped(text: string, depth: number, paint = (text: string) => text): Generator<string> {
    const { width } = this.#style
    const step = width < NARROW ? NARROW_INDENT : INDENT
    yield* wrapIndented(escapeText(clipText(text)), depth * step, step, width, paint)
  }

  *#octets({ layers, sources }: PacketTree): Generator<string> {
    for (const [source, bytes] of sources.entries()) {
      yield ''
      if (sources.length > 1) yield `${source === 0 ? 'Frame' : 'Reassembled'} (${bytes.length} bytes):`
      yield* hexLines(bytes, ownersOf(layers, source, bytes.length), this.#style.width, (text, layer) =>
        layer === NO_LAYER ? text : this.#shade(layer)(text),
      )
    }
  }
}

/** For each octet of a source the innermost layer that it belongs to. */
function ownersOf(layers: readonly LayerNode[], source: number, length: number): Int16Array {
  const owners = new Int16Array(length).fill(NO_LAYER)
  for (const [index, layer] of layers.entries())
    if (index > 0 && layer.source === source) owners.fill(index, layer.offset, layer.offset + layer.length)
  return owners
}

/** `Time to Live: 64`, `.1.. .... = Don't fragment: Set`, `[Stream index: 0]`. */
export function fieldLine(node: FieldNode): string {
  const value = valueText(node)
  const text = value === '' ? node.label : `${node.label}: ${value}`
  const drawn = node.bits === null ? text : `${node.bits} = ${text}`
  return isWorkedOut(node.field) ? `[${drawn}]` : drawn
}

function valueText({ field, text, valueName, bits }: FieldNode): string {
  switch (field.type) {
    case 'none':
    case 'protocol':
      return ''
    case 'boolean':
      if (valueName !== null) return valueName
      return bits !== null ? (text === '1' ? 'Set' : 'Not set') : text === '1' ? 'True' : 'False'
    case 'relative_time':
      return `${text} seconds`
    case 'bytes':
      return text.length <= MAX_DIGITS ? text : `${text.slice(0, MAX_DIGITS)}... (${text.length / 2} bytes)`
    default:
      if (valueName === null) return text
      return isVerdict(field) ? valueName : `${valueName} (${text})`
  }
}
