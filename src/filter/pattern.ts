/**
 * Patterns of `matches`, from the notation that Wireshark takes (PCRE2 on octets, letters in either case) to that of RE2,
 * whose time is linear in what is searched. Octets become Latin-1 characters; everything that the two notations read
 * differently is spelled out, so that nothing depends on how RE2 sees it: classes as sets of octets, letters in both cases,
 * `$` before a last line break.
 *
 * What takes more than a finite automaton is refused with a reason: backreferences, lookahead, atomic groups, recursion.
 */
import { EVERY, formatOctet, formatSet, NOT_NEWLINE, type OctetSet, otherCase, VERTICAL } from './octet-set.ts'
import { PatternError, PatternReader } from './pattern-reader.ts'
import { PatternWeight, type Weight } from './pattern-weight.ts'

/** Text that every match contains. */
export interface Literal {
  /** Octets as Latin-1 characters. */
  readonly text: string
  readonly anyCase: boolean
}

export interface Translation {
  /** In RE2's notation, for Latin-1 text. */
  readonly source: string
  readonly lookbehind: boolean
  /** The longest text that every match contains. */
  readonly required: Literal | undefined
  /** The pattern is that text and nothing else. */
  readonly isLiteral: boolean
  /** Characters that may be this or that, or absent, repetitions written out: steps that an octet may take. */
  readonly choices: number
}

/** Repetitions of one thing; RE2 unrolls them. */
const MAX_REPEAT = 1000

const LINEAR = 'patterns are matched in linear time, so that no capture can stall them'

interface Flags {
  /** Letters in either case; `^` and `$` at every line; `.` takes line breaks; spaces in the pattern do not count. */
  i: boolean
  m: boolean
  s: boolean
  x: boolean
}

/** Translates `pattern`, its octets as Latin-1 characters; throws `PatternError`. */
export function translatePattern(pattern: string): Translation {
  return new Translator(pattern).translate()
}

interface Group {
  /** Where it began, in the pattern and in the output. */
  readonly at: number
  readonly output: number
  /** What holds outside it. */
  readonly flags: Flags
  readonly outside: Weight
  /** So far. */
  alternatives: number
}

/** One octet, and one of several. */
const ONE: Weight = { characters: 1, choices: 0 }
const ANY_OF: Weight = { characters: 1, choices: 1 }

class Translator {
  readonly #reader: PatternReader
  #output = ''
  #flags: Flags = { i: true, m: false, s: false, x: false }
  #lookbehind = false
  /** Groups that are not closed yet; the repeatable is the whole group once it is. */
  readonly #open: Group[] = []
  #groups = 0
  /** Where in the output the last thing began that can be repeated; -1: there is none. */
  #repeatable = -1
  readonly #weight = new PatternWeight()

  /** Literal text being collected outside of all groups, and the longest so far. */
  #run: Literal = { text: '', anyCase: false }
  #longest: Literal = { text: '', anyCase: false }
  #onlyLiteral = true
  #alternatives = false

  constructor(pattern: string) {
    this.#reader = new PatternReader(pattern)
  }

  translate(): Translation {
    while (this.#reader.at < this.#reader.pattern.length) this.#item()
    const open = this.#open.at(-1)
    if (open !== undefined)
      throw new PatternError(open.at, 1, 'this group is not closed', 'a ) is missing; \\( is the character')
    const isLiteral = this.#onlyLiteral && !this.#alternatives
    this.#endRun()
    const useful = !this.#alternatives && this.#longest.text !== ''
    return {
      source: this.#output,
      lookbehind: this.#lookbehind,
      required: useful ? this.#longest : undefined,
      isLiteral,
      choices: this.#weight.all.choices,
    }
  }

  #item(): void {
    const from = this.#reader.at
    const char = this.#reader.pattern[this.#reader.at++]
    if (this.#flags.x && /[\t\n\v\f\r ]/.test(char)) return
    switch (char) {
      case '\\':
        this.#escape(from)
        return
      case '[':
        this.#set(this.#reader.set(from, this.#flags.i))
        return
      case '(':
        this.#group(from)
        return
      case ')':
        this.#close(from)
        return
      case '|': {
        const group = this.#open.at(-1)
        if (group === undefined) this.#alternatives = true
        else group.alternatives++
        this.#other('|', false)
        return
      }
      case '.':
        this.#set(this.#flags.s ? EVERY : NOT_NEWLINE)
        return
      case '^':
        this.#other(this.#flags.m ? '(?m:^)' : '\\A', true)
        return
      case '$':
        this.#other(this.#flags.m ? '(?m:$)' : '(?:\\n?\\z)', true)
        return
      case '*':
      case '+':
      case '?':
        this.#repeat(from, char)
        return
      case '{': {
        const [bounds] = /^\{\d+(?:,\d*)?\}/.exec(this.#reader.pattern.slice(from, from + 20)) ?? []
        if (bounds !== undefined) {
          this.#repeat(from, bounds)
          return
        }
        this.#literal(0x7b)
        return
      }
      case '#':
        if (this.#flags.x) {
          const end = this.#reader.pattern.indexOf('\n', from)
          this.#reader.at = end < 0 ? this.#reader.pattern.length : end + 1
          return
        }
        this.#literal(0x23)
        return
      default:
        this.#literal(char.charCodeAt(0))
    }
  }

  #literal(octet: number): void {
    this.#weight.add(this.#reader.at - 1, 1, ONE)
    this.#repeatable = this.#output.length
    const { i } = this.#flags
    const other = i ? otherCase(octet) : octet
    this.#output += other === octet ? formatOctet(octet) : `[${formatOctet(octet)}${formatOctet(other)}]`
    if (this.#open.length > 0) return
    if (this.#run.anyCase !== i) {
      if (this.#run.text !== '') this.#onlyLiteral = false
      this.#endRun()
    }
    this.#run = { text: this.#run.text + String.fromCharCode(octet), anyCase: i }
  }

  #set(set: OctetSet): void {
    this.#weight.add(this.#reader.at - 1, 1, ANY_OF)
    this.#other(formatSet(set), true)
  }

  /** Output that is not a literal. */
  #other(output: string, repeatable: boolean): void {
    this.#repeatable = repeatable ? this.#output.length : -1
    this.#output += output
    this.#onlyLiteral = false
    this.#endRun()
  }

  #endRun(): void {
    if (this.#run.text.length > this.#longest.text.length) this.#longest = this.#run
    this.#run = { text: '', anyCase: false }
  }

  #repeat(from: number, mark: string): void {
    this.#reader.at = from + mark.length
    if (this.#repeatable < 0)
      throw new PatternError(
        from,
        mark.length,
        `nothing stands before ${mark} that could be repeated`,
        `\\${mark[0]} is the character`,
      )
    const [least, most] = bounds(mark)
    if (most < least) throw new PatternError(from, mark.length, `${mark} asks for at most ${most} of at least ${least}`)
    if (least > MAX_REPEAT || (most > MAX_REPEAT && most < Infinity))
      throw new PatternError(from, mark.length, `${mark} is too much: at most ${MAX_REPEAT} repetitions`)
    const next = this.#reader.pattern[this.#reader.at]
    if (next === '+')
      throw new PatternError(
        from,
        mark.length + 1,
        `possessive repetition (${mark}+) is not supported: ${LINEAR}`,
        `write ${mark}`,
      )
    // Whether few or many are tried first decides where a match ends, not whether there is one.
    if (next === '?') this.#reader.at++
    this.#weight.repeat(from, this.#reader.at - from, least, most)
    // The last character of the literal before is what is repeated.
    const { text, anyCase } = this.#run
    if (text !== '') this.#run = { text: text.slice(0, -1), anyCase }
    const repeated = this.#output.slice(this.#repeatable)
    this.#output = `${this.#output.slice(0, this.#repeatable)}(?:${repeated})${mark}`
    this.#repeatable = -1
    this.#onlyLiteral = false
    this.#endRun()
  }

  #group(from: number): void {
    this.#endRun()
    this.#onlyLiteral = false
    const rest = this.#reader.pattern.slice(from, from + 80)
    const comment = rest.startsWith('(?#')
    if (comment) {
      const end = this.#reader.pattern.indexOf(')', from)
      if (end < 0) throw new PatternError(from, 3, 'this comment is not closed')
      this.#reader.at = end + 1
      return
    }
    if (rest.startsWith('(*')) throw new PatternError(from, 2, 'settings of the matcher, (*...), are not supported')
    const flags = /^\(\?(\^?[imsxnJU]*)(?:-([imsxnJU]+))?([):])/.exec(rest)
    const named = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest)
    const behind = /^\(\?<[=!]/.exec(rest)
    if (flags !== null && flags[0] !== '(?)') {
      const [text, on, off = '', end] = flags
      this.#reader.at = from + text.length
      // `(?i)` at the very start leaves a pattern that is one literal what it is.
      if (from === 0 && end === ')') this.#onlyLiteral = true
      if (end === ':') this.#enter(from, '(?:')
      this.#flags = changed(this.#flags, on, off)
      return
    }
    if (behind !== null) {
      this.#reader.at = from + behind[0].length
      this.#lookbehind = true
      this.#enter(from, behind[0])
      return
    }
    if (named !== null || rest.startsWith('(?|')) {
      this.#reader.at = from + (named?.[0].length ?? 3)
      this.#groups++
      this.#enter(from, '(?:')
      return
    }
    if (rest.startsWith('(?')) throw new PatternError(from, 3, refusal(rest))
    this.#groups++
    this.#enter(from, '(?:')
  }

  #enter(at: number, output: string): void {
    this.#open.push({
      at,
      output: this.#output.length,
      flags: this.#flags,
      outside: this.#weight.all,
      alternatives: 1,
    })
    this.#output += output
    this.#repeatable = -1
  }

  #close(from: number): void {
    const group = this.#open.pop()
    if (group === undefined) throw new PatternError(from, 1, 'this ) closes nothing', '\\) is the character')
    this.#flags = group.flags
    this.#output += ')'
    this.#repeatable = group.output
    this.#weight.closeGroup(from, this.#reader.at - from, group.outside, group.alternatives)
  }

  #escape(from: number): void {
    const char = this.#reader.pattern[this.#reader.at]
    if (char === undefined)
      throw new PatternError(
        from,
        1,
        'a \\ at the end escapes nothing',
        'for the character itself, write \\\\\\\\ in a string or \\\\ in r"..."',
      )
    if (char === 'Q') {
      this.#quoted()
      return
    }
    const code = this.#reader.octet(this.#groups)
    if (code !== undefined) {
      this.#literal(code)
      return
    }
    const set = this.#reader.escapedSet(from)
    if (set !== undefined) {
      this.#set(set)
      return
    }
    this.#reader.at++
    switch (char) {
      case 'b':
      case 'B':
      case 'A':
      case 'z':
        this.#other(`\\${char}`, true)
        return
      case 'G':
        this.#other('\\A', true)
        return
      case 'Z':
        this.#other('(?:\\n?\\z)', true)
        return
      case 'K':
      case 'E':
        return
      case 'C':
      case 'X':
        this.#set(EVERY)
        return
      case 'N':
        this.#set(NOT_NEWLINE)
        return
      case 'R':
        this.#other(`(?:\\r\\n|${formatSet(VERTICAL)})`, true)
        return
    }
    if (/[1-9gk]/.test(char))
      throw new PatternError(from, 2, `references to what a group matched (\\${char}) are not supported: ${LINEAR}`)
    throw new PatternError(from, 2, `\\${char} has no meaning in a pattern`)
  }

  /** `\Q...\E`: as it stands. */
  #quoted(): void {
    const end = this.#reader.pattern.indexOf('\\E', this.#reader.at + 1)
    const text = this.#reader.pattern.slice(this.#reader.at + 1, end < 0 ? undefined : end)
    for (const char of text) this.#literal(char.charCodeAt(0))
    this.#reader.at = end < 0 ? this.#reader.pattern.length : end + 2
  }
}

function bounds(mark: string): readonly [number, number] {
  if (mark === '*') return [0, Infinity]
  if (mark === '+') return [1, Infinity]
  if (mark === '?') return [0, 1]
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(mark) as RegExpExecArray
  return [Number(least), comma === '' ? Number(least) : most === '' ? Infinity : Number(most)]
}

function changed(flags: Flags, on: string, off: string): Flags {
  const result = on.startsWith('^') ? { i: false, m: false, s: false, x: false } : { ...flags }
  for (const letter of ['i', 'm', 's', 'x'] as const) {
    if (on.includes(letter)) result[letter] = true
    if (off.includes(letter)) result[letter] = false
  }
  return result
}

/** Why the group that begins so cannot be. */
function refusal(group: string): string {
  const what = /^\(\?[=!]/.test(group)
    ? 'lookahead'
    : group.startsWith('(?>')
      ? 'an atomic group'
      : /^\(\?(?:R|[+-]?\d|&|P>)/.test(group)
        ? 'recursion'
        : group.startsWith('(?(')
          ? 'a condition'
          : group.startsWith('(?P=')
            ? 'a reference to what a group matched'
            : undefined
  return what === undefined
    ? `${group.slice(0, 3)} begins no group`
    : `${what} (${group.slice(0, 3)}) is not supported: ${LINEAR}`
}
