/**
 * What one side of a TCP stream says first, put together where its first segments are short: a request typed letter by letter is
 * told like one that came at once.
 */
import type { Payload } from '../signatures/payload.ts'
import { readPorts } from './probe.ts'

/** An opening of this many octets is not added to. */
export const ENOUGH = 64
/** Openings kept; of streams that say next to nothing there may be millions. */
const MAX_OPENINGS = 65_536
/** Before the octets stand both ports, as in a TCP header. */
const PORTS = 4
const CAPACITY = PORTS + 2 * ENOUGH

interface Opening {
  readonly octets: Uint8Array
  length: number
  /** The sequence number that follows, modulo 2^32 and signed. */
  next: number
}

export class Openings {
  /** By row, and direction in the lowest bit; the oldest first. */
  readonly #openings = new Map<number, Opening>()

  /** The first payload of a direction: kept if it is short. */
  begin(key: number, payload: Payload, portsAt: number, sequence: number): void {
    if (payload.length >= ENOUGH || payload.end - payload.at < payload.length) return
    const octets = new Uint8Array(CAPACITY)
    octets.set(payload.bytes.subarray(portsAt, portsAt + PORTS))
    const opening = { octets, length: 0, next: sequence }
    add(opening, payload)
    this.#openings.set(key, opening)
    if (this.#openings.size > MAX_OPENINGS) this.#openings.delete(this.#openings.keys().next().value as number)
  }

  /** Adds what follows directly, and makes `into` what there is now; false if nothing was added. */
  extend(key: number, payload: Payload, sequence: number, into: Payload): boolean {
    const opening = this.#openings.get(key)
    if (opening === undefined || sequence !== opening.next) return false
    add(opening, payload)
    if (opening.length >= ENOUGH || payload.end - payload.at < payload.length) this.#openings.delete(key)
    into.bytes = opening.octets
    into.at = PORTS
    into.end = PORTS + opening.length
    into.length = opening.length
    into.isFirst = true
    readPorts(into, 0)
    return true
  }

  /** The rows of which something is kept; some twice. */
  *rows(): Generator<number> {
    for (const key of this.#openings.keys()) yield key >> 1
  }

  /** Forgets both directions of the row. */
  clear(row: number): void {
    if (this.#openings.size === 0) return
    this.#openings.delete(2 * row)
    this.#openings.delete(2 * row + 1)
  }
}

function add(opening: Opening, { bytes, at, end, length }: Payload): void {
  const room = CAPACITY - PORTS - opening.length
  const part = bytes.subarray(at, Math.min(end, at + room))
  opening.octets.set(part, PORTS + opening.length)
  opening.length += part.length
  opening.next = (opening.next + length) | 0
}
