/**
 * Q.931 over TCP, as H.323 signals its calls (ITU-T H.225.0 §7): messages in TPKT, on any port. What they hold is told by
 * their user-user element.
 */
import { read16 } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { registered } from '../../protocol.ts'
import { announceH245 } from './h245.ts'
import { looksLikeTpkt, TPKT_HEADER } from './tpkt-header.ts'

/** Octets of the smallest message. */
const MIN_MESSAGE = 3

/** Protocol discriminator of Q.931 (§4.2). */
const DISCRIMINATOR = 0x08
/** Elements (§4.5): those with the highest bit set are one octet, the user-user element has a length of two. */
const ONE_OCTET = 0x80
const USER_USER = 0x7e
/** Discriminator of a user-user element with ASN.1 in it, which is H.225. */
const ASN1 = 0x05
const MAX_ELEMENTS = 256

/** Hot: a TPKT header, and behind it the beginning of a message. */
export function looksLikeQ931(packet: Packet, at: number): boolean {
  if (!looksLikeTpkt(packet, at) || read16(packet.bytes, at + 2) < TPKT_HEADER + MIN_MESSAGE) return false
  // Some send the header in a segment of its own.
  if (packet.wireEnd - at === TPKT_HEADER) return packet.canReassemble
  return packet.end - at >= TPKT_HEADER + MIN_MESSAGE && packet.bytes[at + TPKT_HEADER] === DISCRIMINATOR
}

/** Wireshark has Q.931 elsewhere too; its number is looked up once. */
function numberOf(name: string): number {
  return Math.max(
    NONE,
    registered.findIndex((protocol) => protocol?.name === name),
  )
}

let q931 = -1
let h225 = -1

/**
 * Hot: the layers of the message at `at`, which looks like one; `enterTpkt` enters that of its header. Wireshark names Q.931
 * twice, for the stream and for the message, and does not name TPKT.
 */
export function decodeQ931(packet: Packet, at: number, enterTpkt: (packet: Packet, at: number) => void): number {
  const { bytes } = packet
  const end = at + read16(bytes, at + 2)
  if (packet.canReassemble && end > packet.wireEnd) return packet.incomplete(end - packet.wireEnd)
  if (q931 < 0) q931 = numberOf('q931')
  if (h225 < 0) h225 = numberOf('h225')
  packet.enter(q931, at)
  packet.endMessage(end)
  enterTpkt(packet, at)
  packet.enter(q931, at + TPKT_HEADER)
  packet.payload = packet.end
  const inner = userUserAt(bytes, at + TPKT_HEADER, packet.end)
  if (inner < 0 || h225 === NONE) return NONE
  packet.enter(h225, inner)
  announceH245(packet, inner, packet.end)
  return NONE
}

/** Hot: where what the user-user element of the message at `at` holds begins; -1 if it has none. */
function userUserAt(bytes: Uint8Array, at: number, end: number): number {
  let next = at + MIN_MESSAGE + (bytes[at + 1] & 0x0f)
  for (let i = 0; i < MAX_ELEMENTS && next + 2 <= end; i++) {
    const element = bytes[next]
    if (element >= ONE_OCTET) next++
    else if (element === USER_USER) return next + 4 < end && bytes[next + 3] === ASN1 ? next + 4 : -1
    else next += 2 + bytes[next + 1]
  }
  return -1
}
