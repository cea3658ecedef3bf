/**
 * In situ operations, administration and maintenance: the option of RFC 9486 §3 with the trace of RFC 9197 §4.4.
 *
 *    0                    2                    4  octets
 *  2 | reserved | type    | namespace          |
 *  6 | node length, flags, | trace type (3), reserved (1) |
 *    | remaining length    |
 * 12 | free space, then the data of each node: what the bits of the trace type say ...
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import * as names from './names.ts'

const WORD = 4
/** The traces whose nodes have room beforehand, or make it. */
const INCREMENTAL_TRACE = 1

const headRows: readonly Row[] = [
  [item('uint8', 'ipv6.opt.ioam.rsv', 'Reserved')],
  [item('uint8', 'ipv6.opt.ioam.opt_type', 'Option-Type', { values: names.optIoamOptTypeNames })],
]
const namespaceId = item('uint16', 'ipv6.opt.ioam.trace.ns', 'Namespace ID')
const nodeLength = item('uint8', 'ipv6.opt.ioam.trace.nodelen', 'Node Length; in words of 4 octets')
const invalidNodeLength = item('none', 'ipv6.opt.ioam.trace.invalid_nodelen', 'Invalid "NodeLen" value: cannot be 0')
const flags: Row = [
  part('uint16', 'ipv6.opt.ioam.trace.flags', 2, 0x780, 'Flags', { base: 'hex' }),
  flag('ipv6.opt.ioam.trace.flag.o', 2, 0x400, 'Overflow'),
  flag('ipv6.opt.ioam.trace.flag.l', 2, 0x200, 'Loopback'),
  flag('ipv6.opt.ioam.trace.flag.a', 2, 0x100, 'Active'),
  flag('ipv6.opt.ioam.trace.flag.rsv', 2, 0x80, 'Reserved'),
]
const remainingLength = item('uint8', 'ipv6.opt.ioam.trace.remlen', 'Remaining Length; in words of 4 octets')
const invalidRemainingLength = item('none', 'ipv6.opt.ioam.trace.invalid_remlen', 'Invalid "RemLen" value')
const traceType: Row = [
  item('uint24', 'ipv6.opt.ioam.trace.type', 'Trace Type', { base: 'hex' }),
  flag('ipv6.opt.ioam.trace.type.bit0', 3, 0x800000, 'Hop_Lim and Node ID (short)'),
  flag('ipv6.opt.ioam.trace.type.bit1', 3, 0x400000, 'Ingress and Egress IDs (short)'),
  flag('ipv6.opt.ioam.trace.type.bit2', 3, 0x200000, 'Timestamp seconds'),
  flag('ipv6.opt.ioam.trace.type.bit3', 3, 0x100000, 'Timestamp fraction'),
  flag('ipv6.opt.ioam.trace.type.bit4', 3, 0x80000, 'Transit delay'),
  flag('ipv6.opt.ioam.trace.type.bit5', 3, 0x40000, 'IOAM-Namespace specific data (short)'),
  flag('ipv6.opt.ioam.trace.type.bit6', 3, 0x20000, 'Queue depth'),
  flag('ipv6.opt.ioam.trace.type.bit7', 3, 0x10000, 'Checksum complement'),
  flag('ipv6.opt.ioam.trace.type.bit8', 3, 0x8000, 'Hop_Lim and Node ID (wide)'),
  flag('ipv6.opt.ioam.trace.type.bit9', 3, 0x4000, 'Ingress and Egress IDs (wide)'),
  flag('ipv6.opt.ioam.trace.type.bit10', 3, 0x2000, 'IOAM-Namespace specific data (wide)'),
  flag('ipv6.opt.ioam.trace.type.bit11', 3, 0x1000, 'Buffer occupancy'),
  flag('ipv6.opt.ioam.trace.type.undef', 3, 0xffc, 'Undefined'),
  flag('ipv6.opt.ioam.trace.type.bit22', 3, 0x02, 'Opaque State Snapshot'),
  flag('ipv6.opt.ioam.trace.type.rsv', 3, 0x01, 'Reserved'),
]
const invalidType = item('none', 'ipv6.opt.ioam.trace.invalid_type', 'Mismatch between Trace Type and NodeLen')
const reserved = item('uint8', 'ipv6.opt.ioam.trace.rsv', 'Reserved')
const freeSpace = item('bytes', 'ipv6.opt.ioam.trace.free_space', 'Free space')

/** What a node says for each bit of the trace type, from the highest; of those without a name, a word. */
const NODE: readonly (readonly Row[])[] = [
  [
    [item('uint8', 'ipv6.opt.ioam.trace.node.hlim', 'Hop Limit')],
    [item('uint24', 'ipv6.opt.ioam.trace.node.id', 'ID', { base: 'hex' })],
  ],
  [
    [item('uint16', 'ipv6.opt.ioam.trace.node.iif', 'Ingress ID', { base: 'hex' })],
    [item('uint16', 'ipv6.opt.ioam.trace.node.eif', 'Egress ID', { base: 'hex' })],
  ],
  [[item('uint32', 'ipv6.opt.ioam.trace.node.tss', 'Timestamp Seconds', { base: 'hex' })]],
  [[item('uint32', 'ipv6.opt.ioam.trace.node.tsf', 'Timestamp Fraction', { base: 'hex' })]],
  [[item('uint32', 'ipv6.opt.ioam.trace.node.trdelay', 'Transit Delay', { base: 'hex' })]],
  [[item('uint32', 'ipv6.opt.ioam.trace.node.nsdata', 'Namespace Data (short)', { base: 'hex' })]],
  [[item('uint32', 'ipv6.opt.ioam.trace.node.qdepth', 'Queue Depth', { base: 'hex' })]],
  [[item('uint32', 'ipv6.opt.ioam.trace.node.csum', 'Checksum Complement', { base: 'hex' })]],
  [
    [item('uint8', 'ipv6.opt.ioam.trace.node.hlim', 'Hop Limit')],
    [{ ...item('uint64', 'ipv6.opt.ioam.trace.node.id_wide', 'ID', { base: 'hex' }), octets: 7 }],
  ],
  [
    [item('uint32', 'ipv6.opt.ioam.trace.node.iif_wide', 'Ingress ID', { base: 'hex' })],
    [item('uint32', 'ipv6.opt.ioam.trace.node.eif_wide', 'Egress ID', { base: 'hex' })],
  ],
  [[item('uint64', 'ipv6.opt.ioam.trace.node.nsdata_wide', 'Namespace Data (wide)', { base: 'hex' })]],
  [[item('uint32', 'ipv6.opt.ioam.trace.node.bufoccup', 'Buffer Occupancy', { base: 'hex' })]],
]
const undefinedRows: readonly Row[] = [
  [item('uint32', 'ipv6.opt.ioam.trace.node.undefined', 'Undefined bit', { base: 'hex' })],
]
const BITS = 24
const OPAQUE_BIT = 22
const opaqueLength = item('uint8', 'ipv6.opt.ioam.trace.node.oss.len', 'Length; in words of 4 octets')
const opaqueSchema = item('uint24', 'ipv6.opt.ioam.trace.node.oss.scid', 'Schema ID', { base: 'hex' })
const opaqueData = item('bytes', 'ipv6.opt.ioam.trace.node.oss.data', 'Data')

export const ioamItems: readonly Item[] = [
  ...headRows.flat(),
  namespaceId,
  nodeLength,
  invalidNodeLength,
  ...flags,
  remainingLength,
  invalidRemainingLength,
  ...traceType,
  invalidType,
  reserved,
  freeSpace,
  ...NODE.flat(2),
  ...undefinedRows.flat(),
  opaqueLength,
  opaqueSchema,
  opaqueData,
]

/** Walks the option, which ends at `end`, from behind its length. */
export function scanIoam(scan: Scan, end: number): void {
  const kind = scan.octet(1)
  scan.rows(headRows)
  if (kind > INCREMENTAL_TRACE) return
  scan.add(namespaceId)
  const lengths = scan.two()
  if (!scan.going) return
  const nodeWords = lengths >> 11
  const freeWords = lengths & 0x7f
  scan.put(nodeLength, nodeWords)
  if (nodeWords === 0) scan.mark(invalidNodeLength)
  for (const each of flags) scan.here(each)
  scan.put(remainingLength, freeWords)
  // Of the option, six octets are behind these two: the trace type and what is reserved.
  const isRoom = freeWords * WORD <= end - scan.at - 2 - WORD
  if (!isRoom) scan.mark(invalidRemainingLength)
  scan.skip(2)
  const bits = scan.need(WORD) ? (scan.two() << 8) | scan.octet(2) : 0
  for (const each of traceType) scan.here(each)
  const isFitting = nodeWords === wordsOf(bits)
  if (nodeWords > 0 && !isFitting) scan.mark(invalidType)
  scan.skip(3)
  scan.add(reserved)
  if (nodeWords === 0 || !isRoom) return
  if (freeWords > 0) scan.add(freeSpace, freeWords * WORD)
  while (scan.going && end - scan.at >= nodeWords * WORD) {
    const { at } = scan
    node(scan, bits)
    if (isFitting) continue
    // Wireshark shows the first, and takes them all as unknown.
    if (scan.going) scan.at = at
    return
  }
}

/** Words of a node's data, without what is as long as it says itself. */
function wordsOf(bits: number): number {
  let words = 0
  for (let bit = 0; bit < OPAQUE_BIT; bit++)
    if (isSet(bits, bit)) words += (NODE[bit] ?? undefinedRows).reduce((sum, row) => sum + row[0].octets, 0) / WORD
  return words
}

function isSet(bits: number, bit: number): boolean {
  return (bits & (1 << (BITS - 1 - bit))) !== 0
}

function node(scan: Scan, bits: number): void {
  for (let bit = 0; bit < OPAQUE_BIT; bit++) if (isSet(bits, bit)) scan.rows(NODE[bit] ?? undefinedRows)
  if (!isSet(bits, OPAQUE_BIT)) return
  const words = scan.octet()
  scan.add(opaqueLength)
  scan.add(opaqueSchema)
  if (words > 0) scan.add(opaqueData, words * WORD)
}
