/** What decoders find out about a layer and its fields ask for later: state of the conversation at that time. */
import type { Packet } from '../../packet/packet.ts'

/** Layers noted for one packet; past it the oldest are forgotten. */
const MAX_NOTES = 64

/**
 * Notes on layers of the packet in hand. A layer is told by its first octet: its place in the layer table may change while
 * the packet is decoded. Notes are used again for later packets, so nothing is allocated for each.
 */
export class LayerNotes<T> {
  #packetNumber = -1
  #count = 0
  readonly #at: number[] = []
  readonly #notes: T[] = []
  readonly #make: () => T

  constructor(make: () => T) {
    this.#make = make
  }

  /** Hot: the note for the layer that begins at `at`. It has the values of an older note: all must be set. */
  add(packet: Packet, at: number): T {
    if (packet.number !== this.#packetNumber || this.#count === MAX_NOTES) {
      this.#packetNumber = packet.number
      this.#count = 0
    }
    const index = this.#count++
    if (index === this.#notes.length) this.#notes.push(this.#make())
    this.#at[index] = at
    return this.#notes[index]
  }

  /** The latest note for a layer; null if there is none. */
  of(packet: Packet, layer: number): T | null {
    if (packet.number !== this.#packetNumber) return null
    for (let i = this.#count - 1; i >= 0; i--) if (this.#at[i] === packet.layerAt[layer]) return this.#notes[i]
    return null
  }
}
