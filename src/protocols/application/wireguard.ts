/**
 * WireGuard, https://www.wireguard.com/protocol/. Little-endian.
 *
 *   | type (1) | reserved (3) | 1: sender (4), handshake ...  2: sender, receiver (4), handshake ...
 *                             | 3: receiver (4), cookie ...   4: receiver (4), counter (8), packet ...
 */
import { read24, read32le, read64le } from '../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { computed, type Field, span, u8, type ValueNames, when } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const WIREGUARD = protocolId('wg')

// Octets from the first octet of the message.
const TYPE = 0
const RESERVED = 1
const FIRST_INDEX = 4
const SECOND_INDEX = 8
const COUNTER = 8

const INITIATION = 1
const RESPONSE = 2
const COOKIE_REPLY = 3
const TRANSPORT = 4

const INITIATION_LENGTH = 148
const RESPONSE_LENGTH = 92
const COOKIE_LENGTH = 64
const TRANSPORT_LENGTH = 32

const TYPES: ValueNames = {
  1: 'Handshake Initiation',
  2: 'Handshake Response',
  3: 'Cookie Reply',
  4: 'Transport Data',
}

/** Hot: whether the length is one that a message of that type has. */
function isMessage({ bytes, end, wireEnd }: Packet, at: number): boolean {
  if (end - at < 4) return false
  const length = wireEnd - at
  switch (bytes[at + TYPE]) {
    case INITIATION:
      return length === INITIATION_LENGTH
    case RESPONSE:
      return length === RESPONSE_LENGTH
    case COOKIE_REPLY:
      return length === COOKIE_LENGTH
    case TRANSPORT:
      return length >= TRANSPORT_LENGTH
    default:
      return false
  }
}

/** Hot: some use the reserved octets; in data messages, which may have any length, they have to be zero. */
function looksLikeWireGuard(packet: Packet, at: number): boolean {
  return isMessage(packet, at) && (packet.bytes[at + TYPE] !== TRANSPORT || read24(packet.bytes, at + RESERVED) === 0)
}

function ofTypes(types: readonly number[], field: Field): Field {
  return when((packet, layer) => types.includes(packet.bytes[packet.layerAt[layer] + TYPE]), field)
}

function index(name: string, offset: number, description: string): Field {
  return computed(
    'uint32',
    name,
    description,
    ({ bytes, layerAt, layerEnd }, layer, visit) =>
      layerAt[layer] + offset + 4 <= layerEnd[layer] && visit(read32le(bytes, layerAt[layer] + offset), 0),
    { base: 'hex' },
  )
}

const receiver = computed(
  'uint32',
  'wg.receiver',
  'Receiver; index that the receiver chose',
  ({ bytes, layerAt, layerEnd }, layer, visit) => {
    const type = bytes[layerAt[layer] + TYPE]
    const at = layerAt[layer] + (type === RESPONSE ? SECOND_INDEX : FIRST_INDEX)
    return type !== INITIATION && at + 4 <= layerEnd[layer] && visit(read32le(bytes, at), 0)
  },
  { base: 'hex' },
)

export const wireGuard: Protocol = {
  id: WIREGUARD,
  name: 'wg',
  title: 'WireGuard Protocol',
  need: 'dissection',
  looksLike: { udp: looksLikeWireGuard },
  fields: [
    u8('wg.type', TYPE, 'Type', { values: TYPES }),
    span('bytes', 'wg.reserved', RESERVED, 3, 'Reserved'),
    ofTypes([INITIATION, RESPONSE], index('wg.sender', FIRST_INDEX, 'Sender; index that the sender chose')),
    receiver,
    ofTypes(
      [TRANSPORT],
      computed('uint64', 'wg.counter', 'Counter; of messages', ({ bytes, layerAt, layerEnd }, layer, visit) =>
        layerAt[layer] + COUNTER + 8 <= layerEnd[layer] ? visit(read64le(bytes, layerAt[layer] + COUNTER), 0) : false,
      ),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    if (!isMessage(packet, at)) return REJECTED
    packet.enter(WIREGUARD, at)
    packet.payload = packet.end
    if (packet.conversation !== null) packet.conversation.protocol = WIREGUARD
    return NONE
  },
}
