/** Payload-carrying packets of streams, apart by the node of the hierarchy that carries them. */
import { growFloat64, growInt32 } from '../tables/grow.ts'

export interface PayloadRow {
  readonly stream: number
  readonly node: number
  readonly packets: number
  readonly bytes: number
}

export class StreamPayloads {
  #count = 0
  /** The node of the stream's first payload; 0 if it had none. */
  #node = new Int32Array(256)
  #packets = new Float64Array(256)
  #bytes = new Float64Array(256)
  // Streams whose packets come by several ways (tagged one way, untagged back) have their other nodes here.
  readonly #others = new Map<string, PayloadRow>()

  /** Hot. */
  count(stream: number, node: number, packets: number, bytes: number): void {
    if (stream >= this.#count) this.#grow(stream)
    if (this.#node[stream] === 0) this.#node[stream] = node
    if (this.#node[stream] !== node) this.#countOther(stream, node, packets, bytes)
    else {
      this.#packets[stream] += packets
      this.#bytes[stream] += bytes
    }
  }

  #countOther(stream: number, node: number, packets: number, bytes: number): void {
    const key = `${stream} ${node}`
    const row = this.#others.get(key)
    this.#others.set(key, {
      stream,
      node,
      packets: packets + (row?.packets ?? 0),
      bytes: bytes + (row?.bytes ?? 0),
    })
  }

  /** `streams` and `nodes` give the numbers here of those of `later`. */
  merge(later: StreamPayloads, streams: Int32Array, nodes: Int32Array): void {
    for (const { stream, node, packets, bytes } of later.rows())
      this.count(streams[stream], nodes[node], packets, bytes)
  }

  *rows(): Generator<PayloadRow> {
    for (let stream = 0; stream < this.#count; stream++)
      if (this.#node[stream] !== 0)
        yield { stream, node: this.#node[stream], packets: this.#packets[stream], bytes: this.#bytes[stream] }
    yield* this.#others.values()
  }

  #grow(stream: number): void {
    this.#count = stream + 1
    this.#node = growInt32(this.#node, stream)
    this.#packets = growFloat64(this.#packets, stream)
    this.#bytes = growFloat64(this.#bytes, stream)
  }
}
