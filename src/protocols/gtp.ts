/**
 * GTP: GPRS Tunnelling Protocol. User plane and version 1: 3GPP TS 29.281 §5.1; version 2 (control): TS 29.274 §5.1.
 * User data is decoded; control messages are named only.
 *
 *    0                       1      2        4  octets
 *  0 | ver PT * E S PN | message type | length |
 *  4 |        tunnel endpoint identifier       |
 *  8 | sequence number | N-PDU | next extension |    if any of E, S, PN
 *    | length | content | next extension |           extensions, in units of 4 octets
 */
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { bits, u8, u16, u32, when } from './field.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const GTP = protocolId('gtp')

/** Octets of the header that every user-plane message has, and of its optional part. */
const HEADER_LENGTH = 8
const OPTIONAL_LENGTH = 4

// Octets from the first octet of this header.
const FLAGS = 0
const MESSAGE_TYPE = 1
const LENGTH = 2
const ENDPOINT = 4
const NEXT_EXTENSION = 11

/** Version 1 and protocol type GTP (not GTP'), in the flags. */
const VERSION_MASK = 0xf0
const VERSION_1 = 0x30
/** E, S, PN: the optional part is there if any is set. */
const OPTIONAL_MASK = 0x07
const EXTENSION = 0x04

/** Message type of user data. */
const USER_DATA = 255
const UNIT = 4

function isVersion1(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at < packet.layerEnd[layer] && (packet.bytes[at] & VERSION_MASK) === VERSION_1
}

export const gtp: Protocol = {
  id: GTP,
  name: 'gtp',
  title: 'GPRS Tunneling Protocol',
  carriedBy: { 'udp.port': [2123, 2152] },
  fields: [
    bits('uint8', 'gtp.flags.version', FLAGS, 1, 0xe0, 'Version'),
    when(isVersion1, u8('gtp.message', MESSAGE_TYPE, 'Type of message', { base: 'hex' })),
    when(isVersion1, u16('gtp.length', LENGTH, 'Octets behind the first 8')),
    when(isVersion1, u32('gtp.teid', ENDPOINT, 'Tunnel endpoint identifier', { base: 'hex' })),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(GTP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(GTP)
    const bytes = packet.bytes
    packet.payload = packet.end
    if ((bytes[at + FLAGS] & VERSION_MASK) !== VERSION_1 || bytes[at + MESSAGE_TYPE] !== USER_DATA) return NONE
    let payload = at + HEADER_LENGTH
    if ((bytes[at + FLAGS] & OPTIONAL_MASK) !== 0) {
      payload += OPTIONAL_LENGTH
      if (payload > packet.end) return packet.truncated(GTP)
      if (bytes[at + FLAGS] & EXTENSION) payload = skipExtensions(packet, payload, bytes[at + NEXT_EXTENSION])
    }
    if (payload >= packet.end) return payload > packet.end ? packet.truncated(GTP) : NONE
    packet.payload = payload
    return byVersion(bytes[payload])
  },
}

/** Hot: one past the extension headers (TS 29.281 §5.2.1); one past the packet's end if they do not end. */
function skipExtensions(packet: Packet, first: number, firstType: number): number {
  const bytes = packet.bytes
  let at = first
  let type = firstType
  while (type !== 0) {
    if (at >= packet.end) return packet.end + 1
    const length = bytes[at] * UNIT
    if (length === 0 || at + length > packet.end) return packet.end + 1
    at += length
    type = bytes[at - 1]
  }
  return at
}

/** Hot: IP tells by its first 4 bits which version it is. */
function byVersion(octet: number): number {
  if (octet >> 4 === 4) return IPV4
  return octet >> 4 === 6 ? IPV6 : DATA
}
