/**
 * OpenVPN's control channel: draft-openvpn-wire-protocol §2 (packet format), §3 (control channel wrapping).
 *
 *   | opcode (5 bits), key id (3) | session id (8) | wrapping | acknowledgments: count, ids, peer's session id | packet id (4) |
 *
 * The wrapping is nothing; or tls-auth: HMAC, replay packet id (4), time (4); or tls-crypt: packet id, time, a tag of 32, and
 * all that follows encrypted.
 */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// Opcodes in the first octet, of key 0: that is what a tunnel begins with.
const CONTROL = 0x20
const ACKNOWLEDGMENT = 0x28
const CLIENT_RESET = 0x38
const SERVER_RESET = 0x40
const CLIENT_RESET_WITH_KEY = 0x50
const OPCODES = [CONTROL, ACKNOWLEDGMENT, CLIENT_RESET, SERVER_RESET, CLIENT_RESET_WITH_KEY]

/** The opcode and the session id. */
const HEADER = 9
/** What a client's reset ends in: nothing acknowledged, packet id 0. A server's acknowledges that one. */
const CLIENT_TAIL = 5
const SERVER_TAIL = 17
const REPLAY_PROTECTION = 8
/** Of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512. */
const HMAC_LENGTHS = [16, 20, 28, 32, 48, 64]
const CRYPT_TAG = 32
const MAX_ACKNOWLEDGED = 8
/** Ids count from 0: the first packets of a tunnel have small ones. */
const MAX_PACKET_ID = 0xffff
const HANDSHAKE_RECORD = 0x1603
// Seconds since 1970: 2001, and 2038, where the draft's signed times end.
const FIRST_TIME = 0x3a00_0000
const LAST_TIME = 0x7fff_ffff

/** Hot: a replay packet id and a time. */
function isReplayProtection(bytes: Uint8Array, at: number): boolean {
  const id = read32(bytes, at)
  const time = read32(bytes, at + 4)
  return id > 0 && id <= MAX_PACKET_ID && time >= FIRST_TIME && time <= LAST_TIME
}

/** Hot: what a reset ends in, if it is not encrypted. */
function isResetTail(bytes: Uint8Array, at: number, isServer: boolean): boolean {
  if (!isServer) return bytes[at] === 0 && read32(bytes, at + 1) === 0
  return bytes[at] === 1 && read32(bytes, at + 1) === 0 && read32(bytes, at + 13) === 0
}

/** Hot: the first packet of either side. Its length tells how it is wrapped. */
function isReset(bytes: Uint8Array, at: number, length: number): boolean {
  const isServer = bytes[at] === SERVER_RESET
  const tail = isServer ? SERVER_TAIL : CLIENT_TAIL
  if (length === HEADER + tail) return isResetTail(bytes, at + HEADER, isServer)
  if (length === HEADER + REPLAY_PROTECTION + CRYPT_TAG + tail && isReplayProtection(bytes, at + HEADER)) return true
  for (const hmac of HMAC_LENGTHS)
    if (length === HEADER + hmac + REPLAY_PROTECTION + tail)
      return (
        isReplayProtection(bytes, at + HEADER + hmac) &&
        isResetTail(bytes, at + HEADER + hmac + REPLAY_PROTECTION, isServer)
      )
  return false
}

/** Hot: a bare acknowledgment, not wrapped. */
function isAcknowledgment(bytes: Uint8Array, at: number, length: number): boolean {
  const count = bytes[at + HEADER]
  if (count === 0 || count > MAX_ACKNOWLEDGED || length !== HEADER + 1 + 4 * count + 8) return false
  for (let i = 0; i < count; i++) if (read32(bytes, at + HEADER + 1 + 4 * i) > MAX_PACKET_ID) return false
  return true
}

/** Hot: the first part of a TLS handshake, not wrapped. */
function isHandshake(bytes: Uint8Array, at: number, length: number): boolean {
  const count = bytes[at + HEADER]
  if (count > MAX_ACKNOWLEDGED) return false
  const packetId = HEADER + 1 + (count === 0 ? 0 : 4 * count + 8)
  if (length < packetId + 4 + 5 || packetId + 4 + 3 > 96) return false
  return (
    read32(bytes, at + packetId) <= MAX_PACKET_ID &&
    read16(bytes, at + packetId + 4) === HANDSHAKE_RECORD &&
    bytes[at + packetId + 6] <= 4
  )
}

/** Hot: tls-crypt-v2: the wrapped key of the client stands behind the packet (§3.3). */
function isResetWithKey(bytes: Uint8Array, at: number, length: number): boolean {
  const smallest = HEADER + REPLAY_PROTECTION + CRYPT_TAG + CLIENT_TAIL
  if (length < smallest + 2 + CRYPT_TAG || !isReplayProtection(bytes, at + HEADER)) return false
  return length <= smallest + 1024
}

/** Hot: whether a packet of `length` octets, `captured` of them there, belongs to the control channel. */
function isControl(bytes: Uint8Array, at: number, captured: number, length: number): boolean {
  if (length < HEADER + CLIENT_TAIL || captured < Math.min(length, 128)) return false
  switch (bytes[at]) {
    case CLIENT_RESET:
    case SERVER_RESET:
      return isReset(bytes, at, length)
    case CLIENT_RESET_WITH_KEY:
      return isResetWithKey(bytes, at, length)
    case ACKNOWLEDGMENT:
      return isAcknowledgment(bytes, at, length)
    case CONTROL:
      return isHandshake(bytes, at, length)
    default:
      return false
  }
}

export const openVpn: Signature = {
  name: 'openvpn',
  title: 'OpenVPN Protocol',
  transport: 'udp',
  evidence: 'reset, acknowledgment or handshake of the control channel',
  begins: OPCODES,
  matches: ({ bytes, at, end, length }) => isControl(bytes, at, end - at, length),
}

/** Over TCP a length goes before each packet. The first octet is its high half: control packets are shorter than 4096 octets. */
export const openVpnOverTcp: Signature = {
  name: 'openvpn',
  title: 'OpenVPN Protocol',
  transport: 'tcp',
  evidence: 'length, and reset, acknowledgment or handshake of the control channel',
  begins: [0, 1, 2, 3, 4, 5, 6, 7],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < 2 + HEADER) return false
    const packet = read16(bytes, at)
    return packet + 2 <= length && isControl(bytes, at + 2, Math.min(packet, end - at - 2), packet)
  },
}
