/**
 * What a packet says of the conversation it belongs to, where that is no stream of TCP or UDP: a key of 32-bit words for tables
 * (two addresses, the lower first; for conversations of one IP protocol, that protocol and its ports), and the direction.
 */
import { icmpPorts } from '../flow/community-id.ts'
import { read16, read32s } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { AH } from '../protocols/ah.ts'
import { DATA } from '../protocols/data.ts'
import { ETHERNET } from '../protocols/ethernet.ts'
import { ICMP } from '../protocols/icmp.ts'
import { ICMPV6 } from '../protocols/icmpv6.ts'
import { DESTINATION as V4_DESTINATION, SOURCE as V4_SOURCE } from '../protocols/ipv4.ts'
import { IPV6, DESTINATION as V6_DESTINATION, SOURCE as V6_SOURCE } from '../protocols/ipv6.ts'
import { DESTINATION_OPTIONS, FRAGMENT, HOP_BY_HOP, ROUTING } from '../protocols/ipv6-extension.ts'

/** Between what the conversations are; `other`: of IP protocols that are not TCP or UDP, or whose ports were not captured. */
export type PairKind = 'other' | 'ip' | 'ethernet'

// Words of two addresses; behind them, for `other`, the protocol and what serves as ports.
export const V4_WORDS = 2
export const V6_WORDS = 8
export const MAC_WORDS = 3
export const PROTOCOL_WORDS = 2

/** IPv4 header: protocol. IPv6 header: next header, and its length. */
const V4_PROTOCOL = 9
const V6_NEXT_HEADER = 6
const V6_HEADER = 40
const ETHERNET_HEADER = 14

// Numbers of IP protocols that have ports in their first four octets, besides TCP and UDP.
const DCCP = 33
const SCTP = 132

export function hasPorts(ipProtocol: number): boolean {
  return ipProtocol === SCTP || ipProtocol === DCCP
}

export class PairKey {
  readonly kind: PairKind
  /** The key: its words in the order above. */
  readonly words = new Int32Array(V6_WORDS + PROTOCOL_WORDS)
  /** The addresses are of version 6. */
  isV6 = false
  /** 0 if the lower address is the source's. */
  direction = 0
  /** Type and code of an ICMP message, 256 times the one plus the other; -1 for all else. */
  icmp = -1
  /** The layer behind the addresses' one. */
  layer = 0
  /** Octets on the wire that Ethernet, or IP with its extension headers, carries. */
  payload = 0

  constructor(kind: PairKind) {
    this.kind = kind
  }

  /** Hot: reads a packet; false if it belongs to no such conversation. */
  read(packet: Packet): boolean {
    return this.kind === 'ethernet' ? this.#readEthernet(packet) : this.#readIp(packet)
  }

  #readEthernet(packet: Packet): boolean {
    const { bytes } = packet
    const { words } = this
    const at = packet.layerAt[0]
    if (packet.layerCount === 0 || packet.layerProtocol[0] !== ETHERNET) return false
    if (at + ETHERNET_HEADER > packet.layerEnd[0]) return false
    const destinationHigh = read32s(bytes, at)
    const destinationLow = read16(bytes, at + 4)
    const sourceHigh = read32s(bytes, at + 6)
    const sourceLow = read16(bytes, at + 10)
    const isLower = sourceHigh < destinationHigh || (sourceHigh === destinationHigh && sourceLow <= destinationLow)
    words[0] = isLower ? sourceHigh : destinationHigh
    words[1] = isLower ? destinationHigh : sourceHigh
    words[2] = isLower ? (sourceLow << 16) | destinationLow : (destinationLow << 16) | sourceLow
    this.direction = isLower ? 0 : 1
    this.layer = 1
    this.payload = packet.layerWireEnd[0] - at - ETHERNET_HEADER
    return true
  }

  #readIp(packet: Packet): boolean {
    const { network, bytes } = packet
    if (network < 0) return false
    const at = packet.layerAt[network]
    const isV6 = packet.layerProtocol[network] === IPV6
    if (at + (isV6 ? V6_DESTINATION + 16 : V4_DESTINATION + 4) > packet.layerEnd[network]) return false
    this.isV6 = isV6
    this.direction = isV6 ? this.#addresses6(bytes, at) : this.#addresses4(bytes, at)
    this.icmp = -1
    this.layer = network + 1
    let ipProtocol = bytes[at + (isV6 ? V6_NEXT_HEADER : V4_PROTOCOL)]
    let body = at + (isV6 ? V6_HEADER : (bytes[at] & 15) * 4)
    let carried = network + 1
    for (; carried < packet.layerCount && isExtension(packet.layerProtocol[carried]); carried++) {
      const extension = packet.layerAt[carried]
      if (extension >= packet.layerEnd[carried]) break
      ipProtocol = bytes[extension]
      body = carried + 1 < packet.layerCount ? packet.layerAt[carried + 1] : packet.layerEnd[carried]
    }
    // A datagram that was put together lies elsewhere than its header.
    const isCarried = carried < packet.layerCount && packet.layerProtocol[carried] !== DATA
    if (isCarried) body = packet.layerAt[carried]
    this.payload = Math.max(0, (isCarried ? packet.layerWireEnd[carried] : packet.layerWireEnd[network]) - body)
    if (this.kind === 'other') this.#readProtocol(packet, isCarried ? carried : -1, ipProtocol)
    return true
  }

  /** The protocol that IP carries, and its ports; `layer` is its layer, or -1 if it was not decoded. */
  #readProtocol(packet: Packet, layer: number, ipProtocol: number): void {
    const { bytes } = packet
    const words = this.isV6 ? V6_WORDS : V4_WORDS
    let source = 0
    let destination = 0
    if (layer >= 0 && packet.layerAt[layer] + 4 <= packet.layerEnd[layer]) {
      const at = packet.layerAt[layer]
      const protocol = packet.layerProtocol[layer]
      if (protocol === ICMP || protocol === ICMPV6) {
        const ports = icmpPorts(bytes[at], bytes[at + 1], protocol === ICMPV6)
        source = ports.source
        destination = ports.destination
        this.icmp = (bytes[at] << 8) | bytes[at + 1]
      } else if (hasPorts(ipProtocol)) {
        source = read16(bytes, at)
        destination = read16(bytes, at + 2)
        // A host that talks to itself is told apart by its ports.
        if (source > destination && this.#isLoop(words)) this.direction = 1
      }
    }
    this.words[words] = ipProtocol
    this.words[words + 1] = this.direction === 0 ? (source << 16) | destination : (destination << 16) | source
  }

  /** Hot. */
  #addresses4(bytes: Uint8Array, at: number): number {
    const source = read32s(bytes, at + V4_SOURCE)
    const destination = read32s(bytes, at + V4_DESTINATION)
    const direction = source <= destination ? 0 : 1
    this.words[direction] = source
    this.words[1 - direction] = destination
    return direction
  }

  /** Hot. */
  #addresses6(bytes: Uint8Array, at: number): number {
    let order = 0
    for (let i = 0; order === 0 && i < 16; i++) order = bytes[at + V6_SOURCE + i] - bytes[at + V6_DESTINATION + i]
    const direction = order <= 0 ? 0 : 1
    for (let i = 0; i < 4; i++) {
      this.words[4 * direction + i] = read32s(bytes, at + V6_SOURCE + 4 * i)
      this.words[4 - 4 * direction + i] = read32s(bytes, at + V6_DESTINATION + 4 * i)
    }
    return direction
  }

  #isLoop(words: number): boolean {
    for (let i = 0; i < words / 2; i++) if (this.words[i] !== this.words[words / 2 + i]) return false
    return true
  }
}

function isExtension(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === DESTINATION_OPTIONS ||
    protocol === AH
  )
}
