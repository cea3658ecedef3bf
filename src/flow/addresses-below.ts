/** Whose addresses a transport layer has: those of the IP layer below it, as text. Not hot. */
import { formatIpv4, formatIpv6 } from '../packet/address.ts'
import { read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { IPV4, DESTINATION as V4_DESTINATION, SOURCE as V4_SOURCE } from '../protocols/ipv4.ts'
import { IPV6, DESTINATION as V6_DESTINATION, SOURCE as V6_SOURCE } from '../protocols/ipv6.ts'

/** Who sent what layer `layer` carries; null if no IP layer is below it. */
export function senderBelow(packet: Packet, layer: number): string | null {
  return addressBelow(packet, layer, V4_SOURCE, V6_SOURCE)
}

/** Who receives it. */
export function receiverBelow(packet: Packet, layer: number): string | null {
  return addressBelow(packet, layer, V4_DESTINATION, V6_DESTINATION)
}

function addressBelow(packet: Packet, layer: number, offset4: number, offset6: number): string | null {
  for (let below = layer - 1; below >= 0; below--) {
    const protocol = packet.layerProtocol[below]
    const at = packet.layerAt[below]
    if (protocol === IPV4) return formatIpv4(read32(packet.bytes, at + offset4))
    if (protocol === IPV6) return formatIpv6(packet.bytes, at + offset6)
  }
  return null
}
