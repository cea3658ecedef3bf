/**
 * Options of the hop-by-hop and destination headers, RFC 8200 §4.2.
 *
 *    0      1        2  octets
 *  0 | type | length | data ... |     type 0 is one octet of padding
 *
 * Tunnel limit: RFC 2473 §4.1.1. Router alert: RFC 2711. Jumbograms: RFC 2675. CALIPSO: RFC 5570. SMF: RFC 6621. PDM: RFC 8250.
 * Quick-Start: RFC 4782. RPL: RFC 6553. ILNP: RFC 6744. Line identification: RFC 6788. MPL: RFC 7731. DFF: RFC 6971.
 * Path MTU: RFC 9268. IOAM: RFC 9486. Home address: RFC 6275 §6.3. Experiments: RFC 4727.
 */
import { read16 } from '../../packet/bytes.ts'
import { IPV6 } from '../ipv6-id.ts'
import { quickStartRates } from '../quick-start-rates.ts'
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { ioamItems, scanIoam } from './ioam.ts'
import * as names from './names.ts'

/** Octets before the options of a header, and in the unit of its length. */
const BEFORE_OPTIONS = 2
const UNIT = 8

// The fixed header.
const PAYLOAD_LENGTH = 4
const HOP_LIMIT = 7

// Types.
const PAD1 = 0
const PADN = 0x01
const TUNNEL_LIMIT = 0x04
const ROUTER_ALERT = 0x05
const CALIPSO = 0x07
const SMF = 0x08
const PDM = 0x0f
const QUICK_START = 0x26
const PATH_MTU = 0x30
const IOAM = 0x31
const TUNNEL_FORWARDING = 0x41
const RPL = 0x63
const MPL = 0x6d
const ENDPOINT = 0x8a
const ILNP = 0x8b
const LINE = 0x8c
const JUMBO = 0xc2
const HOME_ADDRESS = 0xc9
const DFF = 0xee
/** RFC 4727 §3.2: the low-order bits of the types that are for experiments. */
const EXPERIMENT = 0x1e
const LOW_ORDER = 0x1f

/** Those of the hop-by-hop header alone, and those of destination headers alone. */
const HOP_BY_HOP_ONLY: ReadonlySet<number> = new Set([
  ROUTER_ALERT,
  CALIPSO,
  SMF,
  QUICK_START,
  PATH_MTU,
  IOAM,
  RPL,
  MPL,
  JUMBO,
  DFF,
])
const DESTINATION_ONLY: ReadonlySet<number> = new Set([TUNNEL_LIMIT, PDM, TUNNEL_FORWARDING, ILNP, LINE, HOME_ADDRESS])

const option = item('none', 'ipv6.opt', 'IPv6 Option')
const type = item('uint8', 'ipv6.opt.type', 'Type', { base: 'hex', values: names.optTypeNames })
const typeBits: Row = [
  part('uint8', 'ipv6.opt.type.action', 1, 0xc0, 'Action', { values: names.optTypeActionNames }),
  flag('ipv6.opt.type.change', 1, 0x20, 'May Change'),
  part('uint8', 'ipv6.opt.type.rest', 1, 0x1f, 'Low-Order Bits', { base: 'hex' }),
]
const mismatch = item('none', 'ipv6.opt.header_mismatch', 'Wrong options extension header for type')
const deprecated = item('none', 'ipv6.opt.deprecated', 'Option type is deprecated')
const length = item('uint8', 'ipv6.opt.length', 'Length')
const invalidLength = item('none', 'ipv6.opt.invalid_len', 'Invalid IPv6 option length')
const pad1 = item('none', 'ipv6.opt.pad1', 'Pad1')
const padN = item('bytes', 'ipv6.opt.padn', 'PadN', { values: { 0: '<none>' } })
const unknown = item('bytes', 'ipv6.opt.unknown', 'Unknown Option Payload')
const unknownData = item('bytes', 'ipv6.opt_unknown_data', 'Unknown Data')
const unknownNote = item('none', 'ipv6.opt.unknown_data.expert', 'Unknown Data (not interpreted)')

/** What the options of one length hold, by type. */
const FIXED: Readonly<Record<number, readonly Row[]>> = {
  [TUNNEL_LIMIT]: [[item('uint8', 'ipv6.opt.tel', 'Tunnel Encapsulation Limit')]],
  [ROUTER_ALERT]: [[item('uint16', 'ipv6.opt.router_alert', 'Router Alert', { values: names.optRouterAlertNames })]],
  [PDM]: [
    [item('uint8', 'ipv6.opt.pdm.scale_dtlr', 'Scale DTLR')],
    [item('uint8', 'ipv6.opt.pdm.scale_dtls', 'Scale DTLS')],
    [item('uint16', 'ipv6.opt.pdm.psn_this_pkt', 'PSN This Packet')],
    [item('uint16', 'ipv6.opt.pdm.psn_last_recv', 'PSN Last Received')],
    [item('uint16', 'ipv6.opt.pdm.delta_last_recv', 'Delta Time Last Received')],
    [item('uint16', 'ipv6.opt.pdm.delta_last_sent', 'Delta Time Last Sent')],
  ],
  [TUNNEL_FORWARDING]: [[item('uint32', 'ipv6.opt.tpf_information', 'TPF Information', { base: 'hex' })]],
  [RPL]: [
    [
      item('uint8', 'ipv6.opt.rpl.flag', 'Flag', { base: 'hex' }),
      flag('ipv6.opt.rpl.flag.o', 1, 0x80, 'Down'),
      flag('ipv6.opt.rpl.flag.r', 1, 0x40, 'Rank Error'),
      flag('ipv6.opt.rpl.flag.f', 1, 0x20, 'Forwarding Error'),
      part('uint8', 'ipv6.opt.rpl.flag.rsv', 1, 0x1f, 'Reserved', { base: 'hex' }),
    ],
    [item('uint8', 'ipv6.opt.rpl.instance_id', 'RPLInstanceID', { base: 'hex' })],
    [item('uint16', 'ipv6.opt.rpl.sender_rank', 'Sender Rank', { base: 'hex' })],
  ],
  [HOME_ADDRESS]: [[item('ipv6', 'ipv6.opt.mipv6.home_address', 'MIPv6 Home Address')]],
  [DFF]: [
    [
      item('uint8', 'ipv6.opt.dff.flags', 'Flags', { base: 'hex' }),
      part('uint8', 'ipv6.opt.dff.flag.ver', 1, 0xc0, 'Version (VER)'),
      flag('ipv6.opt.dff.flag.dup', 1, 0x20, 'Duplicate (DUP)'),
      flag('ipv6.opt.dff.flag.ret', 1, 0x10, 'Return (RET)'),
      part('uint8', 'ipv6.opt.dff.flag.rsv', 1, 0x0f, 'Reserved', { base: 'hex' }),
    ],
    [item('uint16', 'ipv6.opt.dff.sequence_number', 'Sequence Number')],
  ],
}

const jumbo = item('uint32', 'ipv6.opt.jumbo', 'Payload Length; octets behind the IPv6 header')
const jumboTruncated = item('none', 'ipv6.opt.jumbo.truncated', 'Jumbo Payload option present and jumbo length < 65536')
const jumboProhibited = item(
  'none',
  'ipv6.opt.jumbo.prohibited',
  'When IPv6 payload length does not equal 0 a Jumbo Payload option must not be present',
)

const calipsoRows: readonly Row[] = [
  [item('uint32', 'ipv6.opt.calipso.doi', 'CALIPSO Domain of Interpretation')],
  [item('uint8', 'ipv6.opt.calipso.cmpt.length', 'Compartment Length; in words of 4 octets')],
  [item('uint8', 'ipv6.opt.calipso.sens_level', 'Sensitivity Level')],
  [item('uint16', 'ipv6.opt.calipso.checksum', 'Checksum', { base: 'hex' })],
]
const compartments = item('bytes', 'ipv6.opt.calipso.cmpt_bitmap', 'Compartment Bitmap')

const hashBit = flag('ipv6.opt.smf_dpd.hash_bit', 1, 0x80, 'H-bit')
const taggerRow: Row = [
  part('uint8', 'ipv6.opt.smf_dpd.tid_type', 1, 0x70, 'TaggerID Type', { values: names.optSmfDpdTidTypeNames }),
  part('uint8', 'ipv6.opt.smf_dpd.tid_len', 1, 0x0f, 'TaggerID Length'),
]
const tagger = item('bytes', 'ipv6.opt.smf_dpd.tagger_id', 'TaggerID')
const identifier = item('bytes', 'ipv6.opt.smf_dpd.ident', 'Identifier')
const hashAssist = item('bytes', 'ipv6.opt.smf_dpd.hav', 'Hash Assist Value')

const quickStartFunction = part('uint8', 'ipv6.opt.qs_func', 1, 0xf0, 'Function', { values: names.optQsFuncNames })
const rate = part('uint8', 'ipv6.opt.qs_rate', 1, 0x0f, 'Rate', { values: quickStartRates })
const quickStartTtl = item('uint8', 'ipv6.opt.qs_ttl', 'QS TTL')
const ttlDifference = item('uint8', 'ipv6.opt.qs_ttl_diff', 'TTL Diff')
const notUsed = item('uint8', 'ipv6.opt.qs_unused', 'Not Used')
const nonceRow: Row = [
  part('uint32', 'ipv6.opt.qs_nonce', 4, 0xfffffffc, 'QS Nonce', { base: 'hex' }),
  part('uint32', 'ipv6.opt.qs_reserved', 4, 0x03, 'Reserved', { base: 'hex' }),
]
const RATE_REQUEST = 0
const RATE_REPORT = 8

const leastMtu = item('uint16', 'ipv6.opt.pmtu.min', 'Minimum Reported PMTU')
const returnedMtu = item('uint16', 'ipv6.opt.pmtu.rtn', 'Return Minimum PMTU')
const returnFlag = item('boolean', 'ipv6.opt.pmtu.r_flag', 'Return Flag')

const nonce = item('bytes', 'ipv6.opt.ilnp_nonce', 'ILNP Nonce')
const lineLength = item('uint8', 'ipv6.opt.lio.length', 'LineIDLen')
const line = item('string', 'ipv6.opt.lio.line_id', 'Line ID')

const mplRows: readonly Row[] = [
  [
    item('uint8', 'ipv6.opt.mpl.flag', 'Flag', { base: 'hex' }),
    part('uint8', 'ipv6.opt.mpl.flag.s', 1, 0xc0, 'Seed ID Length', { values: names.optMplFlagSNames }),
    flag('ipv6.opt.mpl.flag.m', 1, 0x20, 'Largest Sequence'),
    flag('ipv6.opt.mpl.flag.v', 1, 0x10, 'Version'),
    part('uint8', 'ipv6.opt.mpl.flag.rsv', 1, 0x0f, 'Reserved', { base: 'hex' }),
  ],
  [item('uint8', 'ipv6.opt.mpl.sequence', 'Sequence', { base: 'hex' })],
]
const seed = item('bytes', 'ipv6.opt.mpl.seed_id', 'Seed ID')
const seedIsSource = item('none', 'ipv6.opt.mpl.ipv6_src_seed_id', 'Seed ID is the IPv6 Source Address')
/** Octets of a seed identifier by its length code (RFC 7731 §6.1). */
const SEED_OCTETS = [0, 2, 8, 16]

const experiment = item('bytes', 'ipv6.opt.experimental', 'Experimental Option')

export const optionItems: readonly Item[] = [
  option,
  type,
  ...typeBits,
  mismatch,
  deprecated,
  length,
  invalidLength,
  pad1,
  padN,
  leastMtu,
  returnedMtu,
  returnFlag,
  ...Object.values(FIXED).flat(2),
  jumbo,
  jumboTruncated,
  jumboProhibited,
  ...calipsoRows.flat(),
  compartments,
  hashBit,
  ...taggerRow,
  tagger,
  identifier,
  hashAssist,
  quickStartFunction,
  rate,
  quickStartTtl,
  ttlDifference,
  notUsed,
  ...nonceRow,
  ...ioamItems,
  nonce,
  lineLength,
  line,
  ...mplRows.flat(),
  seed,
  seedIsSource,
  experiment,
  unknownData,
  unknown,
  unknownNote,
]

/** Walks the options of a header; `isHopByHop`: of that one. */
export function scanOptions(scan: Scan, isHopByHop: boolean): void {
  const headerEnd = scan.start + (scan.octet(1) + 1) * UNIT
  scan.skip(BEFORE_OPTIONS)
  while (scan.going && scan.at < headerEnd && scan.left > 0) {
    const kind = scan.octet()
    scan.mark(option)
    scan.here(type)
    if (kind === PAD1) {
      scan.mark(pad1)
      scan.skip(1)
      continue
    }
    if (isHopByHop ? DESTINATION_ONLY.has(kind) : HOP_BY_HOP_ONLY.has(kind)) scan.mark(mismatch)
    for (const each of typeBits) scan.here(each)
    if (kind === ENDPOINT) scan.mark(deprecated)
    scan.skip(1)
    const octets = scan.octet()
    scan.add(length)
    if (scan.going) scanOption(scan, kind, octets)
  }
}

/** One option, behind its length. An option that is too short for what it holds is read all the same, past its end. */
function scanOption(scan: Scan, kind: number, octets: number): void {
  const end = scan.at + octets
  const rows = FIXED[kind]
  if (rows !== undefined) {
    if (octets !== rows.reduce((sum, row) => sum + row[0].octets, 0)) scan.mark(invalidLength)
    scan.rows(rows)
  } else if ((kind & LOW_ORDER) === EXPERIMENT) scan.add(experiment, octets)
  else {
    switch (kind) {
      case PADN:
        scan.add(padN, octets)
        break
      case JUMBO:
        if (octets !== 4) scan.mark(invalidLength)
        jumboPayload(scan)
        break
      case CALIPSO:
        if (octets < 8) scan.mark(invalidLength)
        calipso(scan)
        break
      case SMF:
        duplicates(scan, end)
        break
      case QUICK_START:
        if (octets !== 6) scan.mark(invalidLength)
        quickStart(scan)
        break
      case PATH_MTU:
        if (octets !== 4) scan.mark(invalidLength)
        pathMtu(scan)
        break
      case IOAM:
        if (octets < 10 || (octets - 2) % 4 !== 0) scan.mark(invalidLength)
        scanIoam(scan, end)
        break
      case ILNP:
        scan.add(nonce, octets)
        break
      case LINE: {
        const text = scan.octet()
        scan.add(lineLength)
        scan.add(line, Math.min(text, Math.max(end - scan.at, 0)))
        break
      }
      case MPL: {
        const code = scan.octet() >> 6
        if (code === 0) scan.mark(seedIsSource)
        scan.rows(mplRows)
        if (code > 0) scan.add(seed, SEED_OCTETS[code])
        break
      }
      default:
        scan.add(unknown, octets)
        scan.mark(unknownNote)
    }
  }
  if (!scan.going || scan.at >= end) return
  scan.here(unknownData, end - scan.at)
  scan.mark(unknownNote)
  scan.skip(end - scan.at)
}

/** Where the IPv6 header is that the options belong to; -1 if there is none. */
function fixedHeader({ packet, layer }: Scan): number {
  for (let i = layer - 1; i >= 0; i--) if (packet.layerProtocol[i] === IPV6) return packet.layerAt[i]
  return -1
}

function jumboPayload(scan: Scan): void {
  const isShort = scan.two() === 0
  scan.add(jumbo)
  if (isShort) scan.mark(jumboTruncated)
  const header = fixedHeader(scan)
  if (header >= 0 && read16(scan.bytes, header + PAYLOAD_LENGTH) !== 0) scan.mark(jumboProhibited)
}

function calipso(scan: Scan): void {
  const words = scan.octet(4)
  scan.rows(calipsoRows)
  scan.add(compartments, words * 4)
}

/** RFC 6621 §6.1: either a hash assist value, or who tagged the packet and with which identifier. */
function duplicates(scan: Scan, end: number): void {
  const first = scan.octet()
  scan.here(hashBit)
  if ((first & hashBit.mask) !== 0) {
    scan.add(hashAssist, end - scan.at)
    return
  }
  scan.rows([taggerRow])
  if ((first & taggerRow[0].mask) !== 0) scan.add(tagger, (first & taggerRow[1].mask) + 1)
  if (scan.going && end > scan.at) scan.add(identifier, end - scan.at)
}

function quickStart(scan: Scan): void {
  const kind = scan.octet() >> 4
  scan.here(quickStartFunction)
  if (kind !== RATE_REQUEST && kind !== RATE_REPORT) return
  scan.add(rate)
  if (kind === RATE_REQUEST) {
    const header = fixedHeader(scan)
    const ttl = scan.octet()
    scan.here(quickStartTtl)
    if (header >= 0) scan.put(ttlDifference, (scan.bytes[header + HOP_LIMIT] - ttl) & 0xff)
    scan.skip(1)
  } else scan.add(notUsed)
  scan.rows([nonceRow])
}

function pathMtu(scan: Scan): void {
  scan.add(leastMtu)
  const returned = scan.two()
  if (!scan.need(2)) return
  scan.put(returnedMtu, returned & 0xfffe)
  scan.put(returnFlag, returned & 1)
  scan.skip(2)
}
