/** Fields in little-endian order, as Microsoft's protocols have them. */
import { read16le, read32le, read64le } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType } from '../field.ts'

/** Whether a field is in this layer. */
type Condition = (packet: Packet, layer: number) => boolean

/** Declares an integer at `offset` of the layer, where `condition` holds. */
type Declare = (
  name: string,
  offset: number,
  description: string,
  options?: FieldOptions,
  condition?: Condition,
) => Field

/** Of integers of `width` octets. */
function littleEndian(
  type: FieldType,
  width: number,
  read: (bytes: Uint8Array, at: number) => number | bigint,
): Declare {
  return (name, offset, description, options = {}, condition) =>
    computed(
      type,
      name,
      description,
      (packet, layer, visit) => {
        const at = packet.layerAt[layer] + offset
        if (at + width > packet.layerEnd[layer] || condition?.(packet, layer) === false) return false
        return visit(read(packet.bytes, at), 0)
      },
      options,
    )
}

export const le16 = littleEndian('uint16', 2, read16le)
export const le32 = littleEndian('uint32', 4, read32le)
export const le64 = littleEndian('uint64', 8, read64le)

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
