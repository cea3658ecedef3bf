/**
 * Tests of integers at fixed places, with constants: the filters that people write most, and so the ones to be fast.
 * They read the octets where they lie, in a loop over the layer table, each in the simplest way its place allows.
 */

import { read16, read32s } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { type Place, readInteger } from '../protocols/field.ts'
import { isShown, SHOWN_OTHERWISE } from './layers.ts'
import { includes, type Ranges } from './ranges.ts'

export type PacketTest = (packet: Packet) => boolean

/** Values up to here are looked up in a table of octets; larger ones in the sorted ranges. */
const MAX_TABLE = 65_536

/** In place of a second offset: there is none. */
const NO_SECOND = -1

/** Whether a value at one of `places` in a layer of `protocol` is in `set`, which is not empty. */
export function anyPlaced(protocol: number, places: readonly Place[], set: Ranges): PacketTest {
  const [first, second] = places
  if (places.length === 1) return anyOfTwo(protocol, first, NO_SECOND, set)
  // Source and destination are alike but for where they lie: one loop for both.
  if (places.length === 2 && first.width === second.width && first.mask === second.mask)
    return anyOfTwo(protocol, first, second.offset, set)
  const tests = places.map((place) => anyOfTwo(protocol, place, NO_SECOND, set))
  return (packet) => tests.some((test) => test(packet))
}

function anyOfTwo(protocol: number, place: Place, second: number, set: Ranges): PacketTest {
  const { offset, width, mask, shift } = place
  if (set.length > 1) return anyInTable(protocol, place, second, set)
  const low = Math.max(0, set[0][0])
  const high = Math.min(0xffff_ffff, set[0][1])
  if (low > high) return () => false
  // As unsigned numbers: low <= value <= high if and only if value - low <= high - low.
  const base = low | 0
  const span = (high - low) >>> 0
  const isWhole = shift === 0 && mask === (width === 4 ? -1 : 2 ** (8 * width) - 1)
  if (isWhole && width === 2) return any16(protocol, offset, second, base, span)
  if (isWhole && width === 4) return any32(protocol, offset, second, base, span)
  /** Hot. */
  return (packet) => {
    const { bytes, layerProtocol, layerAt, layerEnd, layerCount } = packet
    for (let layer = 0; layer < layerCount; layer++) {
      if (layerProtocol[layer] !== protocol) continue
      const start = layerAt[layer]
      const last = layerEnd[layer] - width
      let at = start + offset
      if (at <= last && (((readInteger(bytes, at, width) & mask) >>> shift) - base) >>> 0 <= span) return true
      at = start + second
      if (second >= 0 && at <= last && (((readInteger(bytes, at, width) & mask) >>> shift) - base) >>> 0 <= span)
        return true
    }
    return false
  }
}

/** The same for whole integers of two octets: ports, lengths, types. */
function any16(protocol: number, first: number, second: number, base: number, span: number): PacketTest {
  /** Hot. */
  return (packet) => {
    const { bytes, layerProtocol, layerAt, layerEnd, layerCount } = packet
    for (let layer = 0; layer < layerCount; layer++) {
      if (layerProtocol[layer] !== protocol) continue
      const start = layerAt[layer]
      const last = layerEnd[layer] - 2
      if (start + first <= last && (read16(bytes, start + first) - base) >>> 0 <= span) return true
      if (second >= 0 && start + second <= last && (read16(bytes, start + second) - base) >>> 0 <= span) return true
    }
    return false
  }
}

/** The same for whole integers of four octets: IPv4 addresses and subnets. */
function any32(protocol: number, first: number, second: number, base: number, span: number): PacketTest {
  /** Hot. */
  return (packet) => {
    const { bytes, layerProtocol, layerAt, layerEnd, layerCount } = packet
    for (let layer = 0; layer < layerCount; layer++) {
      if (layerProtocol[layer] !== protocol) continue
      const start = layerAt[layer]
      const last = layerEnd[layer] - 4
      if (start + first <= last && (read32s(bytes, start + first) - base) >>> 0 <= span) return true
      if (second >= 0 && start + second <= last && (read32s(bytes, start + second) - base) >>> 0 <= span) return true
    }
    return false
  }
}

/** The same for several ranges of values. */
function anyInTable(protocol: number, place: Place, second: number, set: Ranges): PacketTest {
  const { offset, width, mask, shift } = place
  const size = 2 ** (8 * width)
  const table = new Uint8Array(size <= MAX_TABLE ? size : 0)
  // Entered by the octets as they are, other bits included: no mask and no shift for each packet.
  for (let octets = 0; octets < table.length; octets++) table[octets] = includes(set, (octets & mask) >>> shift) ? 1 : 0
  const has: (octets: number) => boolean =
    table.length > 0 ? (octets) => table[octets] === 1 : (octets) => includes(set, ((octets & mask) >>> shift) >>> 0)
  /** Hot. */
  return (packet) => {
    const { bytes, layerProtocol, layerAt, layerEnd, layerCount } = packet
    for (let layer = 0; layer < layerCount; layer++) {
      if (layerProtocol[layer] !== protocol) continue
      const start = layerAt[layer]
      const last = layerEnd[layer] - width
      if (start + offset <= last && has(readInteger(bytes, start + offset, width))) return true
      if (second >= 0 && start + second <= last && has(readInteger(bytes, start + second, width))) return true
    }
    return false
  }
}

/** Whether a layer of `protocol` reaches behind one of `places`: the field is there. */
export function placedExists(protocol: number, places: readonly Place[]): PacketTest {
  const need = Math.min(...places.map((place) => place.offset + place.width))
  /** Hot. */
  return (packet) => {
    const { layerProtocol, layerAt, layerEnd, layerCount } = packet
    for (let layer = 0; layer < layerCount; layer++)
      if (layerProtocol[layer] === protocol && layerAt[layer] + need <= layerEnd[layer]) return true
    return false
  }
}

/** Whether there is a layer of `protocol` that Wireshark shows: one with a captured octet, as a rule. */
export function layerExists(protocol: number): PacketTest {
  if (SHOWN_OTHERWISE.includes(protocol))
    return (packet) => {
      for (let layer = 0; layer < packet.layerCount; layer++)
        if (packet.layerProtocol[layer] === protocol && isShown(packet, layer)) return true
      return false
    }
  /** Hot. */
  return (packet) => {
    const { layerProtocol, layerAt, layerEnd, layerCount } = packet
    for (let layer = 0; layer < layerCount; layer++)
      if (layerProtocol[layer] === protocol && layerAt[layer] < layerEnd[layer]) return true
    return false
  }
}
