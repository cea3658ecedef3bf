/**
 * Fields of protocols that are made of typed elements: options, TLVs. A module says how its elements are walked; the field
 * says which type, and how to read the value.
 */
import type { Packet } from '../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from './field.ts'

/** Calls `each(type, at, length)` for each whole element of the layer; stops and returns true as soon as `each` does. */
export type EachElement = (
  packet: Packet,
  layer: number,
  each: (type: number, at: number, length: number) => boolean,
) => boolean

/** Hands the values in one element on to `visit`. */
export type ReadElement = (bytes: Uint8Array, at: number, length: number, visit: Visit) => boolean

/** Declares a value within the elements of one type. */
export type DeclareWithin = (
  type: FieldType,
  name: string,
  element: number,
  description: string,
  read: ReadElement,
  options?: FieldOptions,
) => Field

/** Declares fields within the elements that `eachElement` walks. */
export function fieldsWithin(eachElement: EachElement): DeclareWithin {
  return (type, name, element, description, read, options) =>
    computed(
      type,
      name,
      description,
      (packet, layer, visit) =>
        eachElement(packet, layer, (t, at, length) => t === element && read(packet.bytes, at, length, visit)),
      options,
    )
}
