/**
 * NBDGM: NetBIOS Datagram Service, RFC 1002 §4.4.
 *
 *    0       1        2                    4  octets
 *  0 | type  | flags  |    datagram ID     |
 *  4 |          source address             |
 *  8 |   source port  |  length, or error  |
 * 12 | packet offset  | source and destination name, data ...
 */
import { NONE, type Packet } from '../../packet/packet.ts'
import { DATA } from '../data.ts'
import { ipv4 as address, bits, computed, type Field, flag, u8, u16, type ValueNames, when } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { lastName, newPass, readName, skipName } from './dns/name.ts'
import { firstLevelDecoded } from './netbios-name.ts'
import { SMB } from './smb/smb.ts'

export const NBDGM = protocolId('nbdgm')

// Octets from the first octet of the header.
const TYPE = 0
const FLAGS = 1
const IDENTIFIER = 2
const SOURCE = 4
const SOURCE_PORT = 8
const LENGTH = 10
const ERROR = 10
const QUERY_NAME = 10
const OFFSET = 12
const NAMES = 14

// Types (RFC 1002 §4.4.1).
const DIRECT_UNIQUE = 0x10
const BROADCAST = 0x12
const DATAGRAM_ERROR = 0x13
const QUERY_REQUEST = 0x14
const NEGATIVE_RESPONSE = 0x16

const TYPES: ValueNames = {
  16: 'Direct_unique datagram',
  17: 'Direct_group datagram',
  18: 'Broadcast datagram',
  19: 'Datagram error',
  20: 'Datagram query request',
  21: 'Datagram positive query response',
  22: 'Datagram negative query response',
}
const NODE_TYPES: ValueNames = { 0: 'B node', 1: 'P node', 2: 'M node', 3: 'NBDD' }
const ERRORS: ValueNames = {
  130: 'Destination name not present',
  131: 'Invalid source name format',
  132: 'Invalid destination name format',
}

/** Hot. */
function carriesData(type: number): boolean {
  return type >= DIRECT_UNIQUE && type <= BROADCAST
}

function ofTypes(first: number, last: number, field: Field): Field {
  return when((packet, layer) => {
    const type = packet.bytes[packet.layerAt[layer] + TYPE]
    return type >= first && type <= last
  }, field)
}

/** The source name is the first, the destination name the second; a query has the latter alone. */
function name(field: string, isSource: boolean, description: string): Field {
  return computed('string', field, description, ({ bytes, layerAt, layerEnd }, layer, visit) => {
    const at = layerAt[layer]
    const end = layerEnd[layer]
    const type = bytes[at + TYPE]
    const isQuery = type >= QUERY_REQUEST && type <= NEGATIVE_RESPONSE
    if (at >= end || (isQuery ? isSource : !carriesData(type))) return false
    let from = at + (isQuery ? QUERY_NAME : NAMES)
    if (!isQuery && !isSource) from = skipName(newPass(), bytes, at, from, end)
    if (from < 0 || readName(newPass(), bytes, at, from, end) < 0) return false
    return visit(firstLevelDecoded(lastName.text), 0)
  })
}

export const nbdgm: Protocol = {
  id: NBDGM,
  name: 'nbdgm',
  title: 'NetBIOS Datagram Service',
  need: 'dissection',
  carriedBy: { 'udp.application': 138 },
  fields: [
    u8('nbdgm.type', TYPE, 'Message Type', { values: TYPES }),
    u8('nbdgm.flags', FLAGS, 'Flags', { base: 'hex' }),
    flag('nbdgm.next', FLAGS, 1, 0x01, 'More fragments follow'),
    flag('nbdgm.first', FLAGS, 1, 0x02, 'This is first fragment'),
    bits('uint8', 'nbdgm.node_type', FLAGS, 1, 0x0c, 'Node Type', { values: NODE_TYPES }),
    u16('nbdgm.dgram_id', IDENTIFIER, 'Datagram ID', { base: 'hex' }),
    address('nbdgm.src.ip', SOURCE, 'Source IP'),
    u16('nbdgm.src.port', SOURCE_PORT, 'Source Port'),
    ofTypes(DIRECT_UNIQUE, BROADCAST, u16('nbdgm.dgram_len', LENGTH, 'Datagram length; in octets')),
    ofTypes(DIRECT_UNIQUE, BROADCAST, u16('nbdgm.pkt_offset', OFFSET, 'Packet offset; of this fragment')),
    ofTypes(
      DATAGRAM_ERROR,
      DATAGRAM_ERROR,
      u8('nbdgm.error_code', ERROR, 'Error code', { base: 'hex', values: ERRORS }),
    ),
    name('nbdgm.source_name', true, 'Source name'),
    name('nbdgm.destination_name', false, 'Destination name'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(NBDGM, at)
    const { bytes, end } = packet
    packet.payload = end
    if (at + LENGTH > end) return packet.truncated(NBDGM)
    const type = bytes[at + TYPE]
    if (type === DATAGRAM_ERROR) return at + ERROR < end ? NONE : packet.truncated(NBDGM)
    if (type >= QUERY_REQUEST && type <= NEGATIVE_RESPONSE)
      return skipName(newPass(), bytes, at, at + QUERY_NAME, end) < 0 ? packet.truncated(NBDGM) : NONE
    if (!carriesData(type)) return NONE
    if (at + NAMES > end) return packet.truncated(NBDGM)
    const destination = skipName(newPass(), bytes, at, at + NAMES, end)
    const payload = destination < 0 ? -1 : skipName(newPass(), bytes, at, destination, end)
    if (payload < 0) return packet.truncated(NBDGM)
    packet.payload = payload
    if (payload === end) return NONE
    return isSmb(packet, payload) ? SMB : DATA
  },
}

/** Hot: 0xff 'S' 'M' 'B'. */
function isSmb({ bytes, end }: Packet, at: number): boolean {
  return (
    at + 4 <= end && bytes[at] === 0xff && bytes[at + 1] === 0x53 && bytes[at + 2] === 0x4d && bytes[at + 3] === 0x42
  )
}
