/**
 * HTTP/1: Hypertext Transfer Protocol, RFC 9110 and RFC 9112; over UDP to port 1900, SSDP (UPnP Device Architecture §1).
 *
 *   first line    GET / HTTP/1.1 | HTTP/1.1 200 OK
 *   headers       Name: value
 *                 ...
 *   blank line
 *   body          as Content-Length, Transfer-Encoding or the end of the connection say
 */
import { read32 } from '../../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet, REJECTED } from '../../../packet/packet.ts'
import { DATA } from '../../data.ts'
import { applicationByTcpPort } from '../../handoff.ts'
import { type Protocol, protocolId, registered } from '../../protocol.ts'
import { FIN, OFFSET_FLAGS, TCP } from '../../tcp.ts'
import { asciiText, beginsWith, lineEnd, tokenEnd } from '../lines.ts'
import { bodyProtocol } from './body.ts'
import { chunksEnd, dechunk } from './chunks.ts'
import { httpFields } from './fields.ts'
import { kindOfLine, OTHER, REQUEST, RESPONSE, statusCode, targetAt } from './first-line.ts'
import { COMPLETE, head, missingOf, readHead } from './head.ts'
import { fullUri, type HttpNote, HttpState, httpNotes } from './state.ts'
import { upgradeProtocol } from './upgrade.ts'

export const HTTP = protocolId('http')
export const SSDP = protocolId('ssdp')

/** TCP ports that Wireshark takes for HTTP. */
const PORTS = [80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371]

export const http: Protocol = {
  id: HTTP,
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORTS },
  fields: httpFields,
  looksLike: { tcp: looksLikeHttp },

  /** Hot. */
  decode(packet, at) {
    const state = stateOf(packet, HTTP)
    if (state?.isUpgraded) return decodeUpgraded(packet, at, state)
    if (state !== null && state.status === 200 && state.method === 'CONNECT') return decodeTunnel(packet, at, state)
    return decodeMessage(packet, at, HTTP, state)
  },
}

export const ssdp: Protocol = {
  id: SSDP,
  name: 'ssdp',
  title: 'Simple Service Discovery Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': 1900 },
  // SSDP has HTTP's fields, under their names.
  fields: httpFields,

  /** Hot. */
  decode(packet, at) {
    const { wireEnd } = packet
    const next = decodeMessage(packet, at, SSDP, stateOf(packet, SSDP))
    // Only the first message of a datagram is looked at.
    packet.messageEnd = wireEnd
    return next
  },
}

/** Hot: the state of the packet's conversation, made if it is new. */
function stateOf(packet: Packet, protocol: number): HttpState | null {
  const { conversation } = packet
  if (conversation === null) return null
  let state = conversation.state.get(protocol) as HttpState | undefined
  if (state === undefined) {
    state = new HttpState()
    conversation.state.set(protocol, state)
  }
  return state
}

/** Hot: the first line begins or ends with an HTTP/1 version. The conversation is HTTP from then on. */
function looksLikeHttp(packet: Packet, at: number): boolean {
  const { bytes, end } = packet
  const stop = lineEnd(bytes, at, end, true)
  if (stop < 0 || stop - at === 8) return false
  const isHttp =
    (stop - at > 8 && beginsWith(bytes, stop - 8, stop, 'http/1.')) || beginsWith(bytes, at, end, 'http/1.')
  if (isHttp && packet.conversation !== null) packet.conversation.protocol = HTTP
  return isHttp
}

/** Hot: the FIN flag of the segment in hand: no more will come of a body. */
function isLastSegment(packet: Packet): boolean {
  const { transport } = packet
  if (transport < 0 || packet.layerProtocol[transport] !== TCP) return false
  return (packet.bytes[packet.layerAt[transport] + OFFSET_FLAGS + 1] & FIN) !== 0
}

/** Hot. */
function decodeMessage(packet: Packet, at: number, protocol: number, state: HttpState | null): number {
  const { bytes, end } = packet
  const isKnown = state !== null && state.target !== null
  // RFC 9112 §2.2: an empty line before a message is to be ignored.
  const start = packet.wireEnd - at > 3 && bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? at + 2 : at
  packet.payload = at
  if (start >= end) return NONE
  if (bytes[start] < 0x20 || bytes[start] > 0x7e) {
    packet.payload = isKnown ? at : end
    if (!isKnown) return NONE
    enter(packet, protocol, start)
    return DATA
  }
  const stop = lineEnd(bytes, start, end, true)
  if (stop < 0 && packet.canReassemble) return packet.incomplete(ONE_MORE_SEGMENT)
  const kind = stop < 0 ? OTHER : kindOfLine(bytes, start, stop)
  if (kind !== OTHER && packet.canReassemble) {
    const withBody = !isLastSegment(packet) && (kind !== RESPONSE || mayHaveBody(bytes, start, stop, state))
    const missing = missingOf(packet, start, withBody, kind === RESPONSE)
    if (missing !== COMPLETE) return packet.incomplete(missing)
  }
  readHead(bytes, start, end)
  packet.payload = end
  if (kind === OTHER && !isKnown && !head.hasLine) return NONE
  const note = enter(packet, protocol, start)
  note.isCut = head.isCut
  keep(packet, state, note)
  if (head.isCut) return packet.truncated(protocol)
  return decodeBody(packet, state)
}

/** Hot: whether a response, of which the first line lies from `at` to `end`, can have a body (RFC 9112 §6.3). */
function mayHaveBody(bytes: Uint8Array, at: number, end: number, state: HttpState | null): boolean {
  const status = statusCode(bytes, at, end)
  if (status === 204 || status === 304 || (status >= 100 && status < 200)) return false
  if (state === null || state.method === 'HEAD') return state === null
  return status < 200 || status > 299 || (state.method !== 'CONNECT' && state.method !== 'SSTP_DUPLEX_POST')
}

/** Hot. */
function enter(packet: Packet, protocol: number, at: number): HttpNote {
  packet.enter(protocol, at)
  const note = httpNotes.add(packet, at)
  note.exchange = null
  note.target = ''
  note.tunnel = ''
  note.isCut = false
  return note
}

/** Keeps what later messages need of the head just read, and what its fields need of earlier ones. */
function keep(packet: Packet, state: HttpState | null, note: HttpNote): void {
  if (state === null || head.kind === OTHER) return
  const { bytes } = packet
  if (head.kind === RESPONSE) {
    state.status = head.status
    if (head.isCut) return
    note.exchange = state.addResponse(packet)
    note.target = state.fullUri !== '' ? state.fullUri : (state.target ?? '')
    return
  }
  const at = targetAt(bytes, head.firstAt, head.firstEnd)
  state.method = head.method
  state.target = asciiText(bytes, at, tokenEnd(bytes, at, head.firstEnd))
  if (head.hostAt >= 0) state.fullUri = fullUri(state.method, state.target, asciiText(bytes, head.hostAt, head.hostEnd))
  if (head.kind === REQUEST && !head.isCut) note.exchange = state.addRequest(packet)
}

/** Hot: where the body ends, and what it is. */
function decodeBody(packet: Packet, state: HttpState | null): number {
  const { bytes } = packet
  const body = head.bodyAt
  let length = packet.end - body
  let wireLength = packet.wireEnd - body
  if (head.hasLength && !head.hasTransferEncoding) {
    length = Math.min(length, head.length)
    wireLength = Math.min(wireLength, head.length)
  } else if (head.kind === REQUEST) {
    if (!head.hasTransferEncoding) wireLength = length = 0
  } else if (head.kind === RESPONSE) {
    if ((head.status >= 100 && head.status < 200) || head.status === 204 || head.status === 304) wireLength = length = 0
  }
  if (length <= 0) {
    packet.endMessage(body + Math.max(0, wireLength))
    if (state !== null) upgrade(packet, state)
    packet.payload = packet.end
    return NONE
  }
  let end = body + length
  let hasChunks = false
  if (head.isChunked) {
    end = chunksEnd(bytes, body, end)
    hasChunks = end > body
    if (!hasChunks) end = body + length
  }
  packet.endMessage(end === body + length ? body + wireLength : end)
  if (state !== null) upgrade(packet, state)
  packet.payload = packet.end
  if (head.isChunked && !hasChunks) return NONE
  if (hasChunks && !dechunk(packet, body, end)) return NONE
  if (!hasChunks) packet.payload = body
  if (head.isTransferCompressed) return DATA
  const isEncoded = head.encodingAt >= 0 && !beginsWith(bytes, head.encodingAt, head.encodingEnd, 'identity')
  if (isEncoded && !canDecompress(packet)) return DATA
  if (isEncoded && isEmptyGzip(packet)) return NONE
  return bodyProtocol(packet, packet.payload, head.typeAt, head.typeEnd, isEncoded)
}

/** Hot: whether the body is compressed as its Content-Encoding says, as far as the first octets tell. */
function canDecompress(packet: Packet): boolean {
  const { bytes, payload } = packet
  const { encodingAt, encodingEnd } = head
  if (beginsWith(bytes, encodingAt, encodingEnd, 'gzip') || beginsWith(bytes, encodingAt, encodingEnd, 'x-gzip'))
    return bytes[payload] === 0x1f && bytes[payload + 1] === 0x8b
  return (
    beginsWith(bytes, encodingAt, encodingEnd, 'deflate') ||
    beginsWith(bytes, encodingAt, encodingEnd, 'x-deflate') ||
    beginsWith(bytes, encodingAt, encodingEnd, 'br')
  )
}

/** Hot: a gzip member that ends by saying that nothing was compressed (RFC 1952 §2.3.1, ISIZE). */
function isEmptyGzip(packet: Packet): boolean {
  const { bytes, payload, end } = packet
  return bytes[payload] === 0x1f && end - payload <= 32 && end - payload >= 18 && read32(bytes, end - 4) === 0
}

/** Hot: whether what follows a response is another protocol's (RFC 9110 §7.8). */
function upgrade(packet: Packet, state: HttpState): void {
  if (head.kind !== RESPONSE || state.method === '') return
  if (head.upgradeAt >= 0 && head.status === 101) {
    state.isUpgraded = true
    state.upgradedTo = upgradeProtocol(packet.bytes, head.upgradeAt, head.upgradeEnd)
  } else if (state.method === 'SSTP_DUPLEX_POST' && head.status === 200) state.isUpgraded = true
}

/** Hot. */
function decodeUpgraded(packet: Packet, at: number, state: HttpState): number {
  const protocol = registered[state.upgradedTo]
  const next = protocol === undefined ? REJECTED : protocol.decode(packet, at)
  if (next !== REJECTED) return next
  packet.payload = at
  return DATA
}

/** Hot: what a proxy passes on after CONNECT (RFC 9110 §9.3.6) is decoded by the port it goes to. */
function decodeTunnel(packet: Packet, at: number, state: HttpState): number {
  const { target } = state
  const colon = target === null ? -1 : target.indexOf(':')
  packet.payload = packet.end
  if (target === null || colon < 0) return NONE
  // The rest of a payload is no new piece of the tunnel.
  const isAgain = packet.layerEnd[packet.layerCount - 1] === at
  if (!isAgain) enter(packet, HTTP, at).tunnel = target
  const port = Number.parseInt(target.slice(colon + 1), 10) & 0xffff
  packet.payload = at
  const inner = registered[applicationByTcpPort[port]]
  if (inner === undefined || inner === http || inner.messages !== undefined) return DATA
  const next = inner.decode(packet, at)
  if (next !== REJECTED) return next
  packet.payload = at
  return DATA
}
