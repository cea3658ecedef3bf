/**
 * SIP: session initiation, RFC 3261 §7. A request begins with a method, a URI and the version, a response with the version,
 * a code and a reason.
 */
import { NONE, ONE_MORE_SEGMENT, type Packet, REJECTED } from '../../../packet/packet.ts'
import { type Protocol, protocolId, registered } from '../../protocol.ts'
import { TCP } from '../../tcp.ts'
import { bodyProtocol } from '../http/body.ts'
import { beginsExactly, beginsWith, lineEnd } from '../lines.ts'
import { SDP } from './sdp.ts'
import { sipFields } from './sip-fields.ts'
import { head, readHead } from './text-message.ts'

export const SIP = protocolId('sip')

const PORT = 5060
const VERSION = 'SIP/2.0'
/** Octets of a status line up to the reason: the version, the code, a space behind each. */
const STATUS_LENGTH = 12
/** First octets of what SigComp has compressed (RFC 3320 §7) have these bits. */
const SIGCOMP = 0xf8

/** Hot. */
function isCompressed(first: number): boolean {
  return (first & SIGCOMP) === SIGCOMP
}

const SPACE = 0x20
const COLON = 0x3a

/** Hot: whether the octets from `at` to `end` are a request line or a status line. */
function isFirstLine(bytes: Uint8Array, at: number, end: number): boolean {
  if (beginsExactly(bytes, at, end, VERSION) && bytes[at + VERSION.length] === SPACE) {
    if (end - at < STATUS_LENGTH || bytes[at + STATUS_LENGTH - 1] !== SPACE) return false
    for (let i = at + 8; i < at + 11; i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return false
    return true
  }
  const versionAt = end - VERSION.length
  if (versionAt - 1 <= at || bytes[versionAt - 1] !== SPACE || !beginsExactly(bytes, versionAt, end, VERSION))
    return false
  let next = at
  while (next < versionAt && bytes[next] !== SPACE) next++
  const uri = next + 1
  if (next === at || uri >= versionAt - 1) return false
  let hasColon = false
  for (let i = uri; i < versionAt - 1; i++) {
    if (bytes[i] === SPACE) return false
    if (bytes[i] === COLON) hasColon = true
  }
  return hasColon
}

/** Hot: whether a message begins at `at`. */
function looksLikeSip(packet: Packet, at: number): boolean {
  const { bytes } = packet
  return !isCompressed(bytes[at]) && isFirstLine(bytes, at, lineEnd(bytes, at, packet.end, false))
}

export const sip: Protocol = {
  id: SIP,
  name: 'sip',
  title: 'Session Initiation Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': PORT, 'tcp.application': PORT },
  looksLike: { udp: looksLikeSip, tcp: looksLikeSip },
  fields: sipFields,

  /** Hot. */
  decode(packet, at) {
    const isTcp = packet.layerProtocol[packet.transport] === TCP
    if (isTcp) return overTcp(packet, at)
    if (!looksLikeSip(packet, at)) return REJECTED
    readHead(packet, at, packet.end, true)
    return message(packet, at)
  },
}

/** Hot: over TCP by its length (RFC 3261 §18.3). What begins otherwise on SIP's port is shown as a continuation. */
function overTcp(packet: Packet, at: number): number {
  const { bytes, end } = packet
  const to = lineEnd(bytes, at, end, false)
  const isFirst = isFirstLine(bytes, at, to)
  const isNext = packet.layerProtocol[packet.layerCount - 1] !== TCP
  if (!isFirst && packet.matchPort !== PORT && !isNext) return REJECTED
  // An empty line keeps the connection alive; compressed messages are not read.
  if (to === at || isCompressed(bytes[at])) {
    packet.payload = end
    return NONE
  }
  if (isFirst || to === end) {
    readHead(packet, at, end, true)
    if (packet.canReassemble) {
      if (head.bodyAt < 0) return packet.incomplete(ONE_MORE_SEGMENT)
      const missing = head.bodyAt + Math.max(0, head.contentLength) - packet.wireEnd
      if (missing > 0) return packet.incomplete(missing)
    }
    if (isFirst) return message(packet, at)
  }
  packet.enter(SIP, at)
  packet.payload = end
  return NONE
}

/** Hot: a message whose header `head` tells of. */
function message(packet: Packet, at: number): number {
  packet.enter(SIP, at)
  const { bodyAt, contentLength } = head
  if (bodyAt < 0) {
    packet.payload = packet.end
    return NONE
  }
  if (contentLength >= 0) packet.endMessage(bodyAt + contentLength)
  packet.payload = bodyAt
  if (bodyAt >= packet.end || head.typeAt < 0) {
    packet.payload = packet.end
    return NONE
  }
  return bodyOf(packet, bodyAt)
}

/** Hot: what the body is, by its media type; nothing that Wireshark has no decoder for. */
export function bodyOf(packet: Packet, bodyAt: number): number {
  const { typeAt, typeEnd } = head
  if (beginsWith(packet.bytes, typeAt, typeEnd, 'application/sdp')) return SDP
  const protocol = bodyProtocol(packet, bodyAt, typeAt, typeEnd, true)
  const name = registered[protocol]?.name
  return name === undefined || name === 'media' || name === 'data' ? NONE : protocol
}
