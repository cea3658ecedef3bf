/**
 * A ceiling for what decompression may make of its input. Some hundred octets can stand for gigabytes, which whoever sends a capture
 * pays nothing for, and whoever looks at it does.
 */
import { CaptureError } from './errors.ts'
import type { Compression } from './source.ts'

export interface ExpansionLimit {
  /** Octets that may come out in any case. */
  readonly freeOctets: number
  /** Beyond those: octets that may come out for each that goes in. */
  readonly ratio: number
  /** Steps one after the other (frames, blocks) of which nothing comes out. */
  readonly emptySteps: number
}

/** What a gibibyte costs, seconds, is bearable. Programs write an empty frame or block now and then, not thousands in a row. */
const USUAL = { freeOctets: 1024 ** 3, emptySteps: 65_536 }

/**
 * The packets of one TCP stream, 65,000 octets each, all with the same payload, are about what shrinks most of all real traffic (a
 * speed test, captured where it was sent): to 1/363 by `gzip -9`, 1/234 by `lz4 -9`, 1/3526 by `zstd -19`. The formats themselves
 * reach 1032, 255 and 32,768.
 */
export const EXPANSION_LIMITS = {
  gzip: { ...USUAL, ratio: 1000 },
  lz4: { ...USUAL, ratio: 1000 },
  zstd: { ...USUAL, ratio: 5000 },
} as const satisfies Record<Compression, ExpansionLimit>

/** Counts what one decompressor makes. */
export class Expansion {
  /** Octets that came out. */
  octets = 0
  readonly #file: string
  readonly #kind: string
  readonly #program: string
  readonly #limit: ExpansionLimit
  #emptySteps = 0

  /** `kind` is how the data is called in messages, `program` what decompresses it outside of pcapx. */
  constructor(file: string, kind: string, program: string, limit: ExpansionLimit) {
    this.#file = file
    this.#kind = kind
    this.#program = program
    this.#limit = limit
  }

  /** `count` more octets came out, of `consumed` that went in so far. Throws if that is too many, or if nothing comes out any more. */
  add(count: number, consumed: number): void {
    this.octets += count
    this.#emptySteps = count === 0 ? this.#emptySteps + 1 : 0
    const { freeOctets, ratio, emptySteps } = this.#limit
    if (this.octets > freeOctets && this.octets > ratio * consumed)
      throw this.#error(
        `expands to more than ${ratio} times its length: ${consumed} octets became ${this.octets}`,
        `if that is meant to be so, decompress it yourself: ${this.#program} -dc FILE | pcapx ... -`,
      )
    if (this.#emptySteps > emptySteps)
      throw this.#error(`is damaged near its byte ${consumed}: ${emptySteps} blocks in a row hold nothing`)
  }

  #error(what: string, hint?: string): CaptureError {
    return new CaptureError('damaged', `the ${this.#kind} data ${what}`, { file: this.#file, hint })
  }
}
