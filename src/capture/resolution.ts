/**
 * pcapng timestamps: a 64-bit count of units since 1970, in two 32-bit halves (draft-ietf-opsawg-pcapng §4.3), the unit
 * named by the interface's `if_tsresol` (§4.2): 10^-n seconds, or 2^-n if its top bit is set.
 *
 * Exact without a BigInt for each packet: the high half changes every 4.3 seconds at most (nanoseconds), so it is
 * divided once, by BigInt, and remembered; the low half then takes one division of doubles.
 */

/** Without the option (§4.2, "if_tsresol"). */
export const DEFAULT_RESOLUTION = 6

const POWER_OF_TWO = 0x80
const BILLION = 1_000_000_000
const TWO_32 = 0x1_0000_0000
/** Below this a remainder times 10^9 is exact in a double. */
const EXACT_UNITS = 2 ** 23
/** Below this a remainder plus a low half is exact in a double. */
const ADDABLE_UNITS = 2 ** 52

export class TimestampClock {
  seconds = 0
  nanoseconds = 0
  readonly resolution: string
  readonly #unitsPerSecond: bigint
  /** The same as a double; not exact beyond 2^53, where it is not used. */
  readonly #units: number
  /** Nanoseconds in a unit, if that is whole; else 0. */
  readonly #nanosecondsPerUnit: number
  /** Units in a nanosecond, if that is whole; else 0. */
  readonly #unitsPerNanosecond: number
  readonly #offset: number
  #high = -1
  /** `#high` times 2^32 in seconds, and the units that remain. */
  #highSeconds = 0
  #highUnits = 0

  /** `offset` is `if_tsoffset`: seconds to add to each timestamp. */
  constructor(tsresol: number, offset: bigint) {
    const exponent = tsresol & 0x7f
    const binary = (tsresol & POWER_OF_TWO) !== 0
    this.#unitsPerSecond = (binary ? 2n : 10n) ** BigInt(exponent)
    this.#units = Number(this.#unitsPerSecond)
    this.#nanosecondsPerUnit = !binary && exponent <= 9 ? 10 ** (9 - exponent) : 0
    this.#unitsPerNanosecond = !binary && exponent > 9 && exponent <= 15 ? 10 ** (exponent - 9) : 0
    this.#offset = Number(offset)
    this.resolution = resolutionName(exponent, binary)
  }

  /** Hot: sets `seconds` and `nanoseconds`; what is finer than a nanosecond is dropped. */
  set(high: number, low: number): void {
    const units = this.#units
    if (units > ADDABLE_UNITS) {
      this.#setExotic(high, low)
      return
    }
    if (high !== this.#high) this.#setHigh(high)
    const rest = this.#highUnits + low
    const seconds = Math.floor(rest / units)
    const remainder = rest - seconds * units
    this.seconds = this.#highSeconds + seconds
    if (this.#nanosecondsPerUnit !== 0) this.nanoseconds = remainder * this.#nanosecondsPerUnit
    else if (this.#unitsPerNanosecond !== 0) this.nanoseconds = Math.floor(remainder / this.#unitsPerNanosecond)
    else if (units <= EXACT_UNITS) this.nanoseconds = Math.floor((remainder * BILLION) / units)
    else this.nanoseconds = Number((BigInt(remainder) * 1_000_000_000n) / this.#unitsPerSecond)
  }

  #setHigh(high: number): void {
    const total = BigInt(high) << 32n
    this.#high = high
    this.#highSeconds = Number(total / this.#unitsPerSecond) + this.#offset
    this.#highUnits = Number(total % this.#unitsPerSecond)
  }

  #setExotic(high: number, low: number): void {
    const total = BigInt(high) * BigInt(TWO_32) + BigInt(low)
    this.seconds = Number(total / this.#unitsPerSecond) + this.#offset
    this.nanoseconds = Number(((total % this.#unitsPerSecond) * 1_000_000_000n) / this.#unitsPerSecond)
  }
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'seconds',
  3: 'milliseconds',
  6: 'microseconds',
  9: 'nanoseconds',
  12: 'picoseconds',
}

function resolutionName(exponent: number, binary: boolean): string {
  if (binary) return `2^-${exponent} seconds`
  return NAMES[exponent] ?? `10^-${exponent} seconds`
}
