/**
 * NSH: Network Service Header, RFC 8300 §2.
 *
 *    0                                                    2           3          octets
 *  0 | version 2, O, unassigned, time to live 6, length 6 | MD type 4 | protocol |
 *  4 | service path identifier (3)                        | service index        |
 *  8 | context, as long as the length says, which is in units of 4 octets ...
 */
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { bits, u8, u24, type ValueNames } from './field.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const NSH = protocolId('nsh')

const BASE = 0
const METADATA_TYPE = 2
const NEXT_PROTOCOL = 3
const PATH = 4
const INDEX = 7
const HEADER_LENGTH = 8
const LENGTH_MASK = 0x3f
const UNIT = 4

const nextProtocols: ValueNames = { 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH', 5: 'MPLS' }
const following: Readonly<Record<number, number>> = { 1: IPV4, 2: IPV6, 3: ETHERNET, 4: NSH }

export const nsh: Protocol = {
  id: NSH,
  name: 'nsh',
  title: 'Network Service Header',
  carriedBy: { ethertype: 0x894f, 'gre.proto': 0x894f },
  fields: [
    bits('uint16', 'nsh.version', BASE, 2, 0xc000, 'Version'),
    bits('uint16', 'nsh.Obit', BASE, 2, 0x2000, 'O Bit; an OAM packet'),
    bits('uint16', 'nsh.CBit', BASE, 2, 0x1000, 'C Bit'),
    bits('uint16', 'nsh.ttl', BASE, 2, 0x0fc0, 'Time to live', { base: 'hex' }),
    bits('uint16', 'nsh.length', BASE, 2, LENGTH_MASK, 'Length; in units of 4 octets'),
    u8('nsh.mdtype', METADATA_TYPE, 'MD Type'),
    u8('nsh.nextproto', NEXT_PROTOCOL, 'Next Protocol', { values: nextProtocols }),
    u24('nsh.spi', PATH, 'SPI'),
    u8('nsh.si', INDEX, 'SI'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(NSH, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(NSH)
    const length = (packet.bytes[at + 1] & LENGTH_MASK) * UNIT
    if (length < HEADER_LENGTH) return packet.malformed(NSH)
    if (at + length > packet.end) return packet.truncated(NSH)
    packet.payload = at + length
    return following[packet.bytes[at + NEXT_PROTOCOL]] ?? DATA
  },
}
