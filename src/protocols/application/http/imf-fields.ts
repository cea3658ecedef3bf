/** The fields of Internet messages: the lines of their head, RFC 5322 §3.6 and those that Wireshark knows beside them. */
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type Visit } from '../../field.ts'
import { latin1, lineEnd, nextLine, octetBefore, utf8 } from '../lines.ts'

/** Lines of one head that are looked at. */
const MAX_LINES = 4096
const COLON = 0x3a
const SPACE = 0x20
const TAB = 0x09

/** Whose values are addresses: one or several of them with names, or groups of them. */
const MAILBOXES: readonly string[] = ['from', 'resent-from']
const ADDRESSES: readonly string[] = ['to', 'cc', 'bcc', 'reply-to', 'resent-to', 'resent-cc', 'resent-bcc']

/** Names of lines, in lower case, and the fields that have their values, behind `imf.`. */
const HEADERS: readonly (readonly [header: string, field: string, title: string])[] = [
  ['date', 'date', 'Date'],
  ['from', 'from', 'From'],
  ['sender', 'sender', 'Sender'],
  ['reply-to', 'reply_to', 'Reply-To'],
  ['to', 'to', 'To'],
  ['cc', 'cc', 'Cc'],
  ['bcc', 'bcc', 'Bcc'],
  ['message-id', 'message_id', 'Message-ID'],
  ['in-reply-to', 'in_reply_to', 'In-Reply-To'],
  ['references', 'references', 'References'],
  ['subject', 'subject', 'Subject'],
  ['comments', 'comments', 'Comments'],
  ['user-agent', 'user_agent', 'User-Agent'],
  ['keywords', 'keywords', 'Keywords'],
  ['resent-date', 'resent.date', 'Resent-Date'],
  ['resent-from', 'resent.from', 'Resent-From'],
  ['resent-sender', 'resent.sender', 'Resent-Sender'],
  ['resent-to', 'resent.to', 'Resent-To'],
  ['resent-cc', 'resent.cc', 'Resent-Cc'],
  ['resent-bcc', 'resent.bcc', 'Resent-Bcc'],
  ['resent-message-id', 'resent.message_id', 'Resent-Message-ID'],
  ['return-path', 'return_path', 'Return-Path'],
  ['received', 'received', 'Received'],
  ['content-type', 'content.type', 'Content-Type'],
  ['content-description', 'content.description', 'Content-Description'],
  ['content-id', 'content.id', 'Content-ID'],
  ['content-transfer-encoding', 'content.transfer_encoding', 'Content-Transfer-Encoding'],
  ['mime-version', 'mime_version', 'MIME-Version'],
  ['content-language', 'content_language', 'Content-Language'],
  ['expires', 'expires', 'Expires'],
  ['importance', 'importance', 'Importance'],
  ['priority', 'priority', 'Priority'],
  ['sensitivity', 'sensitivity', 'Sensitivity'],
  ['delivered-to', 'delivered_to', 'Delivered-To'],
  ['x-mailer', 'ext.mailer', 'X-Mailer'],
  ['x-mimeole', 'ext.mimeole', 'X-MimeOLE'],
  ['x-uidl', 'ext.uidl', 'X-UIDL'],
  ['x-original-to', 'ext.original-to', 'X-Original-To'],
  ['x-virus-scanned', 'ext.virus_scanned', 'X-Virus-Scanned'],
  ['thread-index', 'thread-index', 'Thread-Index'],
  ['lines', 'lines', 'Lines'],
  ['precedence', 'precedence', 'Precedence'],
]

const KNOWN: ReadonlySet<string> = new Set(HEADERS.map(([header]) => header))

/** Calls `each` with the name (in lower case) and the value of each line of the head; folded lines are one. */
function eachLine(packet: Packet, layer: number, each: (name: string, value: string) => boolean): boolean {
  const { bytes } = packet
  const end = packet.layerEnd[layer]
  let next = packet.layerAt[layer]
  for (let i = 0; i < MAX_LINES && next < end; i++) {
    const at = next
    let stop = lineEnd(bytes, at, end, false)
    next = nextLine
    if (stop === at) return false
    // RFC 5322 §2.2.3: what begins with white space goes on with the line before.
    while (next < end && (bytes[next] === SPACE || bytes[next] === TAB)) {
      stop = lineEnd(bytes, next, end, false)
      next = nextLine
    }
    const colon = octetBefore(bytes, COLON, at, stop)
    if (colon < 0) continue
    const name = latin1(bytes, at, colon).trim().toLowerCase()
    if (each(name, utf8(bytes, colon + 1, stop).replace(/^[ \t]+/, ''))) return true
  }
  return false
}

function ofHead(
  name: string,
  description: string,
  read: (header: string, value: string, visit: Visit) => boolean,
): Field {
  return computed('string', `imf.${name}`, description, (packet, layer, visit) =>
    eachLine(packet, layer, (header, value) => read(header, value, visit)),
  )
}

/** The addresses of a list, apart at the commas that stand in no quotes (RFC 5322 §3.4). */
function addressesOf(value: string): string[] {
  return (value.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? []).map((each) => each.trim()).filter((each) => each !== '')
}

const NAMED = /^(.*?)\s*<([^>]*)>/s

function ofAddresses(name: string, description: string, read: (address: string) => string | undefined): Field {
  return ofHead(name, description, (header, value, visit) => {
    if (!MAILBOXES.includes(header) && !ADDRESSES.includes(header)) return false
    return addressesOf(value).some((address) => {
      const found = read(address)
      return found !== undefined && found !== '' && visit(found, 0)
    })
  })
}

/** A media type ends where its parameters begin, or a comment. */
const MEDIA_TYPE = /^([^;\s]*)[^;]*;?(.*)$/s

function ofContentType(name: string, description: string, group: number): Field {
  return ofHead(name, description, (header, value, visit) => {
    const part = header === 'content-type' ? MEDIA_TYPE.exec(value)?.[group] : undefined
    return part !== undefined && part !== '' && visit(part, 0)
  })
}

export const imfFields: readonly Field[] = [
  ...HEADERS.map(([header, name, title]) =>
    ofHead(name, title, (own, value, visit) => own === header && visit(value, 0)),
  ),
  ofAddresses('display_name', 'Display-Name; of an address', (address) => NAMED.exec(address)?.[1]),
  ofAddresses('address', 'Address; without the name', (address) => NAMED.exec(address)?.[2] ?? address),
  ofContentType('content.type.type', 'Type', 1),
  ofContentType('content.type.parameters', 'Parameters', 2),
  ofHead(
    'extension',
    'Unknown-Extension; any other line',
    (name, value, visit) => !KNOWN.has(name) && visit(`${name}: ${value}`, 0),
  ),
  ofHead('extension.type', 'Type', (name, _value, visit) => !KNOWN.has(name) && visit(name, 0)),
  ofHead('extension.value', 'Value', (name, value, visit) => !KNOWN.has(name) && visit(value, 0)),
]
