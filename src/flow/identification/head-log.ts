/**
 * The first octets of the first payloads of each stream, kept by a part of a capture that others come before: its streams may have begun
 * there, and what names a stream depends on what came first.
 */
import { NONE } from '../../packet/packet.ts'
import type { Payload } from '../signatures/payload.ts'
import { ENOUGH } from './openings.ts'
import { readPorts } from './probe.ts'

/** Payloads of each side that are looked at; of what comes in pieces, the pieces count as one. */
export const MAX_PAYLOADS = 6

/** Before the octets stand both ports, as in a transport header. */
export const PORTS = 4

export interface Head {
  readonly direction: number
  readonly sequence: number
  readonly packet: number
  /** Octets of the payload on the wire. */
  readonly length: number
  /** Both ports, and the first octets. */
  readonly octets: Uint8Array
  /** Not `NONE`: the payload was decoded as this protocol by the layers below, and there are no octets. */
  readonly protocol: number
}

export class HeadLog {
  readonly #heads = new Map<number, Head[]>()

  add(row: number, payload: Payload, portsAt: number, head: Omit<Head, 'length' | 'octets'>): void {
    const octets = new Uint8Array(PORTS + payload.end - payload.at)
    octets.set(payload.bytes.subarray(portsAt, portsAt + PORTS))
    octets.set(payload.bytes.subarray(payload.at, payload.end), PORTS)
    this.push(row, { ...head, length: payload.length, octets })
  }

  push(row: number, head: Head): void {
    const heads = this.#heads.get(row)
    if (heads === undefined) this.#heads.set(row, [head])
    else heads.push(head)
  }

  /** Whether as many payloads of that direction are kept as may be looked at: those that make up an opening are not counted. */
  isFull(row: number, direction: number): boolean {
    let all = 0
    let long = 0
    for (const head of this.of(row)) {
      if (head.direction !== direction || head.protocol !== NONE) continue
      all++
      if (head.length >= ENOUGH) long++
    }
    return long >= MAX_PAYLOADS || all >= MAX_PAYLOADS + ENOUGH
  }

  of(row: number): readonly Head[] {
    return this.#heads.get(row) ?? []
  }

  clear(row: number): void {
    this.#heads.delete(row)
  }
}

/** Makes `payload` what was kept; its ports stand at 0. */
export function readHead(payload: Payload, { octets, length }: Head): void {
  payload.bytes = octets
  payload.at = PORTS
  payload.end = octets.length
  payload.length = length
  readPorts(payload, 0)
}
