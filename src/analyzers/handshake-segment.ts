/**
 * A TCP segment that a handshake is told by, as eight 32-bit words: what of it is logged, and nothing else.
 *
 * The times of a handshake are told by sequence and acknowledgment numbers, which lie in the fixed 20 octets of the header,
 * so any snaplen that keeps those will do. TCP's timestamps (RFC 7323) are taken along where they were captured: they say
 * which of several SYNs was answered.
 */
import { read16, read32s } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { IPV4 } from '../protocols/ipv4.ts'
import { IPV6 } from '../protocols/ipv6.ts'
import {
  ACK,
  ACKNOWLEDGMENT,
  CHECKSUM,
  END_OF_OPTIONS,
  headerLength,
  MIN_HEADER_LENGTH,
  NO_OPERATION,
  optionsEnd,
  RST,
  SEQUENCE,
  SYN,
  segmentLength,
} from '../protocols/tcp/header.ts'

/** Words of a segment, the last of which is for the log. */
export const SEGMENT_WORDS = 8

// Words.
/** What kind of segment, from where, with what; see the bits below. Seconds beyond 32 bits are in its upper 24 bits. */
export const META = 0
/** Whole seconds since 1970, modulo 2^32. */
export const SECONDS = 1
export const NANOSECONDS = 2
export const SEQUENCE_NUMBER = 3
/** Acknowledgment number; a SYN has none, and its TSval is here. */
export const ACKNOWLEDGED = 4
/** What tells a copy of a packet from a segment sent again: the identification of IPv4 (0 in IPv6), and TCP's checksum. */
export const IDENTITY = 5
/** SYN: octets of data. SYN-ACK: TSecr. */
export const EXTRA = 6

// Kinds: the lowest bits of META.
export const SEGMENT_SYN = 0
export const SEGMENT_SYN_ACK = 1
export const SEGMENT_ACK = 2
export const SEGMENT_RESET = 3
/** A reset that also acknowledges, as the answer to a SYN does (RFC 9293 §3.10.7.1). */
export const SEGMENT_RESET_ACK = 4

// Further bits of META.
export const KIND_MASK = 7
/** Set if the higher endpoint of the stream sent the segment. */
export const DIRECTION_BIT = 3
const HAS_TIME = 1 << 4
export const HAS_TIMESTAMP = 1 << 5
export const HAS_DATA = 1 << 6
const HIGH_SECONDS_BIT = 8

const SECONDS_OF_HIGH = 0x1_0000_0000
/** Times further from 1970 than this are damage, and do not fit: they count as not known. */
const MAX_SECONDS = 2 ** 53

const IDENTIFICATION = 4
/** Kind, length and data of the option (RFC 7323 §3.2): kind, length, TSval, TSecr. */
const TIMESTAMPS = 8
const TIMESTAMPS_LENGTH = 10
const TSVAL = 2
const TSECR = 6

/** Hot: fills `words` with the TCP segment in `layer`, of which 16 octets at least were captured. */
export function fillSegment(words: Int32Array, packet: Packet, layer: number, flags: number): void {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  let kind = SEGMENT_ACK
  if ((flags & SYN) !== 0) kind = (flags & ACK) !== 0 ? SEGMENT_SYN_ACK : SEGMENT_SYN
  else if ((flags & RST) !== 0) kind = (flags & ACK) !== 0 ? SEGMENT_RESET_ACK : SEGMENT_RESET
  const length = segmentLength(packet, layer)
  let meta = kind | (packet.layerDirection[layer] << DIRECTION_BIT) | (length > 0 ? HAS_DATA : 0)
  words[SECONDS] = words[NANOSECONDS] = 0
  if (packet.hasTime && Math.abs(packet.seconds) < MAX_SECONDS) {
    // What is stored there is taken modulo 2^32.
    words[SECONDS] = packet.seconds
    words[NANOSECONDS] = packet.nanoseconds
    meta |= HAS_TIME | (Math.floor(packet.seconds / SECONDS_OF_HIGH) << HIGH_SECONDS_BIT)
  }
  words[SEQUENCE_NUMBER] = read32s(bytes, at + SEQUENCE)
  words[ACKNOWLEDGED] = kind === SEGMENT_SYN ? 0 : read32s(bytes, at + ACKNOWLEDGMENT)
  words[EXTRA] = kind === SEGMENT_SYN ? length : 0
  const checksum = at + CHECKSUM + 2 <= packet.layerEnd[layer] ? read16(bytes, at + CHECKSUM) : 0
  words[IDENTITY] = (identification(packet, layer) << 16) | checksum
  if (kind <= SEGMENT_SYN_ACK) {
    const option = timestamps(packet, layer)
    if (option >= 0) {
      meta |= HAS_TIMESTAMP
      if (kind === SEGMENT_SYN) words[ACKNOWLEDGED] = read32s(bytes, option + TSVAL)
      else words[EXTRA] = read32s(bytes, option + TSECR)
    }
  }
  words[META] = meta
}

/** Hot: whole seconds since 1970, NaN if the time is not known. */
export function secondsOf(meta: number, low: number): number {
  return (meta & HAS_TIME) === 0 ? Number.NaN : (meta >> HIGH_SECONDS_BIT) * SECONDS_OF_HIGH + (low >>> 0)
}

/** Hot: the identification of the datagram that carries the segment; 0 in IPv6. */
function identification(packet: Packet, layer: number): number {
  for (let network = layer - 1; network >= 0; network--) {
    const protocol = packet.layerProtocol[network]
    if (protocol === IPV4) return read16(packet.bytes, packet.layerAt[network] + IDENTIFICATION)
    if (protocol === IPV6) return 0
  }
  return 0
}

/** Hot: where the timestamps option begins, -1 if it was not captured. */
function timestamps(packet: Packet, layer: number): number {
  if (headerLength(packet, layer) <= MIN_HEADER_LENGTH) return -1
  const { bytes } = packet
  const end = optionsEnd(packet, layer)
  for (let at = packet.layerAt[layer] + MIN_HEADER_LENGTH; at + TIMESTAMPS_LENGTH <= end; ) {
    const kind = bytes[at]
    if (kind === TIMESTAMPS) return bytes[at + 1] === TIMESTAMPS_LENGTH ? at : -1
    if (kind === END_OF_OPTIONS) return -1
    if (kind === NO_OPERATION) at++
    else if (bytes[at + 1] < 2) return -1
    else at += bytes[at + 1]
  }
  return -1
}
