/** The TCP header: where its parts lie, and how its options are walked. RFC 9293 §3.1, §3.2; drawn in `../tcp.ts`. */
import type { Packet } from '../../packet/packet.ts'

/** Octets in a header without options, and so the smallest legal one. */
export const MIN_HEADER_LENGTH = 20

// Octets from the first octet of this header.
export const SOURCE_PORT = 0
export const DESTINATION_PORT = 2
export const SEQUENCE = 4
export const ACKNOWLEDGMENT = 8
export const OFFSET_FLAGS = 12
export const WINDOW = 14
export const CHECKSUM = 16
export const URGENT = 18

// Control bits, in the octet at OFFSET_FLAGS + 1.
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10
export const URG = 0x20

// Option kinds (RFC 9293 §3.2, RFC 7323 §2.2, RFC 2018 §2, RFC 7413 §4.1.1).
export const END_OF_OPTIONS = 0
export const NO_OPERATION = 1
export const MAXIMUM_SEGMENT_SIZE = 2
export const WINDOW_SCALE = 3
export const SACK = 5
export const FAST_OPEN = 34
export const EXPERIMENT_1 = 253
export const EXPERIMENT_2 = 254

/** The experiment that Fast Open was before it had a kind of its own (RFC 6994 §4). */
export const EXPERIMENT_FAST_OPEN = 0xf989
/** Octets of kind, length and the identifier of an experiment. */
export const EXPERIMENT_HEADER = 4

/** Octets of a selective acknowledgment of one block (RFC 2018 §3). */
const SACK_MIN_LENGTH = 10

/** The largest window scale that counts (RFC 7323 §2.3). */
export const MAX_SHIFT = 14

/** Octets of the header as its data offset says; less than `MIN_HEADER_LENGTH` if that is bogus. */
export function headerLength(packet: Packet, layer: number): number {
  return (packet.bytes[packet.layerAt[layer] + OFFSET_FLAGS] >> 4) * 4
}

/** Octets of data in the segment, on the wire. */
export function segmentLength(packet: Packet, layer: number): number {
  return Math.max(0, packet.layerWireEnd[layer] - packet.layerAt[layer] - headerLength(packet, layer))
}

/** Control bits of the segment; 0 if they were not captured. */
export function flagsOf(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer] + OFFSET_FLAGS + 1
  return at < packet.layerEnd[layer] ? packet.bytes[at] : 0
}

/** Not of a segment that an ICMP error quotes: Wireshark shows no lengths and no raw sequence number there. */
export function notQuoted(packet: Packet, layer: number): boolean {
  return layer < packet.quotedFrom
}

/** One past the options that were captured. */
export function optionsEnd(packet: Packet, layer: number): number {
  return Math.min(packet.layerAt[layer] + headerLength(packet, layer), packet.layerEnd[layer])
}

/** Calls `visit(kind, at, length)` for each captured option; length counts the kind and length octets. */
export function eachOption(
  packet: Packet,
  layer: number,
  visit: (kind: number, at: number, length: number) => boolean,
): boolean {
  const bytes = packet.bytes
  const end = optionsEnd(packet, layer)
  let at = packet.layerAt[layer] + MIN_HEADER_LENGTH
  while (at < end) {
    const kind = bytes[at]
    if (kind === END_OF_OPTIONS || kind === NO_OPERATION) {
      if (visit(kind, at, 1)) return true
      // RFC 9293 §3.2: zeros behind the end of the list are padding. Wireshark lists them, unless something else follows.
      if (kind === END_OF_OPTIONS && !isZero(bytes, at, end)) return false
      at++
      continue
    }
    if (at + 2 > end) return false
    const length = bytes[at + 1]
    if (length < 2 || at + length > end) return false
    if (visit(kind, at, length)) return true
    // Wireshark gives up at a selective acknowledgment of nothing.
    if (kind === SACK && length < SACK_MIN_LENGTH) return false
    at += length
  }
  return false
}

/** Whether the list of options fills its space, with nothing cut, too short or behind its end. */
export function isListSound(packet: Packet, layer: number): boolean {
  let next = packet.layerAt[layer] + MIN_HEADER_LENGTH
  eachOption(packet, layer, (_kind, at, length) => {
    next = at + length
    return false
  })
  return next === packet.layerAt[layer] + headerLength(packet, layer)
}

export function isZero(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at] !== 0) return false
  return true
}
