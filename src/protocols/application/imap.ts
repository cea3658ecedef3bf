/**
 * IMAP: Internet Message Access Protocol, RFC 9051.
 *
 *   a1 SELECT inbox
 *   * 172 EXISTS
 *   a1 OK [READ-WRITE] SELECT completed
 */
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { IMF } from './http/body.ts'
import { LayerNotes } from './layer-notes.ts'
import { beginsWith, lineEnd, nextLine, nextToken, tokenEnd, utf8 } from './lines.ts'
import { TLS } from './tls/tls.ts'
import { goesTo } from './transport.ts'

export const IMAP = protocolId('imap')

const PORTS = [143]

/** Lines of a layer that fields are read from. */
const MAX_LINES = 4096

/** The last line of the layer is waited for, and is not part of it yet. */
const notes = new LayerNotes<{ end: number }>(() => ({ end: 0 }))

type EachLine = (at: number, end: number, next: number) => boolean

/** Calls `each` for the lines of a layer, literals left out. */
function eachLine(packet: Packet, layer: number, each: EachLine): boolean {
  const { bytes } = packet
  const stop = notes.of(packet, layer)?.end ?? packet.layerEnd[layer]
  let line = packet.layerAt[layer]
  for (let count = 0; line < stop && count < MAX_LINES; count++) {
    const end = lineEnd(bytes, line, stop, false)
    const next = nextLine
    if (each(line, end, next)) return true
    line = next + literalLength(bytes, line, end)
  }
  return false
}

/** Hot: octets of the literal that the line from `at` to `end` announces: `{20}` at its end; 0 if none. */
function literalLength(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 3 || bytes[end - 1] !== 0x7d) return 0
  let i = end - 2
  if (bytes[i] === 0x2b) i--
  let length = 0
  let scale = 1
  for (; i > at && bytes[i] >= 0x30 && bytes[i] <= 0x39; i--) {
    length += (bytes[i] - 0x30) * scale
    scale *= 10
  }
  return bytes[i] === 0x7b && scale > 1 ? Math.min(length, 0x7fff_ffff) : 0
}

/** Where the first words of a line lie: tag, then command or status, then what follows. */
interface Words {
  readonly tag: string
  readonly second: string
  readonly third: string
  readonly text: string
}

function wordsOf(bytes: Uint8Array, at: number, end: number): Words {
  const tagEnd = tokenEnd(bytes, at, end)
  const tag = utf8(bytes, at, tagEnd)
  const from = nextToken
  const secondEnd = tokenEnd(bytes, from, end)
  const second = utf8(bytes, from, secondEnd)
  const third = nextToken
  return { tag, second, third: utf8(bytes, third, tokenEnd(bytes, third, end)), text: utf8(bytes, at, end) }
}

/** A field of lines: of requests, of responses that have a tag, or of both. */
function words(
  type: FieldType,
  name: string,
  of: 'requests' | 'responses' | 'both',
  description: string,
  read: (words: Words, isRequest: boolean, visit: Visit) => boolean,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const isRequest = goesTo(packet, layer, PORTS)
      if (of !== 'both' && isRequest !== (of === 'requests')) return false
      return eachLine(packet, layer, (at, end) => {
        if (end === at) return false
        const found = wordsOf(packet.bytes, at, end)
        return (isRequest || found.tag !== '*') && found.tag !== '' && read(found, isRequest, visit)
      })
    },
    { ...options, need: 'dissection' },
  )
}

function visitWord(word: string, visit: Visit): boolean {
  return word !== '' && visit(word, 0)
}

function isUid(word: string): boolean {
  return word.toUpperCase() === 'UID'
}

export const imap: Protocol = {
  id: IMAP,
  name: 'imap',
  title: 'Internet Message Access Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORTS },
  fields: [
    computed(
      'boolean',
      'imap.isrequest',
      'Request',
      (packet, layer, visit) => visit(goesTo(packet, layer, PORTS) ? 1 : 0, 0),
      { need: 'dissection' },
    ),
    computed(
      'string',
      'imap.line',
      'Line; with its end',
      (packet, layer, visit) => eachLine(packet, layer, (at, _end, next) => visit(utf8(packet.bytes, at, next), 0)),
      { need: 'dissection' },
    ),
    words('string', 'imap.request', 'requests', 'Request', ({ text }, _isRequest, visit) => visit(text, 0)),
    words('string', 'imap.response', 'responses', 'Response', ({ text }, _isRequest, visit) => visit(text, 0)),
    words('string', 'imap.tag', 'both', 'Tag', ({ tag }, _isRequest, visit) => visit(tag, 0)),
    words('string', 'imap.request_tag', 'requests', 'Request Tag', ({ tag }, _isRequest, visit) => visit(tag, 0)),
    words('string', 'imap.response_tag', 'responses', 'Response Tag', ({ tag }, _isRequest, visit) => visit(tag, 0)),
    words('string', 'imap.command', 'both', 'Command', ({ second, third }, isRequest, visit) =>
      visitWord(isRequest ? second : third, visit),
    ),
    words('string', 'imap.request.command', 'requests', 'Request Command', ({ second, third }, _isRequest, visit) =>
      visitWord(isUid(second) ? third : second, visit),
    ),
    words('boolean', 'imap.request.command.uid', 'requests', 'Request isUID', ({ second }, _isRequest, visit) =>
      isUid(second) ? visit(1, 0) : false,
    ),
    words('string', 'imap.response.status', 'responses', 'Response Status', ({ second }, _isRequest, visit) =>
      visitWord(second, visit),
    ),
    words('string', 'imap.response.command', 'responses', 'Response Command', ({ third }, _isRequest, visit) =>
      visitWord(third, visit),
    ),
  ],

  /** Hot: one layer for all whole lines of the payload. */
  decode(packet, at) {
    const { bytes } = packet
    const last = packet.layerCount - 1
    // Where the payload ends within a line, this is the second call for it.
    const isAgain = last >= 0 && packet.layerProtocol[last] === IMAP && packet.layerEnd[last] === at
    const first = lineEnd(bytes, at, packet.end, packet.canReassemble)
    if (first < 0 && !isAgain) return packet.incomplete(ONE_MORE_SEGMENT)
    if (!isAgain) {
      packet.enter(IMAP, at)
      notes.add(packet, at).end = packet.end
    }
    let line = at
    let message = -1
    let messageEnd = -1
    while (line < packet.end) {
      const end = lineEnd(bytes, line, packet.end, packet.canReassemble)
      if (end < 0) return waitFrom(packet, at, line, ONE_MORE_SEGMENT)
      const next = nextLine
      const literal = literalLength(bytes, line, end)
      if (literal > 0 && next + literal > packet.end && packet.canReassemble)
        return waitFrom(packet, at, line, ONE_MORE_SEGMENT)
      if (literal > 0 && isMessage(bytes, line, end)) {
        message = next
        messageEnd = Math.min(packet.end, next + literal)
      }
      noteTls(packet, line, end)
      line = next + literal
    }
    packet.payload = packet.end
    if (message < 0) return NONE
    packet.payload = message
    packet.end = packet.wireEnd = messageEnd
    return IMF
  },
}

/** Hot: the line at `line` is not whole; those from `at` to it are. */
function waitFrom(packet: Packet, at: number, line: number, missing: number): number {
  const note = notes.of(packet, packet.layerCount - 1)
  if (line === at) {
    if (note !== null) note.end = at
    return packet.incomplete(missing)
  }
  packet.endMessage(line)
  if (note !== null) note.end = packet.end
  packet.payload = packet.end
  return NONE
}

/** Hot: a literal that is a message: `BODY[]`, `RFC822`. */
function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++)
    if (beginsWith(bytes, i, end, 'body[]') || beginsWith(bytes, i, end, 'rfc822')) return true
  return false
}

/** Hot: keeps the tag of STARTTLS; the conversation is TLS once that has succeeded (RFC 9051 §6.2.1). */
function noteTls(packet: Packet, at: number, end: number): void {
  const { bytes, conversation } = packet
  if (conversation === null) return
  const tagEnd = tokenEnd(bytes, at, end)
  const second = nextToken
  if (beginsWith(bytes, second, end, 'starttls')) conversation.state.set(IMAP, utf8(bytes, at, tagEnd))
  else if (
    beginsWith(bytes, second, end, 'ok') &&
    conversation.state.has(IMAP) &&
    utf8(bytes, at, tagEnd) === conversation.state.get(IMAP)
  )
    conversation.protocol = TLS
}
