/** The fields of SIP messages. */
import { computed, type Field, type FieldType } from '../../field.ts'
import { lineEnd, nextLine, utf8 } from '../lines.ts'
import { numberHeaders, textHeaders } from './sip-header-names.ts'
import { sipParameterFields } from './sip-parameters.ts'
import {
  addressOf,
  eachValue,
  FIRST_LINE,
  firstLine,
  ofHeader,
  parametersOf,
  parseUri,
  STATUS_LINE,
} from './sip-text.ts'

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
  // Without a value, as `rport` may be, the name stands for it.
  const pattern = new RegExp(`;\\s*(${name})(?:\\s*=\\s*([^;\\s,]*))?(?![^;\\s,=])`, 'i')
  return ofHeader('string', field, 'via', description, (value) => {
    const found = pattern.exec(value)
    return found?.[2] ?? found?.[1] ?? ''
  })
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
  viaParameter('rport', 'sip.Via.rport', 'RPort'),
  viaParameter('branch', 'sip.Via.branch', 'Branch'),
  viaParameter('received', 'sip.Via.received', 'Received'),
  ...sipParameterFields,
]
