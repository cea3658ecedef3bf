/**
 * DHCPv6: Dynamic Host Configuration Protocol for IPv6, RFC 8415 §8 and §9.
 *
 *   | type | transaction ID (3) | options: code (2), length (2), value ...
 *   relay: | type | hop count | link address (16) | peer address (16) | options ...
 */
import { read16, read24 } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import { computed, type Field, ipv6, u8, type ValueNames, when } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const DHCPV6 = protocolId('dhcpv6')

// Octets from the first octet of the message.
const TYPE = 0
const TRANSACTION = 1
const HOPS = 1
const LINK = 2
const PEER = 18

const HEADER_LENGTH = 4
const RELAY_LENGTH = 34
const OPTION_LENGTH = 4

const RELAY_FORWARD = 12
const RELAY_REPLY = 13

const TYPES: ValueNames = {
  1: 'Solicit',
  2: 'Advertise',
  3: 'Request',
  4: 'Confirm',
  5: 'Renew',
  6: 'Rebind',
  7: 'Reply',
  8: 'Release',
  9: 'Decline',
  10: 'Reconfigure',
  11: 'Information-request',
  12: 'Relay-forw',
  13: 'Relay-reply',
  14: 'Leasequery',
  15: 'Leasequery-reply',
  16: 'Leasequery-done',
  17: 'Leasequery-data',
  18: 'Reconfigure-request',
  19: 'Reconfigure-reply',
}

/** Hot. */
function isRelay({ bytes, layerAt }: Packet, layer: number): boolean {
  const type = bytes[layerAt[layer] + TYPE]
  return type === RELAY_FORWARD || type === RELAY_REPLY
}

/** Octets in front of the options that an option holds: IA_NA, IA_TA, IAADDR, IA_PD, IAPREFIX (RFC 8415 §21). */
const NESTED: Readonly<Record<number, number>> = { 3: 12, 4: 4, 5: 24, 25: 12, 26: 25 }
/** Holds a message (RFC 8415 §21.10). */
const RELAY_MESSAGE = 9
/** Options and messages within each other; relay agents pass no more than 8 on. */
const MAX_DEPTH = 16

/** Calls `onMessage` with each message, the outermost first, and `onOption` with each option in it. */
function walk(
  bytes: Uint8Array,
  at: number,
  end: number,
  depth: number,
  onMessage: (at: number, end: number) => boolean,
  onOption: (at: number) => boolean,
): boolean {
  if (at >= end) return false
  if (onMessage(at, end)) return true
  const type = bytes[at + TYPE]
  const isRelayed = type === RELAY_FORWARD || type === RELAY_REPLY
  return walkOptions(bytes, at + (isRelayed ? RELAY_LENGTH : HEADER_LENGTH), end, depth, onMessage, onOption)
}

function walkOptions(
  bytes: Uint8Array,
  from: number,
  end: number,
  depth: number,
  onMessage: (at: number, end: number) => boolean,
  onOption: (at: number) => boolean,
): boolean {
  let at = from
  while (at + OPTION_LENGTH <= end) {
    if (onOption(at)) return true
    const code = read16(bytes, at)
    const value = at + OPTION_LENGTH
    const next = value + read16(bytes, at + 2)
    if (next > end) return false
    if (depth < MAX_DEPTH) {
      if (code === RELAY_MESSAGE && walk(bytes, value, next, depth + 1, onMessage, onOption)) return true
      if (code in NESTED && walkOptions(bytes, value + NESTED[code], next, depth + 1, onMessage, onOption)) return true
    }
    at = next
  }
  return false
}

const nothing = (): boolean => false

/** The code (`offset` 0) or length (2) of each option. */
function option(name: string, offset: number, description: string): Field {
  return computed('uint16', name, description, ({ bytes, layerAt, layerEnd }, layer, visit) =>
    walk(bytes, layerAt[layer], layerEnd[layer], 0, nothing, (at) => visit(read16(bytes, at + offset), 0)),
  )
}

export const dhcpv6: Protocol = {
  id: DHCPV6,
  name: 'dhcpv6',
  title: 'DHCPv6',
  need: 'dissection',
  carriedBy: { 'udp.application': [546, 547] },
  fields: [
    computed(
      'uint8',
      'dhcpv6.msgtype',
      'Message type',
      ({ bytes, layerAt, layerEnd }, layer, visit) =>
        walk(bytes, layerAt[layer], layerEnd[layer], 0, (at) => visit(bytes[at + TYPE], 0), nothing),
      { values: TYPES },
    ),
    computed(
      'uint24',
      'dhcpv6.xid',
      'Transaction ID; the same in the answer',
      ({ bytes, layerAt, layerEnd }, layer, visit) =>
        walk(
          bytes,
          layerAt[layer],
          layerEnd[layer],
          0,
          (at, end) => {
            const isRelayed = bytes[at] === RELAY_FORWARD || bytes[at] === RELAY_REPLY
            return !isRelayed && at + HEADER_LENGTH <= end && visit(read24(bytes, at + TRANSACTION), 0)
          },
          nothing,
        ),
      { base: 'hex' },
    ),
    when(isRelay, u8('dhcpv6.hopcount', HOPS, 'Hopcount; relay agents passed')),
    when(isRelay, ipv6('dhcpv6.linkaddr', LINK, 'Link address; of the client')),
    when(isRelay, ipv6('dhcpv6.peeraddr', PEER, 'Peer address; that the message came from')),
    option('dhcpv6.option.type', 0, 'Option; its code'),
    option('dhcpv6.option.length', 2, 'Length; of the option, in octets'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(DHCPV6, at)
    packet.payload = packet.end
    const length = isRelay(packet, packet.layerCount - 1) ? RELAY_LENGTH : HEADER_LENGTH
    return at + length > packet.end ? packet.truncated(DHCPV6) : NONE
  },
}
