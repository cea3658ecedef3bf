/**
 * MPLS: RFC 3032 §2.1. The whole label stack is one layer, as in Wireshark.
 *
 *    0                          octets
 *  0 | label (20 bits) | traffic class (3) | bottom (1) | TTL (8) |
 *  4 | further entries until one has the bottom bit ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import { NONE } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { computed, type Field } from './field.ts'
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

// What the first four bits behind the stack mean (RFC 4928 §2, RFC 4385 §3 and §5).
const CONTROL_WORD = 0
const ASSOCIATED_CHANNEL = 1
const IP_VERSION_4 = 4
const IP_VERSION_6 = 6

const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd

/** A part of each entry of the stack. */
function ofEachEntry(name: string, description: string, part: (entry: number) => number): Field {
  return computed('uint32', name, description, (packet, layer, visit) => {
    const end = packet.layerEnd[layer]
    for (let at = packet.layerAt[layer]; at + ENTRY_LENGTH <= end; at += ENTRY_LENGTH) {
      const entry = read32(packet.bytes, at)
      if (visit(part(entry), 0)) return true
      if (((entry >>> BOTTOM_SHIFT) & 1) === 1) return false
    }
    return false
  })
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
    ofEachEntry('mpls.label', 'Label', (entry) => entry >>> LABEL_SHIFT),
    ofEachEntry('mpls.exp', 'Traffic class (RFC 5462)', (entry) => (entry >>> CLASS_SHIFT) & CLASS_MASK),
    ofEachEntry('mpls.bottom', '1 in the last entry of the stack', (entry) => (entry >>> BOTTOM_SHIFT) & 1),
    ofEachEntry('mpls.ttl', 'Time to live, in hops', (entry) => entry & 255),
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
  fields: [],

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
