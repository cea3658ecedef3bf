/**
 * QUIC, RFC 9000 §17: the headers, and with `quic-contents.ts` what the packets hold whose keys are known.
 *
 *   long:  | 1 1 type xxxx | version (4) | length, destination ID | length, source ID |
 *          Initial: | length, token |; all but Retry: | length | packet number, payload ... |
 *   short: | 0 1 spin xxxxx | destination ID | packet number, payload ... |
 *
 * Numbers of variable length have their own length in the upper two bits (§16). A datagram may hold several packets (§12.2).
 */
import { read16, read32, read64 } from '../../packet/bytes.ts'
import { MAX_LAYERS, NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type ValueNames, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { APPLICATION_LEVEL, decodeContents, forgetKeys, HANDSHAKE_LEVEL, INITIAL_LEVEL } from './quic-contents.ts'
import { quicFrameFields } from './quic-frame-fields.ts'

export const QUIC = protocolId('quic')

const LONG = 0x80
const FIXED = 0x40
const SPIN = 0x20
const TYPE_SHIFT = 4

// Octets from the first octet of a packet.
const VERSION = 1
const DESTINATION_LENGTH = 5
const IDENTIFIERS = 6

// Types of long header (RFC 9000 §17.2); version 2 numbers them anew (RFC 9369 §3.2).
const INITIAL = 0
const ZERO_ROUND_TRIPS = 1
const RETRY = 3

/** Octets of an identifier (RFC 9000 §17.2), and of the tag behind a Retry token (§17.2.5). */
const MAX_IDENTIFIER = 20
const RETRY_TAG = 16

/** Octets that Wireshark wants to see before it takes a payload for QUIC. */
const MIN_LENGTH = 13

const TYPES: ValueNames = { 0: 'Initial', 1: '0-RTT', 2: 'Handshake', 3: 'Retry' }

/** Hot: what Wireshark recognises by: drafts, version 1 and 2, what Facebook and Google used, and grease (§15). */
function isKnown(version: number): boolean {
  if (version >>> 8 === 0xff0000) return (version & 0xff) >= 11
  if (isGrease(version)) return true
  switch (version) {
    case 0x00000001:
    case 0x6b3343cf:
    case 0x709a50c4:
    case 0xfaceb001:
    case 0xfaceb002:
    case 0xfaceb00e:
    case 0x51303530:
    case 0x54303530:
    case 0x54303531:
      return true
    default:
      return false
  }
}

/** Hot. */
function isGrease(version: number): boolean {
  return (version & 0x0f0f0f0f) === 0x0a0a0a0a
}

/** Hot. */
function isVersion2(version: number): boolean {
  return version === 0x6b3343cf || version === 0x709a50c4
}

/** Hot: the type of a long header, in the numbers of version 1. */
function typeOf(first: number, version: number): number {
  const type = (first >> TYPE_SHIFT) & 3
  return isVersion2(version) ? (type + 3) & 3 : type
}

/** Hot: the number of variable length at `at`, up to 2^53; its length is in the upper bits of its first octet. */
function readVariable(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  switch (first >> 6) {
    case 0:
      return first
    case 1:
      return read16(bytes, at) & 0x3fff
    case 2:
      return read32(bytes, at) & 0x3fffffff
    default:
      return (read32(bytes, at) & 0x3fffffff) * 2 ** 32 + read32(bytes, at + 4)
  }
}

/** The same, exactly. */
function exact(bytes: Uint8Array, at: number): bigint {
  return variableLength(bytes[at]) === 8 ? read64(bytes, at) & 0x3fff_ffff_ffff_ffffn : BigInt(readVariable(bytes, at))
}

/** Hot. */
function variableLength(first: number): number {
  return 1 << (first >> 6)
}

/** Where the parts of a long header lie; 0 for a part that it has not or that is cut. */
const header = { source: 0, token: 0, length: 0, payload: 0 }

/** Hot: fills `header`; returns one past the packet that begins at `at`, at most `end`. */
function readHeader(bytes: Uint8Array, at: number, end: number): number {
  header.source = header.token = header.length = header.payload = 0
  if (at + IDENTIFIERS > end) return end
  const source = at + IDENTIFIERS + bytes[at + DESTINATION_LENGTH]
  if (source >= end) return end
  header.source = source
  const version = read32(bytes, at + VERSION)
  let next = source + 1 + bytes[source]
  if (next > end) return end
  const type = typeOf(bytes[at], version)
  header.payload = next
  if (version === 0 || type === RETRY) return end
  if (type === INITIAL) {
    if (next >= end || next + variableLength(bytes[next]) > end) return end
    header.token = next
    next += variableLength(bytes[next]) + readVariable(bytes, next)
  }
  if (next >= end || next + variableLength(bytes[next]) > end) return end
  header.length = next
  const payload = next + variableLength(bytes[next])
  header.payload = payload
  return Math.min(end, payload + readVariable(bytes, next))
}

/** What is known of a connection: which direction is the client's, and how long the identifiers are that each side chose. */
interface Connection {
  clientDirection: number
  clientLength: number
  /** 0 until the server has said it; again after a Retry, once the client has answered that. */
  serverLength: number
  isRetried: boolean
}

/** Octets of the destination identifier of a short header, by layer: it does not say so itself. */
const shortLengths = new Uint8Array(MAX_LAYERS)

/** Hot: takes note of the identifiers that a long header announces. */
function learn(packet: Packet, connection: Connection | undefined, at: number): void {
  const { conversation, bytes, end } = packet
  const version = read32(bytes, at + VERSION)
  const type = typeOf(bytes[at], version)
  if (conversation === null || version === 0 || type === ZERO_ROUND_TRIPS) return
  const direction = packet.layerDirection[packet.transport]
  readHeader(bytes, at, end)
  const length = header.source > 0 ? bytes[header.source] : 0
  if (connection === undefined) {
    if (type === INITIAL)
      conversation.state.set(QUIC, {
        clientDirection: direction,
        clientLength: length,
        serverLength: 0,
        isRetried: false,
      })
  } else if (direction === connection.clientDirection) {
    if (type !== INITIAL || !connection.isRetried) return
    connection.isRetried = false
    forgetKeys(conversation)
    connection.serverLength = 0
  } else {
    if (type === RETRY) connection.isRetried = true
    if (connection.serverLength === 0) connection.serverLength = length
  }
}

/** Hot: Wireshark shows nothing of a packet whose identifiers it cannot read. */
function isReadable(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false
  if ((bytes[at] & LONG) === 0) return at + 1 + MAX_IDENTIFIER <= end
  readHeader(bytes, at, end)
  const { source } = header
  return source > 0 && (bytes[source] > MAX_IDENTIFIER || source + 1 + bytes[source] <= end)
}

type Read = (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean

/** A field of long headers; `header` is filled when `read` is called. */
function ofLong(type: FieldType, name: string, description: string, read: Read, options?: FieldOptions): Field {
  return computed(
    type,
    name,
    description,
    ({ bytes, layerAt, layerEnd }, layer, visit) => {
      const at = layerAt[layer]
      const end = layerEnd[layer]
      if ((bytes[at] & LONG) === 0 || !isReadable(bytes, at, end)) return false
      return read(bytes, at, end, visit)
    },
    options,
  )
}

function ofAny(type: FieldType, name: string, description: string, read: Read, options?: FieldOptions): Field {
  return computed(
    type,
    name,
    description,
    ({ bytes, layerAt, layerEnd }, layer, visit) =>
      isReadable(bytes, layerAt[layer], layerEnd[layer]) && read(bytes, layerAt[layer], layerEnd[layer], visit),
    options,
  )
}

const isNegotiation = (bytes: Uint8Array, at: number): boolean => read32(bytes, at + VERSION) === 0

/** The type, as it stands in the packet; 4.0 has a field of its own for version 2. */
function packetType(name: string, forVersion2: boolean, values: ValueNames): Field {
  return ofLong(
    'uint8',
    name,
    'Packet Type',
    (bytes, at, _end, visit) =>
      !isNegotiation(bytes, at) &&
      isVersion2(read32(bytes, at + VERSION)) === forVersion2 &&
      visit((bytes[at] >> TYPE_SHIFT) & 3, 0),
    { values },
  )
}

const destination = computed(
  'bytes',
  'quic.dcid',
  'Destination Connection ID; that the receiver chose',
  ({ bytes, layerAt, layerEnd }, layer, visit) => {
    const at = layerAt[layer]
    const isLong = (bytes[at] & LONG) !== 0
    const from = at + (isLong ? IDENTIFIERS : 1)
    if (!isReadable(bytes, at, layerEnd[layer])) return false
    const length = isLong ? bytes[from - 1] : shortLengths[layer]
    return length > 0 && from + length <= layerEnd[layer] && visit(from, length)
  },
)

export const quic: Protocol = {
  id: QUIC,
  name: 'quic',
  title: 'QUIC IETF',
  need: 'dissection',
  looksLike: { udp: looksLikeQuic },
  fields: [
    computed('uint32', 'quic.packet_length', 'Packet Length; in octets', (packet, layer, visit) =>
      isReadable(packet.bytes, packet.layerAt[layer], packet.layerEnd[layer])
        ? visit(packet.layerWireEnd[layer] - packet.layerAt[layer], 0)
        : false,
    ),
    ofAny('uint8', 'quic.header_form', 'Header Form', (bytes, at, _end, visit) => visit(bytes[at] >> 7, 0), {
      values: { 0: 'Short Header', 1: 'Long Header' },
    }),
    ofAny('boolean', 'quic.fixed_bit', 'Fixed Bit', (bytes, at, _end, visit) => {
      const isLong = (bytes[at] & LONG) !== 0
      if (isLong && isNegotiation(bytes, at)) return false
      if (isLong && typeOf(bytes[at], read32(bytes, at + VERSION)) === RETRY) return false
      return visit((bytes[at] & FIXED) >> 6, 0)
    }),
    packetType('quic.long.packet_type', false, TYPES),
    packetType('quic.long.packet_type_v2', true, { 0: 'Retry', 1: 'Initial', 2: '0-RTT', 3: 'Handshake' }),
    ofLong('uint32', 'quic.version', 'Version', (bytes, at, _end, visit) => visit(read32(bytes, at + VERSION), 0), {
      base: 'hex',
    }),
    ofLong('uint8', 'quic.dcil', 'Destination Connection ID Length; in octets', (bytes, at, end, visit) =>
      at + IDENTIFIERS <= end ? visit(bytes[at + DESTINATION_LENGTH], 0) : false,
    ),
    destination,
    ofLong('uint8', 'quic.scil', 'Source Connection ID Length; in octets', (bytes, _at, _end, visit) =>
      header.source > 0 ? visit(bytes[header.source], 0) : false,
    ),
    ofLong('bytes', 'quic.scid', 'Source Connection ID; that the sender chose', (bytes, _at, end, visit) => {
      const length = header.source > 0 ? bytes[header.source] : 0
      return length > 0 && header.source + 1 + length <= end && visit(header.source + 1, length)
    }),
    ofLong('uint64', 'quic.token_length', 'Token Length; in octets', (bytes, _at, _end, visit) =>
      header.token > 0 ? visit(exact(bytes, header.token), 0) : false,
    ),
    ofLong('bytes', 'quic.token', 'Token; that the server gave before', (bytes, _at, end, visit) => {
      if (header.token === 0) return false
      const length = readVariable(bytes, header.token)
      const from = header.token + variableLength(bytes[header.token])
      return length > 0 && from + length <= end && visit(from, length)
    }),
    ofLong('uint64', 'quic.length', 'Length; of packet number and payload, in octets', (bytes, _at, _end, visit) =>
      header.length > 0 ? visit(exact(bytes, header.length), 0) : false,
    ),
    ofLong('uint32', 'quic.supported_version', 'Supported Version', eachVersion, { base: 'hex' }),
    ofLong('bytes', 'quic.retry_token', 'Retry Token', (bytes, at, end, visit) => {
      const version = read32(bytes, at + VERSION)
      if (version === 0 || header.payload === 0 || typeOf(bytes[at], version) !== RETRY) return false
      const length = end - header.payload - RETRY_TAG
      return length > 0 && visit(header.payload, length)
    }),
    ofAny(
      'none',
      'quic.short',
      'QUIC Short Header',
      (bytes, at, _end, visit) => (bytes[at] & LONG) === 0 && visit(0, 0),
    ),
    ofAny('boolean', 'quic.spin_bit', 'Spin Bit; changes once a round trip', (bytes, at, _end, visit) =>
      (bytes[at] & LONG) === 0 ? visit((bytes[at] & SPIN) >> 5, 0) : false,
    ),
    ...quicFrameFields,
  ],

  /** Hot, after the first packets of a connection. */
  decode(packet, at) {
    const { bytes, end, conversation } = packet
    if (at >= end) return REJECTED
    const connection = conversation?.state.get(QUIC) as Connection | undefined
    const before = quicBefore(packet)
    const first = before < 0
    if (!first && !continues(packet, connection, at, before)) return REJECTED
    packet.enter(QUIC, at)
    const layer = packet.layerCount - 1
    packet.payload = end
    if (conversation !== null) conversation.protocol = QUIC
    const isLong = (bytes[at] & LONG) !== 0
    shortLengths[layer] = isLong ? 0 : destinationLength(packet, connection)
    if (!isLong) {
      if (connection !== undefined) openShort(packet, connection, at, at + 1 + shortLengths[layer])
      return NONE
    }
    if (at + IDENTIFIERS > end) return packet.truncated(QUIC)
    learn(packet, connection, at)
    const next = readHeader(bytes, at, end)
    if (header.payload === 0) return packet.truncated(QUIC)
    if (next < end) packet.endMessage(next)
    if (header.length > 0 && next <= end) openLong(packet, at, header.payload, next)
    return NONE
  },
}

/** The sender's side of the connection. */
function sideOf(packet: Packet, { clientDirection }: Connection): 0 | 1 {
  return packet.layerDirection[packet.transport] === clientDirection ? 0 : 1
}

function openLong(packet: Packet, at: number, numberAt: number, end: number): void {
  const connection = packet.conversation?.state.get(QUIC) as Connection | undefined
  const { bytes } = packet
  const version = read32(bytes, at + VERSION)
  const type = typeOf(bytes[at], version)
  if (connection === undefined || type === ZERO_ROUND_TRIPS) return
  const destination = bytes.subarray(at + IDENTIFIERS, at + IDENTIFIERS + bytes[at + DESTINATION_LENGTH])
  const level = type === INITIAL ? INITIAL_LEVEL : HANDSHAKE_LEVEL
  decodeContents(packet, level, sideOf(packet, connection), version, destination, at, numberAt, end)
}

function openShort(packet: Packet, connection: Connection, at: number, numberAt: number): void {
  decodeContents(packet, APPLICATION_LEVEL, sideOf(packet, connection), 0, NO_BYTES, at, numberAt, packet.end)
}

const NO_BYTES = new Uint8Array(0)

/** Hot: octets of the identifier of a packet with a short header: the receiver chose it. */
function destinationLength(packet: Packet, connection: Connection | undefined): number {
  if (connection === undefined) return 0
  const isFromServer = packet.layerDirection[packet.transport] !== connection.clientDirection
  return isFromServer ? connection.clientLength : connection.serverLength
}

/** Hot: the layer of the packet before in the same datagram; -1 for the first. */
function quicBefore(packet: Packet): number {
  for (let layer = packet.layerCount - 1; layer > packet.transport; layer--)
    if (packet.layerProtocol[layer] === QUIC) return layer
  return -1
}

/** Hot: whether a further packet of a datagram has the same destination as the one before; what does not is padding. */
function continues(packet: Packet, connection: Connection | undefined, at: number, layer: number): boolean {
  const { bytes, end } = packet
  const before = packet.layerAt[layer]
  const isLong = (bytes[at] & LONG) !== 0
  if (!isLong && connection === undefined) return true
  const from = at + (isLong ? IDENTIFIERS : 1)
  if (from > end) return false
  const length = isLong ? bytes[from - 1] : destinationLength(packet, connection)
  if (length !== bytes[before + DESTINATION_LENGTH] || from + length > end) return false
  for (let i = 0; i < length; i++) if (bytes[from + i] !== bytes[before + IDENTIFIERS + i]) return false
  return true
}

function eachVersion(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  if (!isNegotiation(bytes, at) || header.payload === 0) return false
  for (let i = header.payload; i + 4 <= end; i += 4) if (visit(read32(bytes, i), 0)) return true
  return false
}

/** Hot: a long header of a version that is known, with identifiers of legal length. */
function looksLikeQuic({ bytes, end }: Packet, at: number): boolean {
  if (end - at < MIN_LENGTH || (bytes[at] & LONG) === 0) return false
  const version = read32(bytes, at + VERSION)
  if (!isKnown(version) || (isGrease(version) && (bytes[at] & 0x30) !== 0)) return false
  const length = bytes[at + DESTINATION_LENGTH]
  const source = at + IDENTIFIERS + length
  return length <= MAX_IDENTIFIER && source < end && bytes[source] <= MAX_IDENTIFIER
}
