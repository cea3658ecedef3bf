/**
 * TLS: Transport Layer Security, RFC 8446 and RFC 5246; SSL 2.0 and 3.0 (RFC 6101). Nothing is decrypted.
 *
 *    0              1         3         5  octets
 *  0 | content type | version | length | content ...
 */
import { read16 } from '../../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet, REJECTED } from '../../../packet/packet.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { tlsFields } from './fields.ts'
import { choosesTls13, HandshakeFlow, readMessages, SERVER_HELLO } from './handshake.ts'
import { addMessage, addRecord, beginPieces, ENCRYPTED, OLD, OPAQUE } from './pieces.ts'

export const TLS = protocolId('tls')

const HEADER_LENGTH = 5
const VERSION = 1
const LENGTH = 3

const CHANGE_CIPHER_SPEC = 20
const HANDSHAKE = 22
const APPLICATION_DATA = 23
const CONNECTION_ID = 25

/** The longest record that the heuristics take for one: 2^14 octets, and what encryption may add. */
const MAX_RECORD = 16_384 + 2048
/** A record of encryption is no shorter than its check. */
const MIN_ENCRYPTED = 16

/** TCP ports that Wireshark takes for TLS. */
const PORTS = [
  324, 443, 465, 636, 802, 853, 993, 995, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3496, 5061, 5671, 5684, 5868, 8883,
  11207, 19999, 27017,
]

/** `TlsState.version`. */
const UNKNOWN = 0
const SSL_2 = 2
const SSL_3_OR_LATER = 3

class TlsState {
  version = UNKNOWN
  isTls13 = false
  /** By direction. */
  readonly flows = [new HandshakeFlow(), new HandshakeFlow()]
}

export const tls: Protocol = {
  id: TLS,
  name: 'tls',
  title: 'Transport Layer Security',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORTS },
  fields: tlsFields,
  looksLike: { tcp: looksLikeTls },

  /** Hot: one layer for all whole records of the payload. */
  decode(packet, at) {
    const { bytes } = packet
    const last = packet.layerCount - 1
    // Where the payload ends within a record, this is the second call for it.
    const isAgain = last >= 0 && packet.layerProtocol[last] === TLS && packet.layerEnd[last] === at
    if (!isAgain) {
      // Text is not taken for a record, whatever the port.
      if (packet.end - at >= HEADER_LENGTH && isText(bytes, at)) return REJECTED
      beginPieces(packet, at)
      packet.enter(TLS, at)
    }
    const state = stateOf(packet)
    const { wireEnd } = packet
    let position = at
    while (position < wireEnd && position < packet.end) {
      const missing = missingOf(packet, position, state)
      if (missing !== 0) {
        if (position === at) return packet.incomplete(missing)
        packet.endMessage(position)
        break
      }
      position = decodeRecord(packet, position, state)
    }
    packet.payload = packet.end
    return NONE
  },
}

/** Of packets of no conversation: nothing that one left may be found by the next. */
const detached = new TlsState()

/** Hot. */
function forget(state: TlsState): void {
  state.version = UNKNOWN
  state.isTls13 = false
  for (let side = 0; side < state.flows.length; side++) {
    const flow = state.flows[side]
    flow.isEncrypted = false
    flow.partial = null
  }
}

/** Hot: the state of the packet's conversation, made if it is new. */
function stateOf(packet: Packet): TlsState {
  const { conversation } = packet
  if (conversation === null) {
    forget(detached)
    return detached
  }
  let state = conversation.state.get(TLS) as TlsState | undefined
  if (state === undefined) {
    state = new TlsState()
    conversation.state.set(TLS, state)
  }
  return state
}

/** Hot: octets that would make a type, a version and half a length, all printable. */
function isText(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 4; i++) if (bytes[i] < 0x20 || bytes[i] > 0x7e) return false
  return true
}

/** Hot. */
function isVersion(version: number): boolean {
  // 0x0101 is TLCP (GB/T 38636).
  return (version >= 0x0300 && version <= 0x0303) || version === 0x0101
}

/** Hot. */
function isContentType(type: number): boolean {
  return type >= CHANGE_CIPHER_SPEC && type <= CONNECTION_ID
}

/** Hot: a plausible record header, or the ClientHello of SSL 2.0 as TLS implementations send it (RFC 5246 §E.2). */
function looksLikeTls(packet: Packet, at: number): boolean {
  const { bytes } = packet
  const there = packet.end - at
  if (there < HEADER_LENGTH) return false
  const type = bytes[at]
  const length = read16(bytes, at + LENGTH)
  const isRecord =
    type >= CHANGE_CIPHER_SPEC &&
    type <= APPLICATION_DATA &&
    isVersion(read16(bytes, at + VERSION)) &&
    length > 0 &&
    length < MAX_RECORD
  const isTls = isRecord || (there >= 46 && isOldHello(bytes, at))
  if (isTls && packet.conversation !== null) packet.conversation.protocol = TLS
  return isTls
}

/** Hot. */
function isOldHello(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x80 || bytes[at + 2] !== 1) return false
  const specs = read16(bytes, at + 5)
  const session = read16(bytes, at + 7)
  return specs !== 0 && specs % 3 === 0 && (session === 0 || session === 16) && read16(bytes, at + 9) === 32
}

/**
 * Hot: whether the record at `at` is one of SSL 2.0: with a header of two octets, and a message in the clear that it may
 * begin with (an error, either hello, the master key). Once TLS is spoken, only a ClientHello is.
 */
function isOld(bytes: Uint8Array, at: number, state: TlsState): boolean {
  if (state.version === SSL_2) return true
  if ((bytes[at] & 0x80) === 0) return false
  const type = bytes[at + 2]
  return type === OLD_CLIENT_HELLO || (state.version === UNKNOWN && type <= OLD_SERVER_HELLO && type !== 3)
}

/** Hot: octets of the header of an SSL 2.0 record. */
function oldHeaderLength(bytes: Uint8Array, at: number): number {
  return (bytes[at] & 0x80) !== 0 ? 2 : 3
}

/** Hot: octets of its content. */
function oldLength(bytes: Uint8Array, at: number): number {
  return ((bytes[at] & ((bytes[at] & 0x80) !== 0 ? 0x7f : 0x3f)) << 8) | bytes[at + 1]
}

/** Hot: what the record at `at` lacks, as `Packet.incomplete` takes it; 0 if nothing, or nothing can be waited for. */
function missingOf(packet: Packet, at: number, state: TlsState): number {
  if (!packet.canReassemble) return 0
  const { bytes } = packet
  const there = packet.wireEnd - at
  if (there < (state.version === SSL_2 ? 3 : HEADER_LENGTH)) return ONE_MORE_SEGMENT
  if (isOld(bytes, at, state)) {
    const length = oldHeaderLength(bytes, at) + oldLength(bytes, at)
    return length > there ? length - there : 0
  }
  if (!isContentType(bytes[at])) return 0
  if (state.version === UNKNOWN && !isVersion(read16(bytes, at + VERSION))) return 0
  const length = HEADER_LENGTH + read16(bytes, at + LENGTH)
  return length > there ? length - there : 0
}

/** Hot: returns where the next record begins. */
function decodeRecord(packet: Packet, at: number, state: TlsState): number {
  const { bytes, end } = packet
  if (end - at < HEADER_LENGTH) {
    if (end - at >= 3 && isOld(bytes, at, state)) return decodeOldRecord(packet, at, state)
    return packet.wireEnd
  }
  if (isOld(bytes, at, state)) return decodeOldRecord(packet, at, state)
  const type = bytes[at]
  const next = at + HEADER_LENGTH + read16(bytes, at + LENGTH)
  if (!isContentType(type) || !isVersion(read16(bytes, at + VERSION)))
    return state.version === UNKNOWN ? packet.wireEnd : next
  const content = at + HEADER_LENGTH
  const flow = state.flows[packet.transport < 0 ? 0 : packet.layerDirection[packet.transport]]
  const isEncrypted = flow.isEncrypted && next - content >= MIN_ENCRYPTED
  if (type !== HANDSHAKE) state.version = SSL_3_OR_LATER
  addRecord(at, (isEncrypted ? ENCRYPTED : 0) | (state.isTls13 && type === APPLICATION_DATA ? OPAQUE : 0))
  if (type === CHANGE_CIPHER_SPEC) {
    flow.isEncrypted = !state.isTls13
    flow.partial = null
  } else if (type === HANDSHAKE) {
    if (next === content) packet.malformed(TLS)
    else if (!isEncrypted) {
      readMessages(packet, content, Math.min(end, next), next <= end, flow, (octets, from, to) => {
        if (octets[from] !== 1 && octets[from] !== 0) state.version = SSL_3_OR_LATER
        if (octets[from] === SERVER_HELLO && choosesTls13(octets, from, to)) state.isTls13 = true
      })
    }
  }
  return next
}

/** Hot. */
function decodeOldRecord(packet: Packet, at: number, state: TlsState): number {
  const { bytes } = packet
  const content = at + oldHeaderLength(bytes, at)
  const length = oldLength(bytes, at)
  const isMessage =
    content + 11 <= packet.end &&
    (isOldMessage(bytes, content, length) || (state.version === SSL_2 && bytes[content] === OLD_SERVER_HELLO))
  if (!isMessage && state.version !== SSL_2) return content + length
  addRecord(at, OLD)
  if (isMessage) {
    addMessage(content, Math.min(packet.end, content + length), OLD)
    if (bytes[content] !== OLD_CLIENT_HELLO || read16(bytes, content + 1) === 2) state.version = SSL_2
  }
  return content + length
}

const OLD_CLIENT_HELLO = 1
const OLD_MASTER_KEY = 2
const OLD_SERVER_HELLO = 4

/** Hot: whether the lengths within a message of SSL 2.0 make up the length of its record. */
function isOldMessage(bytes: Uint8Array, at: number, length: number): boolean {
  switch (bytes[at]) {
    case OLD_CLIENT_HELLO:
      return length === 9 + read16(bytes, at + 3) + read16(bytes, at + 5) + read16(bytes, at + 7)
    case OLD_MASTER_KEY:
      return length === 10 + read16(bytes, at + 4) + read16(bytes, at + 6) + read16(bytes, at + 8)
    case OLD_SERVER_HELLO:
      return length === 11 + read16(bytes, at + 5) + read16(bytes, at + 7) + read16(bytes, at + 9)
    default:
      return false
  }
}
