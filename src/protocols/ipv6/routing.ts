/**
 * Routing headers, RFC 8200 §4.4, by type: source route (0, RFC 2460, deprecated by RFC 5095), home address (2, RFC 6275 §6.4),
 * RPL (3, RFC 6554), segments (4, RFC 8754), compact (5 and 6, RFC 9631).
 *
 *    0             1             2             4  octets
 *  0 | next header |   length    | type | left |
 *  4 |  what the type says ...
 */
import { IPV6 } from '../ipv6-id.ts'
import { type Item, item, part, type Row, type Scan } from '../scan.ts'

const UNIT = 8
const HEADER_LENGTH = 4
const ADDRESS_LENGTH = 16
const MULTICAST = 0xff

// The fixed header.
const SOURCE = 8
const DESTINATION = 24

const invalidLength = item('none', 'ipv6.routing.invalid_length', 'Invalid IPv6 Routing header length')
const segmentsLeft = item('uint8', 'ipv6.routing.segleft', 'Segments Left')
const invalidSegmentsLeft = item(
  'none',
  'ipv6.routing.invalid_segleft',
  'IPv6 Routing Header segments left field must not exceed address count',
)
const deprecated = item('none', 'ipv6.routing.deprecated', 'Routing header type is deprecated')
const unknown = item('bytes', 'ipv6.routing.unknown_data', 'Type-Specific Data')
const undecoded = item('none', 'ipv6.routing.undecoded', 'Undecoded IPv6 routing header field')

const sourceReserved = { ...item('bytes', 'ipv6.routing.src.reserved', 'Reserved'), octets: 4 }
const sourceAddress = item('ipv6', 'ipv6.routing.src.addr', 'Address')
const mobileReserved = { ...item('bytes', 'ipv6.routing.mipv6.reserved', 'Reserved'), octets: 4 }
const homeAddress = item('ipv6', 'ipv6.routing.mipv6.home_address', 'Home Address')

const rplRow: Row = [
  part('uint32', 'ipv6.routing.rpl.cmprI', 4, 0xf0000000, 'Compressed Internal Octets (CmprI)'),
  part('uint32', 'ipv6.routing.rpl.cmprE', 4, 0xf000000, 'Compressed Final Octets (CmprE)'),
  part('uint32', 'ipv6.routing.rpl.pad', 4, 0xf00000, 'Padding Bytes'),
  part('uint32', 'ipv6.routing.rpl.reserved', 4, 0xfffff, 'Reserved'),
]
const rplPadding = item(
  'none',
  'ipv6.routing.rpl.cmprI_cmprE_pad',
  'When cmprI equals 0 and cmprE equals 0, pad MUST equal 0 but instead was X',
)
const rplReserved = item('none', 'ipv6.routing.rpl.reserved_not0', 'Reserved field must equal 0 but instead was X')
const rplCount = item('int32', 'ipv6.routing.rpl.addr_count', 'Total Address Count')
const rplNegative = item(
  'none',
  'ipv6.routing.rpl.addr_count_ge0',
  'Calculated total address count must be greater than or equal to 0, instead was X',
)
const rplAddress = item('bytes', 'ipv6.routing.rpl.address', 'Address')
const rplFullAddress = item('ipv6', 'ipv6.routing.rpl.full_address', 'Full Address')

const segmentRows: readonly Row[] = [
  [item('uint8', 'ipv6.routing.srh.last_entry', 'Last Entry')],
  [item('uint8', 'ipv6.routing.srh.flags', 'Flags', { base: 'hex' })],
  [{ ...item('bytes', 'ipv6.routing.srh.tag', 'Tag'), octets: 2 }],
]
const segment = item('ipv6', 'ipv6.routing.srh.addr', 'Address')

const current16 = item('uint16', 'ipv6.routing.crh16.current_sid', 'Current SID')
const current32 = item('uint32', 'ipv6.routing.crh32.current_sid', 'Current SID')
const compact16 = item('uint16', 'ipv6.routing.crh16.sid', 'Segment ID')
const compact32 = item('uint32', 'ipv6.routing.crh32.sid', 'Segment ID')

const toMulticast = item('none', 'ipv6.dst_addr.not_multicast', 'Destination address must not be a multicast address')
const isMulticast = item(
  'none',
  'ipv6.src_route_list.multicast_addr',
  'Multicast addresses must not appear in the source route list',
)
const isSource = item('none', 'ipv6.src_route_list.src_addr', 'Source address must not appear in the source route list')
const isDestination = item(
  'none',
  'ipv6.src_route_list.dst_addr',
  'Destination address must not appear in the source route list',
)

export const routingItems: readonly Item[] = [
  invalidLength,
  segmentsLeft,
  invalidSegmentsLeft,
  deprecated,
  unknown,
  undecoded,
  sourceReserved,
  sourceAddress,
  mobileReserved,
  homeAddress,
  ...rplRow,
  rplPadding,
  rplReserved,
  rplCount,
  rplNegative,
  rplAddress,
  rplFullAddress,
  ...segmentRows.flat(),
  segment,
  current16,
  current32,
  compact16,
  compact32,
  toMulticast,
  isMulticast,
  isSource,
  isDestination,
]

/** Walks a header. What is wrong with the segments left is noted at the end: of a header that was cut Wireshark does not say. */
export function scanRouting(scan: Scan): void {
  const units = scan.octet(1)
  const type = scan.octet(2)
  const left = scan.octet(3)
  const end = Math.min(scan.start + (units + 1) * UNIT, scan.end)
  if (isWrongLength(type, units, left)) scan.mark(invalidLength)
  scan.skip(3)
  scan.add(segmentsLeft)
  switch (type) {
    case 0:
      sourceRoute(scan, end, units, left)
      break
    case 2:
      scan.add(mobileReserved)
      scan.add(homeAddress)
      noteMulticast(scan, scan.at - ADDRESS_LENGTH)
      if (left !== 1) scan.mark(invalidSegmentsLeft)
      break
    case 3:
      rplRoute(scan, units, left)
      break
    case 4: {
      const last = scan.octet()
      scan.rows(segmentRows)
      for (let i = 0; i <= last && scan.going; i++) {
        if (end - scan.at < ADDRESS_LENGTH) scan.stop()
        scan.add(segment)
      }
      if (left > units >> 1) scan.mark(invalidSegmentsLeft)
      break
    }
    case 5:
      compact(scan, end, left, current16, compact16)
      break
    case 6:
      compact(scan, end, left, current32, compact32)
      break
    default:
      scan.add(unknown, end - scan.at)
      scan.mark(undecoded)
  }
}

function isWrongLength(type: number, units: number, left: number): boolean {
  if (type === 0) return (units & 1) === 1
  if (type === 2) return units !== 2
  if (type === 5 || type === 6) return HEADER_LENGTH + left * (type === 5 ? 2 : 4) > (units + 1) * UNIT
  return false
}

function sourceRoute(scan: Scan, end: number, units: number, left: number): void {
  scan.add(sourceReserved)
  for (let i = 0; i < units >> 1 && scan.going; i++) {
    if (end - scan.at < ADDRESS_LENGTH) scan.stop()
    scan.add(sourceAddress)
    noteMulticast(scan, scan.at - ADDRESS_LENGTH)
  }
  if (left > units >> 1) scan.mark(invalidSegmentsLeft)
  scan.mark(deprecated)
}

function noteMulticast(scan: Scan, at: number): void {
  if (scan.going && scan.bytes[at] === MULTICAST) scan.mark(isMulticast)
}

function compact(scan: Scan, end: number, left: number, current: Item, each: Item): void {
  const { at } = scan
  if (at + left * each.octets + each.octets > end) {
    scan.stop()
    return
  }
  scan.at = at + left * each.octets
  scan.here(current)
  scan.at = at
  while (scan.going && end - scan.at >= each.octets) scan.add(each)
}

/** RFC 6554 §3: addresses without the octets that they share with the destination; the last one has its own number of them. */
function rplRoute(scan: Scan, units: number, left: number): void {
  const header = fixedHeader(scan)
  if (!scan.need(4) || header < 0) return
  const { bytes } = scan
  if (bytes[header + DESTINATION] === MULTICAST) scan.mark(toMulticast)
  const elided = bytes[scan.at] >> 4
  const elidedLast = bytes[scan.at] & 15
  const padding = bytes[scan.at + 1] >> 4
  const isReserved = (bytes[scan.at + 1] & 15) !== 0 || scan.two(2) !== 0
  const count = Math.trunc((units * UNIT - padding - (ADDRESS_LENGTH - elidedLast)) / (ADDRESS_LENGTH - elided)) + 1
  if (left > count && count >= 0) scan.mark(invalidSegmentsLeft)
  scan.rows([rplRow])
  if (elided === 0 && elidedLast === 0 && padding !== 0) scan.mark(rplPadding)
  if (isReserved) scan.mark(rplReserved)
  scan.put(rplCount, count)
  if (count < 0) scan.mark(rplNegative)
  for (let i = 1; i <= count && scan.going; i++) rplHop(scan, header, i === count ? elidedLast : elided)
}

function rplHop(scan: Scan, header: number, elided: number): void {
  const { bytes, at } = scan
  const octets = ADDRESS_LENGTH - elided
  scan.add(rplAddress, octets)
  if (!scan.going) return
  const address = [
    ...bytes.subarray(header + DESTINATION, header + DESTINATION + elided),
    ...bytes.subarray(at, at + octets),
  ]
  scan.octets(rplFullAddress, address)
  if (address[0] === MULTICAST) scan.mark(isMulticast)
  if (address.every((octet, i) => octet === bytes[header + SOURCE + i])) scan.mark(isSource)
  if (address.every((octet, i) => octet === bytes[header + DESTINATION + i])) scan.mark(isDestination)
}

/** Where the IPv6 header is that the routing header belongs to; -1 if there is none. */
function fixedHeader({ packet, layer }: Scan): number {
  for (let i = layer - 1; i >= 0; i--) if (packet.layerProtocol[i] === IPV6) return packet.layerAt[i]
  return -1
}
