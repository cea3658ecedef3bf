/**
 * Routing metrics and constraints, RFC 6551 §2.1: objects in an option of RPL.
 *
 *    0      1        3        4  octets
 *  0 | type | flags  | length | body ... |
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { unknown } from './common.ts'
import * as names from './names.ts'

const type = item('uint8', 'icmpv6.rpl.opt.metric.type', 'Routing Metric/Constraint Type', {
  values: names.rplOptMetricTypeNames,
})
const flags: Row = [
  item('uint16', 'icmpv6.rpl.opt.metric.flags', 'Flags', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.reserved', 2, 0xf800, 'Reserved Flags', { base: 'hex' }),
  flag('icmpv6.rpl.opt.metric.flag.p', 2, 0x400, 'Flag P'),
  flag('icmpv6.rpl.opt.metric.flag.c', 2, 0x200, 'Flag C'),
  flag('icmpv6.rpl.opt.metric.flag.o', 2, 0x100, 'Flag O'),
  flag('icmpv6.rpl.opt.metric.flag.r', 2, 0x80, 'Flag R'),
  part('uint16', 'icmpv6.rpl.opt.metric.flag.a', 2, 0x70, 'A Field', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.prec', 2, 0x0f, 'Precedence field', { base: 'hex' }),
]
const length = item('uint8', 'icmpv6.rpl.opt.metric.length', 'Metric Length')
const unknownMetric = item('none', 'icmpv6.rpl.unknown.metric', 'Unknown RPL metric/constraint type')

const nodeState: Row = [
  item('uint16', 'icmpv6.rpl.opt.metric.nsa.object', 'Node State and Attribute Object', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.nsa.object.reserved', 2, 0xff00, 'Reserved field', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.nsa.object.flags', 2, 0xfc, 'Flags', { base: 'hex' }),
  flag('icmpv6.rpl.opt.metric.nsa.object.flag.a', 2, 0x02, 'Flag A'),
  flag('icmpv6.rpl.opt.metric.nsa.object.flag.o', 2, 0x01, 'Flag O'),
]
const nodeStateValue = item(
  'uint8',
  'icmpv6.rpl.opt.metric.nsa.object.opttlv.object',
  'Node State and Attribute Optional TLV',
)
const nodeStateValueType = item(
  'uint8',
  'icmpv6.rpl.opt.metric.nsa.object.opttlv.object.type',
  'Node State and Attribute Optional TLV Type',
)
const nodeStateValueLength = item(
  'uint8',
  'icmpv6.rpl.opt.metric.nsa.object.opttlv.object.length',
  'Node State and Attribute Optional TLV Length',
)
const nodeStateValueData = item('bytes', 'icmpv6.rpl.opt.metric.nsa.object.opttlv.object.data', 'Raw Data')
const nodeEnergy: Row = [
  item('uint16', 'icmpv6.rpl.opt.metric.ne.object', 'Node Energy Object', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.ne.object.flags', 2, 0xf000, 'Flags field', { base: 'hex' }),
  flag('icmpv6.rpl.opt.metric.ne.object.flag.i', 2, 0x800, 'Flag I'),
  part('uint16', 'icmpv6.rpl.opt.metric.ne.object.type', 2, 0x600, 'Type', { base: 'hex' }),
  flag('icmpv6.rpl.opt.metric.ne.object.flag.e', 2, 0x100, 'Flag E'),
  part('uint16', 'icmpv6.rpl.opt.metric.ne.object.energy', 2, 0xff, 'Energy', { base: 'hex' }),
]
const hopCount: Row = [
  item('uint16', 'icmpv6.rpl.opt.metric.hp.object', 'Hop Count Object', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.hp.object.reserved', 2, 0xf000, 'Reserved field', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.hp.object.flags', 2, 0xf00, 'Flags', { base: 'hex' }),
  part('uint16', 'icmpv6.rpl.opt.metric.hp.object.hp', 2, 0xff, 'Hop Count'),
]
const throughput: Row = [item('uint32', 'icmpv6.rpl.opt.metric.lt.object.lt', 'Link Throughput')]
const latency: Row = [item('uint32', 'icmpv6.rpl.opt.metric.ll.object.ll', 'Link Latency; in microseconds')]
const qualityReserved: Row = [
  part('uint8', 'icmpv6.rpl.opt.metric.lql.object.res', 1, 0xff, 'Reserved field', { base: 'hex' }),
]
const quality: Row = [
  item('uint8', 'icmpv6.rpl.opt.metric.lql.object', 'Link Quality Level Object', { base: 'hex' }),
  part('uint8', 'icmpv6.rpl.opt.metric.lql.object.val', 1, 0xe0, 'Val(ue)', { base: 'hex' }),
  part('uint8', 'icmpv6.rpl.opt.metric.lql.object.counter', 1, 0x1f, 'Counter'),
]
const transmissions: Row = [item('uint16', 'icmpv6.rpl.opt.metric.etx.object.etx', 'ETX')]
const colour = item('none', 'icmpv6.rpl.opt.metric.lc.object', 'Link Color Object')
const colourReserved: Row = [
  part('uint8', 'icmpv6.rpl.opt.metric.lc.object.res', 1, 0xff, 'Reserved field', { base: 'hex' }),
]
const colourName = part('uint16', 'icmpv6.rpl.opt.metric.lc.object.lc', 2, 0xffc0, 'Link Color', { base: 'hex' })
const colourCounter = part('uint16', 'icmpv6.rpl.opt.metric.lc.object.counter', 2, 0x3f, 'Counter')
const colourUnused = part('uint16', 'icmpv6.rpl.opt.metric.lc.object.reserved', 2, 0x3e, 'Reserved')
const colourFlag = part('uint16', 'icmpv6.rpl.opt.metric.lc.object.flag.i', 2, 0x01, 'Flag I')

export const rplMetricItems: readonly Item[] = [
  type,
  ...flags,
  length,
  unknownMetric,
  ...nodeState,
  nodeStateValue,
  nodeStateValueType,
  nodeStateValueLength,
  nodeStateValueData,
  ...[nodeEnergy, hopCount, throughput, latency, quality, qualityReserved, transmissions].flat(),
  colour,
  ...colourReserved,
  colourName,
  colourCounter,
  colourUnused,
  colourFlag,
]

/** The bit of the flags that makes a metric a constraint. */
const CONSTRAINT = 0x0200

/** Walks the objects up to `end`. */
export function scanMetrics(scan: Scan, end: number): void {
  while (scan.going && scan.at < end) {
    const kind = scan.octet()
    if (kind < 1 || kind > 8) scan.mark(unknownMetric)
    scan.add(type)
    const isConstraint = (scan.two() & CONSTRAINT) !== 0
    scan.rows([flags])
    const octets = scan.octet()
    scan.add(length)
    if (scan.going) body(scan, kind, scan.at + octets, isConstraint)
  }
}

function body(scan: Scan, kind: number, end: number, isConstraint: boolean): void {
  switch (kind) {
    case 1:
      scan.rows([nodeState])
      while (scan.going && scan.at < end) {
        scan.here(nodeStateValue, 1)
        const octets = scan.octet(1)
        scan.add(nodeStateValueType)
        scan.add(nodeStateValueLength)
        scan.add(nodeStateValueData, octets)
      }
      return
    case 2:
      while (scan.going && scan.at < end) scan.rows([nodeEnergy])
      return
    case 3:
      scan.rows([hopCount])
      return
    case 4:
      while (scan.going && scan.at < end) scan.rows([throughput])
      return
    case 5:
      while (scan.going && scan.at < end) scan.rows([latency])
      return
    case 6:
      scan.rows([qualityReserved])
      while (scan.going && scan.at < end) scan.rows([quality])
      return
    case 7:
      while (scan.going && scan.at < end) scan.rows([transmissions])
      return
    case 8:
      scan.rows([colourReserved])
      while (scan.going && scan.at < end) {
        scan.mark(colour)
        scan.here(colourName)
        if (isConstraint) {
          scan.here(colourUnused)
          scan.add(colourFlag)
        } else scan.add(colourCounter)
      }
      return
    default:
      unknown(scan, end)
      if (scan.going) scan.at = end
  }
}
