/**
 * Packets that the capture has twice: a mirror port that sees a packet come in and go out, a firewall that captures on both
 * sides, an interface "any" that sees it at every hop inside of a host.
 *
 * A copy has the octets of its original from the IP header on, but for what a router changes (TTL and header checksum); it
 * comes soon after. What is compared: length, identification, destination, and the first 20 octets behind the IP header: ports,
 * numbers, and the checksum over all data and both addresses. A retransmission differs in its identification (RFC 6864 does not demand
 * that, systems do it). Where there is none (IPv6, and 0 in IPv4), a host may well send the same octets twice, such as repeated
 * acknowledgments: those are taken for copies only if they come at once and others around them are doubled, too.
 *
 * What is remembered has a fixed size; a packet whose place was taken by another meanwhile is not recognised.
 */
import { viewOf } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { IPV6 } from '../protocols/ipv6.ts'

const SLOTS = 2048

/** A copy comes within this time of its original if the datagram has an identification that says that it is one ... */
const IDENTIFIED_NANOSECONDS = 100_000_000
/** ... and within this if it has none: IPv6, and identification 0 of IPv4 (RFC 6864 §4.1). */
const ANONYMOUS_NANOSECONDS = 1_000_000

// Octets within the IPv4 header.
/** Total length and identification, one word. */
const LENGTH_IDENTIFICATION = 2
/** Flags and offset of a fragment. */
const FRAGMENT = 6
const V4_DESTINATION = 16
const V4_END = 20
// Within the IPv6 header: payload length and next header, then addresses.
const V6_LENGTH = 4
const V6_ADDRESSES = 8
const V6_END = 40

/** Of the packets before a doubtful copy and itself, so many are looked at; of those there are, one in four must be doubled. */
const NEIGHBOURS = 16
const DOUBLED_SHARE = 1 / 4

// What `compare` says of a packet.
/** It has no IP header, or no time. */
export const NOT_COMPARED = 0
/** Nothing like it came before. */
const IS_NEW = 1
/** The same octets came just before, but nothing says that it is not sent twice. */
const IS_REPEATED = 2
/** The same datagram came before. */
const IS_SAME = 3

/** What became of the first packet of each slot of a part that was merged. */
export interface MergedSlots {
  /** What `compare` says of it now. */
  readonly found: Uint8Array
  /** 1 if it is now the first of its slot in the part that absorbed it. */
  readonly isFirst: Uint8Array
}

export class Copies {
  /** Packets with an IP header, and those of them that are copies of an earlier one. */
  packets = 0
  copies = 0
  /** The slot that the last packet was the first of its part to use; -1 if it was not. Only in a part that continues. */
  firstSlot = -1
  readonly #continues: boolean
  /** For the last packets, a bit each: whether the same came before. The lowest is the last. */
  #neighbours = 0
  /** Seconds since 1970 that times count from, in nanoseconds: spans of a hundred days fit a double exactly then. */
  #origin = Number.NaN
  // By slot: the last packet that used it. A fingerprint of 0 is none.
  readonly #fingerprint = new Int32Array(SLOTS)
  readonly #time = new Float64Array(SLOTS)
  // The same of the first, in a part that continues: whether those are copies depends on the part before.
  readonly #firstFingerprint: Int32Array
  readonly #firstTime: Float64Array

  constructor(continues = false) {
    this.#continues = continues
    const slots = continues ? SLOTS : 0
    this.#firstFingerprint = new Int32Array(slots)
    this.#firstTime = new Float64Array(slots)
  }

  /** Hot: compares the packet with those before; one of the constants. */
  compare(packet: Packet): number {
    this.firstSlot = -1
    const { network, bytes } = packet
    if (network < 0 || !packet.hasTime) return NOT_COMPARED
    const at = packet.layerAt[network]
    const end = packet.layerEnd[network]
    const isV6 = packet.layerProtocol[network] === IPV6
    if (at + (isV6 ? V6_END : V4_END) > end) return NOT_COMPARED
    const view = viewOf(bytes)
    // Sums of products rather than one word mixed after the other: they do not wait for each other.
    let hash: number
    let body: number
    let isAnonymous = true
    if (isV6) {
      hash = Math.imul(view.getInt32(at + V6_LENGTH), 0x9e3779b1)
      for (let word = at + V6_ADDRESSES; word < at + V6_END; word += 4)
        hash = Math.imul(hash, 0x01000193) ^ view.getInt32(word)
      body = at + V6_END
    } else {
      const identified = view.getInt32(at + LENGTH_IDENTIFICATION)
      isAnonymous = (identified & 0xffff) === 0
      hash =
        (Math.imul(identified ^ (view.getUint16(at + FRAGMENT) << 16), 0x9e3779b1) +
          Math.imul(view.getInt32(at + V4_DESTINATION), 0xc2b2ae35)) |
        0
      body = at + (bytes[at] & 15) * 4
    }
    if (body + 20 <= end)
      hash =
        (hash +
          Math.imul(view.getInt32(body), 0x27d4eb2f) +
          Math.imul(view.getInt32(body + 4), 0x165667b1) +
          Math.imul(view.getInt32(body + 8), 0xd3a2646d) +
          Math.imul(view.getInt32(body + 12) ^ Math.imul(view.getInt32(body + 16), 0x2545f491), 0xfd7046c5)) |
        0
    else for (let octet = body; octet < end; octet++) hash = Math.imul(hash, 0x01000193) ^ bytes[octet]
    hash ^= hash >>> 15
    hash = Math.imul(hash, 0x85ebca6b)
    hash ^= hash >>> 13
    // The lowest bit tells which limit holds: datagrams that differ in it are no copies of each other. 0 is no fingerprint.
    const fingerprint = ((hash | 2) & ~1) | (isAnonymous ? 1 : 0)
    const slot = (hash >>> 8) & (SLOTS - 1)
    const { seconds, nanoseconds } = packet
    if (Number.isNaN(this.#origin)) this.#origin = seconds
    const time = (seconds - this.#origin) * 1e9 + nanoseconds
    const found = this.#matches(slot, fingerprint, time)
    if (this.#continues && this.#fingerprint[slot] === 0) {
      this.firstSlot = slot
      this.#firstFingerprint[slot] = fingerprint
      this.#firstTime[slot] = time
    }
    this.#fingerprint[slot] = fingerprint
    this.#time[slot] = time
    return found
  }

  /** Hot: whether that makes the packet a copy; to be asked for each packet, in order. */
  decide(found: number): boolean {
    if (found === NOT_COMPARED) return false
    this.packets++
    const isDoubled = found >= IS_REPEATED
    this.#neighbours = ((this.#neighbours << 1) | (isDoubled ? 1 : 0)) & ((1 << NEIGHBOURS) - 1)
    if (!isDoubled) return false
    if (found === IS_REPEATED) {
      let doubled = 0
      for (let bits = this.#neighbours; bits !== 0; bits &= bits - 1) doubled++
      if (doubled < DOUBLED_SHARE * Math.min(this.packets, NEIGHBOURS)) return false
    }
    this.copies++
    return true
  }

  /** Remembers what the part after this one, which must have been made with `continues`, saw last. Its packets are yet to be decided. */
  merge(later: Copies): MergedSlots {
    const found = new Uint8Array(SLOTS)
    const isFirst = new Uint8Array(SLOTS)
    if (Number.isNaN(this.#origin)) this.#origin = later.#origin
    const offset = (later.#origin - this.#origin) * 1e9
    for (let slot = 0; slot < SLOTS; slot++) {
      if (later.#fingerprint[slot] === 0) continue
      const fingerprint = later.#firstFingerprint[slot]
      const time = later.#firstTime[slot] + offset
      found[slot] = this.#matches(slot, fingerprint, time)
      if (this.#continues && this.#fingerprint[slot] === 0) {
        isFirst[slot] = 1
        this.#firstFingerprint[slot] = fingerprint
        this.#firstTime[slot] = time
      }
      this.#fingerprint[slot] = later.#fingerprint[slot]
      this.#time[slot] = later.#time[slot] + offset
    }
    return { found, isFirst }
  }

  /** Hot: whether the slot holds the same, from a moment near this one, in whatever order the two are in the file. */
  #matches(slot: number, fingerprint: number, time: number): number {
    if (this.#fingerprint[slot] !== fingerprint) return IS_NEW
    const isAnonymous = (fingerprint & 1) !== 0
    const limit = isAnonymous ? ANONYMOUS_NANOSECONDS : IDENTIFIED_NANOSECONDS
    if (Math.abs(time - this.#time[slot]) > limit) return IS_NEW
    return isAnonymous ? IS_REPEATED : IS_SAME
  }
}
