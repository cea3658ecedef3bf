import { MAX_LAYERS, type Packet } from '../packet/packet.ts'
import type { TcpFacts } from '../packet/tcp-facts.ts'

/** The last layers of a packet, kept while others are put before them. */
export class SetAsideLayers {
  #count = 0
  readonly #protocol = new Uint16Array(MAX_LAYERS)
  readonly #at = new Int32Array(MAX_LAYERS)
  readonly #end = new Int32Array(MAX_LAYERS)
  readonly #wireEnd = new Int32Array(MAX_LAYERS)
  readonly #stream = new Int32Array(MAX_LAYERS)
  readonly #row = new Int32Array(MAX_LAYERS)
  readonly #direction = new Uint8Array(MAX_LAYERS)
  readonly #repeats = new Uint8Array(MAX_LAYERS)
  readonly #facts: TcpFacts[] = []

  take(packet: Packet, from: number): void {
    this.#count = packet.layerCount - from
    for (let i = 0; i < this.#count; i++) {
      this.#protocol[i] = packet.layerProtocol[from + i]
      this.#at[i] = packet.layerAt[from + i]
      this.#end[i] = packet.layerEnd[from + i]
      this.#wireEnd[i] = packet.layerWireEnd[from + i]
      this.#stream[i] = packet.layerStream[from + i]
      this.#row[i] = packet.layerRow[from + i]
      this.#direction[i] = packet.layerDirection[from + i]
      this.#repeats[i] = packet.layerRepeats[from + i]
      this.#facts[i] = packet.tcpFacts[from + i]
    }
    packet.layerCount = from
  }

  giveBack(packet: Packet): void {
    const to = packet.layerCount
    const count = Math.min(this.#count, MAX_LAYERS - to)
    for (let i = count - 1; i >= 0; i--) {
      packet.layerProtocol[to + i] = this.#protocol[i]
      packet.layerAt[to + i] = this.#at[i]
      packet.layerEnd[to + i] = this.#end[i]
      packet.layerWireEnd[to + i] = this.#wireEnd[i]
      packet.layerStream[to + i] = this.#stream[i]
      packet.layerRow[to + i] = this.#row[i]
      packet.layerDirection[to + i] = this.#direction[i]
      packet.layerRepeats[to + i] = this.#repeats[i]
      // The objects change places, so that each layer has one of its own.
      const facts = packet.tcpFacts[to + i]
      packet.tcpFacts[to + i] = this.#facts[i]
      this.#facts[i] = facts
    }
    packet.layerCount = to + count
  }
}
