/**
 * ERSPAN: Cisco's Encapsulated Remote Switched Port Analyzer, draft-foschiano-erspan.
 *
 * Type I has no header: the mirrored Ethernet frame follows GRE without a sequence number.
 *
 *    0            2                  4  octets
 *  0 | ver | VLAN | COS | ... | session |    type II (version 1) and type III (version 2)
 *  4 |   reserved |    port index       |    type II
 *
 *  4 |             timestamp            |    type III
 *  8 | security group | P FT ... O      |
 * 12 |  platform specific (8)                if O
 */
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { bits, type Field, u16, u32, when } from './field.ts'
import { FLAGS_VERSION, GRE, SEQUENCE_PRESENT } from './gre.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const ERSPAN = protocolId('erspan')

// GRE protocol types.
const TYPE_I_OR_II = 0x88be
const TYPE_III = 0x22eb

// Versions, in the high 4 bits of the header.
const VERSION_II = 1
const VERSION_III = 2

const HEADER_LENGTH_II = 8
const HEADER_LENGTH_III = 12
const SUBHEADER_LENGTH = 8

// Octets from the first octet of this header.
const VERSION_VLAN = 0
const COS_SESSION = 2
const INDEX = 4
const TIMESTAMP = 4
const SECURITY_GROUP = 8
const FRAME_TYPE = 10

const FRAME_TYPE_MASK = 0x7c00
const FRAME_TYPE_ETHERNET = 0
const SUBHEADER_PRESENT = 0x0001

/** Octet of the protocol type within the GRE header. */
const GRE_PROTOCOL = 2

/** Hot: whether GRE announces a bare frame: the type of I and II, and no sequence number, which type II must have. */
function isTypeI(packet: Packet, layer: number): boolean {
  if (layer < 1 || packet.layerProtocol[layer - 1] !== GRE) return false
  const at = packet.layerAt[layer - 1]
  if (read16(packet.bytes, at + GRE_PROTOCOL) !== TYPE_I_OR_II) return false
  return (read16(packet.bytes, at + FLAGS_VERSION) & SEQUENCE_PRESENT) === 0
}

/** The field, where there is a header of this version. */
function ofVersion(version: number, field: Field): Field {
  return when(
    (packet, layer) =>
      !isTypeI(packet, layer) &&
      packet.layerAt[layer] < packet.layerEnd[layer] &&
      packet.bytes[packet.layerAt[layer]] >> 4 === version,
    field,
  )
}

function ofHeader(field: Field): Field {
  return when((packet, layer) => !isTypeI(packet, layer), field)
}

export const erspan: Protocol = {
  id: ERSPAN,
  name: 'erspan',
  title: 'Encapsulated Remote Switch Packet ANalysis',
  carriedBy: { 'gre.proto': [TYPE_I_OR_II, TYPE_III] },
  fields: [
    ofHeader(bits('uint16', 'erspan.version', VERSION_VLAN, 2, 0xf000, '1: type II; 2: type III')),
    ofHeader(bits('uint16', 'erspan.vlan', VERSION_VLAN, 2, 0x0fff, 'VLAN of the mirrored frame')),
    ofHeader(bits('uint16', 'erspan.cos', COS_SESSION, 2, 0xe000, 'Class of service of the mirrored frame')),
    ofHeader(bits('uint16', 'erspan.truncated', COS_SESSION, 2, 0x0400, 'The mirrored frame was cut')),
    ofHeader(bits('uint16', 'erspan.spanid', COS_SESSION, 2, 0x03ff, 'Session')),
    ofVersion(VERSION_II, bits('uint32', 'erspan.index', INDEX, 4, 0x000fffff, 'Port and direction of the mirror')),
    ofVersion(VERSION_III, u32('erspan.timestamp', TIMESTAMP, 'Time of mirroring, in units of `erspan.gra`')),
    ofVersion(VERSION_III, u16('erspan.sgt', SECURITY_GROUP, 'Security group tag')),
    ofVersion(VERSION_III, bits('uint16', 'erspan.ft', FRAME_TYPE, 2, FRAME_TYPE_MASK, '0: Ethernet; 2: IP')),
    ofVersion(VERSION_III, bits('uint16', 'erspan.hw', FRAME_TYPE, 2, 0x03f0, 'Which mirroring engine')),
    ofVersion(VERSION_III, bits('boolean', 'erspan.direction', FRAME_TYPE, 2, 0x0008, 'Egress, not ingress')),
    ofVersion(VERSION_III, bits('uint16', 'erspan.gra', FRAME_TYPE, 2, 0x0006, 'Granularity of the time')),
    ofVersion(VERSION_III, bits('uint16', 'erspan.o', FRAME_TYPE, 2, SUBHEADER_PRESENT, 'A subheader follows')),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(ERSPAN, at)
    packet.payload = at
    if (isTypeI(packet, packet.layerCount - 1)) return ETHERNET
    if (packet.end - at < HEADER_LENGTH_II) return packet.truncated(ERSPAN)
    // The version decides; the GRE protocol type is not looked at again.
    const version = packet.bytes[at] >> 4
    if (version === VERSION_II) {
      packet.payload = at + HEADER_LENGTH_II
      return ETHERNET
    }
    if (version !== VERSION_III) return NONE
    if (packet.end - at < HEADER_LENGTH_III) return packet.truncated(ERSPAN)
    const trailer = read16(packet.bytes, at + FRAME_TYPE)
    packet.payload = at + HEADER_LENGTH_III + (trailer & SUBHEADER_PRESENT ? SUBHEADER_LENGTH : 0)
    if (packet.payload > packet.end) return packet.truncated(ERSPAN)
    return (trailer & FRAME_TYPE_MASK) === FRAME_TYPE_ETHERNET ? ETHERNET : DATA
  },
}
