/**
 * When the streams of UDP and UDP-Lite began and were last heard of: what `udp.time_relative` and `udp.time_delta` are measured
 * from. Wireshark measures for datagrams that have data and are no quotations; any datagram may begin a stream.
 */
import type { Packet } from '../packet/packet.ts'
import { UDP } from '../protocols/udp.ts'
import { UDP_LITE } from '../protocols/udplite.ts'
import { growFloat64, growInt32 } from '../tables/grow.ts'

const HEADER_LENGTH = 8

// Columns of a stream.
const FIRST_SECONDS = 0
const FIRST_NANOSECONDS = 1
const PREVIOUS_SECONDS = 2
const PREVIOUS_NANOSECONDS = 3
const WIDTH = 4

export class UdpTimes {
  // By row of the stream.
  #times = new Float64Array(WIDTH * 256)
  /** The number of the stream whose times are in the row, from 1: rows are used again. */
  #number = new Int32Array(256)

  /** Hot: sets `layerTimes` of each UDP and UDP-Lite layer. The streams must have been tracked. */
  track(packet: Packet): void {
    const { layerProtocol, layerTimes } = packet
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const protocol = layerProtocol[layer]
      if (protocol !== UDP && protocol !== UDP_LITE) continue
      layerTimes.number[layer] = 0
      if (packet.layerRow[layer] >= 0) this.#datagram(packet, layer, packet.layerRow[layer])
    }
  }

  /** Hot. */
  #datagram(packet: Packet, layer: number, row: number): void {
    const number = packet.layerStream[layer] + 1
    if (row >= this.#number.length || this.#number[row] !== number) this.#begin(row, number, packet)
    if (layer >= packet.quotedFrom || packet.layerWireEnd[layer] - packet.layerAt[layer] <= HEADER_LENGTH) return
    const times = this.#times
    const at = row * WIDTH
    const { layerTimes } = packet
    layerTimes.number[layer] = packet.number
    layerTimes.seconds[layer] = times[at + FIRST_SECONDS]
    layerTimes.nanoseconds[layer] = times[at + FIRST_NANOSECONDS]
    layerTimes.previousSeconds[layer] = times[at + PREVIOUS_SECONDS]
    layerTimes.previousNanoseconds[layer] = times[at + PREVIOUS_NANOSECONDS]
    times[at + PREVIOUS_SECONDS] = packet.seconds
    times[at + PREVIOUS_NANOSECONDS] = packet.nanoseconds
  }

  #begin(row: number, number: number, packet: Packet): void {
    const at = row * WIDTH
    this.#times = growFloat64(this.#times, at + WIDTH - 1)
    this.#number = growInt32(this.#number, row)
    this.#number[row] = number
    this.#times[at + FIRST_SECONDS] = packet.seconds
    this.#times[at + FIRST_NANOSECONDS] = packet.nanoseconds
    this.#times[at + PREVIOUS_SECONDS] = packet.seconds
    this.#times[at + PREVIOUS_NANOSECONDS] = packet.nanoseconds
  }
}
