/**
 * What stands behind the payload of an Ethernet frame: padding up to the least length, a trailer, the frame check sequence. No
 * field says where one ends and the next begins, so this is a guess, and Wireshark's:
 *
 * - The payload ends where IP, ARP or the length field say that it does. What follows is padding, trailer and check sequence.
 * - The first of it that is needed for 60 octets is padding, if it is all zeros (IEEE 802.3 §3.2.7 and §4.2.3.3).
 * - Where the capture does not tell, and the frame has 64 octets or more, the last four are the check sequence.
 *
 * The layer right around the payload (Ethernet's, a VLAN tag's, Linux cooked capture's) has the fields.
 */
import { read16, read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { CHECKSUM_UNVERIFIED, checksumStatusNames } from './checksum.ts'
import { absent, computed, type Field } from './field.ts'
import { protocolName } from './protocol.ts'

/** Octets of the shortest frame, without its check sequence; and with it. */
const MIN_LENGTH = 60
const MIN_LENGTH_WITH_CHECK = 64
const CHECK_LENGTH = 4

/** What is in front of a payload that knows its own length. Others have what follows them as their own. */
const KNOW_LENGTH: ReadonlySet<string> = new Set(['ip', 'ipv6', 'arp'])

/** Others that know it, but are not decoded: where their payload ends, from their first octet on; 4 octets are there. */
const LENGTHS: Readonly<Record<string, (bytes: Uint8Array, at: number) => number>> = {
  // Precision time: its message length (IEEE 1588 §13.3.2).
  ptp: (bytes, at) => read16(bytes, at + 2),
  // Slow protocols: the first of them, link aggregation, has 110 octets (IEEE 802.1AX §6.4.2.3).
  slow: (bytes, at) => (bytes[at] === 1 ? 110 : -1),
}

/** The rest of a frame: from `at` to `end` as captured, to `wireEnd` on the wire. */
export interface Rest {
  at: number
  end: number
  wireEnd: number
  /** The frame as a whole. */
  frameAt: number
  frameWireEnd: number
  /** Octets of check sequence at the end: 0 for none, -1 for a guess. */
  checkLength: number
}

/** Finds what is behind the payload of a layer; false if nothing is, or it was not captured. */
export type FindRest = (packet: Packet, layer: number, rest: Rest) => boolean

const rest: Rest = { at: 0, end: 0, wireEnd: 0, frameAt: 0, frameWireEnd: 0, checkLength: 0 }

/** One past the last octet of the payload that begins with layer `next`, on the wire; -1 if it does not say. */
function payloadEnd(packet: Packet, next: number, end: number): number {
  let layer = next
  while (layer < packet.layerCount && protocolName(packet.layerProtocol[layer]) === 'mpls') layer++
  if (layer >= packet.layerCount) return -1
  const name = protocolName(packet.layerProtocol[layer])
  const lengthOf = LENGTHS[name]
  if (lengthOf !== undefined) {
    const at = packet.layerAt[layer]
    const length = at + 4 <= end ? lengthOf(packet.bytes, at) : -1
    return length < 0 ? -1 : at + length
  }
  if (!KNOW_LENGTH.has(name)) return -1
  // A layer `ip` without octets, for a header of version 6.
  if (packet.layerEnd[layer] === packet.layerAt[layer] && layer + 1 < packet.layerCount) layer++
  return packet.layerAt[layer] < end ? packet.layerWireEnd[layer] : -1
}

/**
 * Sets where the frame lies whose header is `layer`, and where it ends: the layer's own ends stand for that no more once a
 * length field has moved them.
 */
export function findFrame(packet: Packet, layer: number, found: Rest): void {
  const at = packet.layerAt[layer]
  found.frameAt = at
  found.end = packet.layerEnd[layer]
  found.wireEnd = packet.layerWireEnd[layer]
  if (layer === 0) {
    found.end = packet.start + packet.capturedLength
    found.wireEnd = packet.start + packet.originalLength
  } else if (packet.layerAt[layer - 1] <= at && at <= packet.layerEnd[layer - 1]) {
    found.end = packet.layerEnd[layer - 1]
    found.wireEnd = packet.layerWireEnd[layer - 1]
  }
  found.frameWireEnd = found.wireEnd
  found.checkLength = 0
}

/** What is behind a payload that is the next layer, and knows its length. */
export const behindPayload: FindRest = (packet, layer, found) => {
  findFrame(packet, layer, found)
  found.at = payloadEnd(packet, layer + 1, found.end)
  return found.at >= 0 && found.at < found.end
}

/** What is behind a payload of `length` octets at `at`, says a field of the header. */
export function behindLength(packet: Packet, layer: number, at: number, length: number, found: Rest): boolean {
  findFrame(packet, layer, found)
  found.at = at + length
  return found.at < found.end
}

/** How the rest is divided; set by `divide`. */
let paddingLength = 0
let trailerLength = 0
let hasCheck = false
let isPaddingUnsure = false

function divide(packet: Packet): void {
  const { bytes } = packet
  let captured = rest.end - rest.at
  let length = rest.wireEnd - rest.at
  const without = packet.originalLength - length
  const isPadded = packet.originalLength >= MIN_LENGTH && without < MIN_LENGTH
  paddingLength = 0
  trailerLength = 0
  hasCheck = false
  isPaddingUnsure = false
  if (isPadded) {
    const needed = Math.min(MIN_LENGTH - without, length)
    let zeros = 0
    while (zeros < needed && zeros < captured && bytes[rest.at + zeros] === 0) zeros++
    // The capture ran out before it was clear: Wireshark goes no further.
    if (zeros < needed && zeros === captured) return
    if (zeros === needed) {
      paddingLength = needed
      captured -= needed
      length -= needed
    }
  }
  const isLong = rest.frameWireEnd - rest.frameAt >= MIN_LENGTH_WITH_CHECK && length >= CHECK_LENGTH
  if (rest.checkLength === CHECK_LENGTH || (rest.checkLength !== 0 && isLong)) {
    hasCheck = true
    captured = captured < length ? Math.min(captured, length - CHECK_LENGTH) : captured - CHECK_LENGTH
  }
  trailerLength = Math.max(0, captured)
  isPaddingUnsure = trailerLength > 0 && isPadded && paddingLength === 0
}

/** Declares the fields of what `find` finds: the padding, the trailer (`trailer`) and the check sequence. */
export function trailerFields(find: FindRest, trailer: string, title: string): readonly Field[] {
  function padded(type: Field['type'], name: string, description: string, read: Field['each'], options = {}): Field {
    return computed(
      type,
      name,
      description,
      (packet, layer, visit) => {
        if (!find(packet, layer, rest)) return false
        divide(packet)
        return read(packet, layer, visit)
      },
      options,
    )
  }
  const checkAt = () => rest.at + paddingLength + trailerLength
  return [
    padded('bytes', 'eth.padding', 'Padding; zeros up to the least length', (_packet, _layer, visit) =>
      paddingLength > 0 ? visit(rest.at, paddingLength) : false,
    ),
    padded('bytes', trailer, `${title}; behind payload and padding`, (_packet, _layer, visit) =>
      trailerLength > 0 ? visit(rest.at + paddingLength, trailerLength) : false,
    ),
    padded(
      'none',
      'eth.padding_bad',
      'Padding identification may be inaccurate and impact trailer dissector',
      (_packet, _layer, visit) => (isPaddingUnsure ? visit(0, 0) : false),
    ),
    padded(
      'uint32',
      'eth.fcs',
      'Frame check sequence',
      (packet, _layer, visit) =>
        hasCheck && checkAt() + CHECK_LENGTH <= rest.end ? visit(read32(packet.bytes, checkAt()), 0) : false,
      { base: 'hex' },
    ),
    padded(
      'uint8',
      'eth.fcs.status',
      'FCS Status; not verified',
      (_packet, _layer, visit) =>
        hasCheck && checkAt() + CHECK_LENGTH <= rest.end ? visit(CHECKSUM_UNVERIFIED, 0) : false,
      { values: checksumStatusNames },
    ),
    // The preference `eth.check_fcs` is off, here and above.
    absent('none', 'eth.fcs_bad', 'Bad checksum'),
  ]
}
