/** How often fields and protocols occur: in how many packets, and with how many values (or layers). */
import type { Packet } from '../packet/packet.ts'
import type { Field, Need, Visit } from '../protocols/field.ts'
import { registered } from '../protocols/protocol.ts'
import type { Analyzer } from './analyzer.ts'

/** A name to count, and where it is read from: several protocols may declare a field of one name. */
export interface CountedName {
  readonly name: string
  /** By protocol number; below 0 for `frame`. Without a field the layer itself is counted. */
  readonly places: readonly { readonly protocol: number; readonly field?: Field }[]
}

export interface FieldCount {
  readonly name: string
  readonly packets: number
  /** Values, or layers of a protocol. */
  readonly occurrences: number
}

interface Reader {
  readonly index: number
  readonly field: Field | undefined
}

const NO_READERS: readonly Reader[] = []

export class FieldCounts implements Analyzer<FieldCount[]> {
  readonly needs: readonly Need[]
  readonly #names: readonly CountedName[]
  readonly #whole: Reader[] = []
  /** By protocol number. */
  readonly #readers: Reader[][] = []
  readonly #packets: Float64Array
  readonly #occurrences: Float64Array
  /** Number of the last packet that has it. */
  readonly #seen: Float64Array
  // What `#visit` works on: one closure for the run instead of one for each value.
  #index = 0
  #number = 0
  readonly #visit: Visit = () => {
    this.#count(this.#index)
    return false
  }

  constructor(names: readonly CountedName[]) {
    this.#names = names
    this.#packets = new Float64Array(names.length)
    this.#occurrences = new Float64Array(names.length)
    this.#seen = new Float64Array(names.length)
    const needs = new Set<Need | undefined>()
    names.forEach(({ places }, index) => {
      for (const { protocol, field } of places) {
        needs.add(field?.need).add(registered[protocol]?.need)
        if (protocol < 0) this.#whole.push({ index, field })
        else {
          this.#readers[protocol] ??= []
          this.#readers[protocol].push({ index, field })
        }
      }
    })
    this.needs = [...needs].filter((need) => need !== undefined)
  }

  observe(packet: Packet): void {
    this.#number = packet.number
    this.#read(this.#whole, packet, -1)
    for (let layer = 0; layer < packet.layerCount; layer++)
      this.#read(this.#readers[packet.layerProtocol[layer]] ?? NO_READERS, packet, layer)
  }

  #read(readers: readonly Reader[], packet: Packet, layer: number): void {
    for (let i = 0; i < readers.length; i++) {
      const { index, field } = readers[i]
      this.#index = index
      if (field === undefined) this.#count(index)
      else field.each(packet, layer, this.#visit)
    }
  }

  #count(index: number): void {
    this.#occurrences[index]++
    if (this.#seen[index] === this.#number) return
    this.#seen[index] = this.#number
    this.#packets[index]++
  }

  merge(later: FieldCounts): void {
    for (let i = 0; i < this.#names.length; i++) {
      this.#packets[i] += later.#packets[i]
      this.#occurrences[i] += later.#occurrences[i]
    }
  }

  /** In the order of the names. */
  result(): FieldCount[] {
    return this.#names.map(({ name }, i) => ({
      name,
      packets: this.#packets[i],
      occurrences: this.#occurrences[i],
    }))
  }
}
