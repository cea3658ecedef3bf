/** Which layers an operand is read from, and which octets a protocol's layer has. */
import type { Packet } from '../packet/packet.ts'
import { IPV4 } from '../protocols/ipv4.ts'
import { protocolName } from '../protocols/protocol.ts'
import { WHOLE_PACKET } from './names.ts'
import type { Range } from './syntax.ts'

/** Whether the `nth` layer of a protocol, from 1, is one of `#ranges`. */
export function isChosen(ranges: readonly Range[] | undefined, nth: number): boolean {
  if (ranges === undefined) return true
  for (const { from, length = 1, to } of ranges) if (nth >= from && nth <= (to ?? from + length - 1)) return true
  return false
}

/** Protocols whose layer, to Wireshark, is the message and not only its header. */
const MESSAGES: ReadonlySet<string> = new Set(['icmp', 'icmpv6', 'igmp', 'arp'])

/**
 * One past the last octet that counts as the protocol's own: its header, where another layer follows. As in Wireshark,
 * `len(ip)` and `ip[0:4]` see only the header, and `ip contains` also sees the payload.
 */
function ownEnd(packet: Packet, layer: number, isMessage: boolean): number {
  const at = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  // What follows a fragment may lie elsewhere, so the header's own length is asked.
  if (packet.layerProtocol[layer] === IPV4) return Math.min(end, at + (packet.bytes[at] & 15) * 4)
  const next = layer + 1
  if (isMessage || next >= packet.layerCount) return end
  const nextAt = packet.layerAt[next]
  return nextAt > at && nextAt < end ? nextAt : end
}

/** Calls `visit(at, length)` for the octets of each layer of `protocol`. */
export function eachLayer(
  packet: Packet,
  protocol: number,
  ranges: readonly Range[] | undefined,
  payload: boolean,
  visit: (at: number, length: number) => boolean,
): boolean {
  if (protocol === WHOLE_PACKET) return isChosen(ranges, 1) && visit(packet.start, packet.capturedLength)
  const isMessage = MESSAGES.has(protocolName(protocol))
  let nth = 0
  for (let layer = 0; layer < packet.layerCount; layer++) {
    if (packet.layerProtocol[layer] !== protocol || !isChosen(ranges, ++nth)) continue
    const at = packet.layerAt[layer]
    // Of a layer without a captured octet Wireshark shows nothing.
    if (at >= packet.layerEnd[layer]) continue
    if (visit(at, (payload ? packet.layerEnd[layer] : ownEnd(packet, layer, isMessage)) - at)) return true
  }
  return false
}
