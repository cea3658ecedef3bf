/**
 * Looks up every name, gives every operand a kind and converts every literal, so that a mistake is told before any
 * packet is read, with what to write instead.
 */
import type { Need } from '../protocols/field.ts'
import { checkPattern } from './check-pattern.ts'
import type { Operand, Relation, Test } from './checked.ts'
import { convert, KIND_NAMES } from './convert.ts'
import { clip, FilterError } from './errors.ts'
import { checkCall } from './functions.ts'
import { asOctets, calculable, comparable, KINDS, SEARCHABLE, SLICEABLE, withPayload } from './kinds.ts'
import { MAX_PATTERNS, MAX_RANGES, MAX_WARNINGS } from './limits.ts'
import { isMistake } from './literals.ts'
import { lookUp } from './names.ts'
import { rawMistake } from './raw.ts'
import { servicePort } from './services.ts'
import type {
  Arithmetic,
  Comparison,
  ComparisonOperator,
  Expression,
  Membership,
  Quantifier,
  Range,
  Span,
  Word,
} from './syntax.ts'
import { unknownName } from './unknown-name.ts'

export interface Checked {
  readonly test: Test
  /** State across packets that the filter's fields need. */
  readonly needs: ReadonlySet<Need>
  /** Names of the fields and protocols in the filter, each once, in order. */
  readonly fields: readonly string[]
  /** What is legal but seldom meant. */
  readonly warnings: readonly string[]
}

/** The checked form of `tree`, the syntax tree of `expression`; throws `FilterError`. */
export function check(expression: string, tree: Expression): Checked {
  const checker = new Checker(expression)
  return {
    test: checker.test(tree),
    needs: checker.needs,
    fields: [...checker.fields],
    warnings: [...checker.warnings],
  }
}

/** The quantifier of an operator that is not told one, and what it compares. */
const OPERATORS: Record<Exclude<ComparisonOperator, 'matches'>, readonly [Quantifier, Relation]> = {
  '==': ['any', '=='],
  '!=': ['all', '!='],
  '===': ['all', '=='],
  '!==': ['any', '!='],
  '<': ['any', '<'],
  '<=': ['any', '<='],
  '>': ['any', '>'],
  '>=': ['any', '>='],
  contains: ['any', 'contains'],
}

class Checker {
  readonly needs = new Set<Need>()
  readonly fields = new Set<string>()
  readonly warnings = new Set<string>()
  readonly #expression: string
  #patterns = 0

  constructor(expression: string) {
    this.#expression = expression
  }

  test(node: Expression): Test {
    switch (node.kind) {
      case 'logical':
        return { type: node.operator, terms: node.terms.map((term, i) => this.#term(term, node.terms[i - 1])) }
      case 'not':
        return { type: 'not', test: this.test(node.operand) }
      case 'comparison':
        return this.#comparison(node)
      case 'membership':
        return this.#membership(node)
      case 'word':
      case 'layers':
      case 'raw':
      case 'slice': {
        const operand = this.operand(node)
        if (operand === undefined) return this.#notATest(node)
        if (operand.kind === 'boolean' && operand.type === 'field')
          this.#warn(
            `${operand.name} alone asks whether the field is there, not whether it is true; write ${operand.name} == 1 for that`,
          )
        return { type: 'exists', operand }
      }
      case 'arithmetic':
      case 'negative': {
        const operand = this.operand(node)
        return operand === undefined ? this.#notATest(node) : { type: 'nonzero', operand }
      }
      case 'call': {
        const operand = checkCall(this, node)
        if (operand.kind === 'boolean') return { type: 'nonzero', operand }
        return this.fail(node, `${node.name}(...) is a value, not a test`, `compare it: ${this.source(node)} > 0`)
      }
      default:
        return this.#notATest(node)
    }
  }

  /** A term of `and` or `or`; `before` is the one to its left. */
  #term(node: Expression, before: Expression | undefined): Test {
    const literal = node.kind === 'text' || (node.kind === 'word' && /^[0-9:]/.test(node.text))
    if (literal && before?.kind === 'comparison') {
      const [field, value] = before.operands.map((operand) => this.source(operand))
      this.fail(
        node,
        `${this.source(node)} is a value, not a test`,
        `write ${field} in {${value}, ${this.source(node)}}`,
      )
    }
    return this.test(node)
  }

  #notATest(node: Expression): never {
    if (node.kind === 'word' && /^[A-Za-z_.]/.test(node.text)) return this.unknown(node)
    return this.fail(node, `${this.source(node)} is a value, not a test`, 'compare a field with it: tcp.port == 80')
  }

  #comparison(node: Comparison): Test {
    const tests = node.operators.map((operator, i): Test => {
      const [leftNode, rightNode] = [node.operands[i], node.operands[i + 1]]
      if ((operator === 'matches' || operator === 'contains') && node.operators.length > 1)
        this.fail(node, `"${operator}" stands in no chain`, 'join two conditions with &&')
      if (operator === 'matches') {
        const test = checkPattern(this, leftNode, rightNode, node.quantifier ?? 'any')
        if (!test.pattern.isLiteral && ++this.#patterns > MAX_PATTERNS)
          this.fail(
            rightNode,
            `this is one pattern too many: at most ${MAX_PATTERNS} in a filter`,
            'one pattern looks for several things: "one|other"; plain text does not count',
          )
        return test
      }
      const [quantifier, relation] = OPERATORS[operator]
      const contains = relation === 'contains'
      const [left, right] = this.#pair(leftNode, this.operand(leftNode), rightNode, relation).map((side) =>
        contains ? withPayload(side) : side,
      )
      if (operator === '!=' && node.quantifier === undefined)
        for (const operand of [left, right]) this.#warnOfSeveral(operand, node, i)
      return { type: 'compare', quantifier: node.quantifier ?? quantifier, relation, left, right }
    })
    return tests.length === 1 ? tests[0] : { type: 'and', terms: tests }
  }

  #warn(text: string): void {
    if (this.warnings.size < MAX_WARNINGS) this.warnings.add(clip(text))
  }

  #warnOfSeveral(operand: Operand, node: Comparison, index: number): void {
    if (operand.type !== 'field' || operand.declarations.every(({ field }) => field.parts === undefined)) return
    const other = this.source(node.operands[index + 1])
    this.#warn(
      `a packet has several values of ${operand.name}: != wants all of them different; ` +
        `write ${operand.name} !== ${other} if one different value is enough`,
    )
  }

  /** Both sides of a comparison, of comparable kinds. At least one is not a literal, and tells how to read the other. */
  #pair(
    leftNode: Expression,
    left: Operand | undefined,
    rightNode: Expression,
    relation: Relation,
  ): readonly [Operand, Operand] {
    const right = this.operand(rightNode)
    if (left === undefined && right === undefined) {
      if (leftNode.kind === 'word' && /^[A-Za-z_]/.test(leftNode.text)) this.unknown(leftNode)
      if (rightNode.kind === 'word' && looksLikeName(rightNode.text)) this.unknown(rightNode)
      return this.fail(leftNode, `${this.source(leftNode)} is not a field`, 'one side of a comparison is a field')
    }
    if (left === undefined) {
      const typed = right as Operand
      this.#mustHaveValue(typed, rightNode)
      return [this.literal(leftNode, typed, rightNode), typed]
    }
    this.#mustHaveValue(left, leftNode)
    if (relation === 'contains' && !SEARCHABLE.includes(left.kind)) this.notSearchable(leftNode, left, relation)
    if (right === undefined) {
      // A search is for text or octets, whatever the field's own kind.
      const like = relation === 'contains' ? ({ ...left, kind: asOctets(left.kind) } as Operand) : left
      return [left, this.literal(rightNode, like, leftNode)]
    }
    this.#mustHaveValue(right, rightNode)
    if (!comparable(left.kind, right.kind))
      this.fail(
        rightNode,
        `${this.source(leftNode)} is ${KIND_NAMES[left.kind]} and ${this.source(rightNode)} is ${KIND_NAMES[right.kind]}: they cannot be compared`,
        this.#quotedHint(left, rightNode),
      )
    return [left, right]
  }

  /** The name of a protocol may be meant as its port, or as text. */
  #quotedHint(left: Operand, right: Expression): string | undefined {
    if (right.kind !== 'word') return undefined
    const port = portHint(left, right.text)
    if (port !== undefined) return port
    const quoted: Expression = { kind: 'text', octets: Buffer.from(right.text), at: right.at, length: right.length }
    return isMistake(convert(quoted, left, this.#expression)) ? undefined : `as text: "${right.text}"`
  }

  /** `contains` and `matches` search text and octets. */
  notSearchable(node: Expression, operand: Operand, relation: 'contains' | 'matches'): never {
    const source = this.source(node)
    return this.fail(
      node,
      `${source} is ${KIND_NAMES[operand.kind]}: "${relation}" searches text and octets`,
      operand.type === 'field' && operand.kind !== 'none' ? `as text: string(${source}) ${relation} "..."` : undefined,
    )
  }

  #mustHaveValue(operand: Operand, node: Expression): void {
    if (operand.kind === 'none')
      this.fail(
        node,
        `${this.source(node)} has no value to compare`,
        `write ${this.source(node)} alone: it is there or not`,
      )
  }

  #membership(node: Membership): Test {
    const operand = this.operand(node.operand)
    if (operand === undefined) {
      if (node.operand.kind === 'word' && /^[A-Za-z_.]/.test(node.operand.text)) return this.unknown(node.operand)
      const [first] = node.elements
      const hint = `write ${this.source(first.low)} == ${this.source(node.operand)}`
      return this.fail(node.operand, `${this.source(node.operand)} is not a field`, hint)
    }
    this.#mustHaveValue(operand, node.operand)
    const value = (element: Expression): Operand => this.#pair(node.operand, operand, element, '==')[1]
    const elements = node.elements.map(({ low, high }) => ({
      low: value(low),
      high: high === undefined ? undefined : value(high),
    }))
    const test: Test = { type: 'in', quantifier: node.quantifier ?? 'any', operand, elements }
    // Wireshark's "not in" is the negation of "in": no value is in the set, or there is none.
    return node.negated ? { type: 'not', test } : test
  }

  /** The operand that `node` stands for; undefined if it is a literal, whose kind depends on the other side. */
  operand(node: Expression): Operand | undefined {
    switch (node.kind) {
      case 'text':
      case 'character':
        return undefined
      case 'word':
        return this.#reference(node, undefined)
      case 'layers': {
        return this.#reference(node.operand, node.ranges) ?? this.unknown(node.operand)
      }
      case 'raw': {
        const operand = this.operand(node.operand) ?? this.#notAField(node.operand)
        // Of a protocol, its octets are what it is compared by anyway.
        if (operand.type !== 'field') return operand
        const mistake = rawMistake(operand)
        if (mistake !== undefined) this.fail(node, mistake)
        return { type: 'raw', kind: 'bytes', operand }
      }
      case 'slice': {
        const operand = this.operand(node.operand) ?? this.#notAField(node.operand)
        if (!SLICEABLE.includes(operand.kind))
          this.fail(
            node.operand,
            `${this.source(node.operand)} is ${KIND_NAMES[operand.kind]}: only text and octets have slices`,
          )
        const copies = node.ranges.length * copiesOf(operand)
        if (copies > MAX_RANGES)
          this.fail(
            node,
            `this slice is too long: ${copies} ranges, slices of slices multiplied, and at most ${MAX_RANGES}`,
          )
        return { type: 'slice', kind: 'bytes', operand, ranges: node.ranges }
      }
      case 'call':
        return checkCall(this, node)
      case 'negative': {
        const operand = this.operand(node.operand)
        if (operand !== undefined && !['integer', 'float', 'wide', 'time'].includes(operand.kind))
          this.#noArithmetic(node.operand, operand)
        return operand === undefined ? undefined : { type: 'negative', kind: operand.kind, operand }
      }
      case 'arithmetic':
        return this.#arithmetic(node)
      default:
        return this.fail(node, `${this.source(node)} is a test, not a value`)
    }
  }

  #notAField(node: Expression): never {
    if (node.kind === 'word' && /^[A-Za-z_.]/.test(node.text)) return this.unknown(node)
    return this.fail(node, `${this.source(node)} is not a field`)
  }

  #reference(node: Word, layers: readonly Range[] | undefined): Operand | undefined {
    const name = /^\.[A-Za-z_]/.test(node.text) ? node.text.slice(1) : node.text
    const meaning = lookUp(name)
    if (meaning === undefined) return name === node.text ? undefined : this.unknown(node)
    this.fields.add(name)
    for (const need of meaning.needs) this.needs.add(need)
    if (meaning.kind === 'protocol')
      return { type: 'protocol', kind: 'bytes', name, protocol: meaning.protocol, layers, payload: false }
    const { declarations } = meaning
    return { type: 'field', kind: KINDS[declarations[0].field.type], name, declarations, layers }
  }

  #arithmetic(node: Arithmetic): Operand | undefined {
    const left = this.operand(node.left)
    const right = this.operand(node.right)
    const typed = left ?? right
    if (typed === undefined) return undefined
    for (const [operand, side] of [[left, node.left] as const, [right, node.right] as const])
      if (operand !== undefined && !calculable(operand.kind, node.operator))
        this.#noArithmetic(side, operand, node.operator)
    // A calculation may leave the limits of the field: its literals have none.
    const free: Operand = { type: 'negative', kind: asOctets(typed.kind), operand: typed }
    const operands = [
      left ?? this.literal(node.left, free, node.right),
      right ?? this.literal(node.right, free, node.left),
    ]
    const kinds = operands.map((operand) => asOctets(operand.kind))
    const kind = kinds.includes('float') ? 'float' : kinds.includes('wide') ? 'wide' : kinds[0]
    const mixed =
      kind === 'float'
        ? kinds.includes('wide')
        : !kinds.every((k) => k === kind || (kind === 'wide' && k === 'integer'))
    if (mixed || kinds.some((k) => !calculable(k, node.operator)))
      this.fail(node, `${KIND_NAMES[kinds[0]]} ${node.operator} ${KIND_NAMES[kinds[1]]} cannot be calculated`)
    return {
      type: 'arithmetic',
      kind,
      operator: node.operator,
      left: operands[0],
      right: operands[1],
    }
  }

  #noArithmetic(node: Expression, operand: Operand, operator = '-'): never {
    return this.fail(node, `${this.source(node)} is ${KIND_NAMES[operand.kind]}: it has no ${operator}`)
  }

  /** The literal `node` as a value of the kind of `like`, which was written as `other`. */
  literal(node: Expression, like: Operand, other: Expression): Operand {
    const result = convert(node, like, this.#expression)
    if (!isMistake(result)) return { type: 'constant', kind: result.kind, constant: result }
    if (node.kind === 'word' && looksLikeName(node.text)) return this.unknown(node)
    let hint = result.hint
    if (hint === undefined && (node.kind === 'word' || node.kind === 'text'))
      hint = portHint(like, node.kind === 'word' ? node.text : Buffer.from(node.octets).toString())
    if (node.kind === 'text' && hint === undefined) {
      const bare: Word = { kind: 'word', text: Buffer.from(node.octets).toString(), at: node.at, length: node.length }
      if (!isMistake(convert(bare, like, this.#expression))) hint = `without quotes: ${bare.text}`
      else hint = `${this.source(other)} is ${KIND_NAMES[like.kind]}`
    }
    return this.fail(node, result.message, hint)
  }

  unknown(node: Word): never {
    throw unknownName(this.#expression, node)
  }

  /** `node` as it was written. */
  source(node: Span): string {
    return this.#expression.slice(node.at, node.at + node.length)
  }

  fail(where: Span, message: string, hint?: string): never {
    throw new FilterError(this.#expression, where.at, where.length, message, hint)
  }
}

/** How many times an octet of the packet may stand in a value of `operand`. */
function copiesOf(operand: Operand): number {
  if (operand.type === 'slice') return operand.ranges.length * copiesOf(operand.operand)
  return operand.type === 'call' ? operand.operands.reduce((most, inner) => Math.max(most, copiesOf(inner)), 1) : 1
}

/** What to write for the name of a service. */
function portHint(field: Operand, name: string): string | undefined {
  const port = field.type === 'field' && /port$/.test(field.name) ? servicePort(name) : undefined
  return port === undefined ? undefined : `${name} is port ${port}: write the number`
}

/** Whether an unknown word is a field's name with a slip in it rather than a value: `tcp.dstprt`. */
function looksLikeName(text: string): boolean {
  const [protocol] = text.split('.', 1)
  return /^[A-Za-z_]\w*(\.[A-Za-z_][\w-]*)+$/.test(text) && lookUp(protocol) !== undefined
}
