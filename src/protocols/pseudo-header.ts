/**
 * The pseudo-header that a transport checksum covers: RFC 8200 §8.1 for IPv6, RFC 9293 §3.1 for IPv4. Not hot.
 */
import type { Packet } from '../packet/packet.ts'
import { onesComplementSum } from './checksum.ts'
import { IPV6 } from './ipv6-id.ts'
import { protocolName } from './protocol.ts'

const IPV6_ADDRESSES = 8
const IPV6_DESTINATION = 24
const IPV4_ADDRESSES = 12
const IPV4_ADDRESSES_LENGTH = 8
const ADDRESS_LENGTH = 16

// Routing headers by which the packet has another destination than its IPv6 header says.
const ROUTING_TYPE = 2
const SEGMENTS_LEFT = 3
const FIRST_ADDRESS = 8
const SOURCE_ROUTE = 0
const MOBILE = 2
const SEGMENT_ROUTING = 4

/** Where the IP layer around `layer` is; -1 if there is none. */
function networkOf(packet: Packet, layer: number): number {
  for (let i = layer - 1; i >= 0; i--) {
    const name = protocolName(packet.layerProtocol[i])
    if (name === 'ip' || name === 'ipv6') return i
  }
  return -1
}

/** The sum over the pseudo-header of the transport layer `layer`, of `length` octets; -1 if there is no IP header. */
export function pseudoHeaderSum(packet: Packet, layer: number, protocol: number, length: number): number {
  const network = networkOf(packet, layer)
  if (network < 0) return -1
  const { bytes } = packet
  const at = packet.layerAt[network]
  const sum = protocol + (length >>> 16) + (length & 0xffff)
  if (packet.layerProtocol[network] !== IPV6)
    return onesComplementSum(bytes, at + IPV4_ADDRESSES, at + IPV4_ADDRESSES + IPV4_ADDRESSES_LENGTH, sum)
  const destination = finalDestination(packet, network, layer)
  const source = onesComplementSum(bytes, at + IPV6_ADDRESSES, at + IPV6_ADDRESSES + ADDRESS_LENGTH, sum)
  return onesComplementSum(bytes, destination, destination + ADDRESS_LENGTH, source)
}

/** Where the address of the final destination lies: a routing header may name it (RFC 8200 §8.1). */
function finalDestination(packet: Packet, network: number, transport: number): number {
  const { bytes } = packet
  let destination = packet.layerAt[network] + IPV6_DESTINATION
  for (let layer = network + 1; layer < transport; layer++) {
    if (protocolName(packet.layerProtocol[layer]) !== 'ipv6.routing') continue
    const at = packet.layerAt[layer]
    const end = at + (bytes[at + 1] + 1) * 8
    if (bytes[at + SEGMENTS_LEFT] === 0 || end - at < FIRST_ADDRESS + ADDRESS_LENGTH) continue
    const type = bytes[at + ROUTING_TYPE]
    if (type === SOURCE_ROUTE) destination = end - ADDRESS_LENGTH
    else if (type === MOBILE || type === SEGMENT_ROUTING) destination = at + FIRST_ADDRESS
  }
  return destination
}
