/** Reads what stands for octets in a pattern: escapes and classes, as PCRE2 has them. */
import { ESCAPED_SETS, inverse, type OctetSet, octetSet, POSIX_SETS, propertySet, withBothCases } from './octet-set.ts'

/** A mistake in a pattern: which of its octets, and what is wrong. */
export class PatternError extends Error {
  readonly at: number
  readonly length: number
  readonly hint: string | undefined

  constructor(at: number, length: number, message: string, hint?: string) {
    super(message)
    this.at = at
    this.length = length
    this.hint = hint
  }
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

/** In place of an octet. */
const NO_RANGE = -2

/** A pattern and how far it has been read. Every method begins behind the first character of what it reads. */
export class PatternReader {
  /** Octets as Latin-1 characters. */
  readonly pattern: string
  at = 0

  constructor(pattern: string) {
    this.pattern = pattern
  }

  /** The octet that the escape stands for, behind its backslash; undefined if it is none, and then nothing is taken. */
  octet(groups: number, inClass = false): number | undefined {
    const from = this.at - 1
    const rest = this.pattern.slice(this.at, this.at + 12)
    const [char] = rest
    const take = (text: string, code: number): number => {
      this.at += text.length
      if (code > 0xff) throw new PatternError(from, text.length + 1, `\\${text} is more than one octet`)
      return code
    }
    const hex = /^x(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{0,2}))/.exec(rest)
    if (hex !== null) return take(hex[0], Number.parseInt(hex[1] || hex[2] || '0', 16))
    const braced = /^o\{([0-7]{1,8})\}/.exec(rest)
    if (braced !== null) return take(braced[0], Number.parseInt(braced[1], 8))
    const control = /^c([\x20-\x7e])/.exec(rest)
    if (control !== null) return take(control[0], control[1].toUpperCase().charCodeAt(0) ^ 0x40)
    const [decimal] = /^[1-9]\d*/.exec(rest) ?? []
    // PCRE: a number under ten, or of a group that there is, refers to the group; any other is octal.
    if (decimal !== undefined && !inClass && (Number(decimal) < 10 || Number(decimal) <= groups)) return undefined
    const octal = /^[0-7]{1,3}/.exec(rest)
    if (octal !== null) return take(octal[0], Number.parseInt(octal[0], 8))
    if (Object.hasOwn(CONTROLS, char)) return take(char, CONTROLS[char])
    if (inClass && char === 'b') return take(char, 8)
    return /[A-Za-z0-9]/.test(char) ? undefined : take(char, char.charCodeAt(0))
  }

  /** The set that the escape stands for, behind its backslash; undefined if it is none. */
  escapedSet(from: number): OctetSet | undefined {
    const rest = this.pattern.slice(this.at, this.at + 40)
    const [char] = rest
    if (Object.hasOwn(ESCAPED_SETS, char)) {
      this.at++
      return ESCAPED_SETS[char]
    }
    const property = /^[pP](?:\{([^}]*)\}|([A-Za-z]))/.exec(rest)
    if (property === null) return undefined
    const name = property[1] ?? property[2]
    const set = propertySet(name)
    if (set === undefined) throw new PatternError(from, property[0].length + 1, `there is no property ${name}`)
    this.at += property[0].length
    return char === 'P' ? inverse(set) : set
  }

  /** `[...]`, behind its bracket. */
  set(from: number, anyCase: boolean): OctetSet {
    const { pattern } = this
    const negated = pattern[this.at] === '^'
    if (negated) this.at++
    const members = new Array<boolean>(256).fill(false)
    const add = (set: OctetSet) => {
      for (let octet = 0; octet < 256; octet++) if (set[octet]) members[octet] = true
    }
    const first = this.at
    /** The octet before, which a range may begin with; behind a set, `NO_RANGE`. */
    let low = -1
    for (;;) {
      const at = this.at
      const char = pattern[this.at++]
      if (char === undefined)
        throw new PatternError(from, 1, 'this class is not closed', 'a ] is missing; \\[ is the character')
      if (char === ']' && at > first) break
      const posix = char === '[' ? /^\[:(\^?)([a-z]+):\]/.exec(pattern.slice(at, at + 14)) : null
      if (posix !== null) {
        if (!Object.hasOwn(POSIX_SETS, posix[2]))
          throw new PatternError(at, posix[0].length, `there is no class ${posix[0]}`)
        add(posix[1] === '^' ? inverse(POSIX_SETS[posix[2]]) : POSIX_SETS[posix[2]])
        this.at = at + posix[0].length
        low = NO_RANGE
        continue
      }
      const isRange = char === '-' && low !== -1 && pattern[this.at] !== ']' && pattern[this.at] !== undefined
      if (isRange) {
        const highAt = this.at++
        const high = pattern[highAt] === '\\' ? this.octet(0, true) : pattern.charCodeAt(highAt)
        if (high === undefined || low === NO_RANGE)
          throw new PatternError(at, 1, 'a range goes from a character to a character', '\\- is the character')
        if (high < low) throw new PatternError(at - 1, this.at - at + 1, 'this range ends before it begins')
        add(octetSet((octet) => octet >= low && octet <= high))
        low = -1
        continue
      }
      const code = char === '\\' ? this.octet(0, true) : char.charCodeAt(0)
      if (code !== undefined) {
        members[code] = true
        low = code
        continue
      }
      low = NO_RANGE
      if (pattern[this.at] === 'E') {
        this.at++
        continue
      }
      const set = this.escapedSet(at)
      if (set === undefined) throw new PatternError(at, 2, `\\${pattern[this.at] ?? ''} has no meaning in a class`)
      add(set)
    }
    const set = anyCase ? withBothCases(members) : members
    return negated ? inverse(set) : set
  }
}
