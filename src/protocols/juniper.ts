/**
 * Juniper's header before captured Ethernet frames: LINKTYPE_JUNIPER_ETHER (tcpdump.org, link types).
 *
 *    0             3       4                  6   octets
 *  0 | "MGC" magic | flags | extensions' length | extensions ...    the last two only if the flags say so
 */
import { read16, read24 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { bits, computed, u24, when } from './field.ts'
import { byEthertype } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const JUNIPER = protocolId('juniper')

const MAGIC = 0x4d4743
const FLAGS = 3
const EXTENSIONS_LENGTH = 4
const HEADER_LENGTH = 4
/** Flags: the frame's own header was left out; extensions follow. */
const NO_LINK_HEADER = 0x02
const HAS_EXTENSIONS = 0x80
/** Where the frame's header was left out, the number of what follows: little-endian address families of BSD. */
const FAMILY_LENGTH = 4
const IPV4_FAMILY = 2
const IPV4_TYPE = 0x0800

function hasExtensions(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer] + FLAGS
  return at < packet.layerEnd[layer] && (packet.bytes[at] & HAS_EXTENSIONS) !== 0
}

export const juniper: Protocol = {
  id: JUNIPER,
  name: 'juniper',
  title: 'Juniper Ethernet',
  carriedBy: { linktype: 178 },
  fields: [
    u24('juniper.magic-number', 0, 'Magic Number', { base: 'hex' }),
    bits('uint8', 'juniper.direction', FLAGS, 1, 0x01, 'Direction', { base: 'hex', values: { 0: 'Out', 1: 'In' } }),
    bits('uint8', 'juniper.l2hdr', FLAGS, 1, NO_LINK_HEADER, 'L2 header presence', {
      base: 'hex',
      values: { 0: 'Present', 1: 'none' },
    }),
    when(
      hasExtensions,
      computed('uint16', 'juniper.ext_total_len', 'Extension(s) Total length', (packet, layer, visit) => {
        const at = packet.layerAt[layer] + EXTENSIONS_LENGTH
        return at + 2 <= packet.layerEnd[layer] && visit(read16(packet.bytes, at), 0)
      }),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(JUNIPER, at)
    const { bytes } = packet
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(JUNIPER)
    // Without the magic Wireshark shows nothing else of it either.
    packet.payload = packet.end
    if (read24(bytes, at) !== MAGIC) return 0
    const flags = bytes[at + FLAGS]
    let next = at + HEADER_LENGTH
    if ((flags & HAS_EXTENSIONS) !== 0) {
      if (packet.end - at < EXTENSIONS_LENGTH + 2) return packet.truncated(JUNIPER)
      next += 2 + read16(bytes, at + EXTENSIONS_LENGTH)
    }
    if (next > packet.end) return packet.truncated(JUNIPER)
    if ((flags & NO_LINK_HEADER) === 0) {
      packet.payload = next
      return ETHERNET
    }
    if (next + FAMILY_LENGTH > packet.end) return packet.truncated(JUNIPER)
    packet.payload = next + FAMILY_LENGTH
    return bytes[next] === IPV4_FAMILY ? byEthertype[IPV4_TYPE] : DATA
  },
}
