/**
 * IGMP: Internet Group Management Protocol. Version 3: RFC 3376 §4; version 2: RFC 2236 §2; version 1: RFC 1112 appendix I.
 *
 *    0      1          2             4  octets
 *  0 | type | response |  checksum   |
 *  4 |  group address              |
 *  8 |  sources, of a version 3 query ...
 *
 * Wireshark hands a message over by type to a dissector that bears the name `igmp` too, so `igmp` stands twice in
 * `frame.protocols` for the types of IGMP itself and once for types that only share its IP protocol number.
 */
import { NONE } from '../packet/packet.ts'
import { igmpFields } from './igmp/fields.ts'
import { DVMRP_TYPE, isOwnType, PIM_TYPE } from './igmp/types.ts'
import { DVMRP, IGAP, PIM } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const IGMP = protocolId('igmp')

/** Octets in a message of version 1 or 2, and the fewest in any. */
const MIN_LENGTH = 8
/** Where the type is. */
const TYPE = 0

const MIN_IGAP_TYPE = 0x40
const MAX_IGAP_TYPE = 0x42

export const igmp: Protocol = {
  id: IGMP,
  name: 'igmp',
  title: 'Internet Group Management Protocol',
  carriedBy: { 'ip.proto': 2 },
  // Both layers of a message have the fields: the first has those that no dissector by type has.
  fields: igmpFields(IGMP),

  /** Hot. */
  decode(packet, at) {
    packet.enter(IGMP, at)
    if (at >= packet.end) return packet.truncated(IGMP)
    const type = packet.bytes[at + TYPE]
    packet.payload = at
    if (type === DVMRP_TYPE) return DVMRP
    if (type === PIM_TYPE) return PIM
    if (type >= MIN_IGAP_TYPE && type <= MAX_IGAP_TYPE) return IGAP
    packet.payload = packet.end
    if (!isOwnType(type)) return NONE
    packet.enter(IGMP, at)
    if (packet.end - at < MIN_LENGTH) return packet.truncated(IGMP)
    return NONE
  },
}
