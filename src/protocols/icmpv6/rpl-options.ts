/**
 * Options of RPL: RFC 6550 §6.7; routing metrics: RFC 6551; route discovery: RFC 6997 §7.
 *
 *    0      1        2  octets
 *  0 | type | length | value ... |     type 0 is one octet of padding
 *
 * The length does not count type and length.
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { data, invalidLength, option, reserved, unknown } from './common.ts'
import * as names from './names.ts'
import { rplMetricItems, scanMetrics } from './rpl-metrics.ts'

const ADDRESS_LENGTH = 16

const type = item('uint8', 'icmpv6.rpl.opt.type', 'Type', { values: names.rplOptTypeNames })
const length = item('uint8', 'icmpv6.rpl.opt.length', 'Length; type and length not counted')
const undecoded = item('none', 'icmpv6.undecoded.rpl_option', 'Undecoded RPL Option')
const padding = item('none', 'icmpv6.rpl.opt.padn', 'Paddn')

const routeRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.opt.route.prefix_length', 'Prefix Length')],
  [
    item('uint8', 'icmpv6.rpl.opt.route.flag', 'Flag', { base: 'hex' }),
    part('uint8', 'icmpv6.rpl.opt.route.pref', 1, 0x18, 'Preference', { values: names.rplOptRoutePrefNames }),
    part('uint8', 'icmpv6.rpl.opt.route.reserved', 1, 0xe7, 'Reserved'),
  ],
  [item('uint32', 'icmpv6.rpl.opt.route.lifetime', 'Route Lifetime', { values: names.rplOptRouteLifetimeNames })],
]
const routePrefix = item('ipv6', 'icmpv6.rpl.opt.route.prefix', 'Prefix')

const configurationRows: readonly Row[] = [
  [
    item('uint8', 'icmpv6.rpl.opt.config.flag', 'Flag', { base: 'hex' }),
    part('uint8', 'icmpv6.rpl.opt.config.reserved', 1, 0xf0, 'Reserved'),
    flag('icmpv6.rpl.opt.config.auth', 1, 0x08, 'Authentication Enabled'),
    part('uint8', 'icmpv6.rpl.opt.config.pcs', 1, 0x07, 'Path Control Size'),
  ],
  [item('uint8', 'icmpv6.rpl.opt.config.interval_double', 'DIOIntervalDoublings')],
  [{ ...item('uint16', 'icmpv6.rpl.opt.config.interval_min', 'DIOIntervalMin'), octets: 1 }],
  [item('uint8', 'icmpv6.rpl.opt.config.redundancy', 'DIORedundancyConstant')],
  [item('uint16', 'icmpv6.rpl.opt.config.max_rank_inc', 'MaxRankInc')],
  [item('uint16', 'icmpv6.rpl.opt.config.min_hop_rank_inc', 'MinHopRankInc')],
  [item('uint16', 'icmpv6.rpl.opt.config.ocp', 'OCP (Objective Code Point)')],
  [item('uint8', 'icmpv6.rpl.opt.config.rsv', 'Reserved')],
  [item('uint8', 'icmpv6.rpl.opt.config.def_lifetime', 'Default Lifetime')],
  [item('uint16', 'icmpv6.rpl.opt.config.lifetime_unit', 'Lifetime Unit; in seconds')],
]

const targetFlag = item('none', 'icmpv6.rpl.opt.target.flag', 'Reserved')
const targetLength = item('uint8', 'icmpv6.rpl.opt.target.prefix_length', 'Target Length')
const targetPrefix = item('ipv6', 'icmpv6.rpl.opt.target.prefix', 'Target')

const transitRows: readonly Row[] = [
  [
    item('uint8', 'icmpv6.rpl.opt.transit.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.rpl.opt.transit.flag.e', 1, 0x80, 'External'),
    part('uint8', 'icmpv6.rpl.opt.transit.flag.rsv', 1, 0x7f, 'Reserved'),
  ],
  [item('uint8', 'icmpv6.rpl.opt.transit.pathctl', 'Path Control')],
  [item('uint8', 'icmpv6.rpl.opt.transit.pathseq', 'Path Sequence')],
  [item('uint8', 'icmpv6.rpl.opt.transit.pathlifetime', 'Path Lifetime')],
]
const transitParent = item('ipv6', 'icmpv6.rpl.opt.transit.parent', 'Parent Address')

const solicitedRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.opt.solicited.instance', 'Instance')],
  [
    item('uint8', 'icmpv6.rpl.opt.solicited.flag', 'Flag', { base: 'hex' }),
    flag('icmpv6.rpl.opt.solicited.flag.v', 1, 0x80, 'Version predicate'),
    flag('icmpv6.rpl.opt.solicited.flag.i', 1, 0x40, 'InstanceID predicate'),
    flag('icmpv6.rpl.opt.solicited.flag.d', 1, 0x20, 'DODAGID predicate'),
    part('uint8', 'icmpv6.rpl.opt.solicited.flag.rsv', 1, 0x1f, 'Reserved'),
  ],
  [item('ipv6', 'icmpv6.rpl.opt.solicited.dodagid', 'DODAGID')],
  [item('uint8', 'icmpv6.rpl.opt.solicited.version', 'Version')],
]

const prefixRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.opt.prefix.length', 'Prefix Length')],
  [
    item('uint8', 'icmpv6.rpl.opt.prefix.flag', 'Flag', { base: 'hex' }),
    flag('icmpv6.rpl.opt.prefix.flag.l', 1, 0x80, 'On Link'),
    flag('icmpv6.rpl.opt.config.flag.a', 1, 0x40, 'Auto Address Config'),
    flag('icmpv6.rpl.opt.config.flag.r', 1, 0x20, 'Router Address'),
    part('uint8', 'icmpv6.rpl.opt.config.flag.rsv', 1, 0x1f, 'Reserved'),
  ],
  [
    item('uint32', 'icmpv6.rpl.opt.prefix.valid_lifetime', 'Valid Lifetime', {
      values: names.rplOptPrefixValidLifetimeNames,
    }),
  ],
  [
    item('uint32', 'icmpv6.rpl.opt.prefix.preferred_lifetime', 'Preferred Lifetime', {
      values: names.rplOptPrefixPreferredLifetimeNames,
    }),
  ],
  [{ ...item('none', 'icmpv6.rpl.opt.reserved', 'Reserved'), octets: 4 }],
  [item('ipv6', 'icmpv6.rpl.opt.prefix', 'Destination Prefix')],
]

const descriptor = item('uint32', 'icmpv6.rpl.opt.targetdesc.descriptor', 'Descriptor', { base: 'hex' })

const discoveryFlag = item('none', 'icmpv6.rpl.opt.routediscovery.flag', 'Flags')
const reply = flag('icmpv6.rpl.opt.routediscovery.flag.reply', 1, 0x80, 'Reply')
const hopByHop = flag('icmpv6.rpl.opt.routediscovery.flag.hopbyhop', 1, 0x40, 'Hop-by-Hop')
const routes = part('uint8', 'icmpv6.rpl.opt.routediscovery.flag.numofroutes', 1, 0x30, 'Number of Routes')
const compression = part('uint8', 'icmpv6.rpl.opt.routediscovery.flag.compr', 1, 0x0f, 'Compr')
const discoveryLifetime = part('uint8', 'icmpv6.rpl.opt.routediscovery.lifetime', 1, 0xc0, 'Lifetime')
const maximumRank = part('uint8', 'icmpv6.rpl.opt.routediscovery.maxrank', 1, 0x3f, 'MaxRank')
const nextHop = part('uint8', 'icmpv6.rpl.opt.routediscovery.nh', 1, 0x3f, 'NH')
const discoveryTarget = item('ipv6', 'icmpv6.rpl.opt.routediscovery.targetaddr', 'Target Address')
const addressVector = item('none', 'icmpv6.rpl.opt.routediscovery.addr_vec', 'Address Vector')
const vectorAddress = item('ipv6', 'icmpv6.rpl.opt.routediscovery.addrvec.addr', 'Address')
const hopByHopNote = item(
  'none',
  'icmpv6.rpl.p2p.hop_by_hop',
  'Reply MUST be set to one in order to establish a Hop-by-Hop Route',
)
const routesNote = item(
  'none',
  'icmpv6.rpl.p2p.num_of_routes',
  'This field MUST be set to zero when Hop-by-Hop Routes are being discovered',
)
const zeroNote = item(
  'none',
  'icmpv6.rpl.p2p.dro.rdo.zero',
  'This field MUST be set to zero when the P2P-RDO is included in a P2P-DRO',
)

export const rplOptionItems: readonly Item[] = [
  option,
  type,
  length,
  undecoded,
  padding,
  ...rplMetricItems,
  ...routeRows.flat(),
  routePrefix,
  ...configurationRows.flat(),
  targetFlag,
  targetLength,
  targetPrefix,
  ...transitRows.flat(),
  transitParent,
  ...solicitedRows.flat(),
  ...prefixRows.flat(),
  descriptor,
  discoveryFlag,
  reply,
  hopByHop,
  routes,
  compression,
  discoveryLifetime,
  maximumRank,
  nextHop,
  discoveryTarget,
  addressVector,
  vectorAddress,
  hopByHopNote,
  routesNote,
  zeroNote,
  invalidLength,
  reserved,
]

/** Walks the options from here to the end; `isRoute` in a discovery reply object, where some flags must be zero. */
export function scanRplOptions(scan: Scan, isRoute: boolean): void {
  while (scan.going && scan.left > 0) {
    const kind = scan.octet()
    scan.mark(option)
    scan.add(type)
    if (kind === 0) continue
    const octets = scan.octet()
    scan.add(length)
    if (!scan.going) return
    const end = scan.at + octets
    scanOption(scan, kind, end, isRoute)
    if (scan.going) scan.at = end
    if (scan.at > scan.end) scan.stop()
  }
}

/** One option, behind its length; it ends at `end`. */
function scanOption(scan: Scan, kind: number, end: number, isRoute: boolean): void {
  switch (kind) {
    case 1:
      scan.add(padding, end - scan.at)
      return
    case 2:
      scanMetrics(scan, end)
      return
    case 3:
      scan.rows(routeRows)
      prefixOf(scan, routePrefix, end)
      break
    case 4:
      scan.rows(configurationRows)
      break
    case 5:
      scan.add(targetFlag, 1)
      scan.add(targetLength)
      prefixOf(scan, targetPrefix, end)
      break
    case 6:
      scan.rows(transitRows)
      if (scan.going && end - scan.at > 0) scan.add(transitParent)
      break
    case 7:
      scan.rows(solicitedRows)
      break
    case 8:
      scan.rows(prefixRows)
      break
    case 9:
      scan.add(descriptor)
      break
    case 10:
      discovery(scan, end, isRoute)
      break
    default:
      scan.mark(undecoded)
      scan.add(data, end - scan.at)
      return
  }
  unknown(scan, end)
}

/** A prefix of as many octets as there is room for, whatever its length says: an address, or half of one. */
function prefixOf(scan: Scan, what: Item, end: number): void {
  const room = end - scan.at
  if (!scan.going || room === 0) return
  if (room === ADDRESS_LENGTH || room === ADDRESS_LENGTH / 2) {
    scan.address(what, room)
    scan.skip(room)
  } else scan.mark(invalidLength)
}

function discovery(scan: Scan, end: number, isRoute: boolean): void {
  const flags = scan.octet()
  scan.here(discoveryFlag, 1)
  scan.here(reply)
  if (isRoute && (flags & reply.mask) !== 0) scan.mark(zeroNote)
  scan.here(hopByHop)
  if (!isRoute && (flags & hopByHop.mask) !== 0 && (flags & reply.mask) === 0) scan.mark(hopByHopNote)
  scan.here(routes)
  if ((flags & routes.mask) !== 0) {
    if (isRoute) scan.mark(zeroNote)
    else if ((flags & hopByHop.mask) !== 0) scan.mark(routesNote)
  }
  scan.add(compression)
  const second = scan.octet()
  scan.here(discoveryLifetime)
  if (isRoute && (second & discoveryLifetime.mask) !== 0) scan.mark(zeroNote)
  scan.add(isRoute ? nextHop : maximumRank)
  scan.add(discoveryTarget)
  if (!scan.going || scan.at >= end) return
  scan.mark(addressVector)
  const elided = flags & compression.mask
  const octets = ADDRESS_LENGTH - elided
  while (scan.going && end - scan.at >= octets) {
    scan.address(vectorAddress, octets, elided)
    scan.skip(octets)
  }
}
