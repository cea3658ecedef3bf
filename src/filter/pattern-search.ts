/**
 * Runs a pattern of `matches` over octets and text. RE2 (re2js) decides; what every match must contain is looked for first,
 * as that is many times faster, and a pattern that is plain text needs nothing else: RE2 is not even loaded.
 */
import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import { MAX_PATTERN_STEPS } from './limits.ts'
import { octetSearch } from './octet-search.ts'
import { translatePattern } from './pattern.ts'
import { PatternError } from './pattern-reader.ts'

export interface PatternSearch {
  /** Whether the octets match: `length` of `bytes`, from `at`. */
  readonly inOctets: (bytes: Uint8Array, at: number, length: number) => boolean
  /** Whether the text matches, as UTF-8. */
  readonly inText: (text: string) => boolean
  /** The same for octets as Latin-1 characters, with nothing but RE2: what the others are tested against. */
  readonly plainly: (latin1: string) => boolean
  /** Plain text, without anything that RE2 is needed for. */
  readonly isLiteral: boolean
}

let library: typeof RE2JS | undefined

function engine(source: string, lookbehind: boolean): RE2JS {
  library ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS
  return library.compile(source, lookbehind ? library.LOOKBEHINDS : 0)
}

/** A search for `pattern`; throws `PatternError`. */
export function patternSearch(pattern: Uint8Array): PatternSearch {
  const { source, lookbehind, required, isLiteral, choices } = translatePattern(Buffer.from(pattern).toString('latin1'))
  let compiled: RE2JS | undefined
  const plainly = (latin1: string): boolean => {
    compiled ??= engine(source, lookbehind)
    return compiled.test(latin1)
  }
  if (!isLiteral) compileNow(() => plainly(''), pattern.length)
  if (pattern.length === 0) return { inOctets: () => true, inText: () => true, plainly, isLiteral }
  // RE2 takes as many steps for an octet as there are choices, when a text keeps them all open.
  const longest = Math.floor(MAX_PATTERN_STEPS / Math.max(1, choices))

  const holdsRequired =
    required === undefined ? undefined : octetSearch(Buffer.from(required.text, 'latin1'), required.anyCase)
  const inOctets: PatternSearch['inOctets'] = (bytes, at, length) => {
    if (holdsRequired !== undefined && !holdsRequired(bytes, at, length)) return false
    return isLiteral || plainly(latin1Text(bytes, at, Math.min(length, longest)))
  }
  return {
    inOctets,
    inText(text) {
      const octets = Buffer.from(text)
      return inOctets(octets, 0, octets.length)
    },
    plainly,
    isLiteral,
  }
}

/** RE2 has limits of its own, on the size of what repetitions become. */
function compileNow(compile: () => void, length: number): void {
  try {
    compile()
  } catch (error) {
    const [, reason] = /^error parsing regexp: (.*)$/s.exec((error as Error).message) ?? []
    throw new PatternError(
      0,
      length,
      reason === undefined ? 'this pattern is too big' : `this pattern cannot be: ${reason}`,
    )
  }
}

let lastBytes: Uint8Array | undefined
let lastView: Buffer = Buffer.alloc(0)

/** The octets as Latin-1 characters. */
function latin1Text(bytes: Uint8Array, at: number, length: number): string {
  if (bytes !== lastBytes) {
    lastBytes = bytes
    lastView = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return lastView.toString('latin1', at, at + length)
}
