/**
 * Which echo request a reply answers, in ICMP and ICMPv6, as Wireshark tells: the last request between the two addresses, in
 * whichever direction, with the same identifier, sequence number and data, unless a reply has taken it already.
 *
 * The data is not kept: of a request and its reply only the type differs, so one checksum follows from the other.
 */
import { read16, read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { ICMP } from '../protocols/icmp.ts'
import { ICMPV6, isConnectivityTest } from '../protocols/icmpv6.ts'
import { IPV4 } from '../protocols/ipv4.ts'
import { IPV6 } from '../protocols/ipv6-id.ts'

/** Requests without a reply kept at most; the oldest are given up. */
const MAX_REQUESTS = 65_536

const HEADER_LENGTH = 8
const CHECKSUM = 2
const IDENTIFIER_SEQUENCE = 4

const ECHO_REPLY = 0
const ECHO = 8
const ECHO_REQUEST_V6 = 128
const ECHO_REPLY_V6 = 129

// The difference of the types, where the checksum sees it: in the higher octet of the first two.
const DIFFERENCE = (ECHO - ECHO_REPLY) << 8
const DIFFERENCE_V6 = (ECHO_REQUEST_V6 - ECHO_REPLY_V6) << 8

interface Request {
  readonly number: number
  readonly seconds: number
  readonly nanoseconds: number
}

export class IcmpEchoes {
  readonly #requests = new Map<string, Request>()

  /** Sets `layerTimes` of each ICMP and ICMPv6 layer: the request that it answers, or number 0. */
  track(packet: Packet): void {
    const { layerProtocol, layerTimes } = packet
    let network = -1
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const protocol = layerProtocol[layer]
      if (protocol === IPV4 || protocol === IPV6) network = layer
      else if (protocol === ICMP || protocol === ICMPV6) {
        layerTimes.number[layer] = 0
        if (network >= 0 && layer < packet.quotedFrom) this.#message(packet, layer, network)
      }
    }
  }

  #message(packet: Packet, layer: number, network: number): void {
    const { bytes, layerTimes } = packet
    const at = packet.layerAt[layer]
    if (at + HEADER_LENGTH > packet.layerEnd[layer]) return
    const isV4 = packet.layerProtocol[layer] === ICMP
    const type = bytes[at]
    const checksum = read16(bytes, at + CHECKSUM)
    if (type === (isV4 ? ECHO : ECHO_REQUEST_V6)) {
      if (!isV4 && isConnectivityTest(packet, layer)) return
      const key = keyOf(packet, network, isV4, read32(bytes, at + IDENTIFIER_SEQUENCE), checksum)
      // Behind all others: what is oldest is given up first.
      this.#requests.delete(key)
      const { number, seconds, nanoseconds } = packet
      this.#requests.set(key, { number, seconds, nanoseconds })
      if (this.#requests.size > MAX_REQUESTS) this.#requests.delete(this.#requests.keys().next().value!)
    } else if (type === (isV4 ? ECHO_REPLY : ECHO_REPLY_V6)) {
      const asked = onesComplementDifference(checksum, isV4 ? DIFFERENCE : DIFFERENCE_V6)
      const key = keyOf(packet, network, isV4, read32(bytes, at + IDENTIFIER_SEQUENCE), asked)
      const request = this.#requests.get(key)
      if (request === undefined) return
      this.#requests.delete(key)
      layerTimes.number[layer] = request.number
      layerTimes.seconds[layer] = request.seconds
      layerTimes.nanoseconds[layer] = request.nanoseconds
    }
  }
}

/** Both are 16-bit numbers, the second perhaps negative. */
function onesComplementDifference(from: number, what: number): number {
  const difference = from - what
  if (difference < 0) return difference + 0xffff
  return difference > 0xffff ? difference - 0xffff : difference
}

function keyOf(packet: Packet, network: number, isV4: boolean, identifier: number, checksum: number): string {
  const isOverV4 = packet.layerProtocol[network] === IPV4
  const length = isOverV4 ? 4 : 16
  const source = packet.layerAt[network] + (isOverV4 ? 12 : 8)
  const one = addressText(packet.bytes, source, length)
  const other = addressText(packet.bytes, source + length, length)
  return `${isV4 ? 4 : 6} ${identifier} ${checksum} ${one < other ? `${one} ${other}` : `${other} ${one}`}`
}

function addressText(bytes: Uint8Array, at: number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i += 4) text += `${read32(bytes, at + i)}.`
  return text
}
