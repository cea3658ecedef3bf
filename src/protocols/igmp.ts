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
import { NONE, type Packet } from '../packet/packet.ts'
import { ipv4 as address, type Field, u8, u16, when } from './field.ts'
import { DVMRP, IGAP, PIM } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const IGMP = protocolId('igmp')

/** Octets in a message of version 1 or 2, and the fewest in any. */
const MIN_LENGTH = 8
/** Octets in the shortest query of version 3. */
const MIN_LENGTH_3 = 12

// Octets from the first octet of the message.
const TYPE = 0
const MAXIMUM_RESPONSE = 1
const CHECKSUM = 2
const GROUP = 4

// Types (IANA).
const MAX_VERSION_0 = 0x0f
const QUERY = 0x11
const REPORT_1 = 0x12
const DVMRP_TYPE = 0x13
const PIM_TYPE = 0x14
const REPORT_2 = 0x16
const LEAVE = 0x17
const TRACE_RESPONSE = 0x1e
const TRACE = 0x1f
const REPORT_3 = 0x22
const MIN_IGAP_TYPE = 0x40
const MAX_IGAP_TYPE = 0x42

/** Hot: whether the type is one of IGMP's own, and so has a second layer. */
function isOwnType(type: number): boolean {
  return (
    type <= MAX_VERSION_0 ||
    type === QUERY ||
    type === REPORT_1 ||
    type === REPORT_2 ||
    type === LEAVE ||
    type === TRACE_RESPONSE ||
    type === TRACE ||
    type === REPORT_3
  )
}

/** The field, once for a message: the second layer of the same message does not repeat it. */
function once(field: Field, condition: (type: number) => boolean = () => true): Field {
  return when((packet: Packet, layer: number) => {
    const at = packet.layerAt[layer]
    if (at >= packet.layerEnd[layer]) return false
    if (layer > 0 && packet.layerProtocol[layer - 1] === IGMP && packet.layerAt[layer - 1] === at) return false
    return condition(packet.bytes[at + TYPE])
  }, field)
}

export const igmp: Protocol = {
  id: IGMP,
  name: 'igmp',
  title: 'Internet Group Management Protocol',
  carriedBy: { 'ip.proto': 2 },
  fields: [
    once(u8('igmp.type', TYPE, 'Type of message', { base: 'hex' }), (type) => type !== DVMRP_TYPE && type !== PIM_TYPE),
    // The octet is reserved in version 1, whose query is a short one with 0 there (RFC 3376 §7.1).
    once(
      when(
        (packet, layer) =>
          packet.bytes[packet.layerAt[layer] + TYPE] !== QUERY ||
          packet.layerEnd[layer] - packet.layerAt[layer] >= MIN_LENGTH_3 ||
          packet.bytes[packet.layerAt[layer] + MAXIMUM_RESPONSE] !== 0,
        u8('igmp.max_resp', MAXIMUM_RESPONSE, 'Tenths of a second to answer in; coded from 128 up (RFC 3376 §4.1.1)'),
      ),
      (type) => type === QUERY || type === REPORT_2 || type === LEAVE,
    ),
    once(u16('igmp.checksum', CHECKSUM, 'Checksum of the message', { base: 'hex' }), isOwnType),
    once(
      address('igmp.maddr', GROUP, 'Group address'),
      (type) => type === QUERY || type === REPORT_1 || type === REPORT_2 || type === LEAVE,
    ),
  ],

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
