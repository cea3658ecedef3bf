/** What threads tell each other while they run: how far each has come, and that all are to stop. */

/** Packets between two looks at the clock and the signal. */
export const PACKETS_PER_LOOK = 4096

// Numbers shared by all threads: whether to stop, then the packets of each part so far.
const STOP = 0
const PACKETS = 1

export class PartProgress {
  readonly #numbers: Int32Array
  readonly #part: number

  /** `part` counts from 0. */
  constructor(memory: SharedArrayBuffer, part: number) {
    this.#numbers = new Int32Array(memory)
    this.#part = part
  }

  static memoryFor(parts: number): SharedArrayBuffer {
    return new SharedArrayBuffer((PACKETS + parts) * Int32Array.BYTES_PER_ELEMENT)
  }

  /** Tells how many packets this part has so far; true if it is to stop. */
  look(packets: number): boolean {
    Atomics.store(this.#numbers, PACKETS + this.#part, packets)
    return Atomics.load(this.#numbers, STOP) !== 0
  }

  stop(): void {
    Atomics.store(this.#numbers, STOP, 1)
  }

  /** Packets of all parts but this one. */
  get others(): number {
    let sum = 0
    for (let part = 0; part < this.#numbers.length - PACKETS; part++)
      if (part !== this.#part) sum += Atomics.load(this.#numbers, PACKETS + part)
    return sum
  }
}
