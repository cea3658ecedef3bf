/**
 * Node information queries, RFC 4620 §4.
 *
 *    0        2        4  octets
 *  4 |  qtype |  flags  |
 *  8 |  nonce (8)       |
 * 16 |  data: what a query is about, or what a reply answers ...
 */
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { scanName } from './domain-name.ts'
import * as names from './names.ts'

const QUERY = 139

// Codes of a query: what its data is (RFC 4620 §5).
const SUBJECT_IPV6 = 0
const SUBJECT_NAME = 1
const SUBJECT_IPV4 = 2

// Query types (RFC 4620 §6).
const NODE_NAME = 2
const NODE_ADDRESSES = 3
const IPV4_ADDRESSES = 4

const rows: readonly Row[] = [
  [item('uint16', 'icmpv6.ni.qtype', 'Qtype', { values: names.niQtypeNames })],
  [
    item('uint16', 'icmpv6.ni.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.ni.flag.g', 2, 0x20, 'Global-scope addresses'),
    flag('icmpv6.ni.flag.s', 2, 0x10, 'Site-local addresses'),
    flag('icmpv6.ni.flag.l', 2, 0x08, 'Link-local addresses'),
    flag('icmpv6.ni.flag.c', 2, 0x04, 'Compression'),
    flag('icmpv6.ni.flag.a', 2, 0x02, 'Unicast Addresses'),
    flag('icmpv6.ni.flag.t', 2, 0x01, 'Truncated'),
    part('uint16', 'icmpv6.ni.flag.rsv', 2, 0xffc0, 'Reserved', { base: 'hex' }),
  ],
  [item('uint64', 'icmpv6.ni.nonce', 'Nonce', { base: 'hex' })],
]
const subjectIpv6 = item('ipv6', 'icmpv6.ni.query.subject_ipv6', 'IPv6 subject address')
const subjectName = item('string', 'icmpv6.ni.query.subject_fqdn', 'FQDN subject')
const subjectIpv4 = item('ipv4', 'icmpv6.ni.query.subject_ipv4', 'IPv4 subject address')
const lifetime = item('uint32', 'icmpv6.ni.reply.node_ttl', 'TTL; in seconds')
const nodeName = item('string', 'icmpv6.ni.reply.node_name', 'Name Node')
const nodeAddress = item('ipv6', 'icmpv6.ni.reply.node_address', 'IPv6 Node address')
const ipv4Address = item('ipv4', 'icmpv6.ni.reply.ipv4_address', 'IPv4 Node address')

export const nodeInformationItems: readonly Item[] = [
  ...rows.flat(),
  subjectIpv6,
  subjectName,
  subjectIpv4,
  lifetime,
  nodeName,
  nodeAddress,
  ipv4Address,
]

export function scanNodeInformation(scan: Scan, type: number, code: number): void {
  const queryType = scan.two()
  scan.rows(rows)
  if (!scan.going || scan.left === 0) return
  if (type === QUERY) {
    if (code === SUBJECT_IPV6) scan.add(subjectIpv6)
    else if (code === SUBJECT_NAME) scanName(scan, subjectName)
    else if (code === SUBJECT_IPV4) scan.add(subjectIpv4)
    return
  }
  if (queryType === NODE_NAME) {
    scan.add(lifetime)
    scanName(scan, nodeName)
  } else if (queryType === NODE_ADDRESSES || queryType === IPV4_ADDRESSES)
    while (scan.going && scan.left > 0) {
      scan.add(lifetime)
      scan.add(queryType === NODE_ADDRESSES ? nodeAddress : ipv4Address)
    }
}
