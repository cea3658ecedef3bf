/**
 * MPLS: RFC 3032 §2.1. The whole label stack is one layer, as in Wireshark.
 *
 *    0                          octets
 *  0 | label (20 bits) | traffic class (3) | bottom (1) | TTL (8) |
 *  4 | further entries until one has the bottom bit ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { bits, computed, type Field, u8, u16, type ValueNames } from './field.ts'
import { byEthertype } from './handoff.ts'
import { BFD } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const MPLS = protocolId('mpls')

/** Octets in an entry of the label stack. */
const ENTRY_LENGTH = 4

// Bits of an entry.
const LABEL_SHIFT = 12
const CLASS_SHIFT = 9
const CLASS_MASK = 7
const BOTTOM_SHIFT = 8

/** Below the generic associated channel label follows an associated channel header (RFC 5586 §4.2). */
const GENERIC_CHANNEL_LABEL = 13

/** Operation and maintenance of ITU-T Y.1711 (RFC 3429): no IP. */
const OAM_LABEL = 14

// What the first four bits behind the stack mean (RFC 4928 §2, RFC 4385 §3 and §5).
const CONTROL_WORD = 0
const ASSOCIATED_CHANNEL = 1
const IP_VERSION_4 = 4
const IP_VERSION_6 = 6

const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd

const specialLabels = {
  0: 'IPv4 Explicit-Null',
  1: 'Router Alert',
  2: 'IPv6 Explicit-Null',
  3: 'Implicit-Null',
  7: 'Entropy Label Indicator (ELI)',
  13: 'Generic Associated Channel Label (GAL)',
  14: 'OAM Alert',
}

/** Calls `each` for each entry of the stack. */
function eachEntry(packet: Packet, layer: number, each: (entry: number) => boolean): boolean {
  const end = packet.layerEnd[layer]
  for (let at = packet.layerAt[layer]; at + ENTRY_LENGTH <= end; at += ENTRY_LENGTH) {
    const entry = read32(packet.bytes, at)
    if (each(entry)) return true
    if (isBottom(entry)) return false
  }
  return false
}

function isBottom(entry: number): boolean {
  return ((entry >>> BOTTOM_SHIFT) & 1) === 1
}

/** A part of each entry of the stack. */
function ofEachEntry(name: string, description: string, part: (entry: number) => number, values?: ValueNames): Field {
  return computed(
    'uint32',
    name,
    description,
    (packet, layer, visit) => eachEntry(packet, layer, (entry) => visit(part(entry), 0)),
    { values },
  )
}

export const mpls: Protocol = {
  id: MPLS,
  name: 'mpls',
  title: 'MultiProtocol Label Switching Header',
  carriedBy: {
    ethertype: [0x8847, 0x8848],
    'ppp.protocol': [0x0281, 0x0283],
    'gre.proto': [0x8847, 0x8848],
    'ip.proto': 137,
    'udp.port': 6635,
  },
  fields: [
    ofEachEntry('mpls.label', 'MPLS Label', (entry) => entry >>> LABEL_SHIFT, specialLabels),
    ofEachEntry(
      'mpls.exp',
      'MPLS Experimental Bits; traffic class (RFC 5462)',
      (entry) => (entry >>> CLASS_SHIFT) & CLASS_MASK,
    ),
    ofEachEntry(
      'mpls.bottom',
      'MPLS Bottom Of Label Stack; 1 in the last entry',
      (entry) => (entry >>> BOTTOM_SHIFT) & 1,
    ),
    ofEachEntry('mpls.ttl', 'MPLS TTL; in hops', (entry) => entry & 255),
    // Only the last entry may say that an associated channel follows (RFC 5586 §4.2).
    computed('none', 'mpls.invalid_label', 'Invalid Label', (packet, layer, visit) =>
      eachEntry(
        packet,
        layer,
        (entry) => entry >>> LABEL_SHIFT === GENERIC_CHANNEL_LABEL && !isBottom(entry) && visit(0, 0),
      ),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(MPLS, at)
    const bytes = packet.bytes
    let entry: number
    do {
      if (packet.end - at < ENTRY_LENGTH) return packet.truncated(MPLS)
      entry = read32(bytes, at)
      at += ENTRY_LENGTH
    } while (((entry >>> BOTTOM_SHIFT) & 1) === 0)
    packet.payload = at
    if (at >= packet.end) return NONE
    if (entry >>> LABEL_SHIFT === GENERIC_CHANNEL_LABEL) return PW_CHANNEL
    if (entry >>> LABEL_SHIFT === OAM_LABEL) return DATA
    switch (bytes[at] >> 4) {
      case CONTROL_WORD:
        return PW_ETHERNET
      case ASSOCIATED_CHANNEL:
        return PW_CHANNEL
      case IP_VERSION_4:
        return byEthertype[IPV4_TYPE] || DATA
      case IP_VERSION_6:
        return byEthertype[IPV6_TYPE] || DATA
      default:
        return DATA
    }
  },
}

export const PW_CHANNEL = protocolId('pwach')

/** Octets of the associated channel header: flags and version, reserved, channel type (RFC 4385 §5). */
const CHANNEL_HEADER_LENGTH = 4
const CHANNEL_TYPE = 2

// Channel types (IANA, "MPLS Generalized Associated Channel Types").
const CHANNEL_BFD = 0x0007
const CHANNEL_IPV4 = 0x0021
const CHANNEL_IPV6 = 0x0057

/** Pseudowire associated channel header: RFC 4385 §5. */
export const pwChannel: Protocol = {
  id: PW_CHANNEL,
  name: 'pwach',
  title: 'PW Associated Channel Header',
  fields: [
    bits('uint8', 'pwach.ver', 0, 1, 0x0f, 'Channel Version'),
    u8('pwach.res', 1, 'Reserved; 0', { base: 'hex' }),
    computed('none', 'pwach.res.not_zero', 'Error: this byte is reserved and must be 0', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + 1
      return at < packet.layerEnd[layer] && packet.bytes[at] !== 0 && visit(0, 0)
    }),
    u16('pwach.channel_type', CHANNEL_TYPE, 'Channel Type; what follows', { base: 'hex' }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(PW_CHANNEL, at)
    if (packet.end - at < CHANNEL_HEADER_LENGTH) return packet.truncated(PW_CHANNEL)
    packet.payload = at + CHANNEL_HEADER_LENGTH
    switch (read16(packet.bytes, at + CHANNEL_TYPE)) {
      case CHANNEL_IPV4:
        return byEthertype[IPV4_TYPE] || DATA
      case CHANNEL_IPV6:
        return byEthertype[IPV6_TYPE] || DATA
      case CHANNEL_BFD:
        return BFD
      default:
        return DATA
    }
  },
}

export const PW_ETHERNET = protocolId('pwethheuristic')
export const PW_CONTROL_WORD = protocolId('pwethcw')

/** Octets of an Ethernet pseudowire's control word (RFC 4448 §4.6). */
const CONTROL_WORD_LENGTH = 4
/** EtherType of a whole Ethernet frame. */
const ETHERNET_FRAME = 0x6558

/** A pseudowire that begins with a zero nibble: Ethernet behind a control word, says Wireshark's guess. */
export const pwEthernet: Protocol = {
  id: PW_ETHERNET,
  name: 'pwethheuristic',
  title: 'Ethernet PW (CW heuristic)',
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(PW_ETHERNET, at)
    packet.payload = at
    return packet.end - at < CONTROL_WORD_LENGTH ? DATA : PW_CONTROL_WORD
  },
}

/** The control word of an Ethernet pseudowire: RFC 4448 §4.6. */
export const pwControlWord: Protocol = {
  id: PW_CONTROL_WORD,
  name: 'pwethcw',
  title: 'PW Ethernet Control Word',
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(PW_CONTROL_WORD, at)
    if (packet.end - at < CONTROL_WORD_LENGTH) return packet.truncated(PW_CONTROL_WORD)
    packet.payload = at + CONTROL_WORD_LENGTH
    return byEthertype[ETHERNET_FRAME] || DATA
  },
}
