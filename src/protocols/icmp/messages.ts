/**
 * What each type of ICMP message holds behind its checksum: RFC 792; router discovery: RFC 1256; mobile IPv4 agents:
 * RFC 5944 §2.1; address masks: RFC 950; next-hop MTU: RFC 1191; lengths of quotations: RFC 4884 §4; extended echo: RFC 8335.
 */
import { read16 } from '../../packet/bytes.ts'
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import { extensionItems, scanExtension } from './extension.ts'
import * as names from './names.ts'

const HEADER_LENGTH = 8
/** Without a length of its own, a quotation that is followed by extensions has this many octets (RFC 4884 §5.5). */
const DEFAULT_QUOTATION = 128
const WORD = 4
/** Octets of an entry of a router advertisement. */
const ROUTER_ENTRY_WORDS = 2
/** Where the quoted datagram says how long it was. */
const QUOTED_TOTAL_LENGTH = 2

const UNREACHABLE = 3
const FRAGMENTATION_NEEDED = 4
const PARAMETER_PROBLEM = 12

// Extensions of a mobile agent's advertisement (RFC 5944 §2.1), and octets in one before its addresses.
const AGENT = 16
const PREFIX_LENGTHS = 19
const CHALLENGE = 24
const AGENT_LENGTH = 6

const unused = item('bytes', 'icmp.unused', 'Unused')
const identifier = item('uint16', 'icmp.ident', 'Identifier (BE)')
const identifierLittle = item('uint16', 'icmp.ident_le', 'Identifier (LE)')
const sequence = item('uint16', 'icmp.seq', 'Sequence Number (BE)')
const sequenceLittle = item('uint16', 'icmp.seq_le', 'Sequence Number (LE)')
const mtu = item('uint16', 'icmp.mtu', 'MTU of next hop')
const pointer = { ...item('uint32', 'icmp.pointer', 'Pointer; an octet of the quoted datagram'), octets: 1 }
const length = item('uint8', 'icmp.length', 'Length; in words of 4 octets')
const lengthOctets = item('uint8', 'icmp.length.original_datagram', 'Length of original datagram')
const gateway = item('ipv4', 'icmp.redir_gw', 'Gateway Address')
const addressMask = item('ipv4', 'icmp.address_mask', 'Address Mask')
const timestampRows: readonly Row[] = [
  [item('uint32', 'icmp.originate_timestamp', 'Originate Timestamp; milliseconds since midnight UTC')],
  [item('uint32', 'icmp.receive_timestamp', 'Receive Timestamp; milliseconds since midnight UTC')],
  [item('uint32', 'icmp.transmit_timestamp', 'Transmit Timestamp; milliseconds since midnight UTC')],
]
const advertisementRows: readonly Row[] = [
  [item('uint8', 'icmp.num_addrs', 'Number of addresses')],
  [item('uint8', 'icmp.addr_entry_size', 'Address entry size; in words of 4 octets')],
  [item('uint16', 'icmp.lifetime', 'Lifetime; in seconds')],
]
const routerRows: readonly Row[] = [
  [item('ipv4', 'icmp.router_address', 'Router address')],
  [item('int32', 'icmp.pref_level', 'Preference level')],
]

const extendedSequence = item('uint8', 'icmp.ext.echo.seq', 'Sequence Number')
const extendedRequest: Row = [
  part('uint8', 'icmp.ext.echo.req.res', 1, 0xfe, 'Reserved', { base: 'hex' }),
  flag('icmp.ext.echo.req.local', 1, 0x01, 'Local bit'),
]
const extendedReply: Row = [
  part('uint8', 'icmp.ext.echo.rsp.state', 1, 0xe0, 'State', { values: names.extEchoRspStateNames }),
  part('uint8', 'icmp.ext.echo.rsp.res', 1, 0x18, 'Reserved', { base: 'hex' }),
  flag('icmp.ext.echo.rsp.active', 1, 0x04, 'Active bit'),
  flag('icmp.ext.echo.rsp.ipv4', 1, 0x02, 'IPv4 bit'),
  flag('icmp.ext.echo.rsp.ipv6', 1, 0x01, 'IPv6 bit'),
]

const agentType = item('uint8', 'icmp.mip.type', 'Extension Type', { values: names.mipTypeNames })
const agentLength = item('uint8', 'icmp.mip.length', 'Length')
const prefixLength = item('uint8', 'icmp.mip.prefixlength', 'Prefix Length')
const agentRows: readonly Row[] = [
  [item('uint16', 'icmp.mip.seq', 'Sequence Number')],
  [item('uint16', 'icmp.mip.life', 'Registration Lifetime; in seconds')],
  [
    item('uint16', 'icmp.mip.flags', 'Flags', { base: 'hex' }),
    flag('icmp.mip.r', 2, 0x8000, 'Registration Required'),
    flag('icmp.mip.b', 2, 0x4000, 'Busy'),
    flag('icmp.mip.h', 2, 0x2000, 'Home Agent'),
    flag('icmp.mip.f', 2, 0x1000, 'Foreign Agent'),
    flag('icmp.mip.m', 2, 0x800, 'Minimal Encapsulation'),
    flag('icmp.mip.g', 2, 0x400, 'GRE'),
    flag('icmp.mip.v', 2, 0x200, 'VJ Comp'),
    flag('icmp.mip.rt', 2, 0x100, 'Reverse tunneling'),
    flag('icmp.mip.u', 2, 0x80, 'UDP tunneling'),
    flag('icmp.mip.x', 2, 0x40, 'Revocation support'),
    part('uint16', 'icmp.mip.reserved', 2, 0x3f, 'Reserved', { base: 'hex' }),
  ],
]
const careOfAddress = item('ipv4', 'icmp.mip.coa', 'Care-Of-Address')
const challenge = item('bytes', 'icmp.mip.challenge', 'Challenge')
const content = item('bytes', 'icmp.mip.content', 'Content')

export const messageItems: readonly Item[] = [
  unused,
  identifier,
  identifierLittle,
  sequence,
  sequenceLittle,
  mtu,
  ...advertisementRows.flat(),
  pointer,
  ...routerRows.flat(),
  ...timestampRows.flat(),
  addressMask,
  gateway,
  length,
  lengthOctets,
  agentType,
  agentLength,
  prefixLength,
  ...agentRows.flat(),
  careOfAddress,
  challenge,
  content,
  extendedSequence,
  ...extendedRequest,
  ...extendedReply,
  ...extensionItems,
]

/** Walks a message of this type from behind its checksum. */
export function scanMessage(scan: Scan, type: number, code: number): void {
  switch (type) {
    case 0:
    case 8:
    case 15:
    case 16:
      query(scan)
      return
    case 13:
    case 14:
      query(scan)
      scan.rows(timestampRows)
      return
    case 17:
    case 18:
      query(scan)
      scan.add(addressMask)
      return
    case 3:
    case 11:
    case 12:
      error(scan, type, code)
      return
    case 4:
      behindQuotation(scan, DEFAULT_QUOTATION)
      return
    case 5:
      scan.add(gateway)
      behindQuotation(scan, DEFAULT_QUOTATION)
      return
    case 9:
      routers(scan)
      return
    case 42:
    case 43:
      twice(scan, identifier, identifierLittle)
      scan.add(extendedSequence)
      scan.rows([type === 42 ? extendedRequest : extendedReply])
      if (type === 42 && scan.going && scan.left > 0) scanExtension(scan)
      return
  }
}

/** A number as both byte orders read it: senders write it in their own. */
function twice(scan: Scan, big: Item, little: Item): void {
  if (!scan.need(big.octets)) return
  scan.put(little, scan.bytes[scan.at] | (scan.bytes[scan.at + 1] << 8))
  scan.add(big)
}

function query(scan: Scan): void {
  twice(scan, identifier, identifierLittle)
  twice(scan, sequence, sequenceLittle)
}

function error(scan: Scan, type: number, code: number): void {
  const words = scan.octet(1)
  if (type === PARAMETER_PROBLEM) scan.add(pointer)
  else if (words > 0) scan.add(unused, 1)
  else scan.add(unused, hasMtu(type, code) ? 2 : 4)
  if (words > 0) {
    scan.here(length)
    scan.put(lengthOctets, words * WORD)
    scan.skip(1)
  }
  if (hasMtu(type, code)) scan.add(mtu)
  else if (type === PARAMETER_PROBLEM) scan.add(unused, words > 0 ? 2 : 3)
  else if (words > 0) scan.add(unused, 2)
  behindQuotation(scan, words > 0 ? words * WORD : DEFAULT_QUOTATION)
}

function hasMtu(type: number, code: number): boolean {
  return type === UNREACHABLE && code === FRAGMENTATION_NEEDED
}

/** Extensions behind a quotation of `octets`; Wireshark looks for them where the datagram that is quoted ends before. */
function behindQuotation(scan: Scan, octets: number): void {
  const { packet, layer, start } = scan
  const quoted = start + HEADER_LENGTH
  if (!scan.going || packet.layerWireEnd[layer] - quoted <= DEFAULT_QUOTATION || quoted + WORD > scan.end) return
  if (read16(scan.bytes, quoted + QUOTED_TOTAL_LENGTH) > DEFAULT_QUOTATION) return
  scan.at = quoted + octets
  if (scan.at < scan.end) scanExtension(scan)
}

/** Entries that are not of the size that RFC 1256 gives them are no addresses: `data`. */
function routers(scan: Scan): void {
  const count = scan.octet()
  const words = scan.octet(1)
  scan.rows(advertisementRows)
  if (words !== ROUTER_ENTRY_WORDS) return
  for (let i = 0; i < count && scan.going; i++) scan.rows(routerRows)
  while (scan.going && scan.left > 0) agent(scan)
}

/** RFC 5944 §2.1: extensions of an agent's advertisement. */
function agent(scan: Scan): void {
  const kind = scan.octet()
  scan.add(agentType)
  // One octet of padding has no length.
  if (kind === 0) return
  const octets = scan.octet()
  scan.add(agentLength)
  if (kind === AGENT) {
    scan.rows(agentRows)
    for (let left = octets - AGENT_LENGTH; left >= WORD && scan.going; left -= WORD) scan.add(careOfAddress)
  } else if (kind === PREFIX_LENGTHS) for (let i = 0; i < octets && scan.going; i++) scan.add(prefixLength)
  else if (octets > 0) scan.add(kind === CHALLENGE ? challenge : content, octets)
}
