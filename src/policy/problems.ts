/** What is wrong with a policy, and where in it. */
import { editDistance, suggest } from '../filter/suggest.ts'

/** Keys and indices that lead to a value: `rules`, 2, `deny`, `port`. */
export type Path = readonly (string | number)[]

export interface Problem {
  readonly path: Path
  readonly message: string
}

/** A policy that cannot be used. `details` are further lines for the reader. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly details: readonly string[]

  constructor(message: string, details: readonly string[] = []) {
    super(message)
    this.details = details
  }
}

/** Problems kept: a file that is something else altogether has one on every line. */
const MAX_PROBLEMS = 20

export class Problems {
  readonly all: Problem[] = []
  /** Those that are not kept. */
  more = 0

  add(path: Path, message: string): void {
    if (this.all.length < MAX_PROBLEMS) this.all.push({ path, message })
    else this.more++
  }

  /** `word` is none of `allowed`. `list: false` where they are too many to be listed. */
  addUnknown(path: Path, word: unknown, what: string, allowed: readonly string[], list = true): void {
    const near = typeof word === 'string' ? nearest(word, allowed) : undefined
    const hint = near === undefined ? '' : `, did you mean ${near}?`
    const all = list ? ` (allowed: ${allowed.join(', ')})` : ''
    this.add(path, `${show(word)} is no ${what}${hint}${all}`)
  }
}

function nearest(word: string, allowed: readonly string[]): string | undefined {
  return suggest(word, allowed) ?? allowed.find((name) => word.length > 3 && editDistance(word, name, 3) < 3)
}

/** A value of the file as a message has it. */
export function show(value: unknown): string {
  const text = jsonOf(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    // An alias of YAML's may lead a value to itself.
    return 'something that holds itself'
  }
}

/** `rules[2].deny.port` */
export function showPath(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('')
}
