/**
 * What an IGMP message is, and its parts that repeat: group records (RFC 3376 §4.2), blocks of a traceroute.
 *
 * A version 3 report has group records from octet 8 on:
 *
 *    0      1            2                  4
 *  0 | type | aux length | number of sources | group | sources ... | auxiliary data (in words) ...
 */
import { read16, read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, isChecksumGood } from '../checksum.ts'
import type { Visit } from '../field.ts'
import * as types from './types.ts'

// Octets from the first octet of the message.
export const TYPE = 0
export const CODE = 1
export const CHECKSUM = 2
export const GROUP = 4

/** Octets of a version 3 query before its sources, and what tells it from one of version 2. */
export const QUERY_3_LENGTH = 12
const REPORT_3_RECORDS = 8
export const RECORD_LENGTH = 8
const TRACE_LENGTH = 24
const TRACE_BLOCK_LENGTH = 32

/** From here on a response code of version 3 is a mantissa and an exponent (RFC 3376 §4.1.1). */
export const CODED = 0x80

const IP_DESTINATION = 16
// Groups to which messages of other protocols with IGMP's number go.
const ALL_ROUTERS = 0xe0000002
const ALL_IGMP_ROUTERS = 0xe0000016
const RGMP_ROUTERS = 0xe0000019

/** Whether the message is one of IGAP, MSNIP, multicast router discovery or RGMP, which have fields of their own. */
export function isElsewhere(packet: Packet, layer: number): boolean {
  const type = packet.bytes[packet.layerAt[layer] + TYPE]
  if (type >= 0x40 && type <= 0x42) return true
  if (layer === 0) return false
  const at = packet.layerAt[layer - 1] + IP_DESTINATION
  const group = at + 4 > packet.layerEnd[layer - 1] ? 0 : read32(packet.bytes, at)
  if (type >= 0x23 && type <= 0x25) return group === ALL_IGMP_ROUTERS
  if (type === 0x26) return group === ALL_ROUTERS
  return type >= 0xfc && group === RGMP_ROUTERS
}

/** What a message is: versions of IGMP, and others. */
export const NOT_IGMP = -1
export const TRACEROUTE = 4

/** Which kind of message the layer holds. */
export function kindOf(packet: Packet, layer: number): number {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  const type = bytes[at + TYPE]
  if (type <= types.MAX_VERSION_0) return 0
  switch (type) {
    case types.QUERY:
      // A short query of version 1 has 0 where later versions have a time (RFC 3376 §7.1).
      if (packet.layerWireEnd[layer] - at >= QUERY_3_LENGTH) return 3
      if (at + CODE >= packet.layerEnd[layer]) return NOT_IGMP
      return bytes[at + CODE] === 0 ? 1 : 2
    case types.REPORT_1:
      return 1
    case types.REPORT_2:
    case types.LEAVE:
      return 2
    case types.REPORT_3:
      return 3
    case types.TRACE:
    case types.TRACE_RESPONSE:
      return TRACEROUTE
    default:
      return NOT_IGMP
  }
}

/** Octets that the checksum covers. */
function checkedLength(packet: Packet, layer: number, kind: number): number {
  if (kind === 0) return 20
  if (kind === 1 || kind === 2) return 8
  return packet.layerWireEnd[layer] - packet.layerAt[layer]
}

/** What Wireshark says of the checksum: unverified if not all that it covers was captured. */
export function checkSum(packet: Packet, layer: number, kind: number): number {
  const at = packet.layerAt[layer]
  const length = checkedLength(packet, layer, kind)
  if (at + length > packet.layerEnd[layer]) return CHECKSUM_UNVERIFIED
  return isChecksumGood(packet.bytes, at, at + length) ? CHECKSUM_GOOD : CHECKSUM_BAD
}

/** Calls `each` for each group record of a version 3 report that has been captured up to its group. */
export function eachRecord(packet: Packet, layer: number, each: (at: number, end: number) => boolean): boolean {
  const { bytes } = packet
  const start = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (start + REPORT_3_RECORDS > end || bytes[start + TYPE] !== types.REPORT_3) return false
  let at = start + REPORT_3_RECORDS
  for (let left = read16(bytes, start + 6); left > 0 && at + RECORD_LENGTH <= end; left--) {
    const next = at + RECORD_LENGTH + 4 * read16(bytes, at + 2) + 4 * bytes[at + 1]
    if (each(at, Math.min(next, end))) return true
    at = next
  }
  return false
}

/** Visits `count` addresses at `at`, as far as they were captured. */
export function eachAddress(packet: Packet, at: number, count: number, end: number, visit: Visit): boolean {
  for (let i = 0; i < count && at + 4 * i + 4 <= end; i++) if (visit(read32(packet.bytes, at + 4 * i), 0)) return true
  return false
}

/** Calls `each` for each block of a traceroute. */
export function eachBlock(packet: Packet, layer: number, each: (at: number) => boolean): boolean {
  const end = packet.layerEnd[layer]
  for (let at = packet.layerAt[layer] + TRACE_LENGTH; at + TRACE_BLOCK_LENGTH <= end; at += TRACE_BLOCK_LENGTH)
    if (each(at)) return true
  return false
}
