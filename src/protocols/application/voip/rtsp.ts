/**
 * RTSP: real-time streaming, RFC 2326: messages like HTTP's, and between them packets of RTP and RTCP behind a dollar sign, a
 * channel and a length (§10.12).
 */
import { read16 } from '../../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../../packet/packet.ts'
import { computed, type Field } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { beginsExactly, latin1, lineEnd, utf8 } from '../lines.ts'
import { RTCP, RTP } from './rtp.ts'
import { bodyOf } from './sip.ts'
import { eachHeader, head, isNamed, readHead } from './text-message.ts'

export const RTSP = protocolId('rtsp')

const DOLLAR = 0x24
/** Octets before an interleaved packet. */
const FRAME_HEADER = 4
const VERSION = 'RTSP/'

/** Hot: whether the first line, from `at` to `end`, is a request's or a response's. */
function isFirstLine(bytes: Uint8Array, at: number, end: number): boolean {
  if (beginsExactly(bytes, at, end, VERSION)) return true
  let last = end
  while (last > at && bytes[last - 1] !== 0x20) last--
  return last > at && beginsExactly(bytes, last, end, VERSION)
}

const REQUEST_LINE = /^(\S+) (\S+) RTSP\/\d\.\d$/
const STATUS_LINE = /^RTSP\/\d\.\d (\d{3})/

function firstLine(packet: Packet, layer: number): string {
  const at = packet.layerAt[layer]
  if (packet.bytes[at] === DOLLAR) return ''
  return utf8(packet.bytes, at, lineEnd(packet.bytes, at, packet.layerEnd[layer], false))
}

function ofLine(type: 'string' | 'uint32', name: string, pattern: RegExp, group: number, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const parts = pattern.exec(firstLine(packet, layer))
    if (parts === null) return false
    return type === 'string' ? visit(parts[group], 0) : visit(Number(parts[group]), 0)
  })
}

function header(type: 'string' | 'uint32', field: string, name: string, description: string): Field {
  return computed(type, field, description, (packet, layer, visit) =>
    eachHeader(packet, layer, (at, _nameEnd, value, end) => {
      if (packet.bytes[packet.layerAt[layer]] === DOLLAR || !isNamed(packet.bytes, at, end, name)) return false
      const text = utf8(packet.bytes, value, end)
      return type === 'string' ? visit(text, 0) : visit(Number.parseInt(text, 10) >>> 0, 0)
    }),
  )
}

export const rtsp: Protocol = {
  id: RTSP,
  name: 'rtsp',
  title: 'Real Time Streaming Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': [554, 8554, 7236] },
  fields: [
    ofLine('string', 'rtsp.method', REQUEST_LINE, 1, 'Method'),
    ofLine('string', 'rtsp.url', REQUEST_LINE, 2, 'URL'),
    ofLine('uint32', 'rtsp.status', STATUS_LINE, 1, 'Status'),
    header('string', 'rtsp.content-type', 'content-type', 'Content-type'),
    header('uint32', 'rtsp.content-length', 'content-length', 'Content-length'),
    header('string', 'rtsp.session', 'session', 'Session'),
    header('string', 'rtsp.transport', 'transport', 'Transport'),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes, end } = packet
    if (at < end && bytes[at] === DOLLAR) return interleaved(packet, at)
    const to = lineEnd(bytes, at, end, false)
    const isMessage = isFirstLine(bytes, at, to)
    if (!isMessage) {
      packet.enter(RTSP, at)
      packet.payload = end
      return NONE
    }
    readHead(packet, at, end, false)
    const { bodyAt, contentLength } = head
    if (packet.canReassemble) {
      if (bodyAt < 0) return packet.incomplete(ONE_MORE_SEGMENT)
      const missing = bodyAt + Math.max(0, contentLength) - packet.wireEnd
      if (missing > 0) return packet.incomplete(missing)
    }
    packet.enter(RTSP, at)
    packet.payload = end
    if (bodyAt < 0) return NONE
    noteTransport(packet, at, bodyAt)
    packet.endMessage(bodyAt + Math.max(0, contentLength))
    packet.payload = packet.end
    if (contentLength <= 0 || head.typeAt < 0) return NONE
    packet.payload = bodyAt
    return bodyOf(packet, bodyAt)
  },
}

/** Remembers that packets are sent between the messages: which protocols they are is told by the channel. */
function noteTransport(packet: Packet, at: number, end: number): void {
  const { conversation } = packet
  if (conversation === null || conversation.state.get(RTSP) !== undefined) return
  const text = latin1(packet.bytes, at, end)
  const channels = /\r\ntransport:[^\r]*interleaved=(\d+)/i.exec(text)
  if (channels !== null) conversation.state.set(RTSP, Number(channels[1]) % 2)
}

/** Hot: `$`, a channel, a length and a packet. The even channels carry RTP, unless the first channel was odd. */
function interleaved(packet: Packet, at: number): number {
  const { bytes, end } = packet
  if (end - at < FRAME_HEADER && packet.canReassemble) return packet.incomplete(ONE_MORE_SEGMENT)
  const frameEnd = end - at < FRAME_HEADER ? end : at + FRAME_HEADER + read16(bytes, at + 2)
  if (packet.canReassemble && frameEnd > packet.wireEnd) return packet.incomplete(frameEnd - packet.wireEnd)
  packet.enter(RTSP, at)
  packet.endMessage(frameEnd)
  packet.payload = packet.end
  const first = packet.conversation?.state.get(RTSP)
  if (first === undefined || at + FRAME_HEADER >= packet.end) return NONE
  packet.payload = at + FRAME_HEADER
  return bytes[at + 1] % 2 === first ? RTP : RTCP
}
