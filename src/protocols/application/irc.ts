/**
 * IRC: Internet Relay Chat, RFC 2812: lines of `[:prefix] command parameters [:trailer]`.
 */
import { NONE } from '../../packet/packet.ts'
import { computed, type Field, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { lineEnd, nextLine, nextToken, tokenEnd, utf8 } from './lines.ts'
import { goesTo } from './transport.ts'

export const IRC = protocolId('irc')

const PORTS = [6667, 57000]
const COLON = 0x3a

/** A field of the lines of requests or responses. */
function line(
  name: string,
  isRequest: boolean,
  description: string,
  read: (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean,
): Field {
  return computed(
    'string',
    name,
    description,
    (packet, layer, visit) => {
      if (goesTo(packet, layer, PORTS) !== isRequest) return false
      const { bytes } = packet
      const stop = packet.layerEnd[layer]
      let at = packet.layerAt[layer]
      while (at < stop) {
        const end = lineEnd(bytes, at, stop, false)
        const next = nextLine
        if (end > at && read(bytes, at, end, visit)) return true
        at = next
      }
      return false
    },
    { need: 'dissection' },
  )
}

/** Where the command of a line begins: behind its prefix, if it has one. */
function commandAt(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== COLON) return at
  tokenEnd(bytes, at, end)
  return nextToken
}

function command(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  const from = commandAt(bytes, at, end)
  const to = tokenEnd(bytes, from, end)
  return to > from && !/^\d+$/.test(utf8(bytes, from, to)) && visit(utf8(bytes, from, to), 0)
}

function prefix(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  return bytes[at] === COLON && visit(utf8(bytes, at + 1, tokenEnd(bytes, at, end)), 0)
}

/** Both directions have the same fields, under names of their own. */
function both(isRequest: boolean): Field[] {
  const name = isRequest ? 'irc.request' : 'irc.response'
  return [
    line(name, isRequest, isRequest ? 'Request; a line' : 'Response; a line', (bytes, at, end, visit) =>
      visit(utf8(bytes, at, end), 0),
    ),
    line(`${name}.prefix`, isRequest, 'Prefix; who said it', prefix),
    line(`${name}.command`, isRequest, 'Command', command),
  ]
}

export const irc: Protocol = {
  id: IRC,
  name: 'irc',
  title: 'Internet Relay Chat',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORTS },
  fields: [...both(true), ...both(false)],

  /** Hot. */
  decode(packet, at) {
    packet.enter(IRC, at)
    packet.payload = packet.end
    return NONE
  },
}
