/** Fields in little-endian order, as Microsoft's protocols have them. */
import { read16le, read32le, read64le } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType } from '../field.ts'

/** Whether a field is in this layer. */
export type Condition = (packet: Packet, layer: number) => boolean

/** Two octets at `offset` of the layer, where `condition` holds. */
export function le16(
  name: string,
  offset: number,
  description: string,
  options: FieldOptions = {},
  condition?: Condition,
): Field {
  return computed(
    'uint16',
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer] + offset
      if (at + 2 > packet.layerEnd[layer] || condition?.(packet, layer) === false) return false
      return visit(read16le(packet.bytes, at), 0)
    },
    options,
  )
}

/** Four octets. */
export function le32(
  name: string,
  offset: number,
  description: string,
  options: FieldOptions = {},
  condition?: Condition,
): Field {
  return computed(
    'uint32',
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer] + offset
      if (at + 4 > packet.layerEnd[layer] || condition?.(packet, layer) === false) return false
      return visit(read32le(packet.bytes, at), 0)
    },
    options,
  )
}

/** Eight octets. */
export function le64(
  name: string,
  offset: number,
  description: string,
  options: FieldOptions = {},
  condition?: Condition,
): Field {
  return computed(
    'uint64',
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer] + offset
      if (at + 8 > packet.layerEnd[layer] || condition?.(packet, layer) === false) return false
      return visit(read64le(packet.bytes, at), 0)
    },
    options,
  )
}

/** Bits `mask` of an integer of `width` octets: shifted down, or of a boolean whether any is set. */
export function leBits(
  type: FieldType,
  name: string,
  offset: number,
  width: 2 | 4,
  mask: number,
  description: string,
  condition?: Condition,
): Field {
  const shift = 31 - Math.clz32(mask & -mask)
  return computed(type, name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer] + offset
    if (at + width > packet.layerEnd[layer] || condition?.(packet, layer) === false) return false
    const masked = (width === 2 ? read16le(packet.bytes, at) : read32le(packet.bytes, at)) & mask
    return visit(type === 'boolean' ? (masked === 0 ? 0 : 1) : masked >>> shift, 0)
  })
}
