/**
 * STUN: Session Traversal Utilities for NAT, RFC 8489 §5, and TURN, RFC 8656.
 *
 *    0        2        4  octets
 *  0 | type   | length |
 *  4 |     cookie      |
 *  8 | transaction ID (12) ...
 * 20 | attributes: type (2), length (2), value, padding to 4 ...
 *
 * TURN also has messages of another form, for data: channel (2), length (2), data (RFC 8656 §12.4).
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { DATA } from '../data.ts'
import { bits, computed, span, u16, when } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { TCP } from '../tcp.ts'
import { asciiText } from './ascii.ts'

export const STUN = protocolId('stun')

// Octets from the first octet of the message.
const TYPE = 0
const LENGTH = 2
const COOKIE = 4
const IDENTIFIER = 8
const HEADER_LENGTH = 20
const CHANNEL_HEADER = 4
const ATTRIBUTE_HEADER = 4

const MAGIC = 0x2112a442
/** Set in a channel number, never in a type. */
const CHANNEL = 0xc000
/** The first of those that are no number of a channel, but for one that Microsoft uses. */
const NO_CHANNEL = 0x8000
const MULTIPLEXED_CHANNEL = 0xff10

const DATA_ATTRIBUTE = 0x0013
const SOFTWARE = 0x8022
const USERNAME = 0x0006
/** Attributes of a range in which none has a registered meaning; Wireshark leaves them out. */
const UNNAMED_MASK = 0xc000
const UNNAMED = 0x4000

/** Methods that Wireshark recognises, besides those of TURN: Binding, Shared Secret, Google's ping. */
const OTHER_METHODS = [0x001, 0x002, 0x080]
/** Methods of TURN (RFC 8656 §18.2, RFC 6062 §6.1): from then on channel data may come. */
const TURN_METHODS = [0x003, 0x004, 0x006, 0x007, 0x008, 0x009, 0x00a, 0x00b, 0x00c]

/** Hot. */
function isChannelData({ bytes, layerAt }: Packet, layer: number): boolean {
  return (read16(bytes, layerAt[layer] + TYPE) & CHANNEL) !== 0
}

const isMessage = (packet: Packet, layer: number): boolean => !isChannelData(packet, layer)

/** Hot: whether a whole message of the usual form lies at `at`. */
function isStun({ bytes, end, wireEnd }: Packet, at: number): boolean {
  return (
    end - at >= HEADER_LENGTH &&
    (read16(bytes, at + TYPE) & CHANNEL) === 0 &&
    read32(bytes, at + COOKIE) === MAGIC &&
    wireEnd - at === HEADER_LENGTH + read16(bytes, at + LENGTH)
  )
}

/** Hot: the method is spread over the type (RFC 8489 §5). */
function methodOf(type: number): number {
  return (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2)
}

/** Hot. */
function looksLikeStun(packet: Packet, at: number): boolean {
  if (!isStun(packet, at)) return false
  const method = methodOf(read16(packet.bytes, at + TYPE))
  return TURN_METHODS.includes(method) || OTHER_METHODS.includes(method)
}

/** Hot: where an attribute's value begins; -1 if there is none. */
function findAttribute(bytes: Uint8Array, at: number, end: number, type: number): number {
  let next = at + HEADER_LENGTH
  while (next + ATTRIBUTE_HEADER <= end) {
    const length = read16(bytes, next + 2)
    if (read16(bytes, next) === type) return next + ATTRIBUTE_HEADER + length <= end ? next + ATTRIBUTE_HEADER : -1
    next += ATTRIBUTE_HEADER + ((length + 3) & ~3)
  }
  return -1
}

function text(name: string, type: number, description: string) {
  return computed('string', name, description, (packet, layer, visit) => {
    const { bytes } = packet
    if (packet.layerEnd[layer] - packet.layerAt[layer] < HEADER_LENGTH || isChannelData(packet, layer)) return false
    const at = findAttribute(bytes, packet.layerAt[layer], packet.layerEnd[layer], type)
    return at >= 0 && visit(asciiText(bytes, at, read16(bytes, at - 2)), 0)
  })
}

export const stun: Protocol = {
  id: STUN,
  name: 'stun',
  title: 'Session Traversal Utilities for NAT',
  need: 'dissection',
  carriedBy: { 'udp.application': 3478, 'tcp.application': 3478 },
  looksLike: { udp: looksLikeStun, tcp: looksLikeStun },
  messages: {
    headerLength: HEADER_LENGTH,
    length(bytes, at) {
      const length = read16(bytes, at + LENGTH)
      const isChannel = (read16(bytes, at + TYPE) & CHANNEL) !== 0
      return isChannel ? Math.max(HEADER_LENGTH, (CHANNEL_HEADER + length + 3) & ~3) : HEADER_LENGTH + length
    },
  },
  fields: [
    when(isChannelData, u16('stun.channel', TYPE, 'Channel Number', { base: 'hex' })),
    when(isMessage, u16('stun.type', TYPE, 'Message Type', { base: 'hex' })),
    when(isMessage, bits('uint16', 'stun.type.class', TYPE, 2, 0x0110, 'Message Class', { base: 'hex' })),
    when(isMessage, bits('uint16', 'stun.type.method', TYPE, 2, 0x3eef, 'Message Method', { base: 'hex' })),
    u16('stun.length', LENGTH, 'Message Length; without the header, in octets'),
    when(isMessage, span('bytes', 'stun.cookie', COOKIE, 4, 'Message Cookie; always the same')),
    when(isMessage, span('bytes', 'stun.id', IDENTIFIER, 12, 'Message Transaction ID')),
    computed(
      'uint16',
      'stun.att.type',
      'Attribute Type',
      (packet, layer, visit) => {
        const end = packet.layerEnd[layer]
        if (isChannelData(packet, layer)) return false
        let at = packet.layerAt[layer] + HEADER_LENGTH
        while (at + ATTRIBUTE_HEADER <= end) {
          const type = read16(packet.bytes, at)
          if ((type & UNNAMED_MASK) !== UNNAMED && visit(type, 0)) return true
          at += ATTRIBUTE_HEADER + ((read16(packet.bytes, at + 2) + 3) & ~3)
        }
        return false
      },
      { base: 'hex' },
    ),
    text('stun.att.username', USERNAME, 'Username'),
    text('stun.att.software', SOFTWARE, 'Software'),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes, end, wireEnd } = packet
    if (end - at < CHANNEL_HEADER) return REJECTED
    const type = read16(bytes, at + TYPE)
    const length = read16(bytes, at + LENGTH)
    if ((type & CHANNEL) !== 0) {
      const isKnown = packet.conversation?.protocol === STUN || packet.matchPort !== 0
      if (
        !isKnown ||
        (type >= NO_CHANNEL && type !== MULTIPLEXED_CHANNEL) ||
        !isChannelLength(packet, wireEnd - at, CHANNEL_HEADER + length)
      )
        return REJECTED
      packet.enter(STUN, at)
      packet.payload = at + CHANNEL_HEADER
      packet.end = Math.min(end, packet.payload + length)
      return packet.payload < packet.end ? DATA : NONE
    }
    if (!looksLikeStun(packet, at)) return REJECTED
    packet.enter(STUN, at)
    packet.payload = end
    if (packet.conversation !== null && TURN_METHODS.includes(methodOf(type))) packet.conversation.protocol = STUN
    const data = findAttribute(bytes, at, end, DATA_ATTRIBUTE)
    if (data < 0 || read16(bytes, data - 2) === 0) return NONE
    packet.payload = data
    packet.end = data + read16(bytes, data - 2)
    return DATA
  },
}

/** Hot: over TCP channel data is padded to 4 octets; over UDP it may be. */
function isChannelLength(packet: Packet, there: number, said: number): boolean {
  const padded = (said + 3) & ~3
  const isTcp = packet.transport >= 0 && packet.layerProtocol[packet.transport] === TCP
  return there === padded || (!isTcp && there === said)
}
