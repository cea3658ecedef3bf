/**
 * Router renumbering, RFC 2894 §3.
 *
 *    0                  4                8  octets
 *  4 |  sequence number | segment, flags, delay |
 * 12 |  reserved        |
 * 16 |  command: a match-prefix part (24), then use-prefix parts (32 each); or result messages (24 each) ...
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { reserved } from './common.ts'
import * as names from './names.ts'

const COMMAND = 0
const RESULT = 1
/** A prefix has no more bits than an address. */
const MAX_BITS = 128

const unused = (octets: number): Row => [{ ...reserved, octets }]

const headerRows: readonly Row[] = [
  [item('uint32', 'icmpv6.rr.sequence_number', 'Sequence Number')],
  [item('uint8', 'icmpv6.rr.segment_number', 'Segment Number')],
  [
    item('uint8', 'icmpv6.rr.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.rr.flag.t', 1, 0x80, 'Test Command'),
    flag('icmpv6.rr.flag.r', 1, 0x40, 'Result requested'),
    flag('icmpv6.rr.flag.a', 1, 0x20, 'All Interfaces'),
    flag('icmpv6.rr.flag.s', 1, 0x10, 'Site-specific'),
    flag('icmpv6.rr.flag.p', 1, 0x08, 'Processed previously'),
    part('uint8', 'icmpv6.rr.flag.rsv', 1, 0x07, 'Reserved'),
  ],
  [item('uint16', 'icmpv6.rr.maxdelay', 'Max Delay; in milliseconds')],
  unused(4),
]

const match = item('none', 'icmpv6.rr.pco.mp', 'Match-Prefix Part')
const matchStart: readonly Row[] = [
  [item('uint8', 'icmpv6.rr.pco.mp.opcode', 'OpCode', { values: names.rrPcoMpOpcodeNames })],
  [item('uint8', 'icmpv6.rr.pco.mp.oplength', 'OpLength; in units of 8 octets')],
  [item('uint8', 'icmpv6.rr.pco.mp.ordinal', 'Ordinal', { base: 'hex' })],
]
const matchLength = item('uint8', 'icmpv6.rr.pco.mp.matchlen', 'MatchLen')
const matchTooLong = item('none', 'icmpv6.rr.pco.mp.matchlen.gt128', 'MatchLen is greater than 128')
const matchRest: readonly Row[] = [
  [item('uint8', 'icmpv6.rr.pco.mp.minlen', 'MinLen')],
  [item('uint8', 'icmpv6.rr.pco.mp.maxlen', 'MaxLen')],
  unused(2),
  [item('ipv6', 'icmpv6.rr.pco.mp.matchprefix', 'MatchPrefix')],
]

const use = item('none', 'icmpv6.rr.pco.up', 'Use-Prefix Part')
const maskFlags: Row = [
  flag('icmpv6.rr.pco.up.flagmask.l', 1, 0x80, 'On-link flag(L)'),
  flag('icmpv6.rr.pco.up.flagmask.a', 1, 0x40, 'Autonomous address-configuration flag(A)'),
  part('uint8', 'icmpv6.rr.pco.up.flagmask.reserved', 1, 0x3f, 'Reserved'),
]
const useRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rr.pco.up.uselen', 'UseLen')],
  [item('uint8', 'icmpv6.rr.pco.up.keeplen', 'KeepLen')],
  [item('uint8', 'icmpv6.rr.pco.up.flagmask', 'FlagMask', { base: 'hex' }), ...maskFlags],
  // Wireshark names the bits of the flags as those of their mask.
  [item('uint8', 'icmpv6.rr.pco.up.raflags', 'RAFlags', { base: 'hex' }), ...maskFlags],
  [item('uint32', 'icmpv6.rr.pco.up.validlifetime', 'Valid Lifetime', { values: names.rrPcoUpValidlifetimeNames })],
  [
    item('uint32', 'icmpv6.rr.pco.up.preferredlifetime', 'Preferred Lifetime', {
      values: names.rrPcoUpPreferredlifetimeNames,
    }),
  ],
  [
    item('uint32', 'icmpv6.rr.pco.up.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.rr.pco.up.flag.v', 4, 0x80000000, 'Decrement valid lifetime'),
    flag('icmpv6.rr.pco.up.flag.p', 4, 0x40000000, 'Decrement preferred lifetime'),
    part('uint32', 'icmpv6.rr.pco.up.flag.reserved', 4, 0x3fffffff, 'Reserved'),
  ],
  [item('ipv6', 'icmpv6.rr.pco.up.useprefix', 'UsePrefix')],
]

const result = item('none', 'icmpv6.rr.rm', 'Result Message')
const resultStart: readonly Row[] = [
  [
    item('uint16', 'icmpv6.rr.rm.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.rr.rm.flag.b', 2, 0x02, 'Bounds'),
    flag('icmpv6.rr.rm.flag.f', 2, 0x01, 'Forbidden'),
    part('uint16', 'icmpv6.rr.rm.flag.reserved', 2, 0xfffc, 'Reserved'),
  ],
  [item('uint8', 'icmpv6.rr.rm.ordinal', 'Ordinal', { base: 'hex' })],
]
const matchedLength = item('uint8', 'icmpv6.rr.rm.matchedlen', 'MatchedLen')
const matchedTooLong = item('none', 'icmpv6.rr.pco.mp.matchedlen.gt128', 'MatchedLen is greater than 128')
const resultRest: readonly Row[] = [
  [item('uint32', 'icmpv6.rr.rm.interfaceindex', 'InterfaceIndex')],
  [item('ipv6', 'icmpv6.rr.rm.matchedprefix', 'MatchedPrefix')],
]

export const renumberingItems: readonly Item[] = [
  ...headerRows.flat(),
  match,
  ...matchStart.flat(),
  matchLength,
  matchTooLong,
  ...matchRest.flat(),
  use,
  ...useRows.flat(),
  result,
  ...resultStart.flat(),
  matchedLength,
  matchedTooLong,
  ...resultRest.flat(),
]

export function scanRenumbering(scan: Scan, code: number): void {
  scan.rows(headerRows)
  if (code === COMMAND) {
    scan.mark(match)
    scan.rows(matchStart)
    bits(scan, matchLength, matchTooLong)
    scan.rows(matchRest)
    while (scan.going && scan.left > 0) {
      scan.mark(use)
      scan.rows(useRows)
    }
  } else if (code === RESULT)
    while (scan.going && scan.left > 0) {
      scan.mark(result)
      scan.rows(resultStart)
      bits(scan, matchedLength, matchedTooLong)
      scan.rows(resultRest)
    }
}

function bits(scan: Scan, what: Item, tooLong: Item): void {
  const isTooLong = scan.octet() > MAX_BITS
  scan.add(what)
  if (isTooLong) scan.mark(tooLong)
}
