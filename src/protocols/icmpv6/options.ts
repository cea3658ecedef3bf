/**
 * Options of neighbour discovery (RFC 4861 §4.6) and of the protocols that borrowed their format: those of SEND and of fast
 * handovers in files of their own; mobility (RFC 6275, RFC 5380), 6LoWPAN (RFC 6775, RFC 7400), and configuration by router advertisements (RFC 4191, RFC 5175, RFC 8106, RFC 8781, RFC 8910).
 *
 *    0      1        2        8  octets
 *  0 | type | length | value ... |
 *
 * The length counts units of 8 octets, type and length included.
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import {
  common,
  data,
  invalidLength,
  option,
  optionPadding as padding,
  optionReserved as reserved,
  unknown,
} from './common.ts'
import { scanName } from './domain-name.ts'
import { mobilityItems, scanMobilityOption } from './mobility-options.ts'
import * as names from './names.ts'
import { scanSecureOption, secureItems } from './secure-options.ts'

const UNIT = 8
const HEADER_LENGTH = 2
const ADDRESS_LENGTH = 16
const MAC_LENGTH = 6

const type = item('uint8', 'icmpv6.opt.type', 'Type', { values: names.optTypeNames })
const length = item('uint8', 'icmpv6.opt.length', 'Length; in units of 8 octets')
const undecoded = item('none', 'icmpv6.undecoded.option', 'Undecoded option')

/** Link-layer addresses, by what kind of address it is: of either end, of the sender, of the target. */
interface LinkAddress {
  readonly octets: Item
  readonly mac: Item
}

function linkAddress(octets: Item): LinkAddress {
  return { octets, mac: item('ether', octets.name, octets.description) }
}

const EITHER = linkAddress(item('bytes', 'icmpv6.opt.linkaddr', 'Link-layer address'))
const SOURCE = linkAddress(item('bytes', 'icmpv6.opt.src_linkaddr', 'Source Link-layer address'))
const TARGET = linkAddress(item('bytes', 'icmpv6.opt.target_linkaddr', 'Target Link-layer address'))
const prefixLength = item('uint8', 'icmpv6.opt.prefix.length', 'Prefix Length')
const prefix = item('ipv6', 'icmpv6.opt.prefix', 'Prefix')

const redirectedPacket = item('none', 'icmpv6.opt.redirected_packet', 'Redirected Packet')
const ipv6Address = item('ipv6', 'icmpv6.opt.ipv6_address', 'IPv6 Address')

const unused = (octets: number): Row => [{ ...reserved, octets }]

/** What the options that have one format hold, by type. */
const FIXED: Readonly<Record<number, readonly Row[]>> = {
  3: [
    [prefixLength],
    [
      item('uint8', 'icmpv6.opt.prefix.flag', 'Flag', { base: 'hex' }),
      flag('icmpv6.opt.prefix.flag.l', 1, 0x80, 'On-link flag(L)'),
      flag('icmpv6.opt.prefix.flag.a', 1, 0x40, 'Autonomous address-configuration flag(A)'),
      flag('icmpv6.opt.prefix.flag.r', 1, 0x20, 'Router address flag(R)'),
      part('uint8', 'icmpv6.opt.prefix.flag.reserved', 1, 0x1f, 'Reserved'),
    ],
    [
      item('uint32', 'icmpv6.opt.prefix.valid_lifetime', 'Valid Lifetime; in seconds', {
        values: names.optPrefixValidLifetimeNames,
      }),
    ],
    [
      item('uint32', 'icmpv6.opt.prefix.preferred_lifetime', 'Preferred Lifetime; in seconds', {
        values: names.optPrefixPreferredLifetimeNames,
      }),
    ],
    unused(4),
    [prefix],
  ],
  5: [unused(2), [item('uint32', 'icmpv6.opt.mtu', 'MTU')]],
  // Wireshark's order: the limit's octet stands for the first reserved one as well.
  6: [[item('uint8', 'icmpv6.opt.nbma.shortcut_limit', 'Shortcut Limit'), { ...reserved, octets: 1 }], unused(4)],
  7: [unused(2), [item('uint32', 'icmpv6.opt.advertisement_interval', 'Advertisement Interval; in milliseconds')]],
  8: [
    unused(2),
    [item('uint16', 'icmpv6.opt.home_agent_preference', 'Home Agent Preference')],
    [item('uint16', 'icmpv6.opt.home_agent_lifetime', 'Home Agent Preference; the lifetime, in seconds')],
  ],
  17: [
    [item('uint8', 'icmpv6.opt.ipa.option_code', 'Option-code', { values: names.optIpaOptionCodeNames })],
    [item('uint8', 'icmpv6.opt.ipa.prefix_len', 'Prefix Length')],
    unused(4),
    [item('ipv6', 'icmpv6.opt.ipa.ipv6_address', 'IPv6 Address')],
  ],
  18: [
    [item('uint8', 'icmpv6.opt.nrpi.option_code', 'Option-code')],
    [item('uint8', 'icmpv6.opt.nrpi.prefix_len', 'Prefix Length')],
    unused(4),
    [item('ipv6', 'icmpv6.opt.nrpi.prefix', 'Prefix')],
  ],
  23: [
    [
      part('uint8', 'icmpv6.opt.map.distance', 1, 0xf0, 'Distance'),
      part('uint8', 'icmpv6.opt.map.preference', 1, 0x0f, 'Preference'),
    ],
    [
      item('uint8', 'icmpv6.opt.map.flag', 'Flag', { base: 'hex' }),
      flag('icmpv6.opt.map.flag.r', 1, 0x80, 'RCoA Flag'),
      part('uint8', 'icmpv6.opt.map.flag.reserved', 1, 0x7f, 'Reserved'),
    ],
    [item('uint32', 'icmpv6.opt.map.valid_lifetime', 'Valid Lifetime')],
    [item('ipv6', 'icmpv6.opt.map.global_address', 'Global Address')],
  ],
  26: [
    [
      item('uint16', 'icmpv6.opt.efo', 'Flags Expansion Option', { base: 'hex' }),
      flag('icmpv6.opt.efo.m', 2, 0x8000, 'Managed address configuration'),
      flag('icmpv6.opt.efo.o', 2, 0x4000, 'Other configuration'),
      flag('icmpv6.opt.efo.h', 2, 0x2000, 'Home Agent'),
      part('uint16', 'icmpv6.opt.efo.prf', 2, 0x1800, 'Prf (Default Router Preference)', {
        values: names.optEfoPrfNames,
      }),
      flag('icmpv6.opt.efo.p', 2, 0x400, 'Proxy'),
      part('uint16', 'icmpv6.opt.efo.rsv', 2, 0x2ff, 'Reserved'),
    ],
    unused(4),
  ],
  33: [
    [item('uint8', 'icmpv6.opt.aro.status', 'Status', { values: names.optAroStatusNames })],
    unused(3),
    [item('uint16', 'icmpv6.opt.aro.registration_lifetime', 'Registration  Lifetime; in minutes')],
    [item('eui64', 'icmpv6.opt.aro.eui64', 'EUI-64')],
  ],
  35: [
    [item('uint16', 'icmpv6.opt.abro.version_low', 'Version Low')],
    [item('uint16', 'icmpv6.opt.abro.version_high', 'Version')],
    [item('uint16', 'icmpv6.opt.abro.valid_lifetime', 'Valid Lifetime; in minutes')],
    [item('ipv6', 'icmpv6.opt.abro.6lbr_address', '6LBR Address')],
  ],
  36: [
    [
      part('uint16', 'icmpv6.opt.6cio.unassigned1', 2, 0xfffe, 'Unassigned', { base: 'hex' }),
      part('uint16', 'icmpv6.opt.6cio.flag_g', 2, 0x01, 'G', { base: 'hex' }),
    ],
    [item('uint32', 'icmpv6.opt.6cio.unassigned2', 'Unassigned', { base: 'hex' })],
  ],
}

const routeInformation: Row = [
  item('uint8', 'icmpv6.opt.route_info.flag', 'Flag', { base: 'hex' }),
  part('uint8', 'icmpv6.opt.route_info.flag.route_preference', 1, 0x18, 'Route Preference', {
    values: names.optRouteInfoFlagRoutePreferenceNames,
  }),
  part('uint8', 'icmpv6.opt.route_info.flag.reserved', 1, 0xe7, 'Reserved'),
]
const routeLifetime = item('uint32', 'icmpv6.opt.route_lifetime', 'Route Lifetime; in seconds', {
  values: names.optRouteLifetimeNames,
})
const rdnssLifetime = item('uint32', 'icmpv6.opt.rdnss.lifetime', 'Lifetime; in seconds', {
  values: names.optRdnssLifetimeNames,
})
const rdnss = item('ipv6', 'icmpv6.opt.rdnss', 'Recursive DNS Servers')
const dnsslLifetime = item('uint32', 'icmpv6.opt.dnssl.lifetime', 'Lifetime; in seconds', {
  values: names.optDnsslLifetimeNames,
})
const dnssl = item('string', 'icmpv6.opt.dnssl', 'Domain Names')
const contextRows: readonly Row[] = [
  [item('uint8', 'icmpv6.opt.6co.context_length', 'Context Length')],
  [
    item('uint8', 'icmpv6.opt.6co.flag', 'Flag', { base: 'hex' }),
    flag('icmpv6.opt.6co.flag.c', 1, 0x10, 'Compression Flag'),
    part('uint8', 'icmpv6.opt.6co.flag.cid', 1, 0x0f, 'CID'),
    part('uint8', 'icmpv6.opt.6co.flag.reserved', 1, 0xe0, 'Reserved'),
  ],
  unused(2),
  [item('uint16', 'icmpv6.opt.6co.valid_lifetime', 'Lifetime; in minutes')],
]
const contextPrefix = item('ipv6', 'icmpv6.opt.6co.context_prefix', 'Context Prefix')
const captivePortal = item('string', 'icmpv6.opt.captive_portal', 'Captive Portal')
const pref64Rows: readonly Row[] = [
  [
    part('uint16', 'icmpv6.opt.pref64.scaled_lifetime', 2, 0xfff8, 'Scaled Lifetime; in units of 8 seconds'),
    part('uint16', 'icmpv6.opt.pref64.plc', 2, 0x07, 'PLC (Prefix Length Code)', {
      base: 'hex',
      values: names.optPref64PlcNames,
    }),
  ],
]
const pref64Prefix = item('ipv6', 'icmpv6.opt.pref64.prefix', 'Prefix')

export const optionItems: readonly Item[] = [
  ...common,
  type,
  length,
  reserved,
  padding,
  undecoded,
  ...[EITHER, SOURCE, TARGET].flatMap(({ octets, mac }) => [octets, mac]),
  item('eui64', 'icmpv6.opt.linkaddr_eui64', 'Link-layer address'),
  item('eui64', 'icmpv6.opt.src_linkaddr_eui64', 'Source Link-layer address'),
  item('eui64', 'icmpv6.opt.target_linkaddr_eui64', 'Target Link-layer address'),
  ...Object.values(FIXED).flat(2),
  redirectedPacket,
  ipv6Address,
  ...routeInformation,
  routeLifetime,
  rdnssLifetime,
  rdnss,
  dnsslLifetime,
  dnssl,
  ...contextRows.flat(),
  contextPrefix,
  captivePortal,
  ...pref64Rows.flat(),
  pref64Prefix,
  ...secureItems,
  ...mobilityItems,
]

/** Walks the options from here to the end of the message. */
export function scanOptions(scan: Scan): void {
  while (scan.going && scan.left > 0) {
    const at = scan.at
    if (!scan.need(HEADER_LENGTH)) return
    scan.mark(option)
    scan.add(type)
    const units = scan.octet()
    scan.add(length)
    if (!scan.going) return
    if (units === 0) {
      scan.mark(invalidLength)
      return
    }
    scanOption(scan, scan.bytes[at], at + units * UNIT)
    // Some options go on where Wireshark has already read what follows; it begins the next one there.
    if (scan.going) scan.at = at + units * UNIT
    if (scan.at > scan.end) scan.stop()
  }
}

/** One option, behind its length; it ends at `end`. */
function scanOption(scan: Scan, kind: number, end: number): void {
  const rest = () => end - scan.at
  const rows = FIXED[kind]
  if (rows !== undefined) {
    scan.rows(rows)
    unknown(scan, end)
    return
  }
  switch (kind) {
    case 1:
    case 2:
      linkAddresses(scan, kind === 1 ? SOURCE : TARGET, rest())
      return
    case 4:
      scan.add(reserved, 6)
      if (rest() > 0) scan.mark(redirectedPacket)
      return
    case 9:
    case 10:
      scan.add(reserved, 6)
      while (scan.going && rest() > 0) scan.add(ipv6Address)
      return
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
    case 32:
      scanSecureOption(scan, kind, end)
      return
    case 19:
    case 20:
    case 27:
    case 28:
    case 29:
    case 30:
      scanMobilityOption(scan, kind, end)
      return
    case 24:
      scan.add(prefixLength)
      scan.rows([routeInformation, [routeLifetime]])
      shortPrefix(scan, prefix, end)
      return
    case 25:
      scan.add(reserved, 2)
      scan.add(rdnssLifetime)
      while (scan.going && rest() > 0) scan.add(rdnss)
      return
    case 31:
      searchList(scan, end)
      return
    case 34:
      scan.rows(contextRows)
      shortPrefix(scan, contextPrefix, end)
      return
    case 37:
      scan.add(captivePortal, rest())
      return
    case 38:
      nat64Prefix(scan, end)
      return
    default:
      scan.mark(undecoded)
      scan.add(data, rest())
      return
  }
}

/** Those of Ethernet's length are written as Ethernet's. */
function linkAddresses(scan: Scan, end: LinkAddress, octets: number): void {
  const isMac = octets === MAC_LENGTH
  scan.here(isMac ? EITHER.mac : EITHER.octets, octets)
  scan.add(isMac ? end.mac : end.octets, octets)
}

/** An address or its first half, by the room that the option has for it. */
function shortPrefix(scan: Scan, what: Item, end: number): void {
  const room = end - scan.at
  if (!scan.going || room === 0) return
  if (room === ADDRESS_LENGTH || room === ADDRESS_LENGTH / 2) {
    scan.address(what, room)
    return
  }
  scan.mark(invalidLength)
  unknown(scan, end)
}

/** RFC 8106 §5.2: names one behind the other, then zeros. */
function searchList(scan: Scan, end: number): void {
  scan.add(reserved, 2)
  scan.add(dnsslLifetime)
  while (scan.going && scan.at < end) {
    if (scan.bytes[scan.at] === 0) {
      scan.add(padding, end - scan.at)
      return
    }
    scanName(scan, dnssl)
  }
}

/** Octets of the prefix by its length code (RFC 8781 §4). */
const PREFIX_OCTETS = [12, 8, 7, 6, 5, 4]

function nat64Prefix(scan: Scan, end: number): void {
  const code = scan.two() & 7
  scan.rows(pref64Rows)
  if (code >= PREFIX_OCTETS.length) {
    scan.mark(invalidLength)
    return
  }
  scan.address(pref64Prefix, PREFIX_OCTETS[code])
  scan.skip(12)
  unknown(scan, end)
}
