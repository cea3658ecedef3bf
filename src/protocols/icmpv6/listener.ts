/**
 * Multicast listener discovery: RFC 2710 §3 and, with sources, RFC 3810 §5.
 *
 *    0                2                4  octets
 *  4 | maximum response |   reserved     |    query, and report and done of version 1
 *  8 | multicast address (16)            |
 * 24 | flags, interval  |   sources      |    query of version 2
 * 28 | source addresses (16 each) ...    |
 *
 *  4 |     reserved     |   records      |    report of version 2
 *  8 | type | aux words |   sources      |    a record
 * 12 | multicast address, source addresses, auxiliary data ...
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { reserved } from './common.ts'
import * as names from './names.ts'

/** Octets of a query of version 2, checksum included; those of version 1 have 24. */
const VERSION_2_LENGTH = 28
const WORD = 4

const unused: Row = [{ ...reserved, octets: 2 }]
const multicastAddress = item(
  'ipv6',
  'icmpv6.mld.multicast_address',
  'Multicast Address; all zeros in a query for all groups',
)
const version1Rows: readonly Row[] = [
  [item('uint16', 'icmpv6.mld.maximum_response_delay', 'Maximum Response Delay [ms]')],
  unused,
  [multicastAddress],
]
const version2Rows: readonly Row[] = [
  [item('uint16', 'icmpv6.mld.maximum_response_code', 'Maximum Response Code')],
  unused,
  [multicastAddress],
  [
    item('uint8', 'icmpv6.mld.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.mld.flag.s', 1, 0x08, 'Suppress Router-Side Processing'),
    part('uint8', 'icmpv6.mld.flag.qrv', 1, 0x07, "QRV (Querier's Robustness Variable)"),
    part('uint8', 'icmpv6.mld.flag.reserved', 1, 0xf0, 'Reserved'),
  ],
  [item('uint8', 'icmpv6.mld.qqi', "QQIC (Querier's Query Interval Code)")],
]
const sources = item('uint16', 'icmpv6.mld.nb_sources', 'Number of Sources')
const source = item('ipv6', 'icmpv6.mld.source_address', 'Source Address')

const records = item('uint16', 'icmpv6.mldr.nb_mcast_records', 'Number of Multicast Address Records')
const record = item('none', 'icmpv6.mldr.mar', 'Multicast Address Record')
const recordType = item('uint8', 'icmpv6.mldr.mar.record_type', 'Record Type', { values: names.mldrMarRecordTypeNames })
const auxiliaryLength = item('uint8', 'icmpv6.mldr.mar.aux_data_len', 'Aux Data Len; in words of 4 octets')
const recordSources = item('uint16', 'icmpv6.mldr.mar.nb_sources', 'Number of Sources')
const recordAddress = item('ipv6', 'icmpv6.mldr.mar.multicast_address', 'Multicast Address')
const recordSource = item('ipv6', 'icmpv6.mldr.mar.source_address', 'Source Address')
const auxiliary = item('bytes', 'icmpv6.mldr.mar.auxiliary_data', 'Auxiliary Data')

export const listenerItems: readonly Item[] = [
  ...version1Rows.flat(),
  ...version2Rows.flat(),
  sources,
  source,
  records,
  record,
  recordType,
  auxiliaryLength,
  recordSources,
  recordAddress,
  recordSource,
  auxiliary,
]

/** A query is of version 2 if the whole message is as long as one of that (RFC 3810 §8.1). */
export function scanListenerQuery(scan: Scan, messageLength: number): void {
  if (messageLength < VERSION_2_LENGTH) {
    scan.rows(version1Rows)
    return
  }
  scan.rows(version2Rows)
  const count = scan.two()
  scan.add(sources)
  for (let i = 0; i < count && scan.going; i++) scan.add(source)
}

export function scanListenerReport(scan: Scan): void {
  scan.rows([unused])
  scan.add(records)
  // Wireshark goes on to the end, however many records the message claims.
  while (scan.going && scan.left > 0) {
    scan.mark(record)
    const words = scan.octet(1)
    const count = scan.two(2)
    scan.add(recordType)
    scan.add(auxiliaryLength)
    scan.add(recordSources)
    scan.add(recordAddress)
    for (let i = 0; i < count && scan.going; i++) scan.add(recordSource)
    if (words > 0) scan.add(auxiliary, words * WORD)
  }
}
