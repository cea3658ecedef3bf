/** Flows that are only summed up. */
import type { FlowTotals } from './flow-record.ts'

/** A sum that grows. */
export class Totals {
  flows = 0
  packets = 0
  bytes = 0

  add(packets: number, bytes: number): void {
    this.flows++
    this.packets += packets
    this.bytes += bytes
  }

  addAll(other: FlowTotals): void {
    this.flows += other.flows
    this.packets += other.packets
    this.bytes += other.bytes
  }

  toJSON(): FlowTotals {
    return { flows: this.flows, packets: this.packets, bytes: this.bytes }
  }
}
