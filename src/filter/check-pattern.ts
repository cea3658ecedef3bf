/** `matches`: the pattern is compiled with the filter, so that a mistake in it is shown where it is. */
import type { Operand, Test } from './checked.ts'
import { SEARCHABLE, withPayload } from './kinds.ts'
import { writtenAt } from './lexer.ts'
import { PatternError } from './pattern-reader.ts'
import { type PatternSearch, patternSearch } from './pattern-search.ts'
import type { Expression, Quantifier, Span, Text, Word } from './syntax.ts'

/** What it needs of the checker. */
interface Checking {
  operand(node: Expression): Operand | undefined
  unknown(node: Word): never
  notSearchable(node: Expression, operand: Operand, relation: 'matches'): never
  source(node: Span): string
  fail(where: Span, message: string, hint?: string): never
}

/** The checked form of `left matches right`; throws `FilterError` through `checker`. */
export function checkPattern(
  checker: Checking,
  left: Expression,
  right: Expression,
  quantifier: Quantifier,
): Test & { type: 'matches' } {
  const operand = checker.operand(left)
  if (operand === undefined) {
    if (left.kind === 'word' && /^[A-Za-z_.]/.test(left.text)) return checker.unknown(left)
    return checker.fail(left, `${checker.source(left)} is not a field`, '"matches" searches a field for a pattern')
  }
  if (right.kind !== 'text')
    checker.fail(
      right,
      `${checker.source(right)} is not a pattern`,
      right.kind === 'word'
        ? `a pattern is written in double quotes: "${right.text}"`
        : 'a pattern is written in double quotes',
    )
  if (!SEARCHABLE.includes(operand.kind)) checker.notSearchable(left, operand, 'matches')
  return { type: 'matches', quantifier, operand: withPayload(operand), pattern: compilePattern(checker, right as Text) }
}

function compilePattern(checker: Checking, node: Text): PatternSearch {
  try {
    return patternSearch(node.octets)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    const source = checker.source(node)
    const from = writtenAt(source, error.at)
    const until = writtenAt(source, error.at + error.length)
    const length = error.at === 0 && error.length >= node.octets.length ? source.length - from - 1 : until - from
    return checker.fail({ at: node.at + from, length }, error.message, error.hint)
  }
}
