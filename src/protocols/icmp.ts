/**
 * ICMP: Internet Control Message Protocol, RFC 792.
 * Router discovery: RFC 1256. Address mask: RFC 950. Next-hop MTU: RFC 1191. Quotation length: RFC 4884. Extended echo: RFC 8335.
 *
 *    0      1      2             4  octets
 *  0 | type | code |  checksum   |
 *  4 |  what the type says       |
 *  8 |  data, or the datagram that the message is about ...
 */
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ipv4 as address, bits, type Field, u8, u16, u32, when } from './field.ts'
import { IPV4 } from './ipv4.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const ICMP = protocolId('icmp')

/** Octets before the data. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const TYPE = 0
const CODE = 1
const CHECKSUM = 2
const IDENTIFIER = 4
const POINTER = 4
const POINTER_MASK = 0xff000000
const GATEWAY = 4
const QUOTATION_WORDS = 5
const SEQUENCE = 6
const NEXT_HOP_MTU = 6
const ORIGINATE_TIMESTAMP = 8
const ADDRESS_MASK = 8
const RECEIVE_TIMESTAMP = 12
const TRANSMIT_TIMESTAMP = 16

// Types (RFC 792, RFC 950, RFC 8335).
const ECHO_REPLY = 0
const DESTINATION_UNREACHABLE = 3
const SOURCE_QUENCH = 4
const REDIRECT = 5
const ECHO = 8
const TIME_EXCEEDED = 11
const PARAMETER_PROBLEM = 12
const TIMESTAMP = 13
const TIMESTAMP_REPLY = 14
const ADDRESS_MASK_REQUEST = 17
const ADDRESS_MASK_REPLY = 18
const EXTENDED_ECHO_REQUEST = 42
const EXTENDED_ECHO_REPLY = 43

/** Octets of the quoted datagram's data in a message of RFC 792: "64 bits of original data datagram". */
const QUOTED_DATA = 8
/** RFC 4884 §4.1 counts the quotation in words of 4 octets. */
const WORD = 4

/** The field, in messages of these types only. */
function ofTypes(types: readonly number[], field: Field): Field {
  return when(
    (packet, layer) =>
      packet.layerAt[layer] < packet.layerEnd[layer] && types.includes(packet.bytes[packet.layerAt[layer] + TYPE]),
    field,
  )
}

/** Types with an identifier and a sequence number. */
const QUERIES = [ECHO_REPLY, ECHO, TIMESTAMP, TIMESTAMP_REPLY, 15, 16, ADDRESS_MASK_REQUEST, ADDRESS_MASK_REPLY]
const EXTENDED_ECHOES = [EXTENDED_ECHO_REQUEST, EXTENDED_ECHO_REPLY]

export const icmp: Protocol = {
  id: ICMP,
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  carriedBy: { 'ip.proto': 1 },
  fields: [
    u8('icmp.type', TYPE, 'Type of message'),
    u8('icmp.code', CODE, 'What exactly, within the type'),
    u16('icmp.checksum', CHECKSUM, 'Checksum of the message', { base: 'hex' }),
    ofTypes([...QUERIES, ...EXTENDED_ECHOES], u16('icmp.ident', IDENTIFIER, 'Identifier, the same in the reply')),
    ofTypes(QUERIES, u16('icmp.seq', SEQUENCE, 'Sequence number, the same in the reply')),
    when(
      (packet, layer) =>
        packet.layerAt[layer] + 2 <= packet.layerEnd[layer] &&
        packet.bytes[packet.layerAt[layer] + TYPE] === DESTINATION_UNREACHABLE &&
        packet.bytes[packet.layerAt[layer] + CODE] === 4,
      u16('icmp.mtu', NEXT_HOP_MTU, 'MTU of the next hop (RFC 1191)'),
    ),
    ofTypes([REDIRECT], address('icmp.redir_gw', GATEWAY, 'The better gateway')),
    ofTypes(
      [PARAMETER_PROBLEM],
      bits('uint32', 'icmp.pointer', POINTER, 4, POINTER_MASK, 'Octet of the quotation where the problem is'),
    ),
    ofTypes(
      [TIMESTAMP, TIMESTAMP_REPLY],
      u32('icmp.originate_timestamp', ORIGINATE_TIMESTAMP, 'Milliseconds since midnight when the request left'),
    ),
    ofTypes(
      [TIMESTAMP, TIMESTAMP_REPLY],
      u32('icmp.receive_timestamp', RECEIVE_TIMESTAMP, 'Milliseconds since midnight when the request arrived'),
    ),
    ofTypes(
      [TIMESTAMP, TIMESTAMP_REPLY],
      u32('icmp.transmit_timestamp', TRANSMIT_TIMESTAMP, 'Milliseconds since midnight when the reply left'),
    ),
    ofTypes(
      [ADDRESS_MASK_REQUEST, ADDRESS_MASK_REPLY],
      address('icmp.address_mask', ADDRESS_MASK, 'Mask of the network'),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(ICMP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(ICMP)
    const bytes = packet.bytes
    packet.payload = at + HEADER_LENGTH
    switch (bytes[at + TYPE]) {
      case ECHO_REPLY:
      case ECHO:
        return DATA
      case DESTINATION_UNREACHABLE:
      case TIME_EXCEEDED:
      case PARAMETER_PROBLEM:
        // RFC 4884 §4.1: extensions may stand behind the quotation. Senders older than that leave the octet 0.
        if (bytes[at + QUOTATION_WORDS] > 0) cut(packet, at + HEADER_LENGTH + bytes[at + QUOTATION_WORDS] * WORD)
        return quotation(packet)
      case SOURCE_QUENCH:
        return quotation(packet)
      case REDIRECT:
        if (packet.payload < packet.end) cut(packet, packet.payload + (bytes[packet.payload] & 15) * WORD + QUOTED_DATA)
        return quotation(packet)
      default:
        return NONE
    }
  },
}

/** Hot: what follows this layer ends at `at`, though the layer itself does not. */
function cut(packet: Packet, at: number): void {
  if (at < packet.wireEnd) packet.wireEnd = at
  if (at < packet.end) packet.end = at
}

/** Hot: an IPv4 datagram that is not the packet's own follows. */
function quotation(packet: Packet): number {
  if (packet.payload >= packet.wireEnd) return NONE
  if (packet.quotedFrom > packet.layerCount) packet.quotedFrom = packet.layerCount
  return IPV4
}
