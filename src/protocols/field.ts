/**
 * Field declarations: Wireshark's name, type and notation, and how to read the value from a layer.
 *
 * Values are handed to a visitor, so that reading allocates nothing and a filter can stop at the first match:
 *
 * | type | `visit(value, extra)` |
 * | --- | --- |
 * | boolean, uint8 ... uint32, int8 ... int32, framenum, ipv4, float, double | the number (booleans 0 or 1) |
 * | uint64, int64, eui64 | a bigint |
 * | ether, ipv6, bytes, protocol | first octet in `packet.bytes`, and how many octets |
 * | string | a string |
 * | absolute_time, relative_time | seconds, and nanoseconds (both with the sign of the whole) |
 * | none | 0: the field is there, that is all |
 */
import { read16, read24, read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'

export type FieldType =
  | 'none'
  | 'protocol'
  | 'boolean'
  | 'uint8'
  | 'uint16'
  | 'uint24'
  | 'uint32'
  | 'uint64'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float'
  | 'double'
  | 'framenum'
  | 'ipv4'
  | 'ipv6'
  | 'ether'
  | 'eui64'
  | 'bytes'
  | 'string'
  | 'absolute_time'
  | 'relative_time'

/** How an integer is written; `hex` pads to the type's width, as tshark does. */
export type Base = 'dec' | 'hex' | 'oct'

/**
 * State across packets that a field's value needs; the engine computes only what some field, filter or command asks for.
 * `analysis` is TCP analysis, and brings `streams`; `dissection` decodes what TCP and UDP carry, and brings both.
 * `numbers`: how many packets came before, and which; nothing is kept for it, but a part of a capture does not know it.
 * `udpTimes`: when the first packet of each UDP stream came, and the one before; brings `streams`.
 * `names`: what the capture calls hosts; of the packets that may tell it what they carry is decoded.
 * `echoes`: which packet asked what an ICMP or ICMPv6 echo reply answers.
 */
export type Need =
  | 'streams'
  | 'applications'
  | 'losses'
  | 'numbers'
  | 'times'
  | 'analysis'
  | 'udpTimes'
  | 'echoes'
  | 'dissection'
  | 'names'

// biome-ignore lint/suspicious/noExplicitAny: what a value is depends on the field's type, see the table above.
export type Visit = (value: any, extra: number) => boolean

/** Calls `visit` for each value of the field in layer `layer`; stops and returns true as soon as `visit` does. */
export type Each = (packet: Packet, layer: number, visit: Visit) => boolean

export interface Field {
  /** Wireshark's name, letter for letter. */
  readonly name: string
  /** What it is, in a line. */
  readonly description: string
  readonly type: FieldType
  readonly base: Base
  /** Wireshark's names for values, by value. */
  readonly values?: ValueNames
  readonly need?: Need
  /** Where it lies, if it lies at a fixed place of its layer: the filter compiler reads it without a visitor. */
  readonly place?: Place
  /** The same of a field that is there only on a condition: tells where a value was read, and is not to be read by. */
  readonly lies?: Place
  /** Of a field that has the values of others: those, in order. */
  readonly parts?: readonly Field[]
  readonly each: Each
}

export type ValueNames = Readonly<Record<number, string>>

export interface Place {
  /** Octets from the layer's first octet. */
  readonly offset: number
  /** Octets: 1, 2, 3 or 4. */
  readonly width: number
  /** The bits that count, before shifting. */
  readonly mask: number
  readonly shift: number
}

export interface FieldOptions {
  base?: Base
  values?: ValueNames
  need?: Need
}

/** Reads an unsigned integer of 1 to 4 octets. */
export function readInteger(bytes: Uint8Array, at: number, width: number): number {
  if (width === 1) return bytes[at]
  if (width === 2) return read16(bytes, at)
  if (width === 3) return read24(bytes, at)
  return read32(bytes, at)
}

function fixed(type: FieldType, name: string, place: Place, description: string, options: FieldOptions): Field {
  const { offset, width, mask, shift } = place
  return {
    name,
    description,
    type,
    base: options.base ?? 'dec',
    values: options.values,
    need: options.need,
    place,
    each(packet, layer, visit) {
      const at = packet.layerAt[layer] + offset
      if (at + width > packet.layerEnd[layer]) return false
      return visit(((readInteger(packet.bytes, at, width) & mask) >>> shift) >>> 0, 0)
    },
  }
}

function whole(offset: number, width: number): Place {
  return { offset, width, mask: width === 4 ? -1 : 2 ** (8 * width) - 1, shift: 0 }
}

/** An octet at `offset` of the layer. */
export function u8(name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return fixed('uint8', name, whole(offset, 1), description, options)
}

/** Two octets, network byte order. */
export function u16(name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return fixed('uint16', name, whole(offset, 2), description, options)
}

export function u24(name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return fixed('uint24', name, whole(offset, 3), description, options)
}

export function u32(name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return fixed('uint32', name, whole(offset, 4), description, options)
}

/** Some bits of an integer of `width` octets at `offset`: those of `mask`, shifted down. `type` is Wireshark's. */
export function bits(
  type: FieldType,
  name: string,
  offset: number,
  width: number,
  mask: number,
  description: string,
  options: FieldOptions = {},
): Field {
  return fixed(type, name, { offset, width, mask, shift: trailingZeros(mask) }, description, options)
}

/** One bit as a boolean. */
export function flag(name: string, offset: number, width: number, mask: number, description: string): Field {
  return bits('boolean', name, offset, width, mask, description)
}

export function ipv4(name: string, offset: number, description: string): Field {
  return fixed('ipv4', name, whole(offset, 4), description, {})
}

/** Octets of a fixed length at a fixed place: `ether` (6), `ipv6` (16) or `bytes`. */
export function span(
  type: 'ether' | 'ipv6' | 'bytes',
  name: string,
  offset: number,
  length: number,
  description: string,
): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer] + offset
    return at + length <= packet.layerEnd[layer] && visit(at, length)
  })
}

export function ether(name: string, offset: number, description: string): Field {
  return span('ether', name, offset, 6, description)
}

export function ipv6(name: string, offset: number, description: string): Field {
  return span('ipv6', name, offset, 16, description)
}

/** A field whose place or value takes more than an offset. */
export function computed(
  type: FieldType,
  name: string,
  description: string,
  each: Each,
  options: FieldOptions = {},
): Field {
  return { name, description, type, base: options.base ?? 'dec', values: options.values, need: options.need, each }
}

/**
 * A field that Wireshark declares and never fills as it comes: a preference is off, or it wants what a capture does not hold.
 * Known by its name and type, so that a filter that names it is right, and there in no packet.
 */
export function absent(type: FieldType, name: string, description: string, options: FieldOptions = {}): Field {
  return computed(type, name, description, () => false, options)
}

/** A field that has the values of others, in their order: `tcp.port`, `ip.addr`. */
export function either(name: string, description: string, ...fields: readonly Field[]): Field {
  const { type, base, values } = fields[0]
  const field = computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      for (let i = 0; i < fields.length; i++) if (fields[i].each(packet, layer, visit)) return true
      return false
    },
    { base, values },
  )
  return { ...field, parts: fields }
}

/** The same field, there only when `condition` holds for the layer. */
export function when(condition: (packet: Packet, layer: number) => boolean, field: Field): Field {
  const { place, lies = place, parts: _parts, each, ...rest } = field
  return { ...rest, lies, each: (packet, layer, visit) => condition(packet, layer) && each(packet, layer, visit) }
}

function trailingZeros(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}
