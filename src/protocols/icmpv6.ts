/**
 * ICMPv6: Internet Control Message Protocol for IPv6, RFC 4443. What its messages hold is in icmpv6/.
 * Neighbour discovery: RFC 4861. Extended echo: RFC 8335.
 *
 *    0      1      2             4  octets
 *  0 | type | code |  checksum   |
 *  4 |  what the type says       |
 *  8 |  data, or the packet that the message is about ...
 */
import { read16 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import {
  CHECKSUM_BAD,
  CHECKSUM_GOOD,
  CHECKSUM_UNVERIFIED,
  checksumStatusNames,
  isVerifiable,
  onesComplementSum,
} from './checksum.ts'
import { DATA } from './data.ts'
import { answerFields } from './echo-fields.ts'
import { computed, type Field, u8, u16 } from './field.ts'
import { extensionItems, scanExtension } from './icmp/extension.ts'
import { ICMP } from './icmp.ts'
import { messageItems, NONCE_LENGTH, scanMessage } from './icmpv6/messages.ts'
import { typeNames } from './icmpv6/names.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { pseudoHeaderSum } from './pseudo-header.ts'
import { type Scan, scanned } from './scan.ts'
import { TEREDO } from './teredo.ts'

export const ICMPV6 = protocolId('icmpv6')

/** The number by which IP names this protocol, and by which the pseudo-header counts it. */
const PROTOCOL_NUMBER = 58

/** Octets in the part that every message has. */
const MIN_HEADER_LENGTH = 4
/** Octets before the data of an error or an echo. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const TYPE = 0
const CODE = 1
const CHECKSUM = 2
const QUOTATION_UNITS = 4

// Types (IANA).
const DESTINATION_UNREACHABLE = 1
const TIME_EXCEEDED = 3
const PARAMETER_PROBLEM = 4
const ECHO_REQUEST = 128
const ECHO_REPLY = 129
const REDIRECT = 137
const EXTENDED_ECHO_REQUEST = 160

/** Octets before the options of a redirect (RFC 4861 §4.5). */
const REDIRECT_OPTIONS = 40
/** Octets before an extension structure's objects (RFC 4884 §7). */
const EXTENSION_HEADER_LENGTH = 4
const EXTENSION_VERSION = 2

// Teredo: its port, and where UDP says so.
const TEREDO_PORT = 3544
const UDP_DESTINATION_PORT = 2

// Options of neighbour discovery (RFC 4861 §4.6); their length counts units of 8 octets.
const OPTION_UNIT = 8
const REDIRECTED_HEADER = 4

/**
 * Hot: whether the message goes to Teredo's port, so that an echo is a test of direct connectivity (RFC 4380 §5.2.9). Wireshark
 * does not look for the reply to one.
 */
export function isConnectivityTest({ bytes, layerAt, layerProtocol }: Packet, layer: number): boolean {
  if (layer < 3 || layerProtocol[layer - 2] !== TEREDO) return false
  return read16(bytes, layerAt[layer - 3] + UDP_DESTINATION_PORT) === TEREDO_PORT
}

/** The state of a message's checksum; -1 if there is none. */
function checksumStatus(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (at + MIN_HEADER_LENGTH > end) return -1
  if (!isVerifiable(packet, layer)) return CHECKSUM_UNVERIFIED
  const sum = pseudoHeaderSum(packet, layer, PROTOCOL_NUMBER, end - at)
  if (sum < 0) return CHECKSUM_UNVERIFIED
  return onesComplementSum(packet.bytes, at, end, sum) === 0xffff ? CHECKSUM_GOOD : CHECKSUM_BAD
}

const checksumFields: readonly Field[] = [
  u16('icmpv6.checksum', CHECKSUM, 'Checksum; of the message and a pseudo-header', { base: 'hex' }),
  computed(
    'none',
    'icmpv6.checksum_bad.expert',
    'Bad checksum',
    (packet, layer, visit) => checksumStatus(packet, layer) === CHECKSUM_BAD && visit(0, 0),
  ),
  computed(
    'uint8',
    'icmpv6.checksum.status',
    'Checksum Status',
    (packet, layer, visit) => {
      const status = checksumStatus(packet, layer)
      return status >= 0 && visit(status, 0)
    },
    { values: checksumStatusNames },
  ),
]

export const icmpv6: Protocol = {
  id: ICMPV6,
  name: 'icmpv6',
  title: 'Internet Control Message Protocol v6',
  carriedBy: { 'ip.proto': 58 },
  fields: [
    u8('icmpv6.type', TYPE, 'Type', { values: typeNames }),
    u8('icmpv6.code', CODE, 'Code; what exactly, within the type'),
    ...checksumFields,
    ...scanned(messageItems, (scan) => {
      const { packet, layer } = scan
      const type = scan.octet(TYPE)
      const code = scan.octet(CODE)
      scan.skip(MIN_HEADER_LENGTH)
      if (scan.going) scanMessage(scan, type, code, isConnectivityTest(packet, layer))
    }),
    ...scanned(extensionItems, scanExtensions),
    ...answerFields('icmpv6'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(ICMPV6, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(ICMPV6)
    const type = packet.bytes[at + TYPE]
    packet.payload = Math.min(at + HEADER_LENGTH, packet.end)
    if (type >= DESTINATION_UNREACHABLE && type <= PARAMETER_PROBLEM) {
      if (packet.end - at < HEADER_LENGTH) return packet.truncated(ICMPV6)
      return quotation(packet)
    }
    if (type === ECHO_REQUEST || type === ECHO_REPLY || type === EXTENDED_ECHO_REQUEST) {
      if (packet.end - at < HEADER_LENGTH) return packet.truncated(ICMPV6)
      if (type === EXTENDED_ECHO_REQUEST && isExtension(packet)) return extension(packet)
      if (type === ECHO_REQUEST && isConnectivityTest(packet, packet.layerCount - 1))
        packet.payload = Math.min(packet.payload + NONCE_LENGTH, packet.end)
      return DATA
    }
    if (type === REDIRECT) return redirectedHeader(packet, at)
    return NONE
  },
}

/** Extensions have fields of ICMP: behind a quotation that says its length (RFC 4884 §4), and in an extended echo. */
function scanExtensions(scan: Scan): void {
  const type = scan.octet(TYPE)
  const units = scan.octet(QUOTATION_UNITS)
  scan.skip(HEADER_LENGTH)
  if (type === DESTINATION_UNREACHABLE || type === TIME_EXCEEDED) {
    if (units === 0) return
    scan.skip(units * OPTION_UNIT)
  } else if (type !== EXTENDED_ECHO_REQUEST) return
  if (scan.going) scanExtension(scan)
}

/** Hot: an IPv6 packet that is not the packet's own follows. */
function quotation(packet: Packet): number {
  if (packet.payload >= packet.wireEnd) return NONE
  packet.quote()
  return IPV6
}

/** Hot: whether an extension structure follows (RFC 4884 §7). */
function isExtension(packet: Packet): boolean {
  const at = packet.payload
  if (at + EXTENSION_HEADER_LENGTH > packet.end) return false
  const version = packet.bytes[at] >> 4
  return version === 1 || version === EXTENSION_VERSION
}

/** Hot: Wireshark writes `icmp` for the structure, which is the same in both. Its fields are read in the layer around it. */
function extension(packet: Packet): number {
  packet.enter(ICMP, packet.payload)
  packet.layerEnd[packet.layerCount - 1] = packet.payload
  packet.payload = packet.end
  return NONE
}

/** Hot: a redirect quotes the packet that it is about in an option (RFC 4861 §4.6.3). */
function redirectedHeader(packet: Packet, at: number): number {
  const bytes = packet.bytes
  let option = at + REDIRECT_OPTIONS
  while (option + OPTION_UNIT <= packet.end) {
    const length = bytes[option + 1] * OPTION_UNIT
    // An option of no length must not be skipped: the message is to be dropped (RFC 4861 §4.6).
    if (length === 0) return packet.malformed(ICMPV6)
    if (bytes[option] === REDIRECTED_HEADER) {
      packet.payload = option + OPTION_UNIT
      if (option + length < packet.wireEnd) packet.wireEnd = option + length
      if (option + length < packet.end) packet.end = option + length
      return quotation(packet)
    }
    option += length
  }
  packet.payload = packet.end
  return NONE
}
