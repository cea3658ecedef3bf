/** The fields of SIP messages. */
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldType, type Visit } from '../../field.ts'
import { latin1, lineEnd, nextLine, utf8 } from '../lines.ts'
import { numberHeaders, shortNames, textHeaders } from './sip-header-names.ts'
import { eachHeader } from './text-message.ts'

/** What URIs and addresses consist of (RFC 3261 §25.1); only what Wireshark shows of them. */
interface Uri {
  readonly uri: string
  readonly user: string
  readonly host: string
  readonly port: string
}

const FIRST_LINE = /^(\S+) (\S*:\S*) SIP\/2\.0$/
const STATUS_LINE = /^SIP\/2\.0 (\d{3}) /

function firstLine(packet: Packet, layer: number): string {
  const at = packet.layerAt[layer]
  return utf8(packet.bytes, at, lineEnd(packet.bytes, at, packet.layerEnd[layer], false))
}

/** Something of the request line. */
function ofRequest(
  name: string,
  description: string,
  read: (method: string, uri: string, line: string) => string,
): Field {
  return computed('string', name, description, (packet, layer, visit) => {
    const line = firstLine(packet, layer)
    const parts = FIRST_LINE.exec(line)
    if (parts === null) return false
    const value = read(parts[1], parts[2], line)
    return value !== '' && visit(value, 0)
  })
}

/** Takes `sip:user@host:port;parameters` apart; null if it is nothing of that kind. */
function parseUri(uri: string): Uri | null {
  const scheme = /^sips?:/i.exec(uri)
  if (scheme === null) return null
  const [main] = uri.slice(scheme[0].length).split(/[;?]/)
  const at = main.lastIndexOf('@')
  const user = at < 0 ? '' : main.slice(0, at)
  const hostPort = main.slice(at + 1)
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?/.exec(hostPort)
  return { uri, user: user.split(':')[0], host: parts?.[1] ?? '', port: parts?.[2] ?? '' }
}

/** The address of a header value: what stands in `<>`, else what stands before the parameters. */
function addressOf(value: string): string {
  const bracketed = /<([^>]*)>/.exec(value)
  return bracketed !== null ? bracketed[1] : value.split(';')[0].trim()
}

/** What stands behind the address. */
function parametersOf(value: string): string {
  const close = value.indexOf('>')
  const from = value.indexOf(';', close < 0 ? 0 : close)
  return from < 0 ? '' : value.slice(from)
}

/** Calls `each` with the value of each header of that name, given in lower case. */
function eachValue(packet: Packet, layer: number, name: string, each: (value: string) => boolean): boolean {
  const { bytes } = packet
  // What begins with neither line is the middle of a message, or none of SIP.
  const line = firstLine(packet, layer)
  if (!FIRST_LINE.test(line) && !STATUS_LINE.test(line)) return false
  return eachHeader(packet, layer, (at, nameEnd, value, end) => {
    if (nameEnd - at !== name.length && nameEnd - at !== 1) return false
    const found = latin1(bytes, at, nameEnd).toLowerCase()
    if (found !== name && shortNames[found] !== name) return false
    return each(utf8(bytes, value, end))
  })
}

function header(type: FieldType, canonical: string): Field {
  const name = canonical.toLowerCase().replaceAll('_', '-')
  return computed(type, `sip.${canonical}`, canonical, (packet, layer, visit) =>
    eachValue(packet, layer, name, (value) => {
      if (type === 'string') return visit(value, 0)
      const number = Number.parseInt(value, 10)
      return number >= 0 && visit(number >>> 0, 0)
    }),
  )
}

/** Something of the values of a header. */
function ofHeader(
  type: FieldType,
  name: string,
  headerName: string,
  description: string,
  read: (value: string) => string,
): Field {
  return computed(type, name, description, (packet, layer, visit) =>
    eachValue(packet, layer, headerName, (value) => {
      const part = read(value)
      if (part === '') return false
      return type === 'string' ? visit(part, 0) : visitNumber(part, visit)
    }),
  )
}

function visitNumber(text: string, visit: Visit): boolean {
  const number = Number.parseInt(text, 10)
  return number >= 0 && visit(number, 0)
}

/** The parts of the address of From and To. */
function addressFields(header: 'from' | 'to'): Field[] {
  const part = (name: string, description: string, read: (value: string) => string): Field =>
    ofHeader('string', `sip.${header}.${name}`, header, `SIP ${header} ${description}`, read)
  return [
    part('display.info', 'display info', (value) => /^\s*("[^"]*"|[^<"]+)\s*</.exec(value)?.[1] ?? ''),
    part('addr', 'address', addressOf),
    part('user', 'address User Part', (value) => parseUri(addressOf(value))?.user ?? ''),
    part('host', 'address Host Part', (value) => parseUri(addressOf(value))?.host ?? ''),
    part('port', 'address Host Port', (value) => parseUri(addressOf(value))?.port ?? ''),
    part('tag', 'tag', (value) => /;\s*tag=([^;\s]*)/i.exec(parametersOf(value))?.[1] ?? ''),
  ]
}

const VIA = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z-]+)\s+(\[[^\]]*\]|[^:;\s]*)(?:\s*:\s*(\d+))?/

function viaParameter(name: string, field: string, description: string): Field {
  const pattern = new RegExp(`;\\s*${name}\\s*=\\s*([^;\\s,]*)`, 'i')
  return ofHeader('string', field, 'via', description, (value) => pattern.exec(value)?.[1] ?? '')
}

export const sipFields: readonly Field[] = [
  ofRequest('sip.Request-Line', 'Request-Line', (_method, _uri, line) => line),
  ofRequest('sip.Method', 'Method', (method) => method),
  ofRequest('sip.r-uri', 'Request-URI', (_method, uri) => uri),
  ofRequest('sip.r-uri.user', 'Request-URI User Part', (_method, uri) => parseUri(uri)?.user ?? ''),
  ofRequest('sip.r-uri.host', 'Request-URI Host Part', (_method, uri) => parseUri(uri)?.host ?? ''),
  ofRequest('sip.r-uri.port', 'Request-URI Host Port', (_method, uri) => parseUri(uri)?.port ?? ''),
  computed('string', 'sip.Status-Line', 'Status-Line', (packet, layer, visit) => {
    const line = firstLine(packet, layer)
    return STATUS_LINE.test(line) && visit(line, 0)
  }),
  computed('uint32', 'sip.Status-Code', 'Status-Code', (packet, layer, visit) => {
    const parts = STATUS_LINE.exec(firstLine(packet, layer))
    return parts !== null && visit(Number(parts[1]), 0)
  }),
  computed('string', 'sip.msg_hdr', 'Message Header; and what follows it', (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    const end = packet.layerEnd[layer]
    const line = firstLine(packet, layer)
    lineEnd(packet.bytes, at, end, false)
    return (
      (FIRST_LINE.test(line) || STATUS_LINE.test(line)) && nextLine < end && visit(utf8(packet.bytes, nextLine, end), 0)
    )
  }),
  ...textHeaders.map((name) => header('string', name)),
  ...numberHeaders.map((name) => header('uint32', name)),
  ...addressFields('from'),
  ...addressFields('to'),
  ofHeader('string', 'sip.contact.uri', 'contact', 'Contact URI', (value) =>
    value.trim() === '*' ? '' : addressOf(value),
  ),
  ofHeader(
    'string',
    'sip.contact.user',
    'contact',
    'Contact URI User Part',
    (value) => parseUri(addressOf(value))?.user ?? '',
  ),
  ofHeader(
    'string',
    'sip.contact.host',
    'contact',
    'Contact URI Host Part',
    (value) => parseUri(addressOf(value))?.host ?? '',
  ),
  ofHeader(
    'string',
    'sip.contact.port',
    'contact',
    'Contact URI Host Port',
    (value) => parseUri(addressOf(value))?.port ?? '',
  ),
  ofHeader('uint32', 'sip.CSeq.seq', 'cseq', 'Sequence Number', (value) => /^\d+/.exec(value)?.[0] ?? ''),
  ofHeader('string', 'sip.CSeq.method', 'cseq', 'Method', (value) => /^\d+\s+(\S+)/.exec(value)?.[1] ?? ''),
  ofHeader('string', 'sip.Via.transport', 'via', 'Transport', (value) => VIA.exec(value)?.[1] ?? ''),
  ofHeader('string', 'sip.Via.sent-by.address', 'via', 'Sent-by Address', (value) => VIA.exec(value)?.[2] ?? ''),
  ofHeader('uint16', 'sip.Via.sent-by.port', 'via', 'Sent-by port', (value) => VIA.exec(value)?.[3] ?? ''),
  viaParameter('branch', 'sip.Via.branch', 'Branch'),
  viaParameter('received', 'sip.Via.received', 'Received'),
]
