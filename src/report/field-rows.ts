/** Values of chosen fields, packet by packet, in tshark's notation or as JSON. */
import type { Packet } from '../packet/packet.ts'
import type { Field, Visit } from '../protocols/field.ts'
import { protocolCount } from '../protocols/protocol.ts'
import { formatValue } from '../protocols/value-format.ts'
import { jsonText } from './json-text.ts'
import { escapeText } from './text.ts'
import { formatMoment } from './units.ts'

/** A field, and the number of the protocol in whose layers it lies; -1 for `frame`, which has no layer. */
export interface FieldPlace {
  readonly protocol: number
  readonly field: Field
}

/** What a column shows: a field name can be declared by several protocols. */
export type FieldColumn = readonly FieldPlace[]

type Format = (field: Field, packet: Packet, value: never, extra: number) => string

interface Reader {
  readonly column: number
  readonly field: Field
}

const NO_READERS: readonly Reader[] = []

export class FieldRows {
  /** A cell for each column; after `read`, its values joined by commas, or '' if the packet has none. */
  readonly cells: string[]
  readonly #format: Format
  readonly #whole: Reader[] = []
  /** By protocol number. */
  readonly #readers: (readonly Reader[])[]
  readonly #visit: Visit
  // What `#visit` works on: one closure for the run instead of one for each value.
  #packet: Packet | null = null
  #field: Field | null = null
  #column = 0
  #counts: Int32Array

  constructor(columns: readonly FieldColumn[], format: Format = formatValue) {
    this.#format = format
    this.cells = columns.map(() => '')
    this.#counts = new Int32Array(columns.length)
    const readers: Reader[][] = Array.from({ length: protocolCount() }, () => [])
    columns.forEach((places, column) => {
      for (const { protocol, field } of places) (protocol < 0 ? this.#whole : readers[protocol]).push({ column, field })
    })
    this.#readers = readers
    this.#visit = (value, extra) => {
      const text = this.#format(this.#field!, this.#packet!, value as never, extra)
      const column = this.#column
      this.cells[column] = this.#counts[column]++ === 0 ? text : `${this.cells[column]},${text}`
      return false
    }
  }

  /** Hot: fills `cells` with the packet's values, outermost layer first. */
  read(packet: Packet): void {
    this.#packet = packet
    const { cells } = this
    for (let i = 0; i < cells.length; i++) cells[i] = ''
    this.#counts.fill(0)
    this.#readAll(this.#whole, packet, -1)
    const { layerCount, layerProtocol } = packet
    for (let layer = 0; layer < layerCount; layer++)
      this.#readAll(this.#readers[layerProtocol[layer]] ?? NO_READERS, packet, layer)
  }

  #readAll(readers: readonly Reader[], packet: Packet, layer: number): void {
    for (let i = 0; i < readers.length; i++) {
      const reader = readers[i]
      this.#field = reader.field
      this.#column = reader.column
      reader.field.each(packet, layer, this.#visit)
    }
  }
}

/**
 * For a terminal. Into a pipe go the values as `tshark -T fields` writes them, control characters and all: programs compare them, and
 * whoever shows them escapes them (JSON and CSV do).
 */
export function formatSafely(field: Field, packet: Packet, value: never, extra: number): string {
  return escapeText(formatValue(field, packet, value, extra))
}

const NUMERIC = /^(u?int\d+|float|double|relative_time)$/

/** Whether what `formatValue` makes of the field's values are numbers; hexadecimal digits are text to a spreadsheet. */
export function isNumeric({ type }: Field): boolean {
  return NUMERIC.test(type)
}

/** As a JSON value: numbers as numbers, moments as RFC 3339, durations as seconds, the rest as text. */
export function formatJson(field: Field, packet: Packet, value: never, extra: number): string {
  switch (field.type) {
    case 'none':
      return 'true'
    case 'boolean':
      return value ? 'true' : 'false'
    case 'uint8':
    case 'uint16':
    case 'uint24':
    case 'uint32':
    case 'uint64':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'framenum':
      return String(value)
    case 'float':
    case 'double':
      return jsonText(value)
    case 'absolute_time':
      return jsonText(formatMoment({ seconds: value, nanoseconds: extra }))
    case 'relative_time':
      return relativeSeconds(value, extra)
    default:
      return jsonText(formatValue(field, packet, value, extra))
  }
}

/** Both parts have the sign of the whole. Written out, since a double does not hold every nanosecond. */
function relativeSeconds(seconds: number, nanoseconds: number): string {
  const sign = seconds < 0 || nanoseconds < 0 ? '-' : ''
  return `${sign}${Math.abs(seconds)}.${String(Math.abs(nanoseconds)).padStart(9, '0')}`
}
