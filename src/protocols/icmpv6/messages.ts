/** What each type of ICMPv6 message holds behind its checksum, in the order in which it is there. */
import { formatHex, formatIpv6 } from '../../packet/address.ts'
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { common, data, reserved, unknown } from './common.ts'
import {
  neighbourAdvertisementRows,
  neighbourSolicitationRows,
  redirectRows,
  routerAdvertisementRows,
  solicitationRows,
} from './discovery.ts'
import { listenerItems, scanListenerQuery, scanListenerReport } from './listener.ts'
import * as names from './names.ts'
import { nodeInformationItems, scanNodeInformation } from './node-information.ts'
import { optionItems, scanOptions } from './options.ts'
import { renumberingItems, scanRenumbering } from './renumbering.ts'
import { rplItems, scanRpl } from './rpl.ts'

const unused = (octets: number): Row => [{ ...reserved, octets }]

const undecoded = item('none', 'icmpv6.undecoded.type', 'Undecoded type')

// Errors (RFC 4443 §3, RFC 4884 §4).
const length = item('uint8', 'icmpv6.length', 'Length of original datagram; in units of 8 octets')
const errorRows: readonly Row[] = [[length], unused(3)]
const tooBigRows: readonly Row[] = [[item('uint32', 'icmpv6.mtu', 'MTU; of the next hop')]]
const problemRows: readonly Row[] = [[item('uint32', 'icmpv6.pointer', 'Pointer; an octet of the quoted packet')]]

// Echo (RFC 4443 §4); Teredo's direct connectivity test (RFC 4380 §5.2.9); extended echo (RFC 8335 §2, §3).
const identifier = item('uint16', 'icmpv6.echo.identifier', 'Identifier', { base: 'hex' })
const sequence = item('uint16', 'icmpv6.echo.sequence_number', 'Sequence')
/** Octets of the nonce that Wireshark takes from a test of Teredo's. */
export const NONCE_LENGTH = 4
const nonce = item('bytes', 'icmpv6.nonce', 'Nonce')
const extendedSequence = item('uint8', 'icmpv6.ext.echo.seq', 'Sequence number')
const extendedRequestRows: readonly Row[] = [
  [identifier],
  [extendedSequence],
  [
    part('uint8', 'icmpv6.ext.echo.req.res', 1, 0xfe, 'Reserved', { base: 'hex' }),
    flag('icmpv6.ext.echo.req.local', 1, 0x01, 'Local bit'),
  ],
]
const extendedReplyRows: readonly Row[] = [
  [identifier],
  [extendedSequence],
  [
    part('uint8', 'icmpv6.ext.echo.rsp.state', 1, 0xe0, 'State', { values: names.extEchoRspStateNames }),
    part('uint8', 'icmpv6.ext.echo.rsp.res', 1, 0x18, 'Reserved', { base: 'hex' }),
    flag('icmpv6.ext.echo.rsp.active', 1, 0x04, 'Active bit'),
    flag('icmpv6.ext.echo.rsp.ipv4', 1, 0x02, 'IPv4 bit'),
    flag('icmpv6.ext.echo.rsp.ipv6', 1, 0x01, 'IPv6 bit'),
  ],
]

// Mobility (RFC 6275 §6.5 to §6.8).
const mobileIdentifier = item('uint16', 'icmpv6.mip6.identifier', 'Identifier')
const homeAgent = item('ipv6', 'icmpv6.mip6.home_agent_address', 'Home Agent Address')
const mobileRows: readonly Row[] = [[mobileIdentifier], unused(2)]
const mobilePrefixRows: readonly Row[] = [
  [mobileIdentifier],
  [
    item('uint16', 'icmpv6.mip6.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.mip6.flag.m', 2, 0x8000, 'Managed address configuration'),
    flag('icmpv6.mip6.flag.o', 2, 0x4000, 'Other configuration'),
    part('uint16', 'icmpv6.mip6.flag.rsv', 2, 0x3fff, 'Reserved'),
  ],
]

// Certification paths (RFC 3971 §6.4).
const pathIdentifier = item('uint16', 'icmpv6.send.identifier', 'Identifier')
const component = item('uint16', 'icmpv6.send.component', 'Component')
const pathSolicitationRows: readonly Row[] = [[pathIdentifier], [component]]
const pathAdvertisementRows: readonly Row[] = [
  [pathIdentifier],
  [item('uint16', 'icmpv6.send.all_components', 'All Components')],
  [component],
  unused(2),
]

// Fast handovers (RFC 5568 §6.1).
const subtype = item('uint8', 'icmpv6.fmip6.subtype', 'Subtype', { values: names.fmip6SubtypeNames })
const handoverFlag: Row = [
  item('uint8', 'icmpv6.fmip6.hi.flag', 'Flag', { base: 'hex' }),
  flag('icmpv6.fmip6.hi.flag.s', 1, 0x80, 'Assigned address configuration'),
  flag('icmpv6.fmip6.hi.flag.a', 1, 0x40, 'Buffer'),
  part('uint8', 'icmpv6.fmip6.hi.flag.reserved', 1, 0x3f, 'Reserved'),
]
const handoverIdentifier = item('uint16', 'icmpv6.fmip6.identifier', 'Identifier')

// Multicast router discovery (RFC 4286 §3.1).
const multicastRouterRows: readonly Row[] = [
  [item('uint16', 'icmpv6.mcast_ra.query_interval', 'Query Interval; in seconds')],
  [item('uint16', 'icmpv6.mcast_ra.robustness_variable', 'Robustness Variable')],
]

// Locator updates (RFC 6743 §3); two octets each of the preference and the lifetime.
const locators = item('uint8', 'icmpv6.ilnp.nb_locs', 'Num of Locs')
const locatorRows: readonly Row[] = [
  [item('uint64', 'icmpv6.ilnp.nb_locator', 'Locator', { base: 'hex' })],
  [{ ...item('uint32', 'icmpv6.ilnp.nb_preference', 'Preference'), octets: 2 }],
  [{ ...item('uint32', 'icmpv6.ilnp.nb_lifetime', 'Lifetime; in seconds'), octets: 2 }],
]

// Duplicate addresses in 6LoWPAN (RFC 6775 §4.4).
const duplicateRows: readonly Row[] = [
  [item('uint8', 'icmpv6.6lowpannd.da.status', 'Status', { values: names.n6lowpanndDaStatusNames })],
  [item('uint8', 'icmpv6.6lowpannd.da.rsv', 'Reserved')],
  [item('uint16', 'icmpv6.6lowpannd.da.lifetime', 'Lifetime; in minutes')],
  [item('eui64', 'icmpv6.6lowpannd.da.eui64', 'EUI-64')],
  [item('ipv6', 'icmpv6.6lowpannd.da.reg_addr', 'Registered Address')],
]

// Multicast over low-power networks (RFC 7731 §5.2).
const minimumSequence = item('uint8', 'icmpv6.mpl.seed_info.min_sequence', 'MinSequence')
const seedRow: Row = [
  part('uint8', 'icmpv6.mpl.seed_info.bm_len', 1, 0xfc, 'Buffered Messages Length'),
  part('uint8', 'icmpv6.mpl.seed_info.s', 1, 0x03, 'Seed ID Length', { values: names.mplSeedInfoSNames }),
]
const seed = item('string', 'icmpv6.mpl.seed_info.seed_id', 'Seed ID')
const bufferedSequence = item('uint8', 'icmpv6.mpl.seed_info.sequence', 'Sequence')

export const messageItems: readonly Item[] = [
  ...common,
  undecoded,
  ...[errorRows, tooBigRows, problemRows].flat(2),
  identifier,
  sequence,
  nonce,
  ...[extendedRequestRows, extendedReplyRows].flat(2),
  ...[solicitationRows, routerAdvertisementRows, neighbourSolicitationRows].flat(2),
  ...[neighbourAdvertisementRows, redirectRows].flat(2),
  ...optionItems,
  ...listenerItems,
  ...renumberingItems,
  ...nodeInformationItems,
  ...[mobileRows, mobilePrefixRows].flat(2),
  homeAgent,
  ...[pathSolicitationRows, pathAdvertisementRows].flat(2),
  subtype,
  ...handoverFlag,
  handoverIdentifier,
  ...multicastRouterRows.flat(),
  locators,
  ...locatorRows.flat(),
  ...duplicateRows.flat(),
  minimumSequence,
  ...seedRow,
  seed,
  bufferedSequence,
  ...rplItems,
]

/** Walks a message from behind its checksum. `isTeredo`: Teredo carries it to its well-known port. */
export function scanMessage(scan: Scan, type: number, code: number, isTeredo: boolean): void {
  switch (type) {
    case 1:
    case 3:
      // Senders older than RFC 4884 leave the four octets unused.
      scan.octet() > 0 ? scan.rows(errorRows) : scan.add(reserved, 4)
      return
    case 2:
      scan.rows(tooBigRows)
      return
    case 4:
      scan.rows(problemRows)
      return
    case 128:
    case 129:
      scan.add(identifier)
      scan.add(sequence)
      if (type === 128 && isTeredo) scan.add(nonce, NONCE_LENGTH)
      return
    case 130:
      scanListenerQuery(scan, scan.end - scan.start)
      return
    case 131:
    case 132:
      scanListenerQuery(scan, 0)
      return
    case 133:
    case 141:
    case 142:
      scan.rows(solicitationRows)
      scanOptions(scan)
      return
    case 134:
      scan.rows(routerAdvertisementRows)
      scanOptions(scan)
      return
    case 135:
      scan.rows(neighbourSolicitationRows)
      scanOptions(scan)
      return
    case 136:
      scan.rows(neighbourAdvertisementRows)
      scanOptions(scan)
      return
    case 137:
      scan.rows(redirectRows)
      scanOptions(scan)
      return
    case 138:
      scanRenumbering(scan, code)
      return
    case 139:
    case 140:
      scanNodeInformation(scan, type, code)
      return
    case 143:
      scanListenerReport(scan)
      return
    case 144:
    case 146:
      scan.rows(mobileRows)
      return
    case 145:
      scan.rows(mobileRows)
      while (scan.going && scan.left > 0) scan.add(homeAgent)
      return
    case 147:
      scan.rows(mobilePrefixRows)
      scanOptions(scan)
      return
    case 148:
      scan.rows(pathSolicitationRows)
      scanOptions(scan)
      return
    case 149:
      scan.rows(pathAdvertisementRows)
      scanOptions(scan)
      return
    case 150:
    case 154:
      fastHandover(scan)
      return
    case 151:
      scan.rows(multicastRouterRows)
      return
    case 152:
    case 153:
      return
    case 155:
      scanRpl(scan, code)
      return
    case 156:
      locatorUpdate(scan)
      return
    case 157:
    case 158:
      scan.rows(duplicateRows)
      return
    case 159:
      seedInfos(scan)
      return
    case 160:
      scan.rows(extendedRequestRows)
      return
    case 161:
      scan.rows(extendedReplyRows)
      return
    default:
      scan.mark(undecoded)
      scan.add(data, scan.left)
      return
  }
}

function fastHandover(scan: Scan): void {
  const kind = scan.octet()
  scan.add(subtype)
  if (kind === 4) scan.rows([handoverFlag])
  else if (kind === 2 || kind === 3 || kind === 5) scan.add(reserved, 1)
  else scan.skip(1)
  scan.add(handoverIdentifier)
  scanOptions(scan)
}

function locatorUpdate(scan: Scan): void {
  const count = scan.octet()
  scan.add(locators)
  scan.rows([unused(1), unused(2)])
  for (let i = 0; i < count && scan.going; i++) scan.rows(locatorRows)
}

/** Octets of a seed identifier by its length code (RFC 7731 §5.1); the first says that it is the IPv6 source. */
const SEED_OCTETS = [0, 2, 8, 16]
const IPV6_SOURCE = 8

/** Each seed says with a bit for each message which ones it has buffered: `bm_len` octets of bits, from the minimum on. */
function seedInfos(scan: Scan): void {
  while (scan.going && scan.left > 0) {
    const minimum = scan.octet()
    const lengths = scan.octet(1)
    scan.add(minimumSequence)
    scan.rows([seedRow])
    if (!scan.going) return
    const octets = SEED_OCTETS[lengths & 3]
    if (scan.left < octets) {
      unknown(scan, scan.end)
      return
    }
    scan.put(seed, seedText(scan, octets))
    scan.skip(octets)
    const bits = lengths >> 2
    if (scan.left < bits) {
      unknown(scan, scan.end)
      return
    }
    for (let bit = 0; bit < bits * 8; bit++)
      if ((scan.bytes[scan.at + (bit >> 3)] & (0x80 >> (bit & 7))) !== 0)
        scan.put(bufferedSequence, (minimum + bit) & 0xff)
    scan.skip(bits)
  }
}

function seedText({ packet, layer, bytes, at }: Scan, octets: number): string {
  if (octets === 16) return formatIpv6(bytes, at)
  if (octets > 0) return formatHex(bytes, at, octets, octets === 8 ? ':' : '')
  return layer > 0 ? formatIpv6(bytes, packet.layerAt[layer - 1] + IPV6_SOURCE) : ''
}
