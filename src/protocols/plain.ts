/**
 * The packets that most captures are made of: TCP or UDP over IP without options or fragments, straight over Ethernet.
 *
 * They are decoded here in one go, because going from decoder to decoder takes three times as long. What comes out is what the
 * decoders make of them (`test/property/plain.test.ts`); anything out of the ordinary is left to those.
 */
import { viewOf } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { byTcpPort } from './handoff.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { TCP } from './tcp.ts'
import { byUdpPorts, UDP } from './udp.ts'

/** What `decodePlain` returns for all other packets, of which it has changed nothing. */
export const NOT_PLAIN = -1

// Octets from the start of the frame (IEEE 802.3 §3.1.1, RFC 894), and the two types.
const ETHERTYPE = 12
const NETWORK = 14
const ETHERTYPE_IPV4 = 0x0800
const ETHERTYPE_IPV6 = 0x86dd

// Octets from the start of the IPv4 header (RFC 791 §3.1).
const V4_FIRST = 0x45
const V4_LENGTH = 2
const V4_FRAGMENT = 6
const V4_PROTOCOL = 9
const V4_HEADER_LENGTH = 20
/** More fragments follow, or this is not the first. */
const IS_FRAGMENT = 0x3fff

// Octets from the start of the IPv6 header (RFC 8200 §3).
const V6_LENGTH = 4
const V6_NEXT_HEADER = 6
const V6_HEADER_LENGTH = 40

const PROTOCOL_TCP = 6
const PROTOCOL_UDP = 17

// Octets from the start of the transport header (RFC 9293 §3.1, RFC 768).
const DESTINATION_PORT = 2
const TCP_OFFSET = 12
const TCP_HEADER_LENGTH = 20
const UDP_LENGTH = 4
const UDP_HEADER_LENGTH = 8

/**
 * Hot: enters the layers of a plain Ethernet packet that `Packet.begin` has prepared, and returns the protocol that follows, or
 * `NOT_PLAIN`.
 */
export function decodePlain(packet: Packet): number {
  const { bytes, start } = packet
  const { end, wireEnd } = packet
  if (end - start < NETWORK + V4_HEADER_LENGTH + UDP_HEADER_LENGTH) return NOT_PLAIN
  const view = viewOf(bytes)
  const type = view.getUint16(start + ETHERTYPE)
  const network = start + NETWORK
  let transport: number
  let protocol: number
  let limit: number
  if (type === ETHERTYPE_IPV4) {
    if (bytes[network] !== V4_FIRST || (view.getUint16(network + V4_FRAGMENT) & IS_FRAGMENT) !== 0) return NOT_PLAIN
    const length = view.getUint16(network + V4_LENGTH)
    if (length < V4_HEADER_LENGTH) return NOT_PLAIN
    limit = network + length
    protocol = bytes[network + V4_PROTOCOL]
    transport = network + V4_HEADER_LENGTH
  } else if (type === ETHERTYPE_IPV6) {
    if (bytes[network] >> 4 !== 6) return NOT_PLAIN
    transport = network + V6_HEADER_LENGTH
    limit = transport + view.getUint16(network + V6_LENGTH)
    protocol = bytes[network + V6_NEXT_HEADER]
  } else return NOT_PLAIN
  // As `Packet.limit` has it: what lies behind is not the datagram's; a length beyond the frame is ignored.
  let carriedEnd = end
  let carriedWireEnd = wireEnd
  if (limit < wireEnd) {
    carriedWireEnd = limit
    if (limit < end) carriedEnd = limit
  }
  if (transport >= carriedWireEnd) return NOT_PLAIN
  let payload: number
  let next: number
  let transportProtocol: number
  let payloadEnd = carriedEnd
  let payloadWireEnd = carriedWireEnd
  if (protocol === PROTOCOL_TCP) {
    if (carriedEnd - transport < TCP_HEADER_LENGTH) return NOT_PLAIN
    const length = (bytes[transport + TCP_OFFSET] >> 4) * 4
    payload = transport + length
    if (length < TCP_HEADER_LENGTH || payload > carriedEnd) return NOT_PLAIN
    transportProtocol = TCP
    if (payload >= carriedWireEnd) next = NONE
    else next = byTcpPort[view.getUint16(transport)] || byTcpPort[view.getUint16(transport + DESTINATION_PORT)] || DATA
  } else if (protocol === PROTOCOL_UDP) {
    if (carriedEnd - transport < UDP_HEADER_LENGTH) return NOT_PLAIN
    const length = view.getUint16(transport + UDP_LENGTH)
    if (length < UDP_HEADER_LENGTH) return NOT_PLAIN
    if (transport + length < carriedWireEnd) {
      payloadWireEnd = transport + length
      if (payloadWireEnd < carriedEnd) payloadEnd = payloadWireEnd
    }
    payload = transport + UDP_HEADER_LENGTH
    transportProtocol = UDP
    next = byUdpPorts(view.getUint16(transport), view.getUint16(transport + DESTINATION_PORT))
  } else return NOT_PLAIN

  const { layerProtocol, layerAt, layerEnd, layerWireEnd, layerRepeats } = packet
  layerProtocol[0] = ETHERNET
  layerProtocol[1] = type === ETHERTYPE_IPV4 ? IPV4 : IPV6
  layerProtocol[2] = transportProtocol
  layerAt[0] = start
  layerAt[1] = network
  layerAt[2] = transport
  layerEnd[0] = end
  layerEnd[1] = carriedEnd
  layerEnd[2] = payloadEnd
  layerWireEnd[0] = wireEnd
  layerWireEnd[1] = carriedWireEnd
  layerWireEnd[2] = payloadWireEnd
  layerRepeats[0] = 0
  layerRepeats[1] = 0
  layerRepeats[2] = 0
  packet.network = 1
  packet.transport = 2
  packet.end = payloadEnd
  packet.wireEnd = payloadWireEnd
  packet.layerCount = 3
  if (next !== DATA) {
    packet.payload = payload
    return next
  }
  packet.payload = payloadEnd
  if (payload >= payloadEnd) return NONE
  layerProtocol[3] = DATA
  layerAt[3] = payload
  layerEnd[3] = payloadEnd
  layerWireEnd[3] = payloadWireEnd
  layerRepeats[3] = 0
  packet.layerCount = 4
  return NONE
}
