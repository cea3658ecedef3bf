/** Wireshark's two remarks on TTLs that look wrong for where the datagram goes. */
import type { Packet } from '../../packet/packet.ts'
import { eachDestination } from './route-options.ts'

// Octets from the first octet of the header.
const TTL = 8
const PROTOCOL = 9

const MULTICAST = 0xe000_0000
const MULTICAST_MASK = 0xf000_0000
/** Groups that no router forwards to (RFC 5771 §4). */
const LOCAL_NETWORK_MASK = 0xffff_ff00

/** What protocols on the local network send with: 1, but for some. */
const DEFAULT_TTL = 1
const ANY_TTL = -1
const localTimesToLive: Readonly<Record<number, number>> = {
  3758096402: 255, // VRRP, RFC 5798 §5.1.1.3
  3758096486: 255, // Cisco's gateway load balancing
  3758096635: 255, // multicast DNS, RFC 6762 §11
  3758096636: ANY_TTL, // link-local name resolution, RFC 4795 §2.5
}

const FEW_HOPS = 5
const IGMP = 2
/** They talk to neighbours, with a TTL of 1. */
const OSPF = 89
const PIM = 103

function destinationOf(packet: Packet, layer: number): number {
  let destination = -1
  eachDestination(packet, layer, (address) => {
    destination = address
    return true
  })
  return destination
}

function isIn(address: number, block: number, mask: number): boolean {
  return address >= 0 && ((address & mask) ^ block) === 0
}

/** Whether the datagram is for the local network, and has another TTL than its protocol uses there. */
export function isWrongTimeToLive(packet: Packet, layer: number): boolean {
  const destination = destinationOf(packet, layer)
  if (!isIn(destination, MULTICAST | 0, LOCAL_NETWORK_MASK)) return false
  const at = packet.layerAt[layer]
  // What joins a group is not what the group is for.
  const isReport = packet.bytes[at + PROTOCOL] === IGMP
  const expected = isReport ? DEFAULT_TTL : (localTimesToLive[destination] ?? DEFAULT_TTL)
  return expected !== ANY_TTL && packet.bytes[at + TTL] !== expected
}

/** Whether the datagram is for one host, or all, and has few hops left. */
export function isLowTimeToLive(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  const destination = destinationOf(packet, layer)
  if (destination < 0 || isIn(destination, MULTICAST | 0, MULTICAST_MASK)) return false
  const protocol = packet.bytes[at + PROTOCOL]
  return packet.bytes[at + TTL] < FEW_HOPS && protocol !== OSPF && protocol !== PIM
}
