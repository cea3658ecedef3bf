/**
 * Geneve: Generic Network Virtualization Encapsulation, RFC 8926 §3.
 *
 *    0                      2               4  octets
 *  0 | ver | options length | O C | protocol |
 *  4 |  network identifier (3)  | reserved   |
 *  8 |  options, data ...
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { bits, computed, flag, u16, u24 } from './field.ts'
import { byEthertype } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const GENEVE = protocolId('geneve')

/** Octets before the options. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const VERSION_LENGTH = 0
const FLAGS = 1
const PROTOCOL = 2
const NETWORK_IDENTIFIER = 4

/** The length of the options counts words of 4 octets. */
const LENGTH_MASK = 0x3f
const WORD = 4

// Octets from the first octet of an option, and the length of its header (RFC 8926 §3.5).
const OPTION_CLASS = 0
const OPTION_TYPE = 2
const OPTION_LENGTH = 3
const OPTION_LENGTH_MASK = 0x1f
const OPTION_HEADER_LENGTH = 4

/** Calls `visit(at)` for each captured option. */
function eachOption(packet: Packet, layer: number, visit: (at: number) => boolean): boolean {
  const bytes = packet.bytes
  const start = packet.layerAt[layer]
  if (start + HEADER_LENGTH > packet.layerEnd[layer]) return false
  const length = (bytes[start + VERSION_LENGTH] & LENGTH_MASK) * WORD
  const end = Math.min(packet.layerEnd[layer], start + HEADER_LENGTH + length)
  let at = start + HEADER_LENGTH
  while (at + OPTION_HEADER_LENGTH <= end) {
    if (visit(at)) return true
    at += OPTION_HEADER_LENGTH + (bytes[at + OPTION_LENGTH] & OPTION_LENGTH_MASK) * WORD
  }
  return false
}

export const geneve: Protocol = {
  id: GENEVE,
  name: 'geneve',
  title: 'Generic Network Virtualization Encapsulation',
  carriedBy: { 'udp.port': 6081 },
  fields: [
    bits('uint8', 'geneve.version', VERSION_LENGTH, 1, 0xc0, 'Version: 0'),
    flag('geneve.flags.oam', FLAGS, 1, 0x80, 'A control packet'),
    flag('geneve.flags.critical', FLAGS, 1, 0x40, 'There are options that must be understood'),
    u16('geneve.proto_type', PROTOCOL, 'Protocol of the data, as an EtherType', { base: 'hex' }),
    u24('geneve.vni', NETWORK_IDENTIFIER, 'Network identifier', { base: 'hex' }),
    computed(
      'uint16',
      'geneve.option.class',
      'Who defined each option',
      (packet, layer, visit) => eachOption(packet, layer, (at) => visit(read16(packet.bytes, at + OPTION_CLASS), 0)),
      { base: 'hex' },
    ),
    computed(
      'uint8',
      'geneve.option.type',
      'Type of each option, within its class',
      (packet, layer, visit) => eachOption(packet, layer, (at) => visit(packet.bytes[at + OPTION_TYPE], 0)),
      { base: 'hex' },
    ),
  ],

  /** Hot. Wireshark asks the EtherType table here without writing `ethertype`. */
  decode(packet, at) {
    packet.enter(GENEVE, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(GENEVE)
    packet.payload = at + HEADER_LENGTH + (packet.bytes[at + VERSION_LENGTH] & LENGTH_MASK) * WORD
    if (packet.payload > packet.end) return packet.truncated(GENEVE)
    return byEthertype[read16(packet.bytes, at + PROTOCOL)] || DATA
  },
}
