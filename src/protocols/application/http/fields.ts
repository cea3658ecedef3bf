/** The fields of HTTP messages, read from their octets; those that take other messages too come from `state.ts`. */
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldType, type Visit } from '../../field.ts'
import { asciiText, beginsWith, lineEnd, nextLine, nextToken, octetBefore, tokenEnd } from '../lines.ts'
import { bodyOf } from './body-octets.ts'
import { kindOfLine, NOTIFICATION, OTHER, REQUEST, RESPONSE, statusCode, statusCodeAt, targetAt } from './first-line.ts'
import { head, isName, readHead, valueAt } from './head.ts'
import { type Exchange, fullUri, httpNotes } from './state.ts'
import { statusText } from './status-text.ts'

type EachLine = (kind: number, at: number, end: number, next: number, colon: number) => boolean

/** Calls `visit` for each line of the layer's head: its kind, where it lies, and its colon (-1 in a first line). */
function eachLine(packet: Packet, layer: number, visit: EachLine): boolean {
  const { bytes } = packet
  const end = packet.layerEnd[layer]
  let line = packet.layerAt[layer]
  if (tunnelOf(packet, layer) !== '' || line >= end || bytes[line] < 0x20 || bytes[line] > 0x7e) return false
  let kind = OTHER
  while (line < end) {
    const stop = lineEnd(bytes, line, end, false)
    const next = nextLine
    const own = kindOfLine(bytes, line, stop)
    let colon = -1
    if (own !== OTHER) kind = own
    else {
      if (stop === line) return false
      colon = octetBefore(bytes, 0x3a, line, stop)
      if (colon < 0) return false
    }
    if (visit(kind, line, stop, next, colon)) return true
    line = next
  }
  return false
}

/** Where a tunnel leads of which the layer is a part; empty if it is a message. */
function tunnelOf(packet: Packet, layer: number): string {
  return httpNotes.of(packet, layer)?.tunnel ?? ''
}

/** A field of the first line, there if the message is of kind `kind` (or any, if 0). */
function firstLine(
  type: FieldType,
  name: string,
  kinds: readonly number[],
  description: string,
  read: (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachLine(
        packet,
        layer,
        (kind, at, end, _next, colon) => colon < 0 && kinds.includes(kind) && read(packet.bytes, at, end, visit),
      ),
    NEEDS,
  )
}

const NEEDS = { need: 'dissection' } as const
const REQUESTS = [REQUEST, NOTIFICATION]
const RESPONSES = [RESPONSE]

/** The value of headers of one name, in lower case. */
function header(name: string, header: string, description: string): Field {
  return headerPart('string', name, header, description, (value, visit) => visit(value, 0))
}

function headerPart(
  type: FieldType,
  name: string,
  header: string,
  description: string,
  read: (value: string, visit: Visit) => boolean,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachLine(packet, layer, (_kind, at, end, _next, colon) => {
        const { bytes } = packet
        if (colon - at !== header.length || !beginsWith(bytes, at, colon, header)) return false
        if (!isName(bytes, at, colon)) return false
        return read(upToZero(asciiText(bytes, valueAt(bytes, colon, end), end)), visit)
      }),
    NEEDS,
  )
}

function upToZero(text: string): string {
  const zero = text.indexOf('\0')
  return zero < 0 ? text : text.slice(0, zero)
}

/** Lines of headers, with their line ends. */
function headerLines(name: string, kind: number, description: string): Field {
  return computed(
    'string',
    name,
    description,
    (packet, layer, visit) =>
      eachLine(
        packet,
        layer,
        (own, at, _end, next, colon) => colon >= 0 && own === kind && visit(asciiText(packet.bytes, at, next), 0),
      ),
    NEEDS,
  )
}

/** What kind of message it is. */
function isKind(name: string, kind: number, description: string): Field {
  return computed(
    'boolean',
    name,
    description,
    (packet, layer, visit) =>
      httpNotes.of(packet, layer)?.isCut !== true && kindOf(packet, layer) === kind && visit(1, 0),
    NEEDS,
  )
}

function kindOf(packet: Packet, layer: number): number {
  let found = OTHER
  eachLine(packet, layer, (kind) => {
    found = kind
    return false
  })
  return found
}

/** A field that comes from the exchange the message belongs to. */
function exchanged(
  type: FieldType,
  name: string,
  kind: number,
  description: string,
  read: (exchange: Exchange, visit: Visit, packet: Packet) => boolean,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const exchange = httpNotes.of(packet, layer)?.exchange ?? null
      return exchange !== null && kindOf(packet, layer) === kind && read(exchange, visit, packet)
    },
    NEEDS,
  )
}

/** The request target, and what its query is made of. */
function target(name: string, description: string, read: (target: string, visit: Visit) => boolean): Field {
  return firstLine('string', name, REQUESTS, description, (bytes, at, end, visit) => {
    const from = targetAt(bytes, at, end)
    return read(asciiText(bytes, from, tokenEnd(bytes, from, end)), visit)
  })
}

/** Where the query of a target begins; -1 if there is none. */
function queryAt(target: string): number {
  const mark = target.indexOf('?')
  return mark < 0 || mark === target.length - 1 ? -1 : mark + 1
}

export const httpFields: readonly Field[] = [
  isKind('http.notification', NOTIFICATION, 'Notification; GENA (UPnP)'),
  isKind('http.response', RESPONSE, 'Response'),
  isKind('http.request', REQUEST, 'Request'),
  exchanged(
    'uint32',
    'http.response_number',
    RESPONSE,
    'Response number; on its connection, from 1',
    (exchange, visit) => visit(exchange.number, 0),
  ),
  exchanged('uint32', 'http.request_number', REQUEST, 'Request number; on its connection, from 1', (exchange, visit) =>
    visit(exchange.number, 0),
  ),
  computed(
    'none',
    'http.chat',
    'Formatted text; there is a first line',
    (packet, layer, visit) => eachLine(packet, layer, (_kind, _at, _end, _next, colon) => colon < 0 && visit(0, 0)),
    NEEDS,
  ),
  firstLine('string', 'http.request.method', REQUESTS, 'Request Method', (bytes, at, end, visit) =>
    visit(asciiText(bytes, at, tokenEnd(bytes, at, end)), 0),
  ),
  target('http.request.uri', 'Request URI', (target, visit) => visit(target, 0)),
  target('http.request.uri.path', 'Request URI Path; where there is a query', (target, visit) => {
    const query = queryAt(target)
    return query >= 0 && visit(target.slice(0, query - 1), 0)
  }),
  target('http.request.uri.query', 'Request URI Query', (target, visit) => {
    const query = queryAt(target)
    return query >= 0 && visit(target.slice(query), 0)
  }),
  target('http.request.uri.query.parameter', 'Request URI Query Parameter', (target, visit) => {
    const query = queryAt(target)
    if (query < 0) return false
    for (const parameter of target.slice(query).split('&')) if (parameter !== '' && visit(parameter, 0)) return true
    return false
  }),
  firstLine('string', 'http.request.version', REQUESTS, 'Request Version', (bytes, at, end, visit) => {
    tokenEnd(bytes, targetAt(bytes, at, end), end)
    return visit(asciiText(bytes, nextToken, end), 0)
  }),
  firstLine('string', 'http.response.version', RESPONSES, 'Response Version', (bytes, at, end, visit) =>
    visit(asciiText(bytes, at, tokenEnd(bytes, at, end)), 0),
  ),
  firstLine(
    'uint16',
    'http.response.code',
    RESPONSES,
    'Status Code',
    (bytes, at, end, visit) => statusCodeAt(bytes, at, end) >= 0 && visit(statusCode(bytes, at, end), 0),
  ),
  firstLine(
    'string',
    'http.response.code.desc',
    RESPONSES,
    'Status Code Description; what RFC 9110 calls it',
    (bytes, at, end, visit) => statusCodeAt(bytes, at, end) >= 0 && visit(statusText(statusCode(bytes, at, end)), 0),
  ),
  firstLine('string', 'http.response.phrase', RESPONSES, 'Response Phrase', (bytes, at, end, visit) => {
    if (statusCodeAt(bytes, at, end) < 0) return false
    return nextToken < end && visit(asciiText(bytes, nextToken, end), 0)
  }),
  headerLines('http.request.line', REQUEST, 'Request line; each header, line end included'),
  headerLines('http.response.line', RESPONSE, 'Response line; each header, line end included'),
  header('http.authorization', 'authorization', 'Authorization'),
  headerPart('string', 'http.authbasic', 'authorization', 'Credentials', (value, visit) =>
    value.startsWith('Basic ') ? visit(Buffer.from(value.slice(6), 'base64').toString('utf8'), 0) : false,
  ),
  header('http.proxy_authenticate', 'proxy-authenticate', 'Proxy-Authenticate'),
  header('http.proxy_authorization', 'proxy-authorization', 'Proxy-Authorization'),
  header('http.www_authenticate', 'www-authenticate', 'WWW-Authenticate'),
  header('http.content_type', 'content-type', 'Content-Type'),
  header('http.content_length_header', 'content-length', 'Content-Length'),
  headerPart('uint64', 'http.content_length', 'content-length', 'Content length; octets', (value, visit) => {
    const digits = /^\d+(?=$|\s)/.exec(value)
    return digits !== null && visit(BigInt.asUintN(64, BigInt(digits[0])), 0)
  }),
  header('http.content_encoding', 'content-encoding', 'Content-Encoding'),
  header('http.transfer_encoding', 'transfer-encoding', 'Transfer-Encoding'),
  header('http.upgrade', 'upgrade', 'Upgrade'),
  header('http.user_agent', 'user-agent', 'User-Agent'),
  header('http.host', 'host', 'Host'),
  header('http.connection', 'connection', 'Connection'),
  header('http.cookie', 'cookie', 'Cookie'),
  headerPart('string', 'http.cookie_pair', 'cookie', 'Cookie pair', (value, visit) => {
    for (const pair of value.split(';')) if (pair !== '' && visit(pair.replace(/^[ \t]+/, ''), 0)) return true
    return false
  }),
  header('http.accept', 'accept', 'Accept'),
  header('http.referer', 'referer', 'Referer'),
  header('http.accept_language', 'accept-language', 'Accept-Language'),
  header('http.accept_encoding', 'accept-encoding', 'Accept Encoding'),
  header('http.date', 'date', 'Date'),
  header('http.cache_control', 'cache-control', 'Cache-Control'),
  header('http.server', 'server', 'Server'),
  header('http.location', 'location', 'Location'),
  header('http.sec_websocket_accept', 'sec-websocket-accept', 'Sec-WebSocket-Accept'),
  header('http.sec_websocket_extensions', 'sec-websocket-extensions', 'Sec-WebSocket-Extensions'),
  header('http.sec_websocket_key', 'sec-websocket-key', 'Sec-WebSocket-Key'),
  header('http.sec_websocket_protocol', 'sec-websocket-protocol', 'Sec-WebSocket-Protocol'),
  header('http.sec_websocket_version', 'sec-websocket-version', 'Sec-WebSocket-Version'),
  header('http.set_cookie', 'set-cookie', 'Set-Cookie'),
  header('http.last_modified', 'last-modified', 'Last-Modified'),
  header('http.x_forwarded_for', 'x-forwarded-for', 'X-Forwarded-For'),
  header('http.http2_settings', 'http2-settings', 'HTTP2-Settings'),
  computed(
    'string',
    'http.request.full_uri',
    'Full request URI; with its host',
    (packet, layer, visit) => {
      const { bytes } = packet
      if (kindOf(packet, layer) !== REQUEST && kindOf(packet, layer) !== NOTIFICATION) return false
      readHead(bytes, packet.layerAt[layer], packet.layerEnd[layer])
      if (head.hostAt < 0) return false
      const at = targetAt(bytes, head.firstAt, head.firstEnd)
      const target = asciiText(bytes, at, tokenEnd(bytes, at, head.firstEnd))
      return visit(fullUri(head.method, target, asciiText(bytes, head.hostAt, head.hostEnd)), 0)
    },
    NEEDS,
  ),
  computed(
    'string',
    'http.response_for.uri',
    'Request URI; of the request that a response is for',
    (packet, layer, visit) => {
      const target = httpNotes.of(packet, layer)?.target ?? ''
      return target !== '' && visit(target, 0)
    },
    NEEDS,
  ),
  exchanged(
    'framenum',
    'http.request_in',
    RESPONSE,
    'Request in frame',
    ({ request }, visit) => request !== 0 && visit(request, 0),
  ),
  exchanged(
    'framenum',
    'http.prev_request_in',
    REQUEST,
    'Prev request in frame',
    ({ previous }, visit) => previous !== null && previous.request !== 0 && visit(previous.request, 0),
  ),
  exchanged(
    'framenum',
    'http.prev_response_in',
    RESPONSE,
    'Prev response in frame',
    ({ previous }, visit) => previous !== null && previous.response !== 0 && visit(previous.response, 0),
  ),
  exchanged(
    'relative_time',
    'http.time',
    RESPONSE,
    'Time since request',
    ({ request, seconds, nanoseconds }, visit, packet) => {
      if (request === 0) return false
      let whole = packet.seconds - seconds
      let rest = packet.nanoseconds - nanoseconds
      if (whole > 0 && rest < 0) {
        whole--
        rest += 1e9
      } else if (whole < 0 && rest > 0) {
        whole++
        rest -= 1e9
      }
      return visit(whole, rest)
    },
  ),
  computed(
    'string',
    'http.file_data',
    'File Data; the body, without its encodings',
    (packet, layer, visit) => {
      if (tunnelOf(packet, layer) !== '') return false
      const body = bodyOf(packet, layer)
      return body !== null && visit(upToZero(asciiText(body, 0, body.length)), 0)
    },
    NEEDS,
  ),
  computed(
    'string',
    'http.proxy_connect_host',
    'Proxy-Connect-Hostname; where a tunnel through a proxy leads',
    (packet, layer, visit) => {
      const tunnel = tunnelOf(packet, layer)
      return tunnel !== '' && visit(tunnel.replace(/:.*$/s, ''), 0)
    },
    NEEDS,
  ),
  computed(
    'uint16',
    'http.proxy_connect_port',
    'Proxy-Connect-Port; its port',
    (packet, layer, visit) => {
      const tunnel = tunnelOf(packet, layer)
      const port = Number.parseInt(tunnel.replace(/^[^:]*:/, ''), 10)
      return tunnel !== '' && visit(Number.isNaN(port) ? 0 : port & 0xffff, 0)
    },
    NEEDS,
  ),
  computed(
    'string',
    'http.unknown_header',
    'Unknown header; in a notification or a message without a first line',
    (packet, layer, visit) =>
      eachLine(packet, layer, (kind, at, _end, next, colon) => {
        if (colon < 0 || kind === REQUEST || kind === RESPONSE) return false
        const name = asciiText(packet.bytes, at, colon).toLowerCase()
        return !KNOWN.has(name) && visit(escaped(asciiText(packet.bytes, at, next)), 0)
      }),
    NEEDS,
  ),
]

/** Headers that have a field. */
const KNOWN = new Set(
  [
    'authorization proxy-authorization proxy-authenticate www-authenticate content-type content-length content-encoding',
    'transfer-encoding upgrade user-agent host connection cookie accept referer accept-language accept-encoding date',
    'cache-control server location sec-websocket-accept sec-websocket-extensions sec-websocket-key http2-settings',
    'sec-websocket-protocol sec-websocket-version set-cookie last-modified x-forwarded-for',
  ].flatMap((list) => list.split(' ')),
)

/** Text with its line ends made visible, as Wireshark keeps it here. */
function escaped(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}
