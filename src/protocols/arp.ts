/**
 * ARP: Address Resolution Protocol, RFC 826; RARP (RFC 903) and InARP (RFC 2390) are the same packet under other operations.
 *
 *    0                      2                        4   octets
 *  0 |    hardware type     |     protocol type      |
 *  4 | hw size | proto size |       operation        |
 *  8 | sender: hardware address (hw size), protocol address (proto size)
 *    | target: the same
 */
import { read16, read32 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { computed, type Field, u8, u16 } from './field.ts'
import { ATMARP } from './named.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const ARP = protocolId('arp')

/** Octets before the addresses. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const HARDWARE_TYPE = 0
const PROTOCOL_TYPE = 2
const HARDWARE_SIZE = 4
const PROTOCOL_SIZE = 5
const OPERATION = 6

// Hardware types (IANA ARP parameters).
const ETHERNET = 1
const AX25 = 3
const IEEE_802 = 6
const ATM = 19

const IPV4_TYPE = 0x0800
const MAC_LENGTH = 6
const IPV4_LENGTH = 4

const REQUEST = 1
const REPLY = 2

const SENDER = 0
const TARGET = 1

const operations = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  8: 'inverse request',
  9: 'inverse reply',
}

/** First octet of the sender's or the target's hardware address; -1 unless all four addresses were captured. */
function addressesAt(packet: Packet, layer: number, party: number): number {
  const at = packet.layerAt[layer]
  if (at + HEADER_LENGTH > packet.layerEnd[layer]) return -1
  const size = packet.bytes[at + HARDWARE_SIZE] + packet.bytes[at + PROTOCOL_SIZE]
  return at + HEADER_LENGTH + 2 * size > packet.layerEnd[layer] ? -1 : at + HEADER_LENGTH + party * size
}

function isMac(bytes: Uint8Array, at: number): boolean {
  const type = read16(bytes, at + HARDWARE_TYPE)
  return (type === ETHERNET || type === IEEE_802) && bytes[at + HARDWARE_SIZE] === MAC_LENGTH
}

function isIpv4(bytes: Uint8Array, at: number): boolean {
  return read16(bytes, at + PROTOCOL_TYPE) === IPV4_TYPE && bytes[at + PROTOCOL_SIZE] === IPV4_LENGTH
}

/** A hardware address: as a MAC address where it is one, else as octets. */
function hardware(type: 'ether' | 'bytes', name: string, party: number, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const at = addressesAt(packet, layer, party)
    if (at < 0 || isMac(packet.bytes, packet.layerAt[layer]) !== (type === 'ether')) return false
    const size = packet.bytes[packet.layerAt[layer] + HARDWARE_SIZE]
    return size > 0 && visit(at, size)
  })
}

/** A protocol address that is not an IPv4 address. */
function otherProtocol(name: string, party: number, description: string): Field {
  return computed('bytes', name, description, (packet, layer, visit) => {
    const at = addressesAt(packet, layer, party)
    if (at < 0 || isIpv4(packet.bytes, packet.layerAt[layer])) return false
    const size = packet.bytes[packet.layerAt[layer] + PROTOCOL_SIZE]
    return size > 0 && visit(at + packet.bytes[packet.layerAt[layer] + HARDWARE_SIZE], size)
  })
}

/** The IPv4 address of a party; -1 if it is not one. */
function ipv4Of(packet: Packet, layer: number, party: number): number {
  const at = addressesAt(packet, layer, party)
  if (at < 0 || !isIpv4(packet.bytes, packet.layerAt[layer])) return -1
  return read32(packet.bytes, at + packet.bytes[packet.layerAt[layer] + HARDWARE_SIZE])
}

function ipv4(name: string, party: number, description: string): Field {
  return computed('ipv4', name, description, (packet, layer, visit) => {
    const address = ipv4Of(packet, layer, party)
    return address >= 0 && visit(address, 0)
  })
}

/** What can be said of the addresses of a packet; bits. */
const SAME_PROTOCOL = 1
const NO_TARGET = 2
const NO_SENDER = 4

/** Compares the addresses; -1 unless all were captured. */
function compare(packet: Packet, layer: number): number {
  const at = addressesAt(packet, layer, SENDER)
  if (at < 0) return -1
  const bytes = packet.bytes
  const hardwareSize = bytes[packet.layerAt[layer] + HARDWARE_SIZE]
  const protocolSize = bytes[packet.layerAt[layer] + PROTOCOL_SIZE]
  const target = at + hardwareSize + protocolSize
  let result = SAME_PROTOCOL | NO_TARGET | NO_SENDER
  for (let i = 0; i < hardwareSize; i++) if (bytes[target + i] !== 0) result &= ~NO_TARGET
  for (let i = 0; i < protocolSize; i++) {
    const sent = bytes[at + hardwareSize + i]
    if (sent !== 0) result &= ~NO_SENDER
    if (sent !== bytes[target + hardwareSize + i]) result &= ~SAME_PROTOCOL
  }
  return result
}

/** A remark that Wireshark makes only where it holds. */
function remark(name: string, description: string, holds: (operation: number, comparison: number) => boolean): Field {
  return computed('boolean', name, description, (packet, layer, visit) => {
    const comparison = compare(packet, layer)
    if (comparison < 0) return false
    return holds(read16(packet.bytes, packet.layerAt[layer] + OPERATION), comparison) && visit(1, 0)
  })
}

export const arp: Protocol = {
  id: ARP,
  name: 'arp',
  title: 'Address Resolution Protocol',
  carriedBy: { ethertype: [0x0806, 0x8035], 'gre.proto': 0x0806 },
  fields: [
    u16('arp.hw.type', HARDWARE_TYPE, 'Hardware type'),
    u16('arp.proto.type', PROTOCOL_TYPE, 'Protocol whose addresses are resolved', { base: 'hex' }),
    u8('arp.hw.size', HARDWARE_SIZE, 'Octets in a hardware address'),
    u8('arp.proto.size', PROTOCOL_SIZE, 'Octets in a protocol address'),
    u16('arp.opcode', OPERATION, 'Operation', { values: operations }),
    remark(
      'arp.isprobe',
      'The sender asks whether an address is free (RFC 5227 §2.1.1)',
      (operation, comparison) => operation === REQUEST && comparison === (NO_TARGET | NO_SENDER),
    ),
    remark(
      'arp.isgratuitous',
      'Sender and target are the same: nobody asked (RFC 5227 §3)',
      (operation, comparison) => (operation === REQUEST || operation === REPLY) && (comparison & SAME_PROTOCOL) !== 0,
    ),
    remark(
      'arp.isannouncement',
      'The sender claims an address (RFC 5227 §2.3)',
      (operation, comparison) =>
        operation === REQUEST && (comparison & (SAME_PROTOCOL | NO_TARGET)) === (SAME_PROTOCOL | NO_TARGET),
    ),
    hardware('ether', 'arp.src.hw_mac', SENDER, "Sender's MAC address"),
    hardware('bytes', 'arp.src.hw', SENDER, "Sender's hardware address, if not a MAC address"),
    ipv4('arp.src.proto_ipv4', SENDER, "Sender's IPv4 address"),
    otherProtocol('arp.src.proto', SENDER, "Sender's protocol address, if not IPv4"),
    hardware('ether', 'arp.dst.hw_mac', TARGET, "Target's MAC address"),
    hardware('bytes', 'arp.dst.hw', TARGET, "Target's hardware address, if not a MAC address"),
    ipv4('arp.dst.proto_ipv4', TARGET, "Target's IPv4 address"),
    otherProtocol('arp.dst.proto', TARGET, "Target's protocol address, if not IPv4"),
  ],

  /** Hot. */
  decode(packet, at) {
    if (packet.end - at >= 2) {
      // Wireshark hands these to decoders of their own, from an `arp` layer without fields: hence its place at the end.
      const hardwareType = read16(packet.bytes, at + HARDWARE_TYPE)
      if (hardwareType === AX25 || hardwareType === ATM) packet.enter(ARP, packet.end)
      if (hardwareType === ATM) {
        packet.payload = at
        return ATMARP
      }
    }
    packet.enter(ARP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(ARP)
    const size = packet.bytes[at + HARDWARE_SIZE] + packet.bytes[at + PROTOCOL_SIZE]
    const end = at + HEADER_LENGTH + 2 * size
    if (end > packet.end) return packet.truncated(ARP)
    packet.limit(end) // drops Ethernet padding
    packet.payload = end
    return NONE
  },
}
