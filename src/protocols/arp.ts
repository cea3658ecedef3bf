/**
 * ARP: Address Resolution Protocol, RFC 826; RARP (RFC 903) and InARP (RFC 2390) are the same packet under other operations.
 *
 *    0                      2                        4   octets
 *  0 |    hardware type     |     protocol type      |
 *  4 | hw size | proto size |       operation        |
 *  8 | sender: hardware address (hw size), protocol address (proto size)
 *    | target: the same
 */

import { formatHex } from '../packet/address.ts'
import { read16, read32 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { ATM_HARDWARE, ATM_HEADER_LENGTH, atmFields, atmLength, isAtm, visitAtmProtocol } from './arp/atm.ts'
import { eachDuplicate, noteClaims } from './arp/duplicates.ts'
import { etherTypeNames } from './ethertype-names.ts'
import { absent, computed, type Field, u8, u16, when } from './field.ts'
import { hardwareNames } from './hardware-names.ts'
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

const IPV4_TYPE = 0x0800
/** AX.25's number of the same. */
const AX25_IPV4_TYPE = 0x00cc
/** Octets of a call sign and a number. */
const AX25_LENGTH = 7
const MAC_LENGTH = 6
const IPV4_LENGTH = 4

const REQUEST = 1
const REPLY = 2

const SENDER = 0
const TARGET = 1

const operations = {
  0: 'reserved',
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  5: 'drarp request',
  6: 'drarp reply',
  7: 'drarp error',
  8: 'inverse request',
  9: 'inverse reply',
  10: 'arp nak',
  11: 'mars request',
  12: 'mars multi',
  13: 'mars mserv',
  14: 'mars join',
  15: 'mars leave',
  16: 'mars nak',
  17: 'mars unserv',
  18: 'mars sjoin',
  19: 'mars sleave',
  20: 'mars grouplist request',
  21: 'mars grouplist reply',
  22: 'mars redirect map',
  23: 'mapos unarp',
  24: 'experimental 1',
  25: 'experimental 2',
  65535: 'reserved',
}

const DRARP_ERROR = 7

const errors = { 1: 'restricted', 2: 'no address', 3: 'serverdown', 4: 'moved', 5: 'failure' }

/** First octet of the sender's or the target's hardware address; -1 unless all four addresses were captured. */
function addressesAt(packet: Packet, layer: number, party: number): number {
  const at = packet.layerAt[layer]
  if (at + HEADER_LENGTH > packet.layerEnd[layer] || isAtm(packet, layer)) return -1
  const size = packet.bytes[at + HARDWARE_SIZE] + packet.bytes[at + PROTOCOL_SIZE]
  return at + HEADER_LENGTH + 2 * size > packet.layerEnd[layer] ? -1 : at + HEADER_LENGTH + party * size
}

function isMac(bytes: Uint8Array, at: number): boolean {
  const type = read16(bytes, at + HARDWARE_TYPE)
  return (type === ETHERNET || type === IEEE_802) && bytes[at + HARDWARE_SIZE] === MAC_LENGTH
}

function isIpv4Type(type: number): boolean {
  return type === IPV4_TYPE || type === AX25_IPV4_TYPE
}

function isIpv4(bytes: Uint8Array, at: number): boolean {
  return isIpv4Type(read16(bytes, at + PROTOCOL_TYPE)) && bytes[at + PROTOCOL_SIZE] === IPV4_LENGTH
}

function isAx25(bytes: Uint8Array, at: number): boolean {
  return read16(bytes, at + HARDWARE_TYPE) === AX25 && bytes[at + HARDWARE_SIZE] === AX25_LENGTH
}

/** A hardware address: as a MAC address or an AX.25 address where it is one, else as octets. */
function hardware(type: 'ether' | 'bytes', name: string, party: number, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const at = addressesAt(packet, layer, party)
    const start = packet.layerAt[layer]
    if (at < 0 || isAx25(packet.bytes, start) || isMac(packet.bytes, start) !== (type === 'ether')) return false
    const size = packet.bytes[start + HARDWARE_SIZE]
    return size > 0 && visit(at, size)
  })
}

/** An AX.25 address. Wireshark's type of that name is text here: octets with colons between them. */
function ax25(name: string, party: number, description: string): Field {
  return computed('string', name, description, (packet, layer, visit) => {
    const at = addressesAt(packet, layer, party)
    if (at < 0 || !isAx25(packet.bytes, packet.layerAt[layer])) return false
    return visit(formatHex(packet.bytes, at, AX25_LENGTH, ':'), 0)
  })
}

/** Hands over the place and length of a party's protocol address. An error of DRARP has its number in the target's place. */
function visitProtocol(
  packet: Packet,
  layer: number,
  party: number,
  visit: (at: number, length: number) => boolean,
): boolean {
  if (isAtm(packet, layer)) return visitAtmProtocol(packet, layer, party, visit)
  const at = addressesAt(packet, layer, party)
  if (at < 0) return false
  const { bytes } = packet
  const start = packet.layerAt[layer]
  if (party === TARGET && read16(bytes, start + OPERATION) === DRARP_ERROR) return false
  const size = bytes[start + PROTOCOL_SIZE]
  return size > 0 && visit(at + bytes[start + HARDWARE_SIZE], size)
}

function isIpv4Protocol(packet: Packet, layer: number, length: number): boolean {
  return length === IPV4_LENGTH && isIpv4Type(read16(packet.bytes, packet.layerAt[layer] + PROTOCOL_TYPE))
}

/** A protocol address that is not an IPv4 address. */
function otherProtocol(name: string, party: number, description: string): Field {
  return computed('bytes', name, description, (packet, layer, visit) =>
    visitProtocol(packet, layer, party, (at, length) => !isIpv4Protocol(packet, layer, length) && visit(at, length)),
  )
}

function ipv4(name: string, party: number, description: string): Field {
  return computed('ipv4', name, description, (packet, layer, visit) =>
    visitProtocol(
      packet,
      layer,
      party,
      (at, length) => isIpv4Protocol(packet, layer, length) && visit(read32(packet.bytes, at), 0),
    ),
  )
}

/** What can be said of the addresses of a packet; bits. */
const SAME_PROTOCOL = 1
const NO_TARGET = 2
const NO_SENDER = 4

/** Compares the addresses; -1 unless all were captured. */
function compare(packet: Packet, layer: number): number {
  const at = addressesAt(packet, layer, SENDER)
  const bytes = packet.bytes
  if (at < 0 || read16(bytes, packet.layerAt[layer] + HARDWARE_TYPE) === AX25) return -1
  const hardwareSize = bytes[packet.layerAt[layer] + HARDWARE_SIZE]
  const protocolSize = bytes[packet.layerAt[layer] + PROTOCOL_SIZE]
  if (protocolSize === 0) return -1
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

function isNotAtm(packet: Packet, layer: number): boolean {
  return !isAtm(packet, layer)
}

export const arp: Protocol = {
  id: ARP,
  name: 'arp',
  title: 'Address Resolution Protocol',
  carriedBy: { ethertype: [0x0806, 0x8035], 'gre.proto': 0x0806 },
  fields: [
    u16('arp.hw.type', HARDWARE_TYPE, 'Hardware type', { values: hardwareNames }),
    u16('arp.proto.type', PROTOCOL_TYPE, 'Protocol type; whose addresses are resolved', {
      base: 'hex',
      values: etherTypeNames,
    }),
    when(isNotAtm, u8('arp.hw.size', HARDWARE_SIZE, 'Hardware size; octets in an address')),
    when(isNotAtm, u8('arp.proto.size', PROTOCOL_SIZE, 'Protocol size; octets in an address')),
    u16('arp.opcode', OPERATION, 'Opcode; operation', { values: operations }),
    remark(
      'arp.isprobe',
      'Is probe; the sender asks whether an address is free (RFC 5227 §2.1.1)',
      (operation, comparison) => operation === REQUEST && comparison === (NO_TARGET | NO_SENDER),
    ),
    remark(
      'arp.isgratuitous',
      'Is gratuitous; sender and target are the same: nobody asked (RFC 5227 §3)',
      (operation, comparison) => (operation === REQUEST || operation === REPLY) && (comparison & SAME_PROTOCOL) !== 0,
    ),
    remark(
      'arp.isannouncement',
      'Is announcement; the sender claims an address (RFC 5227 §2.3)',
      (operation, comparison) =>
        operation === REQUEST && (comparison & (SAME_PROTOCOL | NO_TARGET)) === (SAME_PROTOCOL | NO_TARGET),
    ),
    hardware('ether', 'arp.src.hw_mac', SENDER, 'Sender MAC address'),
    ax25('arp.src.hw_ax25', SENDER, 'Sender AX.25 address'),
    hardware('bytes', 'arp.src.hw', SENDER, 'Sender hardware address; if it is neither'),
    ipv4('arp.src.proto_ipv4', SENDER, 'Sender IP address'),
    otherProtocol('arp.src.proto', SENDER, 'Sender protocol address; if not IPv4'),
    hardware('ether', 'arp.dst.hw_mac', TARGET, 'Target MAC address'),
    ax25('arp.dst.hw_ax25', TARGET, 'Target AX.25 address'),
    hardware('bytes', 'arp.dst.hw', TARGET, 'Target hardware address; if it is neither'),
    ipv4('arp.dst.proto_ipv4', TARGET, 'Target IP address'),
    otherProtocol('arp.dst.proto', TARGET, 'Target protocol address; if not IPv4'),
    computed(
      'uint16',
      'arp.dst.drarp_error_status',
      "DRARP error status; first octet of the target's address",
      (packet, layer, visit) => {
        const at = addressesAt(packet, layer, TARGET)
        if (at < 0) return false
        const { bytes } = packet
        const start = packet.layerAt[layer]
        if (read16(bytes, start + OPERATION) !== DRARP_ERROR || bytes[start + PROTOCOL_SIZE] === 0) return false
        return visit(bytes[at + bytes[start + HARDWARE_SIZE]], 0)
      },
      { values: errors },
    ),
    computed(
      'framenum',
      'arp.duplicate-address-frame',
      'Frame showing earlier use of IP address; by another host',
      (packet, layer, visit) => eachDuplicate(packet, layer, (number) => visit(number, 0)),
    ),
    computed(
      'uint32',
      'arp.seconds-since-duplicate-address-frame',
      'Seconds since earlier frame seen',
      (packet, layer, visit) => eachDuplicate(packet, layer, (_number, seconds) => visit(seconds, 0)),
    ),
    computed('none', 'arp.duplicate-address-detected', 'Duplicate IP address configured', (packet, layer, visit) =>
      eachDuplicate(packet, layer, () => visit(0, 0)),
    ),
    // The preference `arp.detect_request_storms` is off.
    absent('none', 'arp.packet-storm-detected', 'ARP packet storm detected'),
    ...atmFields,
  ],

  /** Hot. */
  decode(packet, at) {
    if (packet.end - at >= 2) {
      // Wireshark hands these to decoders of their own. ATMARP's fields are in the layer `arp` before it; AX.25 has a second
      // layer `arp`, and the first has no fields: hence its place at the end.
      const hardwareType = read16(packet.bytes, at + HARDWARE_TYPE)
      if (hardwareType === ATM_HARDWARE) return decodeAtm(packet, at)
      if (hardwareType === AX25) packet.enter(ARP, packet.end)
    }
    packet.enter(ARP, at)
    if (packet.end - at < HEADER_LENGTH) return cut(packet, at)
    const size = packet.bytes[at + HARDWARE_SIZE] + packet.bytes[at + PROTOCOL_SIZE]
    const end = at + HEADER_LENGTH + 2 * size
    if (end > packet.end) return cut(packet, at)
    packet.limit(end) // drops Ethernet padding
    packet.payload = end
    const operation = read16(packet.bytes, at + OPERATION)
    if ((operation === REQUEST || operation === REPLY) && isMac(packet.bytes, at) && isIpv4(packet.bytes, at))
      noteClaims(packet, at + HEADER_LENGTH, operation === REQUEST)
    return NONE
  },
}

/** Not captured whole. Of an AX.25 packet Wireshark then shows nothing. */
function cut(packet: Packet, at: number): number {
  if (packet.layerCount > 1 && packet.layerProtocol[packet.layerCount - 2] === ARP)
    packet.layerEnd[packet.layerCount - 1] = at
  return packet.truncated(ARP)
}

/** ATMARP: the layer `atmarp` has the same octets. Of a packet that was not captured whole Wireshark shows nothing. */
function decodeAtm(packet: Packet, at: number): number {
  packet.enter(ARP, at)
  packet.payload = at
  const isHeader = packet.end - at >= ATM_HEADER_LENGTH
  if (isHeader) packet.limit(at + atmLength(packet.bytes, at))
  if (!isHeader || at + atmLength(packet.bytes, at) > packet.end) packet.layerEnd[packet.layerCount - 1] = at
  return ATMARP
}
