/**
 * What QUIC packets carry, once opened: frames (RFC 9000 §19). CRYPTO frames hold the TLS handshake (RFC 9001 §4), and the streams of
 * DNS over QUIC hold messages behind a length (RFC 9250 §4.2).
 */
import { read16 } from '../../packet/bytes.ts'
import type { Conversation } from '../../packet/conversation.ts'
import { MAX_LAYERS, type Packet } from '../../packet/packet.ts'
import { decodeDns } from './dns/decode.ts'
import { DNS } from './dns.ts'
import { EarlyFrames } from './quic-early-frames.ts'
import { openedPackets } from './quic-frame-fields.ts'
import {
  ACK,
  ACK_ECN,
  CLOSE,
  CLOSE_BY_APPLICATION,
  CRYPTO,
  FIRST_STREAM,
  LAST_STREAM,
  NEW_CONNECTION_ID,
  NEW_TOKEN,
  NUMBERS,
  PATH_FRAMES,
} from './quic-frames.ts'
import { initialKeys, type Keys, open, trafficKeys } from './quic-protection.ts'
import {
  CLIENT_HELLO,
  eachExtension,
  HandshakeFlow,
  RANDOM,
  readMessages,
  SERVER_HELLO,
  suitesAt,
} from './tls/handshake.ts'
import { beginPieces } from './tls/pieces.ts'
import { TLS } from './tls/tls.ts'

/** Levels of protection, which are also spaces of packet numbers (RFC 9001 §2.1). */
export const INITIAL_LEVEL = 0
export const HANDSHAKE_LEVEL = 1
export const APPLICATION_LEVEL = 2

const RANDOM_LENGTH = 32
/** The extension that names the application protocol (RFC 7301), and the name of DNS over QUIC, with or without a draft's number. */
const APPLICATION_PROTOCOL = 16
const DNS_OVER_QUIC = 'doq'
/** Octets of the length before a message (RFC 9250 §4.2); drafts had none, but Wireshark does not tell. */
const PREFIX_LENGTH = 2
/** Layers that one packet's frames may add. */
const MAX_ADDED = 16

/** One direction of the handshake at one level. */
class CryptoFlow {
  readonly messages = new HandshakeFlow()
  /** Octets read so far. */
  reached = 0
  readonly early = new EarlyFrames()
}

class Protection {
  /** What the client began with; what the server speaks, once it has. */
  version = 0
  /** The identifier that the client's latest keys follow from. */
  destination: Uint8Array | null = null
  /** By level, then by direction: the client's, the server's. */
  readonly keys: (readonly [Keys | null, Keys | null] | null)[] = [null, null, null]
  readonly largest = [
    [-1, -1],
    [-1, -1],
    [-1, -1],
  ]
  readonly flows = [
    [new CryptoFlow(), new CryptoFlow()],
    [new CryptoFlow(), new CryptoFlow()],
    [new CryptoFlow(), new CryptoFlow()],
  ]
  clientRandom = ''
  carriesDns = false
}

const protections = new WeakMap<Conversation, Protection>()

/** A Retry came: the keys of what the client sends next follow from another identifier (RFC 9001 §5.2). */
export function forgetKeys(conversation: Conversation): void {
  const protection = protections.get(conversation)
  // What the client said of its handshake it says once more, and is not read again.
  if (protection !== undefined) protection.keys[INITIAL_LEVEL] = null
}

/**
 * Opens the packet at `at`, whose number begins at `numberAt`, and enters layers for what it carries. `destination` is the
 * identifier that it goes to. Nothing happens where the keys are not known.
 */
export function decodeContents(
  packet: Packet,
  level: number,
  side: 0 | 1,
  version: number,
  destination: Uint8Array,
  at: number,
  numberAt: number,
  end: number,
): void {
  const { conversation, bytes } = packet
  if (conversation === null) return
  let protection = protections.get(conversation)
  if (protection === undefined) {
    if (level !== INITIAL_LEVEL || side !== 0) return
    protection = new Protection()
    protection.version = version
    protections.set(conversation, protection)
  }
  if (level === INITIAL_LEVEL && (protection.keys[level]?.[side] ?? null) === null)
    deriveInitialKeys(protection, side, version, destination)
  const keys = protection.keys[level]?.[side] ?? null
  const opened = keys === null ? null : open(keys, bytes, at, numberAt, end, protection.largest[level][side])
  if (opened === null) return
  protection.largest[level][side] = Math.max(protection.largest[level][side], opened.packetNumber)
  const from = packet.scratchFree
  const to = from + opened.payload.length
  if (to > bytes.length) return
  bytes.set(opened.payload, from)
  const note = openedPackets.add(packet, at)
  note.packetNumber = opened.packetNumber
  note.first = opened.first
  note.from = from
  note.to = to
  packet.scratchFree = to
  readFrames(packet, protection, level, side, from, to)
}

/**
 * The keys follow from the identifier in the client's first packet, and change only with a Retry (RFC 9001 §5.2). They also change with
 * the version when the client's first one was refused; Wireshark 4.0 keeps to that one for what the client sends, and takes the server's
 * word for what the server sends, and so the same packets are TLS here.
 */
function deriveInitialKeys(protection: Protection, side: 0 | 1, version: number, destination: Uint8Array): void {
  const [client, server] = protection.keys[INITIAL_LEVEL] ?? [null, null]
  if (side === 0) {
    protection.destination = destination.slice()
    protection.keys[INITIAL_LEVEL] = [initialKeys(protection.version, destination)?.[0] ?? null, server]
  } else if (protection.destination !== null) {
    protection.version = version
    protection.keys[INITIAL_LEVEL] = [client, initialKeys(version, protection.destination)?.[1] ?? null]
  }
}

/** A reader of numbers of variable length (RFC 9000 §16) that stops at an end. */
class Cursor {
  at = 0
  end = 0
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  /** The next number; -1 if it is not all there. */
  number(): number {
    const { bytes, at } = this
    if (at >= this.end) return -1
    const length = 1 << (bytes[at] >> 6)
    if (at + length > this.end) return -1
    let value = bytes[at] & 0x3f
    for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i]
    this.at += length
    return value
  }

  skipNumbers(count: number): boolean {
    for (let i = 0; i < count; i++) if (this.number() < 0) return false
    return true
  }

  skip(length: number): boolean {
    if (length < 0 || this.at + length > this.end) return false
    this.at += length
    return true
  }
}

function readFrames(
  packet: Packet,
  protection: Protection,
  level: number,
  side: 0 | 1,
  from: number,
  to: number,
): void {
  const { bytes } = packet
  const cursor = new Cursor(bytes, from, to)
  const first = packet.layerCount
  while (cursor.at < to && packet.layerCount < Math.min(MAX_LAYERS - 4, first + MAX_ADDED)) {
    const type = cursor.number()
    if (type === CRYPTO) {
      const offset = cursor.number()
      const length = cursor.number()
      const at = cursor.at
      if (offset < 0 || !cursor.skip(length)) return
      readCrypto(packet, protection, level, side, offset, at, at + length)
    } else if (type >= FIRST_STREAM && type <= LAST_STREAM) {
      if (cursor.number() < 0 || ((type & 4) !== 0 && cursor.number() < 0)) return
      const length = (type & 2) !== 0 ? cursor.number() : to - cursor.at
      const at = cursor.at
      if (!cursor.skip(length)) return
      if (protection.carriesDns) readDns(packet, at, at + length)
    } else if (!skipFrame(cursor, type)) return
  }
}

/** Whether a frame of another type could be passed over. */
function skipFrame(cursor: Cursor, type: number): boolean {
  if (type === 0) return true
  if (type === ACK || type === ACK_ECN) {
    if (!cursor.skipNumbers(2)) return false
    const ranges = cursor.number()
    return ranges >= 0 && cursor.skipNumbers(1 + 2 * ranges + (type === ACK_ECN ? 3 : 0))
  }
  if (type === NEW_TOKEN) return cursor.skip(cursor.number())
  if (type === NEW_CONNECTION_ID)
    return cursor.skipNumbers(2) && cursor.at < cursor.end && cursor.skip(1 + cursor.bytes[cursor.at] + 16)
  if (type === CLOSE || type === CLOSE_BY_APPLICATION)
    return cursor.skipNumbers(type === CLOSE ? 2 : 1) && cursor.skip(cursor.number())
  if (PATH_FRAMES.includes(type)) return cursor.skip(8)
  return NUMBERS[type] !== undefined && cursor.skipNumbers(NUMBERS[type])
}

/** Octets of the handshake, which frames may bring in any order. */
function readCrypto(
  packet: Packet,
  protection: Protection,
  level: number,
  side: 0 | 1,
  offset: number,
  at: number,
  end: number,
): void {
  const flow = protection.flows[level][side]
  if (offset > flow.reached) {
    flow.early.add(offset, packet.bytes, at, end)
    return
  }
  const from = at + flow.reached - offset
  if (from >= end) return
  enterTls(packet, from, end)
  takeMessages(packet, protection, flow, from, end)
  for (let next = flow.early.take(flow.reached); next !== undefined; next = flow.early.take(flow.reached)) {
    const skipped = flow.reached - next.offset
    const length = next.bytes.length - skipped
    const target = packet.scratchFree
    if (length <= 0 || target + length > packet.bytes.length) continue
    packet.bytes.set(next.bytes.subarray(skipped), target)
    packet.scratchFree += length
    takeMessages(packet, protection, flow, target, target + length)
  }
}

function enterTls(packet: Packet, at: number, end: number): void {
  packet.end = end
  packet.wireEnd = end
  beginPieces(packet, at)
  packet.enter(TLS, at)
}

function takeMessages(packet: Packet, protection: Protection, flow: CryptoFlow, at: number, end: number): void {
  flow.reached += end - at
  readMessages(packet, at, end, true, flow.messages, (bytes, from, to) => {
    if (bytes[from] === CLIENT_HELLO && from + RANDOM + RANDOM_LENGTH <= to) {
      protection.clientRandom = Buffer.from(bytes.subarray(from + RANDOM, from + RANDOM + RANDOM_LENGTH)).toString(
        'hex',
      )
      protection.carriesDns = eachExtension(
        bytes,
        from,
        to,
        (type, value, length) => type === APPLICATION_PROTOCOL && namesDns(bytes, value, length),
      )
    } else if (bytes[from] === SERVER_HELLO) takeSecrets(packet, protection, suitesAt(bytes, from, to))
  })
}

/** The suite is chosen: with the capture's secrets, the keys of the later levels follow. */
function takeSecrets(packet: Packet, protection: Protection, suiteAt: number): void {
  const { secrets, bytes } = packet
  if (secrets === null || suiteAt < 0) return
  const suite = read16(bytes, suiteAt)
  const keys = (label: string): Keys | null => {
    const secret = secrets.find(label, protection.clientRandom)
    return secret === null ? null : trafficKeys(secret, suite, protection.version)
  }
  protection.keys[HANDSHAKE_LEVEL] = [keys('CLIENT_HANDSHAKE_TRAFFIC_SECRET'), keys('SERVER_HANDSHAKE_TRAFFIC_SECRET')]
  protection.keys[APPLICATION_LEVEL] = [keys('CLIENT_TRAFFIC_SECRET_0'), keys('SERVER_TRAFFIC_SECRET_0')]
}

function namesDns(bytes: Uint8Array, at: number, length: number): boolean {
  return Buffer.from(bytes.subarray(at, at + length))
    .toString('latin1')
    .includes(DNS_OVER_QUIC)
}

function readDns(packet: Packet, at: number, end: number): void {
  if (at + PREFIX_LENGTH >= end) return
  packet.end = end
  packet.wireEnd = end
  decodeDns(packet, at + PREFIX_LENGTH, DNS, DNS)
}
