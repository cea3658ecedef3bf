/**
 * Sources of values, and sources made of others. Everything that a source needs is made once: reading values allocates
 * nothing but the texts and big numbers that are values. A source keeps the state of one reading in its closure, so one
 * reading ends before the next.
 */
import type { Packet } from '../packet/packet.ts'
import type { Visit } from '../protocols/field.ts'
import { spend, willPair } from './effort.ts'

/** Hands the values of an operand to a visitor, in the notation of `protocols/field.ts`. */
export interface Source {
  /** Calls `visit` for each value; stops and returns true as soon as `visit` does. */
  readonly each: (packet: Packet, visit: Visit) => boolean
  /** Where the octets of the value being visited lie. */
  readonly octets: (packet: Packet) => Uint8Array
}

export const inPacket = (packet: Packet): Uint8Array => packet.bytes

/** An array that grows when a packet needs more, and is kept. */
export class GrowingBuffer {
  octets = new Uint8Array(64)

  reserve(length: number): Uint8Array {
    if (length > this.octets.length) {
      const grown = new Uint8Array(2 * length)
      grown.set(this.octets)
      this.octets = grown
    }
    return this.octets
  }
}

/** A source whose values are made from those of `source`, one by one, by a visitor that `make` gives. */
export function mapped(source: Source, make: (pass: Visit) => Visit, octets = source.octets): Source {
  let visit: Visit
  const visitor = make((value, extra) => visit(value, extra))
  return {
    each(packet, visitMapped) {
      visit = visitMapped
      return source.each(packet, visitor)
    },
    octets,
  }
}

/** The same for values that are octets, which `make` gets with the value. */
export function mappedOctets(
  source: Source,
  make: (pass: Visit) => (octets: Uint8Array, at: number, length: number) => boolean,
  octets = source.octets,
): Source {
  let visit: Visit
  let current: Packet
  const inner = make((value, extra) => visit(value, extra))
  const visitor: Visit = (at, length) => inner(source.octets(current), at, length)
  return {
    each(packet, visitMapped) {
      visit = visitMapped
      current = packet
      return source.each(packet, visitor)
    },
    octets,
  }
}

/** Every pair of a left and a right value, through `combine`. */
export function paired(
  left: Source,
  right: Source,
  // biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
  combine: (a: any, aExtra: number, b: any, bExtra: number, packet: Packet, pass: Visit) => boolean,
  octets: Source['octets'] = inPacket,
): Source {
  let visit: Visit
  let current: Packet
  // biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
  let a: any
  let aExtra = 0
  willPair()
  const pass: Visit = (value, extra) => visit(value, extra)
  const visitRight: Visit = (b, bExtra) => spend() && combine(a, aExtra, b, bExtra, current, pass)
  const visitLeft: Visit = (value, extra) => {
    if (!spend()) return false
    a = value
    aExtra = extra
    return right.each(current, visitRight)
  }
  return {
    each(packet, visitResult) {
      visit = visitResult
      current = packet
      return left.each(packet, visitLeft)
    },
    octets,
  }
}
