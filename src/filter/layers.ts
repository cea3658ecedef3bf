/** Which layers an operand is read from, and which octets a protocol's layer has. */
import type { Packet } from '../packet/packet.ts'
import { ICMP } from '../protocols/icmp.ts'
import { ICMPV6 } from '../protocols/icmpv6.ts'
import { IPV4 } from '../protocols/ipv4.ts'
import { protocolName } from '../protocols/protocol.ts'
import { headerLength, MIN_HEADER_LENGTH, OFFSET_FLAGS, TCP } from '../protocols/tcp.ts'
import { UDP, HEADER_LENGTH as UDP_HEADER_LENGTH } from '../protocols/udp.ts'
import { WHOLE_PACKET } from './names.ts'
import type { Range } from './syntax.ts'

/** Whether the `nth` of `count` layers of a protocol, from 1, is one of `#ranges`; negative numbers count from the last. */
export function isChosen(ranges: readonly Range[] | undefined, nth: number, count: number): boolean {
  if (ranges === undefined) return true
  for (const { from, length = 1, to } of ranges) {
    const first = from < 0 ? count + 1 + from : from
    const last = to === undefined ? first + length - 1 : to < 0 ? count + 1 + to : to
    if (nth >= first && nth <= last) return true
  }
  return false
}

/** How many layers of the protocol the packet has, for `isChosen`. */
export function countLayers(packet: Packet, protocol: number): number {
  let count = 0
  for (let layer = 0; layer < packet.layerCount; layer++) if (packet.layerProtocol[layer] === protocol) count++
  return count
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
  const protocol = packet.layerProtocol[layer]
  // What follows a fragment or a segment may lie elsewhere, or nowhere yet, so the header's own length is asked.
  if (protocol === IPV4) return Math.min(end, at + (packet.bytes[at] & 15) * 4)
  if (protocol === UDP) return Math.min(end, at + UDP_HEADER_LENGTH)
  if (protocol === TCP && at + OFFSET_FLAGS < end) {
    const length = headerLength(packet, layer)
    if (length >= MIN_HEADER_LENGTH) return Math.min(end, at + length)
  }
  const next = layer + 1
  if (isMessage || next >= packet.layerCount) return end
  const nextAt = packet.layerAt[next]
  return nextAt > at && nextAt < end ? nextAt : end
}

/** The protocols of which `isShown` asks for more or less than one captured octet. */
export const SHOWN_OTHERWISE: readonly number[] = [ICMP, ICMPV6, IPV4]

/**
 * Whether Wireshark shows the layer: not one without a captured octet, as a rule. It shows ICMPv6 before it looks at it, and IP whose
 * version hands everything on to another protocol, but ICMP only with the header's first four octets.
 */
export function isShown(packet: Packet, layer: number): boolean {
  const protocol = packet.layerProtocol[layer]
  const length = packet.layerEnd[layer] - packet.layerAt[layer]
  if (protocol === ICMP) return length >= 4
  if (length > 0 || protocol === ICMPV6) return true
  return protocol === IPV4 && layer + 1 < packet.layerCount
}

/** Calls `visit(at, length)` for the octets of each layer of `protocol`. */
export function eachLayer(
  packet: Packet,
  protocol: number,
  ranges: readonly Range[] | undefined,
  payload: boolean,
  visit: (at: number, length: number) => boolean,
): boolean {
  if (protocol === WHOLE_PACKET) return isChosen(ranges, 1, 1) && visit(packet.start, packet.capturedLength)
  const isMessage = MESSAGES.has(protocolName(protocol))
  const count = ranges === undefined ? 0 : countLayers(packet, protocol)
  let nth = 0
  for (let layer = 0; layer < packet.layerCount; layer++) {
    if (packet.layerProtocol[layer] !== protocol || !isChosen(ranges, ++nth, count)) continue
    const at = packet.layerAt[layer]
    if (!isShown(packet, layer)) continue
    if (visit(at, (payload ? packet.layerEnd[layer] : ownEnd(packet, layer, isMessage)) - at)) return true
  }
  return false
}
