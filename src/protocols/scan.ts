/**
 * Fields of messages that must be read from front to back: what comes next, and where, depends on what came before.
 *
 * A module declares items (fields without a place) and one function that walks the octets of a layer and says where each
 * item lies, in the order of Wireshark's. A field's values are what that walk meets under its name. The walk ends where the
 * octets do: an item that is not there in full is not there, and neither is anything behind it.
 *
 * Not hot: a walk is made for each field that is asked for.
 */
import { read16, read32, read64 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import {
  type Base,
  type Field,
  type FieldOptions,
  type FieldType,
  readInteger,
  type ValueNames,
  type Visit,
} from './field.ts'

/** A field that a walk places. */
export interface Item {
  readonly type: FieldType
  readonly name: string
  readonly description: string
  readonly base: Base
  readonly values?: ValueNames
  /** Octets that it is read from, and those that follow begin behind; 0 where each use says how many. */
  readonly octets: number
  /** The bits that count, before shifting; 0 for all. */
  readonly mask: number
}

/** Items that begin at the same octet: a number and its bits. The walk goes on behind the first. */
export type Row = readonly Item[]

const OCTETS: Partial<Record<FieldType, number>> = {
  uint8: 1,
  int8: 1,
  boolean: 1,
  uint16: 2,
  int16: 2,
  uint24: 3,
  uint32: 4,
  int32: 4,
  ipv4: 4,
  ether: 6,
  uint64: 8,
  eui64: 8,
  ipv6: 16,
}

const LARGEST_INTEGER = 4

export function item(type: FieldType, name: string, description: string, options: FieldOptions = {}): Item {
  const { base = 'dec', values } = options
  return { type, name, description, base, values, octets: OCTETS[type] ?? 0, mask: 0 }
}

/** Some bits of an integer of `octets` octets. */
export function part(
  type: FieldType,
  name: string,
  octets: number,
  mask: number,
  description: string,
  options: FieldOptions = {},
): Item {
  return { ...item(type, name, description, options), octets, mask }
}

/** One bit as a boolean. */
export function flag(name: string, octets: number, mask: number, description: string): Item {
  return part('boolean', name, octets, mask, description)
}

/** One walk over a layer on behalf of one field. */
export class Scan {
  readonly packet: Packet
  readonly layer: number
  readonly bytes: Uint8Array
  /** First octet of the layer. */
  readonly start: number
  /** Where the next item lies. */
  at: number
  /** One past the last octet that may be read. */
  end: number
  /** Whether anything more can be met; false behind the end, and once the visitor has seen enough. */
  going = true
  /** What the visitor answered last. */
  found = false
  readonly #wanted: string
  readonly #type: FieldType
  readonly #visit: Visit

  constructor(packet: Packet, layer: number, wanted: string, type: FieldType, visit: Visit) {
    this.packet = packet
    this.layer = layer
    this.bytes = packet.bytes
    this.start = packet.layerAt[layer]
    this.at = this.start
    this.end = packet.layerEnd[layer]
    this.#wanted = wanted
    this.#type = type
    this.#visit = visit
  }

  get left(): number {
    return this.end - this.at
  }

  /** Whether `octets` more are there; if not, the walk ends here. */
  need(octets: number): boolean {
    if (this.going && (octets < 0 || octets > this.end - this.at)) this.going = false
    return this.going
  }

  /** The item lies here, with this many octets. */
  here(what: Item, octets: number = what.octets): void {
    if (this.need(octets) && this.#isWanted(what)) this.#read(what, this.at, octets)
  }

  /** The item lies here; the walk goes on behind it. */
  add(what: Item, octets: number = what.octets): void {
    this.here(what, octets)
    if (this.going) this.at += octets
  }

  /** The items of each row lie here, row behind row. */
  rows(rows: readonly Row[]): void {
    for (const row of rows) {
      for (const each of row) this.here(each, row[0].octets)
      if (this.going) this.at += row[0].octets
    }
  }

  /** The item has this value, wherever it comes from. */
  // biome-ignore lint/suspicious/noExplicitAny: what a value is depends on the field's type.
  put(what: Item, value: any, extra = 0): void {
    if (this.going && this.#isWanted(what)) this.#hand(value, extra)
  }

  /** The item is there, and has no value. */
  mark(what: Item): void {
    this.put(what, 0)
  }

  /** An address of which only `octets` are in the packet, here; they go to `first` of an address that is else zero. */
  address(what: Item, octets: number, first = 0): void {
    if (!this.need(octets) || !this.#isWanted(what)) return
    const address = new Uint8Array(what.octets)
    const kept = Math.min(octets, what.octets - first)
    address.set(this.bytes.subarray(this.at, this.at + kept), first)
    this.octets(what, address)
  }

  /** The item has octets that are nowhere in the packet as they are. */
  octets(what: Item, octets: ArrayLike<number>): void {
    if (!this.going || !this.#isWanted(what)) return
    if (visitOctets(this.packet, octets, this.#visit)) {
      this.found = true
      this.going = false
    }
  }

  /** Goes on `octets` further. */
  skip(octets: number): void {
    if (this.need(octets)) this.at += octets
  }

  /** The octet `offset` behind here; 0, and the end of the walk, if it is not there. */
  octet(offset = 0): number {
    return this.need(offset + 1) ? this.bytes[this.at + offset] : 0
  }

  /** The same for two octets. */
  two(offset = 0): number {
    return this.need(offset + 2) ? read16(this.bytes, this.at + offset) : 0
  }

  stop(): void {
    this.going = false
  }

  /** A name may stand for values of two types. */
  #isWanted({ name, type }: Item): boolean {
    return name === this.#wanted && type === this.#type
  }

  #hand(value: unknown, extra: number): void {
    if (this.#visit(value, extra)) {
      this.found = true
      this.going = false
    }
  }

  #read({ type, mask }: Item, at: number, octets: number): void {
    const { bytes } = this
    switch (type) {
      case 'none':
        this.#hand(0, 0)
        return
      case 'bytes':
      case 'ipv6':
      case 'ether':
        this.#hand(at, octets)
        return
      case 'uint64':
      case 'eui64':
        this.#hand(octets === 8 ? read64(bytes, at) : BigInt(readWide(bytes, at, octets)), 0)
        return
      case 'int32':
        this.#hand(read32(bytes, at) | 0, 0)
        return
      case 'string':
        this.#hand(textOf(bytes, at, octets), 0)
        return
      default:
        if (octets > LARGEST_INTEGER || octets === 0) return
        this.#hand(masked(readInteger(bytes, at, octets), mask), 0)
        return
    }
  }
}

function readWide(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0
  for (let i = 0; i < octets; i++) value = value * 256 + bytes[at + i]
  return value
}

function masked(value: number, mask: number): number {
  if (mask === 0) return value
  return ((value & mask) >>> (31 - Math.clz32(mask & -mask))) >>> 0
}

/** Text ends at a zero octet. */
function textOf(bytes: Uint8Array, at: number, octets: number): string {
  let end = at
  while (end < at + octets && bytes[end] !== 0) end++
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8')
}

/** Visits octets that are nowhere in the packet as they are: they are put behind what decoding has rebuilt, until the next. */
export function visitOctets(packet: Packet, octets: ArrayLike<number>, visit: Visit): boolean {
  const target = packet.scratchFree
  if (target + octets.length > packet.bytes.length) return false
  packet.bytes.set(octets, target)
  return visit(target, octets.length)
}

/** Declares the fields that `walk` meets, in the order of the items; one that is named several times, with one type, is one field. */
export function scanned(items: readonly Item[], walk: (scan: Scan) => void): Field[] {
  const fields = new Map<string, Field>()
  for (const { type, name, description, base, values } of items) {
    const key = `${type} ${name}`
    if (fields.has(key)) continue
    fields.set(key, {
      type,
      name,
      description,
      base,
      values,
      each(packet, layer, visit) {
        const scan = new Scan(packet, layer, name, type, visit)
        walk(scan)
        return scan.found
      },
    })
  }
  return [...fields.values()]
}
