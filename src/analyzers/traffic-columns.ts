/** Packets and bytes, sent and received, by row number. */
import { growFloat64 } from '../tables/grow.ts'

/** Packets and bytes (on the wire), sent and received. */
export interface Traffic {
  readonly packets: number
  readonly bytes: number
  readonly txPackets: number
  readonly txBytes: number
  readonly rxPackets: number
  readonly rxBytes: number
}

export type TrafficColumnsState = ReturnType<TrafficColumns['save']>

export class TrafficColumns {
  #packets = new Float64Array(0)
  #bytes = new Float64Array(0)
  #txPackets = new Float64Array(0)
  #txBytes = new Float64Array(0)

  /** Makes room for rows below `rows`. */
  ensure(rows: number): void {
    if (rows <= this.#packets.length) return
    this.#packets = growFloat64(this.#packets, rows - 1)
    this.#bytes = growFloat64(this.#bytes, rows - 1)
    this.#txPackets = growFloat64(this.#txPackets, rows - 1)
    this.#txBytes = growFloat64(this.#txBytes, rows - 1)
  }

  /**
   * Hot: a packet of `length` octets from row `source` to row `destination`. A packet from a row to itself (an address
   * that talks to itself) counts at both ends, as in Wireshark.
   */
  count(source: number, destination: number, length: number): void {
    this.#packets[source]++
    this.#bytes[source] += length
    this.#txPackets[source]++
    this.#txBytes[source] += length
    this.#packets[destination]++
    this.#bytes[destination] += length
  }

  /** Adds row `row` of `other` to row `here`. */
  add(here: number, other: TrafficColumns, row: number): void {
    this.#packets[here] += other.#packets[row]
    this.#bytes[here] += other.#bytes[row]
    this.#txPackets[here] += other.#txPackets[row]
    this.#txBytes[here] += other.#txBytes[row]
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { packets: this.#packets, bytes: this.#bytes, txPackets: this.#txPackets, txBytes: this.#txBytes }
  }

  /** Takes over what `save` gave. */
  load(state: TrafficColumnsState): void {
    this.#packets = state.packets
    this.#bytes = state.bytes
    this.#txPackets = state.txPackets
    this.#txBytes = state.txBytes
  }

  /** The rows that count any packet. One loop over one array: there are 65,536 rows for ports, and few are used. */
  used(): number[] {
    const packets = this.#packets
    const rows: number[] = []
    for (let row = 0; row < packets.length; row++) if (packets[row] !== 0) rows.push(row)
    return rows
  }

  /** Negative if row `a` has more packets; of as many, more bytes. */
  compare(a: number, b: number): number {
    return this.#packets[b] - this.#packets[a] || this.#bytes[b] - this.#bytes[a]
  }

  /** What `make` makes of the traffic of `row`. */
  describe<T>(row: number, make: (packets: number, bytes: number, txPackets: number, txBytes: number) => T): T {
    return make(this.#packets[row], this.#bytes[row], this.#txPackets[row], this.#txBytes[row])
  }
}
