/** What a display filter means: its tests in words, its fields, and what is easily overlooked. */
import { compileFilter } from '../filter/filter.ts'
import { lookUp } from '../filter/names.ts'
import { parse } from '../filter/parser.ts'
import type { Expression } from '../filter/syntax.ts'
import { filterWords, type Statement } from './filter-words.ts'
import { wrapIndented } from './indent.ts'
import { type Block, line } from './report.ts'
import { type Style, terminalLines } from './terminal.ts'
import { escapeText } from './text.ts'

export interface Explanation {
  readonly filter: string
  readonly selects: Statement
  readonly fields: readonly ExplainedField[]
  /** How the language reads what was written. */
  readonly notes: readonly string[]
  /** What is legal but seldom meant. */
  readonly warnings: readonly string[]
}

export interface ExplainedField {
  readonly name: string
  /** `protocol`, or the type of the field. */
  readonly type: string
  readonly description: string
  /** Wireshark's names for values. */
  readonly values: readonly { readonly value: number; readonly name: string }[]
  /** Of a field that has the values of others: those. */
  readonly parts: readonly string[]
}

/** Names of values that a person is shown; more are a table of their own. */
const MOST_VALUES = 8

/** Throws `FilterError`, like compiling the filter. */
export function explain(expression: string): Explanation {
  const { fields, warnings } = compileFilter(expression)
  const tree = parse(expression)
  return {
    filter: expression,
    selects: filterWords(expression, tree),
    fields: fields.map(explainField),
    notes: notesOn(expression, tree, fields, warnings),
    warnings,
  }
}

function explainField(name: string): ExplainedField {
  const meaning = lookUp(name)
  if (meaning === undefined || meaning.kind === 'protocol')
    return { name, type: 'protocol', description: meaning?.title ?? '', values: [], parts: [] }
  const [{ field }] = meaning.declarations
  return {
    name,
    type: field.type,
    description: field.description,
    values: Object.entries(field.values ?? {}).map(([value, text]) => ({ value: Number(value), name: text })),
    parts: (field.parts ?? []).map((part) => part.name),
  }
}

/** What is true of the operators that were used, each said once. */
function notesOn(
  expression: string,
  tree: Expression,
  fields: readonly string[],
  warnings: readonly string[],
): string[] {
  const used = new Set<string>()
  walk(tree, expression, used)
  const severals = fields.map(explainField).filter(({ parts }) => parts.length > 0)
  const notes: string[] = []
  if (used.has('mixed')) notes.push('"and" binds more tightly than "or" (and than "xor"); parentheses change that')
  if (used.has('compared') && fields.some((name) => !/^frame(\.|$)/.test(name))) {
    notes.push('a comparison does not hold in a packet without the field')
    const which = severals.map(({ name, parts }) => `${name} (${parts.join(', ')})`).join(', ')
    if (severals.length > 0) notes.push(`a packet has several values of ${which}`)
  }
  // A warning says it of the field itself.
  if (used.has('!=') && warnings.length === 0)
    notes.push('!= wants every value to be different; !== is content with one that is')
  if (used.has('negated'))
    notes.push(
      '"not" also selects packets without the fields that it negates: add "and" and the protocol to leave them out',
    )
  return notes
}

/** Collects what stands in the tree that a note is about. */
function walk(node: Expression, expression: string, used: Set<string>): void {
  switch (node.kind) {
    case 'logical':
      for (const term of node.terms) {
        if (node.operator !== 'and' && term.kind === 'logical' && !isInParentheses(term, expression)) used.add('mixed')
        walk(term, expression, used)
      }
      return
    case 'not':
      if (hasComparison(node.operand)) used.add('negated')
      walk(node.operand, expression, used)
      return
    case 'membership':
      used.add(node.negated ? 'negated' : 'compared')
      return
    case 'comparison':
      used.add('compared')
      if (node.quantifier === undefined && node.operators.includes('!=')) used.add('!=')
  }
}

function hasComparison(node: Expression): boolean {
  if (node.kind === 'logical') return node.terms.some(hasComparison)
  if (node.kind === 'not') return hasComparison(node.operand)
  return node.kind === 'comparison' || node.kind === 'membership'
}

function isInParentheses({ at, length }: Expression, expression: string): boolean {
  let before = at - 1
  while (before >= 0 && /\s/.test(expression[before])) before--
  let after = at + length
  while (after < expression.length && /\s/.test(expression[after])) after++
  return expression[before] === '(' && expression[after] === ')'
}

/** As a person reads it. */
export function* explanationLines(explanation: Explanation, style: Style): Generator<string> {
  const { selects, fields, notes, warnings } = explanation
  yield* statementLines(`selects packets in which ${selects.text}`, selects.terms, 0, style.width)
  const blocks: Block[] = []
  if (fields.length > 0) {
    const rows = fields.map(({ name, type, description }) => [name, type, description])
    const columns = [{ title: 'field' }, { title: 'type' }, { title: 'description', wraps: true }]
    blocks.push(line(''), { kind: 'table', columns, rows })
    for (const { name, values } of fields)
      if (values.length > 0 && values.length <= MOST_VALUES)
        blocks.push(line(`${name}: ${values.map((v) => `${v.value} ${v.name}`).join(', ')}`))
  }
  if (notes.length + warnings.length > 0) blocks.push(line(''))
  for (const text of notes) blocks.push(line(`note: ${text}`))
  for (const text of warnings) blocks.push(line(`warning: ${text}`, 'warning'))
  yield* terminalLines(blocks, style)
}

/** Columns that a term stands behind what joins it to others. */
const INDENT = 2

function* statementLines(text: string, terms: readonly Statement[], depth: number, width: number): Generator<string> {
  for (const part of wrapIndented(escapeText(text), INDENT * depth, INDENT, width)) yield `${part}\n`
  for (const term of terms) yield* statementLines(`- ${term.text}`, term.terms, depth + 1, width)
}
