/**
 * BT-DHT: BitTorrent's distributed hash table, BEP 5. A message is a dictionary in bencoding (BEP 3):
 *
 *   integer  i 42 e
 *   string   4 : spam
 *   list     l values e
 *   dict     d keys (strings) and values e
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { computed, type Field, type FieldType, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { asciiText } from './ascii.ts'

export const BT_DHT = protocolId('bt-dht')

/** Dictionaries and lists within each other; no message needs as many. */
const MAX_DEPTH = 16
/** Digits of a string's length; no datagram is longer. */
const MAX_DIGITS = 9

const COLON = 0x3a
const DICTIONARY = 0x64
const END = 0x65
const INTEGER = 0x69
const LIST = 0x6c

/** Octets of a node's identifier, of an IPv4 address and port, of an IPv6 address and port. */
const ID_LENGTH = 20
const PEER_LENGTH = 6
const PEER6_LENGTH = 18

/** What a walk comes upon: text, octets shown as digits, a number, a dictionary, a list, a node's parts. */
type Part = 'string' | 'octets' | 'integer' | 'dictionary' | 'list' | 'id' | 'ip' | 'ip6' | 'port'
type Visitor = (part: Part, at: number, length: number) => boolean

/** The walk has come upon something malformed; a visitor stopped it. Places in the packet are positive. */
const BROKEN = -1
const STOPPED = -2

/** Keys whose values are no text. */
const OPAQUE = new Set(['id', 'target', 'info_hash', 't', 'v', 'token'])

// The string read last: its first octet and its length.
let stringAt = 0
let stringLength = 0

/** Hot: one past the string at `at`, or -1. */
function readString(bytes: Uint8Array, at: number, end: number): number {
  let length = 0
  let i = at
  while (i < end && i - at <= MAX_DIGITS && bytes[i] !== COLON) {
    const digit = bytes[i++] - 0x30
    if (digit < 0 || digit > 9) return BROKEN
    length = length * 10 + digit
  }
  if (i >= end || bytes[i] !== COLON || i === at || length === 0 || i + 1 + length > end) return BROKEN
  stringAt = i + 1
  stringLength = length
  return stringAt + length
}

/** Hot without a visitor: one past the dictionary whose `d` is at `at`. */
function walkDictionary(bytes: Uint8Array, at: number, end: number, depth: number, visit: Visitor | null): number {
  let next = at + 1
  while (next < end && bytes[next] !== END) {
    next = walkEntry(bytes, next, end, depth, visit)
    if (next < 0) return next
  }
  return next < end ? next + 1 : BROKEN
}

/** Hot without a visitor. */
function walkEntry(bytes: Uint8Array, at: number, end: number, depth: number, visit: Visitor | null): number {
  const value = readString(bytes, at, end)
  if (value < 0) return value
  const key = stringAt
  const keyLength = stringLength
  if (visit?.('string', key, keyLength)) return STOPPED
  if (value >= end) return BROKEN
  const first = bytes[value]
  if (first === LIST && keyLength === 1 && bytes[key] === END) return walkError(bytes, value, end, visit)
  if (first === LIST && keyLength === 6 && spells(bytes, key, 'values')) return walkPeers(bytes, value, end, visit)
  if (first === DICTIONARY || first === LIST || first === INTEGER) return walk(bytes, value, end, depth, visit)
  const next = readString(bytes, value, end)
  if (next < 0) return next
  if (keyLength === 5 && spells(bytes, key, 'nodes')) return eachNode(stringAt, stringLength, PEER_LENGTH, next, visit)
  if (keyLength === 6 && spells(bytes, key, 'nodes6'))
    return eachNode(stringAt, stringLength, PEER6_LENGTH, next, visit)
  if (keyLength === 2 && spells(bytes, key, 'ip') && stringLength === PEER_LENGTH)
    return isPeer(stringAt, PEER_LENGTH, visit) ? STOPPED : next
  if (visit === null) return next
  const isOpaque = OPAQUE.has(asciiText(bytes, key, keyLength)) || (keyLength === 2 && spells(bytes, key, 'ip'))
  return visit(isOpaque ? 'octets' : 'string', stringAt, stringLength) ? STOPPED : next
}

/** Hot without a visitor: one past the value at `at`, which is no string of an entry. */
function walk(bytes: Uint8Array, at: number, end: number, depth: number, visit: Visitor | null): number {
  if (depth > MAX_DEPTH || at >= end) return BROKEN
  switch (bytes[at]) {
    case DICTIONARY:
      if (visit?.('dictionary', at, 0)) return STOPPED
      return walkDictionary(bytes, at, end, depth + 1, visit)
    case LIST: {
      if (visit?.('list', at, 0)) return STOPPED
      let next = at + 1
      while (next < end && bytes[next] !== END) {
        next = walk(bytes, next, end, depth + 1, visit)
        if (next < 0) return next
      }
      return next < end ? next + 1 : BROKEN
    }
    case INTEGER:
      return walkInteger(bytes, at, end, visit)
    default: {
      const next = readString(bytes, at, end)
      return next >= 0 && visit?.('string', stringAt, stringLength) ? STOPPED : next
    }
  }
}

/** Hot without a visitor. */
function walkInteger(bytes: Uint8Array, at: number, end: number, visit: Visitor | null): number {
  let next = at + 1
  while (next < end && bytes[next] !== END) next++
  if (next >= end) return BROKEN
  return visit?.('integer', at + 1, next - at - 1) ? STOPPED : next + 1
}

/** Hot without a visitor: a number and a text. Wireshark takes the end of this list for that of the message. */
function walkError(bytes: Uint8Array, at: number, end: number, visit: Visitor | null): number {
  const text = walkInteger(bytes, at + 1, end, visit)
  if (text < 0) return text
  const next = readString(bytes, text, end)
  return next >= 0 && visit?.('string', stringAt, stringLength) ? STOPPED : next
}

/** Hot without a visitor. */
function walkPeers(bytes: Uint8Array, at: number, end: number, visit: Visitor | null): number {
  let next = at + 1
  while (next < end && bytes[next] !== END) {
    next = readString(bytes, next, end)
    if (next < 0) return next
    if (stringLength === PEER_LENGTH && isPeer(stringAt, PEER_LENGTH, visit)) return STOPPED
    if (stringLength === PEER6_LENGTH && isPeer(stringAt, PEER6_LENGTH, visit)) return STOPPED
  }
  return next < end ? next + 1 : BROKEN
}

/** Hot without a visitor. */
function eachNode(from: number, length: number, peerLength: number, next: number, visit: Visitor | null): number {
  if (visit === null) return next
  for (let at = from; at + ID_LENGTH + peerLength <= from + length; at += ID_LENGTH + peerLength)
    if (visit('id', at, ID_LENGTH) || isPeer(at + ID_LENGTH, peerLength, visit)) return STOPPED
  return next
}

/** Whether the visitor stops at an address or its port. */
function isPeer(at: number, length: number, visit: Visitor | null): boolean {
  if (visit === null) return false
  return visit(length === PEER_LENGTH ? 'ip' : 'ip6', at, length - 2) || visit('port', at + length - 2, 2)
}

/** Hot. */
function spells(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/** What messages begin with: Wireshark knows requests, responses and errors by it, and an address in front. */
const BEGINNINGS = ['d1:ad', 'd1:rd', 'd2:ip', 'd1:el']

/** Hot. */
function beginsWell({ bytes, end }: Packet, at: number): boolean {
  if (end - at < 5) return false
  for (let i = 0; i < BEGINNINGS.length; i++) if (spells(bytes, at, BEGINNINGS[i])) return true
  return false
}

function ofPart(
  type: FieldType,
  name: string,
  part: Part,
  description: string,
  read: (bytes: Uint8Array, at: number, length: number, visit: Visit) => boolean,
): Field {
  return computed(type, name, description, ({ bytes, layerAt, layerEnd }, layer, visit) => {
    const found = walkDictionary(bytes, layerAt[layer], layerEnd[layer], 0, (other, at, length) =>
      other === part ? read(bytes, at, length, visit) : false,
    )
    return found === STOPPED
  })
}

export const btDht: Protocol = {
  id: BT_DHT,
  name: 'bt-dht',
  title: 'BitTorrent DHT Protocol',
  need: 'dissection',
  looksLike: { udp: beginsWell },
  fields: [
    computed(
      'string',
      'bt-dht.bencoded.string',
      'String; each key and value',
      ({ bytes, layerAt, layerEnd }, layer, visit) => {
        const found = walkDictionary(bytes, layerAt[layer], layerEnd[layer], 0, (part, at, length) => {
          if (part === 'string') return visit(asciiText(bytes, at, length), 0)
          return part === 'octets' && visit(Buffer.from(bytes.subarray(at, at + length)).toString('hex'), 0)
        })
        return found === STOPPED
      },
    ),
    ofPart('string', 'bt-dht.bencoded.int', 'integer', 'Int; each number', (bytes, at, length, visit) =>
      visit(asciiText(bytes, at, length), 0),
    ),
    ofPart('none', 'bt-dht.bencoded.dict', 'dictionary', 'Dictionary', (_bytes, _at, _length, visit) => visit(0, 0)),
    ofPart('none', 'bt-dht.bencoded.list', 'list', 'List', (_bytes, _at, _length, visit) => visit(0, 0)),
    ofPart('bytes', 'bt-dht.id', 'id', 'ID; of a node', (_bytes, at, length, visit) => visit(at, length)),
    ofPart('ipv4', 'bt-dht.ip', 'ip', 'IP; of a node or peer', (bytes, at, _length, visit) =>
      visit(read32(bytes, at), 0),
    ),
    ofPart('ipv6', 'bt-dht.ip6', 'ip6', 'IP; of a node', (_bytes, at, length, visit) => visit(at, length)),
    ofPart('uint16', 'bt-dht.port', 'port', 'Port; of a node or peer', (bytes, at, _length, visit) =>
      visit(read16(bytes, at), 0),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    if (!beginsWell(packet, at)) return REJECTED
    packet.enter(BT_DHT, at)
    packet.payload = packet.end
    if (packet.conversation !== null) packet.conversation.protocol = BT_DHT
    return walkDictionary(packet.bytes, at, packet.end, 0, null) < 0 ? packet.truncated(BT_DHT) : NONE
  },
}
