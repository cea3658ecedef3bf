/**
 * GRE: Generic Routing Encapsulation, RFC 2784; key and sequence number: RFC 2890; routing: RFC 1701.
 * Version 1 carries PPP for PPTP: RFC 2637 §4.1. NVGRE: RFC 7637 §3.2 (the key is the virtual subnet).
 *
 *    0                 2            4  octets
 *  0 | C R K S ... ver | protocol   |
 *    |  checksum  |     offset      |    if C or R
 *    |            key               |    if K
 *    |      sequence number         |    if S
 *    |   acknowledgment number      |    if A (PPTP, 3GPP2)
 *    |  source route entries ...         if R
 */
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, checksumStatusNames, onesComplementSum } from './checksum.ts'
import { DATA } from './data.ts'
import { u16 } from './field.ts'
import {
  flagsVersionNames,
  ggp23gpp2SegNames,
  n3gpp2AttribIdNames,
  protocolNames,
  wccpServiceIdNames,
} from './gre-names.ts'
import { byGreProtocol } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { flag, type Item, item, part, type Row, type Scan, scanned } from './scan.ts'

export const GRE = protocolId('gre')

/** Octets that every header has. */
const MIN_HEADER_LENGTH = 4

// Octets from the first octet of this header.
export const FLAGS_VERSION = 0
const PROTOCOL = 2

// Bits of the first two octets (RFC 2890 §2, RFC 2637 §4.1).
const CHECKSUM_PRESENT = 0x8000
const ROUTING_PRESENT = 0x4000
const KEY_PRESENT = 0x2000
export const SEQUENCE_PRESENT = 0x1000
const ACKNOWLEDGMENT_PRESENT = 0x0080
const VERSION_MASK = 0x0007

// Protocols whose header differs from the others'.
const PPP = 0x880b
const CDMA2000 = 0x8881
const CDMA2000_3GPP2 = 0x88d2

/** Octets of each optional field. */
const OPTION_LENGTH = 4

// A source route entry (RFC 1701, "Source Route Entry"): address family, offset, length, that many octets; all 0 ends the list.
const ENTRY_HEADER_LENGTH = 4
const ENTRY_FAMILY = 0
const ENTRY_LENGTH = 3

// Cisco's web cache redirection may put 4 octets of its own before the IPv4 datagram.
const WCCP = 0x883e
const WCCP_HEADER_LENGTH = 4

// Attributes of 3GPP2 (A.S0008 §2.6.2): type, whose high bit ends the list, and length.
const LAST_ATTRIBUTE = 0x80
const ATTRIBUTE_HEADER_LENGTH = 2

const flagRow: Row = [
  item('uint16', 'gre.flags_and_version', 'Flags and Version', { base: 'hex' }),
  flag('gre.flags.checksum', 2, 0x8000, 'Checksum Bit; there is one'),
  flag('gre.flags.routing', 2, 0x4000, 'Routing Bit; there is a source route'),
  flag('gre.flags.key', 2, 0x2000, 'Key Bit; there is one'),
  flag('gre.flags.sequence_number', 2, 0x1000, 'Sequence Number Bit; there is one'),
  flag('gre.flags.strict_source_route', 2, 0x800, 'Strict Source Route Bit'),
  part('uint16', 'gre.flags.recursion_control', 2, 0x700, 'Recursion control'),
]
const acknowledgmentFlag = flag('gre.flags.ack', 2, 0x80, 'Acknowledgment; there is an acknowledgment number')
const reservedFlags = part('uint16', 'gre.flags.reserved', 2, 0xf8, 'Flags (Reserved)')
/** Where there can be an acknowledgment number, its bit is none of the reserved ones. */
const otherReservedFlags = { ...reservedFlags, mask: 0x0078 }
const version = part('uint16', 'gre.flags.version', 2, 0x07, 'Version; 0; 1 for PPTP', { values: flagsVersionNames })
const checksum = item('uint16', 'gre.checksum', 'Checksum; of header and data', { base: 'hex' })
const checksumStatus = item('uint8', 'gre.checksum.status', 'Checksum Status', { values: checksumStatusNames })
const checksumIncorrect = item('none', 'gre.checksum.incorrect', 'Incorrect GRE Checksum')
const offset = item('uint16', 'gre.offset', 'Offset')
const key = item('uint32', 'gre.key', 'Key; which flow within the tunnel', { base: 'hex' })
const splitKey: readonly Row[] = [
  [item('uint16', 'gre.key.payload_length', 'Payload Length; octets of data')],
  [item('uint16', 'gre.key.call_id', "Call ID; the peer's number of the call")],
]
const sequence = item('uint32', 'gre.sequence_number', 'Sequence Number')
const acknowledgment = item('uint32', 'gre.ack_number', 'Acknowledgment Number; the highest sequence number received')

const entry = item('none', 'gre.routing', 'Routing')
const entryRows: readonly Row[] = [
  [item('uint16', 'gre.routing.address_family', 'Address Family')],
  [item('uint8', 'gre.routing.sre_offset', 'SRE Offset')],
  [item('uint8', 'gre.routing.src_length', 'SRE Length')],
]
const entryData = item('bytes', 'gre.routing.information', 'Routing Information')

const attributes = item('none', 'gre.3gpp2_attrib', '3GPP2 Attributes')
const attributeRows: readonly Row[] = [
  [part('uint8', 'gre.3gpp2_attrib_id', 1, 0x7f, 'Type', { base: 'hex', values: n3gpp2AttribIdNames })],
  [item('uint8', 'gre.3gpp2_attrib_length', 'Length', { base: 'hex' })],
]
/** What attributes of each type say. */
const ATTRIBUTES: Readonly<Record<number, Row>> = {
  1: [flag('gre.3gpp2_sdi', 2, 0x8000, 'SDI/DOS')],
  2: [
    flag('gre.3gpp2_fci', 2, 0x8000, 'Flow Control Indicator'),
    flag('gre.3gpp2_di', 2, 0x4000, 'Duration Indicator'),
  ],
  4: [part('uint16', 'gre.ggp2_3gpp2_seg', 2, 0xc000, 'Type', { base: 'hex', values: ggp23gpp2SegNames })],
}
const FLOW_DISCRIMINATOR = 3
const flowDiscriminator = item('bytes', 'gre.ggp2_flow_disc', 'Flow ID')

const redirect = item('none', 'gre.wccp.redirect_header', 'Redirect Header')
const redirectRows: readonly Row[] = [
  [
    flag('gre.wccp.dynamic_service', 1, 0x01, 'Dynamic Service'),
    flag('gre.wccp.alternative_bucket_used', 1, 0x02, 'Alternative bucket used'),
    flag('gre.wccp.redirect_header_valid', 1, 0x04, 'WCCP Redirect header is valid'),
  ],
  [item('uint8', 'gre.wccp.service_id', 'Service ID', { values: wccpServiceIdNames })],
  [item('uint8', 'gre.wccp.alternative_bucket', 'Alternative Bucket')],
  [item('uint8', 'gre.wccp.primary_bucket', 'Primary Bucket')],
]

const items: readonly Item[] = [
  ...flagRow,
  acknowledgmentFlag,
  reservedFlags,
  version,
  checksum,
  checksumStatus,
  checksumIncorrect,
  offset,
  key,
  ...splitKey.flat(),
  sequence,
  acknowledgment,
  entry,
  ...entryRows.flat(),
  entryData,
  attributes,
  ...attributeRows.flat(),
  ...Object.values(ATTRIBUTES).flat(),
  flowDiscriminator,
  redirect,
  ...redirectRows.flat(),
]

/** Hot: whether a header of this protocol and these flags can have an acknowledgment number. */
function acknowledges(type: number, flags: number): boolean {
  return type === CDMA2000 || type === CDMA2000_3GPP2 || (type === PPP && (flags & VERSION_MASK) === 1)
}

/** Walks a header. */
function scanHeader(scan: Scan): void {
  const flags = scan.two()
  const type = scan.two(PROTOCOL)
  const canAcknowledge = acknowledges(type, flags)
  for (const each of flagRow) scan.here(each)
  if (canAcknowledge) scan.here(acknowledgmentFlag)
  scan.here(canAcknowledge ? otherReservedFlags : reservedFlags)
  scan.here(version)
  scan.skip(MIN_HEADER_LENGTH)
  if (flags & (CHECKSUM_PRESENT | ROUTING_PRESENT)) {
    scan.add(checksum)
    const status = (flags & CHECKSUM_PRESENT) === 0 ? CHECKSUM_UNVERIFIED : statusOf(scan)
    if (status === CHECKSUM_BAD) scan.mark(checksumIncorrect)
    scan.put(checksumStatus, status)
    scan.add(offset)
  }
  if (flags & KEY_PRESENT) {
    if (canAcknowledge && type !== CDMA2000) scan.rows(splitKey)
    else scan.add(key)
  }
  if (flags & SEQUENCE_PRESENT) scan.add(sequence)
  if (canAcknowledge && flags & ACKNOWLEDGMENT_PRESENT) scan.add(acknowledgment)
  if (flags & ROUTING_PRESENT) scanRoute(scan)
  if (type === CDMA2000_3GPP2) scanAttributes(scan)
  if (type === WCCP && scan.left > 0 && scan.octet() >> 4 !== 4) {
    scan.mark(redirect)
    scan.rows(redirectRows)
  }
}

function statusOf({ packet, layer, bytes, start, end }: Scan): number {
  if (packet.layerWireEnd[layer] > end) return CHECKSUM_UNVERIFIED
  return onesComplementSum(bytes, start, end) === 0xffff ? CHECKSUM_GOOD : CHECKSUM_BAD
}

function scanRoute(scan: Scan): void {
  for (let isLast = false; scan.going && !isLast; ) {
    if (!scan.need(ENTRY_HEADER_LENGTH)) return
    scan.mark(entry)
    const octets = scan.octet(ENTRY_LENGTH)
    isLast = scan.two(ENTRY_FAMILY) === 0 && octets === 0
    scan.rows(entryRows)
    if (octets > 0) scan.add(entryData, octets)
  }
}

function scanAttributes(scan: Scan): void {
  scan.mark(attributes)
  for (let isLast = false; scan.going && !isLast; ) {
    const type = scan.octet()
    const octets = scan.octet(1)
    isLast = (type & LAST_ATTRIBUTE) !== 0
    scan.rows(attributeRows)
    if (octets === 0) scan.stop()
    const row = ATTRIBUTES[type & ~LAST_ATTRIBUTE]
    if (row !== undefined) for (const each of row) scan.here(each)
    if ((type & ~LAST_ATTRIBUTE) === FLOW_DISCRIMINATOR) scan.here(flowDiscriminator, octets)
    scan.skip(octets)
  }
}

export const gre: Protocol = {
  id: GRE,
  name: 'gre',
  title: 'Generic Routing Encapsulation',
  carriedBy: { 'ip.proto': 47 },
  fields: [
    ...scanned(items.slice(0, items.indexOf(checksum)), scanHeader),
    u16('gre.proto', PROTOCOL, 'Protocol Type; of the data', { base: 'hex', values: protocolNames }),
    ...scanned(items.slice(items.indexOf(checksum)), scanHeader),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(GRE, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(GRE)
    const bytes = packet.bytes
    const flags = read16(bytes, at + FLAGS_VERSION)
    const type = read16(bytes, at + PROTOCOL)
    let payload = at + MIN_HEADER_LENGTH
    if (flags & (CHECKSUM_PRESENT | ROUTING_PRESENT)) payload += OPTION_LENGTH
    if (flags & KEY_PRESENT) payload += OPTION_LENGTH
    if (flags & SEQUENCE_PRESENT) payload += OPTION_LENGTH
    if (flags & ACKNOWLEDGMENT_PRESENT && acknowledges(type, flags)) payload += OPTION_LENGTH
    if (flags & ROUTING_PRESENT) payload = skipRoute(packet, payload)
    if (type === CDMA2000_3GPP2) payload = skipAttributes(packet, payload)
    if (payload > packet.end) return packet.truncated(GRE)
    packet.payload = payload
    // A header without data is legal: a keepalive, or an acknowledgment of PPTP.
    if (payload >= packet.wireEnd && (flags & SEQUENCE_PRESENT) === 0) return NONE
    if (type === WCCP && payload < packet.end && bytes[payload] >> 4 !== 4)
      packet.payload = Math.min(payload + WCCP_HEADER_LENGTH, packet.end)
    return byGreProtocol[type] || DATA
  },
}

/** Hot: one past the last source route entry (RFC 1701); one past the packet's end if the list does not end. */
function skipRoute(packet: Packet, first: number): number {
  const bytes = packet.bytes
  let at = first
  while (at + ENTRY_HEADER_LENGTH <= packet.end) {
    const family = read16(bytes, at + ENTRY_FAMILY)
    const length = bytes[at + ENTRY_LENGTH]
    at += ENTRY_HEADER_LENGTH + length
    if (family === 0 && length === 0) return at
  }
  return packet.end + 1
}

/** Hot: one past the last attribute; one past the packet's end if the list does not end. */
function skipAttributes(packet: Packet, first: number): number {
  const bytes = packet.bytes
  let at = first
  while (at + ATTRIBUTE_HEADER_LENGTH <= packet.end) {
    const type = bytes[at]
    at += ATTRIBUTE_HEADER_LENGTH + bytes[at + 1]
    if ((type & LAST_ATTRIBUTE) !== 0) return at
  }
  return packet.end + 1
}
