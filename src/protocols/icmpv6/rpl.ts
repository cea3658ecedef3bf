/**
 * RPL: IPv6 Routing Protocol for Low-Power and Lossy Networks, RFC 6550 §6; route discovery between two points: RFC 6997.
 *
 *    0                   4  octets
 *  0 | type, code, checksum |
 *  4 | base object ...      |    by the code; behind the security section (RFC 6550 §6.1) where its highest bit is set
 *    | options ...          |
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { reserved } from './common.ts'
import * as names from './names.ts'
import { rplOptionItems, scanRplOptions } from './rpl-options.ts'

/** The bit of a code that says that the message is secured. */
const SECURE = 0x80

const unused: Row = [{ ...reserved, octets: 1 }]

const secureFlag: Row = [
  item('uint8', 'icmpv6.rpl.secure.flag', 'Flags', { base: 'hex' }),
  flag('icmpv6.rpl.secure.flag.t', 1, 0x80, 'Counter is Time (T)'),
  part('uint8', 'icmpv6.rpl.secure.flag.rsv', 1, 0x7f, 'Reserved'),
]
const securityRows: readonly Row[] = [
  secureFlag,
  [item('uint8', 'icmpv6.rpl.secure.algorithm', 'Algorithm', { values: names.rplSecureAlgorithmNames })],
  // Wireshark gives the reserved octets and the next the name of the flags.
  [
    secureFlag[0],
    part('uint8', 'icmpv6.rpl.secure.kim', 1, 0xc0, 'Key Identifier Mode (KIM)'),
    part('uint8', 'icmpv6.rpl.secure.lvl', 1, 0x07, 'Security Level (LVL)'),
    part('uint8', 'icmpv6.rpl.secure.rsv', 1, 0x38, 'Reserved'),
  ],
  [secureFlag[0]],
  [item('uint32', 'icmpv6.rpl.secure.counter', 'Counter')],
]
const keySource = item('bytes', 'icmpv6.rpl.secure.key.source', 'Key Source')
const keyIndex = item('uint8', 'icmpv6.rpl.secure.key.index', 'Key Source')

const solicitationRows: readonly Row[] = [[item('uint8', 'icmpv6.rpl.dis.flags', 'Flags')], unused]

const objectFlag: Row = [
  item('uint8', 'icmpv6.rpl.dio.flag', 'Flags', { base: 'hex' }),
  flag('icmpv6.rpl.dio.flag.g', 1, 0x80, 'Grounded (G)'),
  flag('icmpv6.rpl.dio.flag.0', 1, 0x40, 'Zero'),
  part('uint8', 'icmpv6.rpl.dio.flag.mop', 1, 0x38, 'Mode of Operation (MOP)', {
    base: 'hex',
    values: names.rplDioFlagMopNames,
  }),
  part('uint8', 'icmpv6.rpl.dio.flag.preference', 1, 0x07, 'DODAG Preference'),
]
const objectRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.dio.instance', 'RPLInstanceID')],
  [item('uint8', 'icmpv6.rpl.dio.version', 'Version')],
  [item('uint16', 'icmpv6.rpl.dio.rank', 'Rank')],
  objectFlag,
  [item('uint8', 'icmpv6.rpl.dio.dtsn', 'Destination Advertisement Trigger Sequence Number (DTSN)')],
  [objectFlag[0]],
  unused,
  [item('ipv6', 'icmpv6.rpl.dio.dagid', 'DODAGID')],
]

const destinationRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.dao.instance', 'RPLInstanceID')],
  [
    item('uint8', 'icmpv6.rpl.dao.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.rpl.dao.flag.k', 1, 0x80, 'DAO-ACK Request (K)'),
    flag('icmpv6.rpl.dao.flag.d', 1, 0x40, 'DODAGID Present (D)'),
    part('uint8', 'icmpv6.rpl.dao.flag.rsv', 1, 0x3f, 'Reserved'),
  ],
  unused,
  [item('uint8', 'icmpv6.rpl.dao.sequence', 'DAO Sequence')],
]
const destinationId = item('ipv6', 'icmpv6.rpl.dao.dodagid', 'DODAGID')

const acknowledgmentRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.daoack.instance', 'RPLInstanceID')],
  [
    item('uint8', 'icmpv6.rpl.daoack.flag', 'Flag', { base: 'hex' }),
    flag('icmpv6.rpl.daoack.flag.d', 1, 0x80, 'DODAGID Present (D)'),
    part('uint8', 'icmpv6.rpl.daoack.flag.rsv', 1, 0x7f, 'Reserved'),
  ],
  [item('uint8', 'icmpv6.rpl.daoack.sequence', 'DAO-ACK Sequence')],
  [item('uint8', 'icmpv6.rpl.daoack.status', 'Status')],
]
const acknowledgmentId = item('ipv6', 'icmpv6.rpl.daoack.dodagid', 'DODAGID')

const consistencyRows: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.cc.instance', 'RPLInstanceID')],
  [
    item('uint8', 'icmpv6.rpl.cc.flag', 'Flag', { base: 'hex' }),
    flag('icmpv6.rpl.cc.flag.r', 1, 0x80, 'Response (R)'),
    part('uint8', 'icmpv6.rpl.cc.flag.rsv', 1, 0x7f, 'Reserved'),
  ],
  [item('uint16', 'icmpv6.rpl.cc.nonce', 'CC Nonce', { base: 'hex' })],
  [item('ipv6', 'icmpv6.rpl.cc.dodagid', 'DODAGID')],
  [item('uint32', 'icmpv6.rpl.cc.destination_counter', 'Destination Counter')],
]

const routeStart: readonly Row[] = [
  [item('uint8', 'icmpv6.rpl.p2p.dro.instance', 'RPLInstanceID')],
  [item('uint8', 'icmpv6.rpl.p2p.dro.version', 'Version')],
]
const routeFlag: Row = [
  item('uint16', 'icmpv6.rpl.p2p.dro.flag', 'Flags', { base: 'hex' }),
  flag('icmpv6.rpl.p2p.dro.flag.stop', 2, 0x8000, 'Stop'),
  flag('icmpv6.rpl.p2p.dro.flag.ack', 2, 0x4000, 'Ack'),
  part('uint16', 'icmpv6.rpl.p2p.dro.flag.seq', 2, 0x3000, 'Seq'),
  part('uint16', 'icmpv6.rpl.p2p.dro.flag.reserved', 2, 0xfff, 'Reserved'),
]
const routeAcknowledgmentFlag: Row = [
  item('uint16', 'icmpv6.rpl.p2p.droack.flag', 'Flags', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.p2p.droack.flag.seq', 2, 0xc000, 'Seq'),
  part('uint16', 'icmpv6.rpl.p2p.droack.flag.reserved', 2, 0x3fff, 'Reserved'),
]
const routeId = item('ipv6', 'icmpv6.rpl.p2p.dro.dagid', 'DODAGID')
const notZero = item('none', 'icmpv6.rpl.p2p.dro.zero', 'This field MUST be set to zero')

export const rplItems: readonly Item[] = [
  ...securityRows.flat(),
  keySource,
  keyIndex,
  ...[solicitationRows, objectRows, destinationRows].flat(2),
  destinationId,
  ...acknowledgmentRows.flat(),
  acknowledgmentId,
  ...consistencyRows.flat(),
  ...routeStart.flat(),
  ...routeFlag,
  ...routeAcknowledgmentFlag,
  routeId,
  notZero,
  ...rplOptionItems,
]

/** Walks a message with this code, from behind the checksum. */
export function scanRpl(scan: Scan, code: number): void {
  if ((code & SECURE) !== 0 && code <= 0x8a && (code <= 0x83 || code === 0x8a)) {
    scan.rows(securityRows)
    keyOf(scan)
  }
  switch (code & ~SECURE) {
    case 0:
      scan.rows(solicitationRows)
      scanRplOptions(scan, false)
      return
    case 1:
      scan.rows(objectRows)
      scanRplOptions(scan, false)
      return
    case 2:
      identified(scan, destinationRows, 0x40, destinationId)
      return
    case 3:
      identified(scan, acknowledgmentRows, 0x80, acknowledgmentId)
      return
    case 4:
    case 5:
      if ((code & SECURE) === 0) routeObject(scan, code === 5)
      return
    case 10:
      if ((code & SECURE) === 0) return
      scan.rows(consistencyRows)
      scanRplOptions(scan, false)
      return
  }
}

/** The key identifier, whose length the mode tells; Wireshark takes the level's bits for the mode. */
function keyOf(scan: Scan): void {
  if (!scan.going) return
  const mode = scan.bytes[scan.at - 6] & 7
  if (mode === 2 || mode === 3) scan.add(keySource, 8)
  if (mode === 0 || mode === 2 || mode === 3) scan.add(keyIndex)
}

/** A base object whose flags say whether an identifier follows. */
function identified(scan: Scan, rows: readonly Row[], present: number, identifier: Item): void {
  const flags = scan.octet(1)
  scan.rows(rows)
  if ((flags & present) !== 0) scan.add(identifier)
  scanRplOptions(scan, false)
}

/** RFC 6997 §8, §10. */
function routeObject(scan: Scan, isAcknowledgment: boolean): void {
  const version = scan.octet(1)
  scan.rows(routeStart)
  if (version !== 0) scan.mark(notZero)
  scan.rows([isAcknowledgment ? routeAcknowledgmentFlag : routeFlag])
  scan.add(routeId)
  if (!isAcknowledgment) scanRplOptions(scan, true)
}
