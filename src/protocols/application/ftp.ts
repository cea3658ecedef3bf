/**
 * FTP: File Transfer Protocol, RFC 959; the commands and replies, and the data connections that they announce.
 * TLS: RFC 4217. Extended addresses: RFC 2428.
 *
 *   USER name
 *   331 Please specify the password.
 */

import { formatIpv4, formatIpv6 } from '../../packet/address.ts'
import { read32 } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { IPV6 } from '../ipv6-id.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { TCP } from '../tcp.ts'
import { TEXT_LINES } from './http/body.ts'
import { beginsWith, lineEnd, nextToken, tokenEnd, utf8 } from './lines.ts'
import { TLS } from './tls/tls.ts'
import { goesTo } from './transport.ts'

export const FTP = protocolId('ftp')
export const FTP_DATA = protocolId('ftp-data')

const PORT = 21
const DATA_PORT = 20

/** The client asked for TLS. */
interface FtpState {
  asksForTls: boolean
}

type ReadLine = (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean

/** A field of the first line, of commands or of replies. */
function line(
  type: FieldType,
  name: string,
  isRequest: boolean,
  description: string,
  read: ReadLine,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      if (goesTo(packet, layer, [PORT]) !== isRequest) return false
      const at = packet.layerAt[layer]
      return read(packet.bytes, at, lineEnd(packet.bytes, at, packet.layerEnd[layer], false), visit)
    },
    { ...options, need: 'dissection' },
  )
}

/** Octets of the reply code that a line begins with: 3, or 0 if it begins with none. */
function codeLength(bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 > end) return 0
  for (let i = at; i < at + 3; i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return 0
  return 3
}

function replyCode(bytes: Uint8Array, at: number, end: number): number {
  if (codeLength(bytes, at, end) === 0) return 0
  return (bytes[at] - 0x30) * 100 + (bytes[at + 1] - 0x30) * 10 + bytes[at + 2] - 0x30
}

/** The six numbers of PORT and of the reply to PASV: an address and a port. */
function sixNumbers(text: string): { address: string; port: number } | null {
  const match = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(text)
  if (match === null) return null
  const numbers = match.slice(1).map(Number)
  if (numbers.some((number) => number > 255)) return null
  return { address: numbers.slice(0, 4).join('.'), port: numbers[4] * 256 + numbers[5] }
}

function asNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** The address and port that a field shows: of PORT, or of a reply with code 227. */
function announced(
  type: FieldType,
  name: string,
  isRequest: boolean,
  description: string,
  pick: (found: { address: string; port: number }) => number,
): Field {
  return line(type, name, isRequest, description, (bytes, at, end, visit) => {
    if (isRequest ? !beginsWith(bytes, at, end, 'port ') : replyCode(bytes, at, end) !== 227) return false
    const found = sixNumbers(utf8(bytes, at + 4, end))
    return found !== null && visit(pick(found), 0)
  })
}

export const ftp: Protocol = {
  id: FTP,
  name: 'ftp',
  title: 'File Transfer Protocol (FTP)',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORT },
  fields: [
    computed(
      'boolean',
      'ftp.request',
      'Request; a command',
      (packet, layer, visit) => visit(goesTo(packet, layer, [PORT]) ? 1 : 0, 0),
      { need: 'dissection' },
    ),
    computed(
      'boolean',
      'ftp.response',
      'Response; a reply',
      (packet, layer, visit) => visit(goesTo(packet, layer, [PORT]) ? 0 : 1, 0),
      { need: 'dissection' },
    ),
    line('string', 'ftp.request.command', true, 'Request command', (bytes, at, end, visit) => {
      const stop = tokenEnd(bytes, at, end)
      return stop > at && visit(utf8(bytes, at, stop), 0)
    }),
    line('string', 'ftp.request.arg', true, 'Request arg', (bytes, at, end, visit) => {
      tokenEnd(bytes, at, end)
      return nextToken < end && visit(utf8(bytes, nextToken, end), 0)
    }),
    line(
      'uint32',
      'ftp.response.code',
      false,
      'Response code',
      (bytes, at, end, visit) => codeLength(bytes, at, end) > 0 && visit(replyCode(bytes, at, end), 0),
    ),
    line('string', 'ftp.response.arg', false, 'Response arg; its text', (bytes, at, end, visit) => {
      const length = codeLength(bytes, at, end)
      const text = length === 0 ? at : at + length + 1
      return text < end && visit(utf8(bytes, text, end), 0)
    }),
    announced('ipv4', 'ftp.passive.ip', false, 'Passive IP address; where the server waits', ({ address }) =>
      asNumber(address),
    ),
    announced('uint16', 'ftp.passive.port', false, 'Passive port', ({ port }) => port),
    announced('ipv4', 'ftp.active.cip', true, 'Active IP address; where the client waits', ({ address }) =>
      asNumber(address),
    ),
    announced('uint16', 'ftp.active.port', true, 'Active port', ({ port }) => port),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(FTP, at)
    packet.payload = packet.end
    const { bytes, conversation } = packet
    if (conversation === null) return NONE
    const end = lineEnd(bytes, at, packet.end, false)
    let state = conversation.state.get(FTP) as FtpState | undefined
    if (state === undefined) {
      state = { asksForTls: false }
      conversation.state.set(FTP, state)
    }
    if (goesTo(packet, packet.layerCount - 1, [PORT])) {
      state.asksForTls = beginsWith(bytes, at, end, 'auth tls') || beginsWith(bytes, at, end, 'auth ssl')
      if (beginsWith(bytes, at, end, 'port ') || beginsWith(bytes, at, end, 'eprt ')) announceClient(packet, at, end)
    } else {
      const code = replyCode(bytes, at, end)
      if (code === 234 && state.asksForTls) conversation.protocol = TLS
      else if (code === 227 || code === 229) announceServer(packet, at, end)
    }
    return NONE
  },
}

/** PORT and EPRT: where the client waits for the server's data connection. */
function announceClient(packet: Packet, at: number, end: number): void {
  const text = utf8(packet.bytes, at, end)
  const found = sixNumbers(text)
  const extended = /^eprt\s+(.)[12]\1([^|\s]+)\1(\d{1,5})\1/i.exec(text)
  if (found !== null) packet.conversation?.expect(TCP, found.address, found.port, FTP_DATA)
  else if (extended !== null) packet.conversation?.expect(TCP, extended[2], Number(extended[3]) & 0xffff, FTP_DATA)
}

/** Replies to PASV and EPSV: where the server waits for it. */
function announceServer(packet: Packet, at: number, end: number): void {
  const text = utf8(packet.bytes, at, end)
  const found = sixNumbers(text)
  if (found !== null) {
    packet.conversation?.expect(TCP, found.address, found.port, FTP_DATA)
    return
  }
  const extended = /\((.)\1\1(\d{1,5})\1\)/.exec(text)
  if (extended === null || packet.network < 0) return
  const { bytes } = packet
  const header = packet.layerAt[packet.network]
  const isV6 = packet.layerProtocol[packet.network] === IPV6
  const source = isV6 ? formatIpv6(bytes, header + 8) : formatIpv4(read32(bytes, header + 12))
  packet.conversation?.expect(TCP, source, Number(extended[2]) & 0xffff, FTP_DATA)
}

export const ftpData: Protocol = {
  id: FTP_DATA,
  name: 'ftp-data',
  title: 'FTP Data',
  need: 'dissection',
  carriedBy: { 'tcp.application': DATA_PORT },
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(FTP_DATA, at)
    packet.payload = packet.end
    if (!isText(packet.bytes, at, packet.end)) return NONE
    packet.payload = at
    return TEXT_LINES
  },
}

/** Hot: printable ASCII and white space alone. */
function isText(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) {
    const octet = bytes[i]
    if (octet > 0x7e || (octet < 0x20 && (octet < 0x09 || octet > 0x0d))) return false
  }
  return true
}
