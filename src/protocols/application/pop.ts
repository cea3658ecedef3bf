/**
 * POP3: Post Office Protocol, RFC 1939; with TLS, RFC 2595.
 *
 *   RETR 1
 *   +OK 120 octets
 *   (a message)
 *   .
 */
import { NONE, type Packet } from '../../packet/packet.ts'
import { computed, type Field, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { IMF } from './http/body.ts'
import { LayerNotes } from './layer-notes.ts'
import { beginsWith, lineEnd, nextToken, tokenEnd, utf8 } from './lines.ts'
import { TLS } from './tls/tls.ts'
import { goesTo } from './transport.ts'

export const POP = protocolId('pop')

const PORTS = [110]

interface PopState {
  /** The last command asks for a message. */
  asksForMessage: boolean
  asksForTls: boolean
  /** Octets of the message, as the response says, and how many were seen in segments of their own. */
  total: number
  seen: number
}

/** What a layer is. */
const REQUEST = 1
const RESPONSE = 2
const MESSAGE = 3

const notes = new LayerNotes<{ kind: number }>(() => ({ kind: 0 }))

/** A field of the first line of requests or responses. */
function line(
  name: string,
  kind: number,
  description: string,
  read: (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean,
): Field {
  return computed(
    'string',
    name,
    description,
    (packet, layer, visit) => {
      if (notes.of(packet, layer)?.kind !== kind) return false
      const at = packet.layerAt[layer]
      return read(packet.bytes, at, lineEnd(packet.bytes, at, packet.layerEnd[layer], false), visit)
    },
    { need: 'dissection' },
  )
}

function firstToken(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  const stop = tokenEnd(bytes, at, end)
  return stop > at && visit(utf8(bytes, at, stop), 0)
}

function afterToken(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  tokenEnd(bytes, at, end)
  return nextToken < end && visit(utf8(bytes, nextToken, end), 0)
}

export const pop: Protocol = {
  id: POP,
  name: 'pop',
  title: 'Post Office Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORTS },
  fields: [
    line('pop.request.command', REQUEST, 'Request command', firstToken),
    line('pop.request.parameter', REQUEST, 'Request parameter', afterToken),
    line('pop.response.indicator', RESPONSE, 'Response indicator; +OK or -ERR', firstToken),
    line('pop.response.description', RESPONSE, 'Response description', afterToken),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(POP, at)
    packet.payload = packet.end
    const { bytes, conversation } = packet
    const note = notes.add(packet, at)
    const isRequest = goesTo(packet, packet.layerCount - 1, PORTS)
    note.kind = isRequest ? REQUEST : RESPONSE
    if (conversation === null) return NONE
    let state = conversation.state.get(POP) as PopState | undefined
    if (state === undefined) {
      state = { asksForMessage: false, asksForTls: false, total: 0, seen: 0 }
      conversation.state.set(POP, state)
    }
    const end = lineEnd(bytes, at, packet.end, false)
    if (isRequest) {
      state.asksForMessage = beginsWith(bytes, at, end, 'retr') || beginsWith(bytes, at, end, 'top')
      state.asksForTls = beginsWith(bytes, at, end, 'stls')
      return NONE
    }
    const isGood = beginsWith(bytes, at, end, '+ok')
    if (!isGood && !beginsWith(bytes, at, end, '-err')) {
      note.kind = MESSAGE
      return decodeMessage(packet, at, state)
    }
    if (!isGood) return NONE
    if (state.asksForTls) conversation.protocol = TLS
    const size = state.asksForMessage ? numberAt(bytes, at + 4, end) : 0
    if (size > 0) {
      state.total = size
      state.seen = 0
    }
    return NONE
  },
}

/** Hot: the number at `at`; 0 if there is none. */
function numberAt(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  for (let i = at; i < end && bytes[i] >= 0x30 && bytes[i] <= 0x39; i++) value = 10 * value + bytes[i] - 0x30
  return value
}

/** Hot: a segment of a message; it becomes a layer where the message ends, which is in each if its length is not known. */
function decodeMessage(packet: Packet, at: number, state: PopState): number {
  state.seen += packet.wireEnd - at
  if (state.seen < state.total) return NONE
  state.seen = 0
  state.total = 0
  packet.payload = at
  return IMF
}
