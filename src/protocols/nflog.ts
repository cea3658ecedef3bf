/**
 * Linux netfilter log: LINKTYPE_NFLOG. Attributes are in the writer's byte order, in practice little-endian.
 *
 *    0        1         2          4     octets
 *  0 | family | version | resource | attributes: | length (2), these four included | type (2) | value, padded to 4 ...
 */
import { read16le } from '../packet/bytes.ts'
import { NONE } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { u8, u16 } from './field.ts'
import { byEthertype } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const NFLOG = protocolId('nflog')

const HEADER_LENGTH = 4

// Octets from the first octet of this header.
const FAMILY = 0
const VERSION = 1
const RESOURCE = 2

const ATTRIBUTE_HEADER_LENGTH = 4
const PAYLOAD = 9

// Linux's address families.
const FAMILY_IPV4 = 2
const FAMILY_IPV6 = 10

const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd

export const nflog: Protocol = {
  id: NFLOG,
  name: 'nflog',
  title: 'Linux Netfilter NFLOG',
  carriedBy: { linktype: 239 },
  fields: [
    u8('nflog.family', FAMILY, 'Address family of the packet'),
    u8('nflog.version', VERSION, 'Version: 0'),
    u16('nflog.res_id', RESOURCE, 'Group that logged it'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(NFLOG, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(NFLOG)
    const bytes = packet.bytes
    const family = bytes[at + FAMILY]
    let next = at + HEADER_LENGTH
    while (next + ATTRIBUTE_HEADER_LENGTH <= packet.end) {
      const length = read16le(bytes, next)
      if (length < ATTRIBUTE_HEADER_LENGTH) return packet.malformed(NFLOG)
      if (read16le(bytes, next + 2) === PAYLOAD) {
        packet.limit(next + length)
        packet.payload = next + ATTRIBUTE_HEADER_LENGTH
        if (family === FAMILY_IPV4) return byEthertype[IPV4_TYPE]
        return family === FAMILY_IPV6 ? byEthertype[IPV6_TYPE] : DATA
      }
      next += (length + 3) & ~3
    }
    packet.payload = packet.end
    return NONE
  },
}
