/**
 * What the addresses of IPv6 are made from: hardware addresses (RFC 4291 appendix A), and addresses of IPv4 in ISATAP
 * (RFC 5214 §6.1), 6to4 (RFC 3056 §2), Teredo (RFC 4380 §4) and translation by the well-known prefix (RFC 6052 §2.1).
 */
import { formatIpv6 } from '../../packet/address.ts'
import { read16, read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { absent, computed, type Field, type FieldType, type Visit } from '../field.ts'
import { visitOctets } from '../scan.ts'

const ADDRESS_LENGTH = 16

// Octets from the first octet of the header.
const SOURCE = 8
const DESTINATION = 24

// Octets from the first octet of an address.
const INTERFACE = 8
const LAST_32 = 12

// Prefixes, as the first 32 bits or the first 16.
const TEREDO = 0x2001_0000
const SIX_TO_FOUR = 0x2002
const TRANSLATED = 0x0064_ff9b

/** Reads something from the address at `at`. */
type Read = (packet: Packet, at: number, visit: Visit) => boolean

function has6to4(packet: Packet, at: number): boolean {
  return read16(packet.bytes, at) === SIX_TO_FOUR
}

function isTeredo(packet: Packet, at: number): boolean {
  return read32(packet.bytes, at) === TEREDO
}

function isTranslated({ bytes }: Packet, at: number): boolean {
  return read32(bytes, at) === TRANSLATED && read32(bytes, at + 4) === 0 && read32(bytes, at + 8) === 0
}

/** The universal bit and the octets in the middle say that a hardware address was stretched. */
function isStretched({ bytes }: Packet, at: number): boolean {
  return (bytes[at + INTERFACE] & 2) !== 0 && read16(bytes, at + INTERFACE + 3) === 0xfffe
}

/** Whether the interface identifier is one of ISATAP; its universal bit says nothing. */
function isIsatap({ bytes }: Packet, at: number): boolean {
  return (
    (bytes[at + INTERFACE] & 0xfd) === 0 &&
    bytes[at + INTERFACE + 1] === 0 &&
    read16(bytes, at + INTERFACE + 2) === 0x5efe
  )
}

const readMac: Read = (packet, at, visit) => {
  if (!isStretched(packet, at)) return false
  const from = packet.bytes.subarray(at + INTERFACE, at + ADDRESS_LENGTH)
  return visitOctets(packet, [from[0] ^ 2, from[1], from[2], from[5], from[6], from[7]], visit)
}
const readIsatap: Read = (packet, at, visit) => isIsatap(packet, at) && visit(read32(packet.bytes, at + LAST_32), 0)
const readGateway: Read = (packet, at, visit) => has6to4(packet, at) && visit(read32(packet.bytes, at + 2), 0)
const readSite: Read = (packet, at, visit) => has6to4(packet, at) && visit(read16(packet.bytes, at + 6), 0)
const readServer: Read = (packet, at, visit) => isTeredo(packet, at) && visit(read32(packet.bytes, at + 4), 0)
// Port and address of the client are inverted, that nothing on the way translates them.
const readPort: Read = (packet, at, visit) => isTeredo(packet, at) && visit(read16(packet.bytes, at + 10) ^ 0xffff, 0)
const readClient: Read = (packet, at, visit) =>
  isTeredo(packet, at) && visit(~read32(packet.bytes, at + LAST_32) >>> 0, 0)
const readEmbedded: Read = (packet, at, visit) =>
  isTranslated(packet, at) && visit(read32(packet.bytes, at + LAST_32), 0)
const readPrefix: Read = (packet, at, visit) => isTranslated(packet, at) && visit(at, LAST_32)
const readHost: Read = (packet, at, visit) => visit(formatIpv6(packet.bytes, at), 0)

function field(type: FieldType, name: string, description: string, places: readonly number[], read: Read): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    for (const place of places)
      if (at + place + ADDRESS_LENGTH <= packet.layerEnd[layer] && read(packet, at + place, visit)) return true
    return false
  })
}

/** What is derived from one address, under a name for each end and one for both. */
const DERIVED: readonly (readonly [FieldType, string, string, Read])[] = [
  ['string', 'host', 'Host', readHost],
  ['ether', 'slaac_mac', 'SLAAC MAC', readMac],
  ['ipv4', 'isatap_ipv4', 'ISATAP IPv4', readIsatap],
  ['ipv4', '6to4_gw_ipv4', '6to4 Gateway IPv4', readGateway],
  ['uint16', '6to4_sla_id', '6to4 SLA ID', readSite],
  ['ipv4', 'ts_ipv4', 'Teredo Server IPv4', readServer],
  ['uint16', 'tc_port', 'Teredo Port', readPort],
  ['ipv4', 'tc_ipv4', 'Teredo Client IPv4', readClient],
  ['ipv4', 'embed_ipv4', 'Embedded IPv4', readEmbedded],
]

export const sourceFields: readonly Field[] = DERIVED.map(([type, name, description, read]) =>
  field(type, `ipv6.src_${name}`, `Source ${description}`, [SOURCE], read),
)

export const destinationFields: readonly Field[] = DERIVED.map(([type, name, description, read]) =>
  field(type, `ipv6.dst_${name}`, `Destination ${description}`, [DESTINATION], read),
)

export const eitherFields: readonly Field[] = [
  ...DERIVED.map(([type, name, description, read]) =>
    field(
      type,
      `ipv6.${name}`,
      name === 'host' ? 'Source or Destination Host' : description,
      [SOURCE, DESTINATION],
      read,
    ),
  ),
  field('bytes', 'ipv6.embed_ipv4_prefix', 'Embedded IPv4 Prefix', [SOURCE, DESTINATION], readPrefix),
  // The well-known prefix has neither; Wireshark knows others only where a preference lists them.
  absent('bytes', 'ipv6.embed_ipv4_u', 'Embedded IPv4 u field'),
  absent('bytes', 'ipv6.embed_ipv4_suffix', 'Embedded IPv4 Suffix'),
  absent('none', 'ipv6.embed_ipv4.u.nonzero', 'IPv4-Embedded IPv6 address bit 64 to 71 must be zero'),
]
