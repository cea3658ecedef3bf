/**
 * NBSS: NetBIOS session service, RFC 1002 §4.3; on port 445 SMB's direct transport, [MS-SMB2] §2.1, which is the same but for
 * three octets of length.
 *
 *    0      1             4  octets
 *    | type | flags, length | what the type says ...
 */
import { read16, read24 } from '../../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../../packet/packet.ts'
import { DATA } from '../../data.ts'
import { bits, computed, type Field, ipv4, u8, when } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { SMB } from './smb.ts'
import { SMB2 } from './smb2.ts'

export const NBSS = protocolId('nbss')

const PORT = 139
/** SMB without NetBIOS. */
const DIRECT_PORT = 445

/** Octets before the message. */
const HEADER_LENGTH = 4

// Types (RFC 1002 §4.3.1).
const SESSION_MESSAGE = 0x00
const SESSION_REQUEST = 0x81
const POSITIVE_RESPONSE = 0x82
const NEGATIVE_RESPONSE = 0x83
const RETARGET_RESPONSE = 0x84
const KEEP_ALIVE = 0x85

/** Flag that is the 17th bit of the length; the others are 0. */
const EXTENSION = 0x01

/** Octets in the longest session request that is believed: two names. */
const MAX_REQUEST = 256

/** Of the payload being decoded: whether lengths have 24 bits. */
let isDirect = false

/** Octets after the header. */
function lengthAt(bytes: Uint8Array, at: number, direct: boolean): number {
  if (direct) return read24(bytes, at + 1)
  return read16(bytes, at + 2) + ((bytes[at + 1] & EXTENSION) << 16)
}

/** Hot: whether SMB's signature stands behind the header. */
function holdsSmb(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 8 <= end && bytes[at + 5] === 0x53 && bytes[at + 6] === 0x4d && bytes[at + 7] === 0x42
}

/** Hot: whether a message may begin with the header at `at`; else it is the middle of one whose beginning was not captured. */
function isHeader(packet: Packet, at: number): boolean {
  const { bytes } = packet
  isDirect = bytes[at] === SESSION_MESSAGE && holdsSmb(bytes, at, packet.end)
  if (!isDirect && (bytes[at + 1] & ~EXTENSION) !== 0) return false
  const length = lengthAt(bytes, at, isDirect)
  switch (bytes[at]) {
    case SESSION_MESSAGE:
      return length !== 0
    case SESSION_REQUEST:
      return length >= 2 && length <= MAX_REQUEST
    case POSITIVE_RESPONSE:
    case KEEP_ALIVE:
      return length === 0
    case NEGATIVE_RESPONSE:
      return length === 1
    case RETARGET_RESPONSE:
      return length === 6
    default:
      return false
  }
}

/** By layer: whether it is the middle of a message. */
const isContinuation = new Uint8Array(64)

/** Where the message before the one being decoded ended, and in which packet. */
let lastPacket = 0
let lastEnd = -1

/** The field, where the layer has a header. */
function withHeader(field: Field): Field {
  return when((_packet, layer) => isContinuation[layer] === 0, field)
}

function ofType(type: number, field: Field): Field {
  return when(
    (packet, layer) =>
      isContinuation[layer] === 0 &&
      packet.layerAt[layer] < packet.layerEnd[layer] &&
      packet.bytes[packet.layerAt[layer]] === type,
    field,
  )
}

/** By layer: whether the length has 24 bits. */
const hasLongLength = new Uint8Array(64)

const notDirect = (field: Field): Field =>
  when((_packet, layer) => isContinuation[layer] === 0 && hasLongLength[layer] === 0, field)

export const nbss: Protocol = {
  id: NBSS,
  name: 'nbss',
  title: 'NetBIOS Session Service',
  need: 'dissection',
  carriedBy: { 'tcp.application': [PORT, DIRECT_PORT] },
  fields: [
    withHeader(
      u8('nbss.type', 0, 'Message Type', {
        base: 'hex',
        values: {
          [SESSION_MESSAGE]: 'Session message',
          [SESSION_REQUEST]: 'Session request',
          [POSITIVE_RESPONSE]: 'Positive session response',
          [NEGATIVE_RESPONSE]: 'Negative session response',
          [RETARGET_RESPONSE]: 'Retarget session response',
          [KEEP_ALIVE]: 'Session keep-alive',
        },
      }),
    ),
    notDirect(u8('nbss.flags', 1, 'Flags', { base: 'hex' })),
    notDirect(bits('boolean', 'nbss.flags.e', 1, 1, EXTENSION, 'Extend; the 17th bit of the length')),
    computed('uint24', 'nbss.length', 'Length; of what follows, in octets', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      if (isContinuation[layer] === 1 || at + HEADER_LENGTH > packet.layerEnd[layer]) return false
      return visit(lengthAt(packet.bytes, at, hasLongLength[layer] === 1), 0)
    }),
    ofType(
      NEGATIVE_RESPONSE,
      u8('nbss.error_code', 4, 'Error code', {
        base: 'hex',
        values: {
          128: 'Not listening on called name',
          129: 'Not listening for calling name',
          130: 'Called name not present',
          131: 'Called name present, but insufficient resources',
          143: 'Unspecified error',
        },
      }),
    ),
    ofType(RETARGET_RESPONSE, ipv4('nbss.retarget_ip_address', 4, 'Retarget IP address')),
    ofType(RETARGET_RESPONSE, bits('uint16', 'nbss.retarget_port', 8, 2, 0xffff, 'Retarget port')),
    computed(
      'bytes',
      'nbss.continuation_data',
      'Continuation data; of a message that began before',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        return isContinuation[layer] === 1 && at < packet.layerEnd[layer] && visit(at, packet.layerEnd[layer] - at)
      },
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes } = packet
    const isFirst = packet.number !== lastPacket || at !== lastEnd
    const captured = packet.end - at
    if (isFirst) {
      // What was put together from several segments begins with a header, or nothing would have asked for it.
      if (at >= packet.scratch) isDirect = packet.matchPort === DIRECT_PORT
      else if (captured < HEADER_LENGTH || !isHeader(packet, at)) return continuation(packet, at)
    }
    if (captured < HEADER_LENGTH) {
      if (packet.canReassemble) return packet.incomplete(ONE_MORE_SEGMENT)
      packet.enter(NBSS, at)
      return packet.truncated(NBSS)
    }
    const end = at + HEADER_LENGTH + lengthAt(bytes, at, isDirect)
    if (packet.canReassemble && end > packet.wireEnd) return packet.incomplete(end - packet.wireEnd)
    lastPacket = packet.number
    lastEnd = end
    const layer = packet.layerCount
    packet.enter(NBSS, at)
    isContinuation[layer] = 0
    hasLongLength[layer] = isDirect ? 1 : 0
    packet.endMessage(end)
    packet.payload = at + HEADER_LENGTH
    if (bytes[at] !== SESSION_MESSAGE || packet.payload >= packet.end) return NONE
    return sessionMessage(packet, packet.payload)
  },
}

/** Hot: what a session message or a NetBIOS datagram holds: by its signature SMB or SMB2, else data. */
export function sessionMessage(packet: Packet, at: number): number {
  const { bytes } = packet
  if (at + 4 > packet.end || bytes[at + 1] !== 0x53 || bytes[at + 2] !== 0x4d || bytes[at + 3] !== 0x42) return DATA
  if (bytes[at] === 0xff) return SMB
  return bytes[at] >= 0xfc ? SMB2 : DATA
}

/** Hot. */
function continuation(packet: Packet, at: number): number {
  isContinuation[packet.layerCount] = 1
  packet.enter(NBSS, at)
  packet.payload = packet.end
  return NONE
}
