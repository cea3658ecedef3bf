/** The options of a pcapng block that is being written, gathered octet by octet (draft-ietf-opsawg-pcapng §3.5). */
import { read16, read16le } from '../packet/bytes.ts'
import { MAX_BLOCK_LENGTH } from './limits.ts'
import { END_OF_OPTIONS } from './pcapng-options.ts'

/** Custom options that say of themselves that they are not to be copied (§3.5.1): text, octets. */
const PRIVATE_CUSTOM_TEXT = 19_372
const PRIVATE_CUSTOM_OCTETS = 19_373

const HEADER_LENGTH = 4
const FIRST_CAPACITY = 1024
/** Leaves room in a block for its header, and for options that are added. */
const MAX_OPTIONS = MAX_BLOCK_LENGTH - 256

export class OptionList {
  bytes = new Uint8Array(FIRST_CAPACITY)
  length = 0
  /** The byte order of codes, lengths and whatever numbers the values hold. */
  #little = true
  /** Octets that copied options may take. */
  #room = 0

  /** Forgets what is there. Options that would take more than `room` octets will not be copied. */
  begin(little: boolean, room = MAX_OPTIONS): void {
    this.length = 0
    this.#little = little
    this.#room = room
  }

  /**
   * Hot: copies the options from `at` to `end`, which are in the same byte order, so that nothing need be known of their values.
   * What may not be copied, or is in `except`, is left out, and whatever is behind an option that runs past `end`.
   */
  copy(from: Uint8Array, at: number, end: number, except: readonly number[]): void {
    const little = this.#little
    let next = at
    while (end - next >= HEADER_LENGTH) {
      const code = little ? read16le(from, next) : read16(from, next)
      const length = little ? read16le(from, next + 2) : read16(from, next + 2)
      const value = next + HEADER_LENGTH
      if (code === END_OF_OPTIONS || length > end - value) return
      next = value + ((length + 3) & ~3)
      if (code === PRIVATE_CUSTOM_TEXT || code === PRIVATE_CUSTOM_OCTETS || except.includes(code)) continue
      if (this.length + next - value + HEADER_LENGTH > this.#room) continue
      const to = this.#head(code, length)
      for (let i = 0; i < length; i++) this.bytes[to + i] = from[value + i]
    }
  }

  /** Adds an option. */
  add(code: number, value: readonly number[]): void {
    this.bytes.set(value, this.#head(code, value.length))
  }

  /** The mark behind the last option, if there is any. */
  end(): void {
    if (this.length > 0) this.#head(END_OF_OPTIONS, 0)
  }

  /** Makes room for an option, padding included, and returns where its value goes. */
  #head(code: number, length: number): number {
    const at = this.length
    const padded = (length + 3) & ~3
    const end = at + HEADER_LENGTH + padded
    if (end > this.bytes.length) {
      const larger = new Uint8Array(2 * end)
      larger.set(this.bytes.subarray(0, at))
      this.bytes = larger
    }
    const { bytes } = this
    const [low, high] = this.#little ? [0, 1] : [1, 0]
    bytes[at + low] = code
    bytes[at + high] = code >> 8
    bytes[at + 2 + low] = length
    bytes[at + 2 + high] = length >> 8
    for (let i = end - padded + length; i < end; i++) bytes[i] = 0
    this.length = end
    return at + HEADER_LENGTH
  }
}
