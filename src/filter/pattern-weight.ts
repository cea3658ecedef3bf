/** How big a pattern is once its repetitions are written out, as RE2 does: counted while it is read, and refused where it is too big. */
import { MAX_PATTERN_CHOICES, MAX_PATTERN_SIZE } from './limits.ts'
import { PatternError } from './pattern-reader.ts'

export interface Weight {
  readonly characters: number
  /** Characters that may be this or that, or absent: steps that an octet may take. */
  readonly choices: number
}

const WRITTEN_OUT = 'when its repetitions are written out'

/** In what follows, `at` and `length` are the place in the pattern that an error names. */
export class PatternWeight {
  /** Of all so far, and of all in front of what can be repeated. */
  #all: Weight = { characters: 0, choices: 0 }
  #before = this.#all

  get all(): Weight {
    return this.#all
  }

  /** Something that a repetition behind it repeats. */
  add(at: number, length: number, { characters, choices }: Weight): void {
    this.#before = this.#all
    this.#set(at, length, { characters: this.#all.characters + characters, choices: this.#all.choices + choices })
  }

  /** A group of so many alternatives ends, which began where all so far was `outside`: a repetition repeats all of it. */
  closeGroup(at: number, length: number, outside: Weight, alternatives: number): void {
    // Within one of the alternatives, which may all begin at every octet.
    const average = Math.ceil((this.#all.characters - outside.characters) / alternatives)
    if (alternatives > 1) this.add(at, length, { characters: 0, choices: average })
    this.#before = outside
  }

  /** What came last comes `least` to `most` times. */
  repeat(at: number, length: number, least: number, most: number): void {
    const times = Math.max(1, most === Infinity ? least : most)
    const characters = this.#all.characters - this.#before.characters
    const choices = this.#all.choices - this.#before.choices
    // What may be absent is a choice, each time; of what comes any number of times one stands at the end.
    const each = most !== Infinity && most > least ? Math.max(choices, characters) : choices
    this.#set(at, length, {
      characters: this.#before.characters + characters * times,
      choices: this.#before.choices + each * times + (most === Infinity ? 1 : 0),
    })
  }

  #set(at: number, length: number, weight: Weight): void {
    if (weight.characters > MAX_PATTERN_SIZE)
      throw new PatternError(
        at,
        length,
        `the pattern is too big: more than ${MAX_PATTERN_SIZE} characters ${WRITTEN_OUT}`,
      )
    if (weight.choices > MAX_PATTERN_CHOICES)
      throw new PatternError(
        at,
        length,
        `the pattern is too big: more than ${MAX_PATTERN_CHOICES} classes and optional characters ${WRITTEN_OUT}`,
        '[^a]* takes fewer than [^a]{0,500}',
      )
    this.#all = weight
  }
}
