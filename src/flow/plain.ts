/**
 * Packets of the commonest kind: link layer, IP, TCP or UDP, and at most one layer that these carry. Trackers that go through
 * the layers of all others need not do so for them: one transport layer, and where it is, is known.
 */
import type { Packet } from '../packet/packet.ts'

/** Where the IP layer and the transport layer of such a packet are. */
export const PLAIN_NETWORK = 1
export const PLAIN_TRANSPORT = 2

/** Hot: whether the packet is of that kind; the transport protocol may also be another. */
export function isPlain(packet: Packet): boolean {
  return (
    packet.transport === PLAIN_TRANSPORT &&
    packet.network === PLAIN_NETWORK &&
    packet.layerCount <= PLAIN_TRANSPORT + 2 &&
    packet.quotedFrom >= packet.layerCount
  )
}
