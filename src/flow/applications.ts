/**
 * Which application a stream carries, told by its first payloads in either direction.
 *
 * A stream keeps the first name it gets: every payload of an HTTP connection is HTTP, also those in which no message
 * begins. Only the first payloads of a stream are looked at, so the cost is bounded.
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from '../protocols/data.ts'
import { TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import { growUint8 } from '../tables/grow.ts'
import { signatures } from './signatures/index.ts'
import { HEAD_LENGTH, Payload } from './signatures/payload.ts'
import type { StreamMapping, StreamTracker } from './streams.ts'

/** Payloads of a stream that are looked at. */
const MAX_PAYLOADS = 8

/** An application as reports show it. */
export interface Application {
  /** Wireshark's name. */
  readonly name: string
  readonly title: string
}

const overTcp = signatures.filter((signature) => signature.transport !== 'udp')
const overUdp = signatures.filter((signature) => signature.transport !== 'tcp')

class Applications {
  readonly #signatures: typeof signatures
  /** By the first octet of a payload: which signatures it may have, in their order. */
  readonly #candidates: readonly (readonly number[])[]
  readonly #payload = new Payload()
  #count = 0
  /** Index of the signature that matched, from 1; 0 while there is none. */
  #application = new Uint8Array(256)
  /** Payloads looked at; once there is a name, which of them it was told by. */
  #payloads = new Uint8Array(256)

  constructor(candidates: typeof signatures, streams: { onClose(listener: (row: number) => void): void }) {
    this.#signatures = candidates
    const all = [...candidates.keys()]
    this.#candidates = Array.from({ length: 256 }, (_, octet) =>
      all.filter((index) => candidates[index].begins?.includes(octet) ?? true),
    )
    streams.onClose((row) => {
      if (row >= this.#count) return
      this.#application[row] = 0
      this.#payloads[row] = 0
    })
  }

  /** Hot: looks at a payload if the stream has no name yet. */
  observe(packet: Packet, row: number, transport: number): void {
    if (row >= this.#count) this.#grow(row)
    if (this.#application[row] !== 0 || this.#payloads[row] >= MAX_PAYLOADS) return
    this.#payloads[row]++
    const bytes = packet.bytes
    const at = packet.layerAt[transport + 1]
    const ports = packet.layerAt[transport]
    const payload = this.#payload
    payload.bytes = bytes
    payload.at = at
    payload.end = Math.min(packet.layerEnd[transport + 1], at + HEAD_LENGTH)
    payload.length = packet.layerWireEnd[transport + 1] - at
    payload.sourcePort = read16(bytes, ports)
    payload.destinationPort = read16(bytes, ports + 2)
    // Most signatures are ruled out by one octet, which is quicker than asking each.
    const candidates = this.#candidates[bytes[at]]
    for (let i = 0; i < candidates.length; i++) {
      const index = candidates[i]
      if (!this.#signatures[index].matches(payload)) continue
      this.#application[row] = index + 1
      return
    }
  }

  of(row: number): Application | null {
    const index = row < this.#count ? this.#application[row] : 0
    return index === 0 ? null : this.#signatures[index - 1]
  }

  merge(later: Applications, mapping: Int32Array): void {
    for (let theirs = 0; theirs < later.#count; theirs++) {
      if (later.#payloads[theirs] === 0) continue
      const ours = mapping[theirs]
      if (ours >= this.#count) this.#grow(ours)
      if (this.#application[ours] !== 0) continue
      const payloads = this.#payloads[ours] + later.#payloads[theirs]
      if (payloads <= MAX_PAYLOADS) this.#application[ours] = later.#application[theirs]
      this.#payloads[ours] = Math.min(MAX_PAYLOADS, payloads)
    }
  }

  #grow(row: number): void {
    this.#count = row + 1
    this.#application = growUint8(this.#application, row)
    this.#payloads = growUint8(this.#payloads, row)
  }
}

/** Names the streams of a capture, or of a part of one. Streams must have been numbered before. */
export class ApplicationTracker {
  readonly tcp: Applications
  readonly udp: Applications

  constructor(streams: StreamTracker) {
    this.tcp = new Applications(overTcp, streams.tcp)
    this.udp = new Applications(overUdp, streams.udp)
  }

  /** Hot. Only the innermost transport layer carries an application, and only if nothing else was decoded behind it. */
  track(packet: Packet): void {
    const layer = packet.transport
    if (layer < 0 || layer !== packet.layerCount - 2 || packet.layerProtocol[layer + 1] !== DATA) return
    const row = packet.layerRow[layer]
    if (row < 0) return
    const protocol = packet.layerProtocol[layer]
    if (protocol === TCP) this.tcp.observe(packet, row, layer)
    else if (protocol === UDP) this.udp.observe(packet, row, layer)
  }

  merge(later: ApplicationTracker, mapping: StreamMapping): void {
    this.tcp.merge(later.tcp, mapping.tcp)
    this.udp.merge(later.udp, mapping.udp)
  }
}
