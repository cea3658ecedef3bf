/**
 * RADIUS: Remote Authentication Dial In User Service, RFC 2865 §3.
 *
 *    0       1            2           4  octets
 *  0 | code  | identifier |  length   |
 *  4 | authenticator (16) ...
 * 20 | attributes: type, length, value ...
 */
import { read16 } from '../../packet/bytes.ts'
import { NONE, REJECTED } from '../../packet/packet.ts'
import { span, u8, u16, type ValueNames } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const RADIUS = protocolId('radius')

const HEADER_LENGTH = 20
/** RFC 2865 §3. */
const MAX_LENGTH = 4096

// Octets from the first octet of the message.
const CODE = 0
const IDENTIFIER = 1
const LENGTH = 2
const AUTHENTICATOR = 4

/** What a message is (IANA: Radius Types); nothing else is RADIUS. */
const CODES: ValueNames = {
  1: 'Access-Request',
  2: 'Access-Accept',
  3: 'Access-Reject',
  4: 'Accounting-Request',
  5: 'Accounting-Response',
  6: 'Accounting-Status',
  7: 'Password-Request',
  8: 'Password-Ack',
  9: 'Password-Reject',
  10: 'Accounting-Message',
  11: 'Access-Challenge',
  12: 'Status-Server',
  13: 'Status-Client',
  21: 'Resource-Free-Request',
  22: 'Resource-Free-Response',
  23: 'Resource-Query-Request',
  24: 'Query_Response',
  25: 'Alternate-Resource-Reclaim-Request',
  26: 'NAS-Reboot-Request',
  27: 'NAS-Reboot-Response',
  29: 'Next-Passcode',
  30: 'New-Pin',
  31: 'Terminate-Session',
  32: 'Password-Expired',
  33: 'Event-Request',
  34: 'Event-Response',
  40: 'Disconnect-Request',
  41: 'Disconnect-ACK',
  42: 'Disconnect-NAK',
  43: 'CoA-Request',
  44: 'CoA-ACK',
  45: 'CoA-NAK',
  50: 'IP-Address-Allocate',
  51: 'IP-Address-Release',
  129: 'ALU-State-Request',
  130: 'ALU-State-Accept',
  131: 'ALU-State-Reject',
  132: 'ALU-State-Error',
}

export const radius: Protocol = {
  id: RADIUS,
  name: 'radius',
  title: 'RADIUS Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': [1645, 1646, 1700, 1812, 1813, 3799] },
  fields: [
    u8('radius.code', CODE, 'Code', { values: CODES }),
    u8('radius.id', IDENTIFIER, 'Identifier; the same in the answer'),
    u16('radius.length', LENGTH, 'Length; of the message, in octets'),
    span('bytes', 'radius.authenticator', AUTHENTICATOR, 16, 'Authenticator'),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes, end } = packet
    if (at + CODE >= end || CODES[bytes[at + CODE]] === undefined) return REJECTED
    if (at + LENGTH + 2 <= end && read16(bytes, at + LENGTH) > MAX_LENGTH) return REJECTED
    packet.enter(RADIUS, at)
    packet.payload = packet.end
    return at + HEADER_LENGTH > packet.end ? packet.truncated(RADIUS) : NONE
  },
}
