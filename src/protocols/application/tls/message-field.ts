/** How a field of handshake messages is declared. */
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../../field.ts'
import { UDP } from '../../udp.ts'
import { messageAt, messageEnd, messageFlags, OLD, piecesOf } from './pieces.ts'

/** The message, header included, lies from `at` to `end`, and may be cut. `isQuic`: QUIC carries it. */
export type ReadMessage = (bytes: Uint8Array, at: number, end: number, visit: Visit, isQuic: boolean) => boolean

export interface MessageFieldOptions extends FieldOptions {
  /** SSL 2.0's messages have it too. */
  withOld?: boolean
}

/** A field of handshake messages of some types, or of all. */
export function message(
  type: FieldType,
  name: string,
  types: readonly number[],
  description: string,
  read: ReadMessage,
  { withOld, ...options }: MessageFieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const { bytes } = packet
      const isQuic = packet.transport >= 0 && packet.layerProtocol[packet.transport] === UDP
      const { firstMessage, lastMessage } = piecesOf(packet, layer)
      for (let i = firstMessage; i < lastMessage; i++) {
        const at = messageAt[i]
        if ((messageFlags[i] & OLD) !== 0 && withOld !== true) continue
        if (types.length > 0 && !types.includes(bytes[at])) continue
        if (read(bytes, at, messageEnd[i], visit, isQuic)) return true
      }
      return false
    },
    { ...options, need: 'dissection' },
  )
}
