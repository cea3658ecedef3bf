/**
 * What the two sides of one stream said to each other, in the order in which it became readable. A direction that waits for a
 * gap to be filled does not hold up the other.
 *
 * Who is the client is decided when the first octets are handed on, and not changed after that. Quotations in ICMP errors are
 * not part of a stream.
 */

import { read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import {
  ACK,
  ACKNOWLEDGMENT,
  FIN,
  headerLength,
  MIN_HEADER_LENGTH,
  OFFSET_FLAGS,
  RST,
  SEQUENCE,
  SYN,
  segmentLength,
} from '../protocols/tcp/header.ts'
import { TCP } from '../protocols/tcp.ts'
import { UDP, HEADER_LENGTH as UDP_HEADER_LENGTH } from '../protocols/udp.ts'
import { UDP_LITE } from '../protocols/udplite.ts'
import { type ByteSink, ByteStream, type Carrier, type GapCause } from './byte-stream.ts'
import type { StreamName } from './stream-name.ts'
import type { StreamEndpoints, StreamTracker } from './streams.ts'

export type Side = 'client' | 'server'

/** Octets that a side sent: what one segment brought that was new, or one datagram. */
export interface Chunk {
  readonly from: Side
  /** Valid during the call only. */
  readonly bytes: Uint8Array
  readonly at: number
  readonly length: number
  /** Octets that the side sent before, missing ones included. */
  readonly offset: number
  readonly carrier: Carrier
}

/** Octets that a side sent and that are not there. */
export interface Gap {
  readonly from: Side
  readonly offset: number
  readonly length: number
  readonly cause: GapCause
  /** The packet of the octets that come next, or that were cut; null at the end. */
  readonly carrier: Carrier | null
}

export interface FollowSink {
  /** Before the first chunk or gap, or at the end if there are none. */
  begin(endpoints: StreamEndpoints): void
  chunk(chunk: Chunk): void
  gap(gap: Gap): void
}

/** What one side sent. */
export interface SideTotals {
  readonly octets: number
  readonly missing: number
  readonly gaps: number
  /** Octets that came again, those of them that differ from the first copy, and those that came after they were given up. */
  readonly retransmitted: number
  readonly differing: number
  readonly late: number
}

export const NO_TOTALS: SideTotals = { octets: 0, missing: 0, gaps: 0, retransmitted: 0, differing: 0, late: 0 }

export class Follow {
  readonly #name: StreamName
  readonly #sink: FollowSink
  /** As known so far; settled once something was handed on. */
  #endpoints: StreamEndpoints | null = null
  #hasBegun = false
  // By direction.
  readonly #segments: readonly [ByteStream, ByteStream]
  readonly #datagrams = [{ ...NO_TOTALS }, { ...NO_TOTALS }]

  constructor(name: StreamName, sink: FollowSink) {
    this.#name = name
    this.#sink = sink
    this.#segments = [new ByteStream(this.#sinkOf(0)), new ByteStream(this.#sinkOf(1))]
  }

  /** The stream's sides; null before its first packet. */
  get endpoints(): StreamEndpoints | null {
    return this.#endpoints
  }

  totals(side: Side): SideTotals {
    if (this.#endpoints === null) return NO_TOTALS
    const { clientDirection } = this.#endpoints
    const direction = side === 'client' ? clientDirection : 1 - clientDirection
    if (this.#name.protocol === 'udp') return this.#datagrams[direction]
    const { octets, missing, gaps, retransmitted, copies } = this.#segments[direction]
    return { octets, missing, gaps, retransmitted, ...copies }
  }

  /** Takes every packet of the capture; those of other streams are passed over. */
  track(packet: Packet, streams: StreamTracker): void {
    const { protocol, stream } = this.#name
    const layers = Math.min(packet.layerCount, packet.quotedFrom)
    for (let layer = 0; layer < layers; layer++) {
      const id = packet.layerProtocol[layer]
      if (protocol === 'tcp' ? id !== TCP : id !== UDP && id !== UDP_LITE) continue
      if (packet.layerStream[layer] !== stream) continue
      if (!this.#hasBegun) this.#endpoints = streams[protocol].endpoints(packet.layerRow[layer])
      if (protocol === 'tcp') this.#segment(packet, layer)
      else this.#datagram(packet, layer)
    }
  }

  /** The capture is over. */
  end(): void {
    if (this.#endpoints === null) return
    for (const stream of this.#segments) stream.end()
    this.#begin()
  }

  #segment(packet: Packet, layer: number): void {
    const { bytes } = packet
    const start = packet.layerAt[layer]
    const header = headerLength(packet, layer)
    if (header < MIN_HEADER_LENGTH || start + header > packet.layerWireEnd[layer]) return
    const direction = packet.layerDirection[layer]
    const own = this.#segments[direction]
    const other = this.#segments[1 - direction]
    const flags = bytes[start + OFFSET_FLAGS + 1]
    let sequence = read32(bytes, start + SEQUENCE)
    if ((flags & RST) !== 0) {
      // What a RST carries says why it was sent (RFC 9293 §3.5.3); it is not part of the stream.
      if (!own.isReset(sequence)) return
      other.giveUp()
      own.giveUp()
      return
    }
    const acknowledged = read32(bytes, start + ACKNOWLEDGMENT)
    if ((flags & SYN) !== 0) {
      if ((flags & ACK) !== 0) other.answer(acknowledged)
      own.open(sequence++)
    } else if ((flags & ACK) !== 0) other.acknowledge(acknowledged)
    const length = segmentLength(packet, layer)
    if (length > 0) {
      const at = start + header
      own.add(sequence, bytes, at, Math.max(0, packet.layerEnd[layer] - at), length, carrierOf(packet))
    } else if ((flags & SYN) === 0) own.empty(sequence)
    if ((flags & FIN) !== 0) own.close(sequence + length)
  }

  #datagram(packet: Packet, layer: number): void {
    const direction = packet.layerDirection[layer]
    const totals = this.#datagrams[direction]
    const at = packet.layerAt[layer] + UDP_HEADER_LENGTH
    const captured = packet.layerEnd[layer] - at
    const cut = packet.layerWireEnd[layer] - packet.layerEnd[layer]
    const sink = this.#sinkOf(direction)
    const carrier = carrierOf(packet)
    const offset = totals.octets + totals.missing
    totals.octets += captured
    sink.octets(packet.bytes, at, captured, offset, carrier)
    if (cut === 0) return
    totals.missing += cut
    totals.gaps++
    sink.gap(offset + captured, cut, 'snaplen', carrier)
  }

  #begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    this.#sink.begin(this.#endpoints!)
  }

  #sinkOf(direction: number): ByteSink {
    const from = (): Side => {
      this.#begin()
      return this.#endpoints!.clientDirection === direction ? 'client' : 'server'
    }
    return {
      octets: (bytes, at, length, offset, carrier) =>
        this.#sink.chunk({ from: from(), bytes, at, length, offset, carrier }),
      gap: (offset, length, cause, carrier) => this.#sink.gap({ from: from(), offset, length, cause, carrier }),
    }
  }
}

function carrierOf({ number, seconds, nanoseconds, hasTime }: Packet): Carrier {
  return { number, seconds, nanoseconds, hasTime }
}
