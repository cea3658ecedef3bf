/** How SIP's lines are taken apart: URIs, addresses and parameters (RFC 3261 §25.1). */
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldType, type Visit } from '../../field.ts'
import { latin1, lineEnd, utf8 } from '../lines.ts'
import { shortNames } from './sip-header-names.ts'
import { eachHeader } from './text-message.ts'

/** What URIs and addresses consist of (RFC 3261 §25.1); only what Wireshark shows of them. */
export interface Uri {
  readonly uri: string
  readonly user: string
  readonly host: string
  readonly port: string
}

export const FIRST_LINE = /^(\S+) (\S*:\S*) SIP\/2\.0$/
export const STATUS_LINE = /^SIP\/2\.0 (\d{3}) /

export function firstLine(packet: Packet, layer: number): string {
  const at = packet.layerAt[layer]
  return utf8(packet.bytes, at, lineEnd(packet.bytes, at, packet.layerEnd[layer], false))
}

/** Takes `sip:user@host:port;parameters` apart; null if it is nothing of that kind. */
export function parseUri(uri: string): Uri | null {
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
export function addressOf(value: string): string {
  const bracketed = /<([^>]*)>/.exec(value)
  return bracketed !== null ? bracketed[1] : value.split(';')[0].trim()
}

/** What stands behind the address. */
export function parametersOf(value: string): string {
  const close = value.indexOf('>')
  const from = value.indexOf(';', close < 0 ? 0 : close)
  return from < 0 ? '' : value.slice(from)
}

/** Calls `each` with the value of each header of that name, or of those names, given in lower case. */
export function eachValue(
  packet: Packet,
  layer: number,
  names: string | readonly string[],
  each: (value: string) => boolean,
): boolean {
  const { bytes } = packet
  // What begins with neither line is the middle of a message, or none of SIP.
  const line = firstLine(packet, layer)
  if (!FIRST_LINE.test(line) && !STATUS_LINE.test(line)) return false
  const isNamed = typeof names === 'string' ? (name: string) => name === names : (name: string) => names.includes(name)
  return eachHeader(packet, layer, (at, nameEnd, value, end) => {
    const found = latin1(bytes, at, nameEnd).toLowerCase()
    return (isNamed(found) || isNamed(shortNames[found] ?? '')) && each(utf8(bytes, value, end))
  })
}

/** Something of the values of a header. */
export function ofHeader(
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
