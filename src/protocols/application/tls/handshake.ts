/**
 * The handshake protocol of TLS (RFC 8446 §4, RFC 5246 §7.4): messages of type (1), length (3) and content, which records
 * cut anywhere.
 */
import { read16, read24 } from '../../../packet/bytes.ts'
import { GrowingOctets } from '../../../packet/growing-octets.ts'
import type { Packet } from '../../../packet/packet.ts'
import { HANDSHAKE_TYPES } from './names.ts'
import { addMessage } from './pieces.ts'

const HEADER_LENGTH = 4
export const CLIENT_HELLO = 1
export const SERVER_HELLO = 2
/** What TLS 1.3 moved out of the ServerHello, and encrypts (RFC 8446 §4.3.1). */
export const ENCRYPTED_EXTENSIONS = 8
export const SUPPORTED_VERSIONS = 43

/** The longest message that is put together from several records. */
const MAX_MESSAGE = 65_536

const KNOWN_TYPES = new Uint8Array(256)
for (const type of Object.keys(HANDSHAKE_TYPES)) KNOWN_TYPES[Number(type)] = 1

/** One direction of a connection. */
export class HandshakeFlow {
  /** ChangeCipherSpec was sent: what follows is encrypted. */
  isEncrypted = false
  /** What the records so far brought of a message that they leave unfinished. */
  partial: GrowingOctets | null = null
}

/**
 * Hot: the messages in a record's octets from `at` to `end`. `isWhole`: the capture has all of the record. `onMessage` sees
 * each message that is whole.
 */
export function readMessages(
  packet: Packet,
  at: number,
  end: number,
  isWhole: boolean,
  flow: HandshakeFlow,
  onMessage: (bytes: Uint8Array, at: number, end: number) => void,
): void {
  const { bytes } = packet
  let position = at
  if (flow.partial !== null) position = finishPartial(packet, at, end, flow, onMessage)
  while (position < end) {
    const there = end - position
    if (there < HEADER_LENGTH) {
      if (isWhole) flow.partial = new GrowingOctets().add(bytes, position, end)
      return
    }
    // Wireshark takes what has no known type for encrypted.
    if (KNOWN_TYPES[bytes[position]] === 0) return
    const length = HEADER_LENGTH + read24(bytes, position + 1)
    // Of a message that was cut Wireshark shows nothing.
    if (length > there) {
      if (isWhole && length <= MAX_MESSAGE) flow.partial = new GrowingOctets().add(bytes, position, end)
      return
    }
    addMessage(position, position + length, 0)
    onMessage(bytes, position, position + length)
    position += length
  }
}

/** Adds to the unfinished message, and puts it in the scratch area once it is whole; returns how far the record was used. */
function finishPartial(
  packet: Packet,
  at: number,
  end: number,
  flow: HandshakeFlow,
  onMessage: (bytes: Uint8Array, at: number, end: number) => void,
): number {
  const { bytes } = packet
  const partial = flow.partial as GrowingOctets
  const before = partial.length
  partial.add(bytes, at, end)
  const length = partial.length < HEADER_LENGTH ? MAX_MESSAGE : HEADER_LENGTH + read24(partial.octets, 1)
  if (partial.length < length) {
    if (partial.length > MAX_MESSAGE) flow.partial = null
    return end
  }
  flow.partial = null
  const target = packet.scratchFree
  if (target + length <= bytes.length) {
    bytes.set(partial.octets.subarray(0, length), target)
    packet.scratchFree += length
    addMessage(target, target + length, 0)
    onMessage(bytes, target, target + length)
  }
  return at + length - before
}

/** Calls `each(type, at, length)` for each extension of a hello; stops and returns true as soon as `each` does. */
export function eachExtension(
  bytes: Uint8Array,
  at: number,
  end: number,
  each: (type: number, at: number, length: number) => boolean,
): boolean {
  const block = extensionsAt(bytes, at, end)
  if (block < 0) return false
  const stop = Math.min(end, block + 2 + read16(bytes, block))
  let position = block + 2
  while (position + 4 <= stop) {
    const length = read16(bytes, position + 2)
    if (each(read16(bytes, position), position + 4, Math.min(length, stop - position - 4))) return true
    position += 4 + length
  }
  return false
}

/** Offsets within a hello. */
export const VERSION = 4
export const RANDOM = 6
export const SESSION_ID_LENGTH = 38

/** Where the length of the cipher suites (of a ClientHello), or the suite (of a ServerHello) lies; -1 if it is cut off. */
export function suitesAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + SESSION_ID_LENGTH >= end) return -1
  // Early drafts of TLS 1.3 had no session ID in the ServerHello.
  const hasSession = bytes[at] === CLIENT_HELLO || bytes[at + VERSION] !== 0x7f
  const suites = hasSession ? at + SESSION_ID_LENGTH + 1 + bytes[at + SESSION_ID_LENGTH] : at + SESSION_ID_LENGTH
  return suites + 2 <= end ? suites : -1
}

/** Where the compression methods begin: their number in a ClientHello, the method in a ServerHello; -1 if cut off. */
export function compressionAt(bytes: Uint8Array, at: number, end: number): number {
  const suites = suitesAt(bytes, at, end)
  if (suites < 0) return -1
  const compression = bytes[at] === CLIENT_HELLO ? suites + 2 + read16(bytes, suites) : suites + 2
  return compression < end ? compression : -1
}

/** Where the length of the extensions lies; -1 if there are none. */
export function extensionsAt(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === ENCRYPTED_EXTENSIONS) return at + HEADER_LENGTH + 2 <= end ? at + HEADER_LENGTH : -1
  if (bytes[at] !== CLIENT_HELLO && bytes[at] !== SERVER_HELLO) return -1
  const compression = compressionAt(bytes, at, end)
  if (compression < 0) return -1
  const isDraft = bytes[at] === SERVER_HELLO && bytes[at + VERSION] === 0x7f
  const extensions =
    bytes[at] === CLIENT_HELLO ? compression + 1 + bytes[compression] : isDraft ? compression : compression + 1
  return extensions + 2 <= end ? extensions : -1
}

/** Whether a ServerHello chooses TLS 1.3, or one of its drafts. */
export function choosesTls13(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + RANDOM <= end && bytes[at + VERSION] === 0x7f) return true
  return eachExtension(
    bytes,
    at,
    end,
    (type, value, length) => type === SUPPORTED_VERSIONS && length === 2 && isTls13(read16(bytes, value)),
  )
}

function isTls13(version: number): boolean {
  return version === 0x0304 || version >> 8 === 0x7f || version >> 8 === 0xfb
}
