/**
 * WebSocket frames, RFC 6455 §5.2.
 *
 *    0       1            2
 *  0 | flags, opcode | mask, length | extended length (0, 2 or 8) | masking key (0 or 4) | payload
 */
import { read16, read64 } from '../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../packet/packet.ts'
import { bits, computed } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { TEXT_LINES } from './http/body.ts'

export const WEBSOCKET = protocolId('websocket')

/** The opcode of a frame of text. */
const TEXT = 1
const OPCODES = { 0: 'Continuation', 1: 'Text', 2: 'Binary', 8: 'Connection Close', 9: 'Ping', 10: 'Pong' }

/** Octets of the frame's header, masking key included. */
function headerLength(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1] & 0x7f
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (bytes[at + 1] >> 7) * 4
}

/** Octets of the payload. */
function payloadLength(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1] & 0x7f
  return length === 126 ? read16(bytes, at + 2) : length === 127 ? Number(read64(bytes, at + 2)) : length
}

function withHeader(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + 2 <= packet.layerEnd[layer] && at + headerLength(packet.bytes, at) <= packet.layerEnd[layer]
}

export const websocket: Protocol = {
  id: WEBSOCKET,
  name: 'websocket',
  title: 'WebSocket',
  need: 'dissection',
  fields: [
    bits('boolean', 'websocket.fin', 0, 1, 0x80, 'Fin; the last frame of a message', { need: 'dissection' }),
    bits('uint8', 'websocket.rsv', 0, 1, 0x70, 'Reserved', { base: 'hex', need: 'dissection' }),
    bits('uint8', 'websocket.opcode', 0, 1, 0x0f, 'Opcode', { values: OPCODES, need: 'dissection' }),
    bits('boolean', 'websocket.mask', 1, 1, 0x80, 'Mask; the payload is masked', { need: 'dissection' }),
    computed(
      'uint64',
      'websocket.payload_length',
      'Payload length; octets',
      (packet, layer, visit) =>
        withHeader(packet, layer) && visit(BigInt(payloadLength(packet.bytes, packet.layerAt[layer])), 0),
      { need: 'dissection' },
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes } = packet
    const there = packet.end - at
    if (there < 2 || there < headerLength(bytes, at)) {
      if (packet.canReassemble) return packet.incomplete(ONE_MORE_SEGMENT)
      packet.enter(WEBSOCKET, at)
      return packet.truncated(WEBSOCKET)
    }
    const length = headerLength(bytes, at) + payloadLength(bytes, at)
    if (length > there && packet.canReassemble) return packet.incomplete(length - there)
    packet.enter(WEBSOCKET, at)
    packet.endMessage(at + length)
    const payload = at + headerLength(bytes, at)
    const opcode = bytes[at] & 0x0f
    packet.payload = opcode === TEXT ? payload : packet.end
    return opcode === TEXT && payload < packet.end ? TEXT_LINES : NONE
  },
}
