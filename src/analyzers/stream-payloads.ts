/** Streams, and their payload-carrying packets, apart by the node of the hierarchy that carries them. */
import { growFloat64, growInt32 } from '../tables/grow.ts'

export interface PayloadRow {
  /** The row of the stream. */
  readonly row: number
  readonly node: number
  readonly packets: number
  readonly bytes: number
  /** It is where the stream's first packet came by. */
  readonly isFirst: boolean
}

export type StreamPayloadsState = ReturnType<StreamPayloads['save']>

export class StreamPayloads {
  #count = 0
  // By row of the stream.
  /** The node of the stream's first packet; 0 if there was none. */
  #node = new Int32Array(256)
  #packets = new Float64Array(256)
  #bytes = new Float64Array(256)
  // Streams whose packets come by several ways (tagged one way, untagged back) have their other nodes here.
  #others = new Map<number, PayloadRow[]>()

  /** Hot: the stream has a packet there; `packets` and `bytes` are 0 if it carries nothing. */
  count(row: number, node: number, packets: number, bytes: number): void {
    if (row >= this.#count) this.#grow(row)
    if (this.#node[row] === 0) this.#node[row] = node
    if (this.#node[row] !== node) {
      if (packets > 0) this.#countOther(row, node, packets, bytes)
    } else {
      this.#packets[row] += packets
      this.#bytes[row] += bytes
    }
  }

  #countOther(row: number, node: number, packets: number, bytes: number): void {
    const others = this.#others.get(row) ?? []
    const at = others.findIndex((other) => other.node === node)
    const sum = at < 0 ? { packets: 0, bytes: 0 } : others[at]
    others[at < 0 ? others.length : at] = {
      row,
      node,
      packets: packets + sum.packets,
      bytes: bytes + sum.bytes,
      isFirst: false,
    }
    this.#others.set(row, others)
  }

  /** `streams` and `nodes` give the rows and nodes here of those of `later`. */
  merge(later: StreamPayloads, streams: Int32Array, nodes: Int32Array): void {
    // Not by `rows`: there may be a million, and each would be an object.
    for (let row = 0; row < later.#count; row++) {
      const node = later.#node[row]
      if (node !== 0) this.count(streams[row], nodes[node], later.#packets[row], later.#bytes[row])
    }
    for (const others of later.#others.values())
      for (const { row, node, packets, bytes } of others) this.count(streams[row], nodes[node], packets, bytes)
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return {
      count: this.#count,
      node: this.#node,
      packets: this.#packets,
      bytes: this.#bytes,
      others: this.#others,
    }
  }

  /** Takes over what `save` gave. */
  load(state: StreamPayloadsState): void {
    this.#count = state.count
    this.#node = state.node
    this.#packets = state.packets
    this.#bytes = state.bytes
    this.#others = state.others
  }

  /** Forgets the stream in `row`, and returns what was known of it. */
  take(row: number): PayloadRow[] {
    const known = [...this.#of(row)]
    if (row < this.#count) this.#node[row] = this.#packets[row] = this.#bytes[row] = 0
    this.#others.delete(row)
    return known
  }

  /** Calls `visit` for what `PayloadRow` says of each; there may be a million, so there are no objects. */
  forEach(visit: (row: number, node: number, packets: number, bytes: number, isFirst: boolean) => void): void {
    for (let row = 0; row < this.#count; row++) {
      if (this.#node[row] === 0) continue
      visit(row, this.#node[row], this.#packets[row], this.#bytes[row], true)
      for (const other of this.#others.get(row) ?? []) visit(row, other.node, other.packets, other.bytes, false)
    }
  }

  *#of(row: number): Generator<PayloadRow> {
    if (row >= this.#count || this.#node[row] === 0) return
    yield { row, node: this.#node[row], packets: this.#packets[row], bytes: this.#bytes[row], isFirst: true }
    yield* this.#others.get(row) ?? []
  }

  #grow(row: number): void {
    this.#count = row + 1
    this.#node = growInt32(this.#node, row)
    this.#packets = growFloat64(this.#packets, row)
    this.#bytes = growFloat64(this.#bytes, row)
  }
}
