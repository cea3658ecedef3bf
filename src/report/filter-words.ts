/** A display filter in words: its tests as an indented list, each as a sentence. */
import { isMistake, parseInteger, ipv4 as readIpv4, valueName } from '../filter/literals.ts'
import { lookUp } from '../filter/names.ts'
import type { Comparison, ComparisonOperator, Expression, Layers, Membership, Range } from '../filter/syntax.ts'
import { formatIpv4 } from '../packet/address.ts'
import type { Field } from '../protocols/field.ts'

/** A test in words; with `terms`, it says how those are taken together. */
export interface Statement {
  readonly text: string
  /** The part of the filter that it explains, as it was written. */
  readonly source: string
  readonly terms: readonly Statement[]
}

/** What the filter, which has been checked, says. */
export function filterWords(expression: string, tree: Expression): Statement {
  return new Reader(expression).test(tree)
}

const TOGETHER = { and: 'all of these hold:', or: 'at least one of these holds:', xor: 'exactly one of these holds:' }
const AN_ODD_NUMBER = 'an odd number of these hold:'

/** What stands between the two sides; `is` where there is one value, `differs` where there are two fields. */
const RELATIONS: Readonly<Record<ComparisonOperator, string>> = {
  '==': 'is',
  '===': 'is',
  '!=': 'is other than',
  '!==': 'is other than',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is greater than',
  '>=': 'is at least',
  contains: 'contains',
  matches: 'matches the regular expression',
}

/** Operators that want every value to pass. */
const OF_ALL: ReadonlySet<ComparisonOperator> = new Set(['!=', '==='])

class Reader {
  readonly #expression: string

  constructor(expression: string) {
    this.#expression = expression
  }

  test(node: Expression): Statement {
    switch (node.kind) {
      case 'logical': {
        const odd = node.operator === 'xor' && node.terms.length > 2
        const terms = node.terms.map((term) => this.test(term))
        return this.#statement(node, odd ? AN_ODD_NUMBER : TOGETHER[node.operator], terms)
      }
      case 'not':
        return this.#not(node, node.operand)
      case 'comparison':
        return this.#comparison(node)
      case 'membership':
        return this.#statement(node, this.#membership(node))
      case 'arithmetic':
      case 'negative':
        return this.#statement(node, `${this.value(node)} is not 0`)
      default:
        return this.#statement(node, `there is ${this.#thing(node)}`)
    }
  }

  #statement(node: Expression, text: string, terms: readonly Statement[] = []): Statement {
    return { text, source: this.source(node), terms }
  }

  #not(node: Expression, operand: Expression): Statement {
    if (isName(operand)) return this.#statement(node, `there is no ${this.#thing(operand).replace(/^an? /, '')}`)
    const inner = this.test(operand)
    if (operand.kind === 'logical' && operand.operator === 'or')
      return this.#statement(node, 'none of these holds:', inner.terms)
    if (operand.kind === 'logical' && operand.operator === 'and')
      return this.#statement(node, 'not all of these hold:', inner.terms)
    return this.#statement(node, 'this does not hold:', [inner])
  }

  /** What is there or not. */
  #thing(node: Expression): string {
    const name = nameOf(node)
    const meaning = name === undefined ? undefined : lookUp(name)
    if (meaning === undefined) return this.value(node)
    if (meaning.kind === 'protocol') {
      const article = /^[aeio]/.test(name!) ? 'an' : 'a'
      return `${node.kind === 'layers' ? layerWords(node) : `${article} ${name} layer`} (${meaning.title})`
    }
    return `a value of ${this.value(node)}`
  }

  #comparison(node: Comparison): Statement {
    const pairs = node.operators.map((operator, i) =>
      this.#pair(node, operator, node.operands[i], node.operands[i + 1]),
    )
    if (pairs.length === 1) return this.#statement(node, pairs[0])
    const terms = pairs.map((text, i) => {
      const [left, right] = [node.operands[i], node.operands[i + 1]]
      return { text, source: this.#between(left, right), terms: [] }
    })
    return this.#statement(node, TOGETHER.and, terms)
  }

  #pair(node: Comparison, operator: ComparisonOperator, left: Expression, right: Expression): string {
    // A literal is what the other side is compared with, wherever it stands.
    if (isLiteral(left) && !isLiteral(right) && operator !== 'contains' && operator !== 'matches')
      return this.#pair(node, TURNED[operator] ?? operator, right, left)
    const all = node.quantifier === undefined ? OF_ALL.has(operator) : node.quantifier === 'all'
    const other = isLiteral(right) ? this.#literal(right, fieldOf(left)) : this.value(right)
    const subject = this.value(left)
    if (isSingle(left) && isSingle(right)) return `${subject} ${relation(operator, right)} ${other}`
    if (!isLiteral(right))
      return all
        ? `${subject} and ${other} are there, and every value of ${subject} ${RELATIONS[operator]} every value of ${other}`
        : `a value of ${subject} ${RELATIONS[operator]} a value of ${other}`
    if (!all) return `a value of ${subject} ${relation(operator, right)} ${other}`
    return operator === '!='
      ? `${subject} is there, and no value of it ${relation('==', right)} ${other}`
      : `${subject} is there, and every value of it ${relation(operator, right)} ${other}`
  }

  #membership({ operand, elements, negated, quantifier }: Membership): string {
    const field = fieldOf(operand)
    const parts = elements.map(({ low, high }) => {
      const ends = [low, ...(high === undefined ? [] : [high])]
      return ends.map((end) => (isLiteral(end) ? this.#literal(end, field) : this.value(end))).join(' to ')
    })
    const set = parts.length === 1 ? `is ${parts[0]}` : `is one of ${parts.join(', ')}`
    const range = elements.length === 1 && elements[0].high !== undefined ? `is from ${parts[0]}` : set
    const subject = this.value(operand)
    if (quantifier === 'all') {
      const every = `${subject} is there, and every value of it ${range}`
      return negated ? `it is not so that ${every}` : every
    }
    if (isSingle(operand)) return negated ? `it is not so that ${subject} ${range}` : `${subject} ${range}`
    return negated ? `no value of ${subject} ${range}, or there is none` : `a value of ${subject} ${range}`
  }

  /** A value that is worked out from the packet. */
  value(node: Expression): string {
    switch (node.kind) {
      case 'layers':
        return `${plainName(node.operand.text)} of ${layerWords(node)}`
      case 'slice': {
        const unit = fieldOf(node.operand)?.type === 'string' ? 'character' : 'octet'
        return `${node.ranges.map((range) => rangeWords(range, unit)).join(' and ')} of ${this.value(node.operand)}`
      }
      case 'call': {
        const [words] = Object.hasOwn(CALLS, node.name) ? [CALLS[node.name]] : []
        const values = node.arguments.map((argument) => this.value(argument))
        return words === undefined ? this.source(node) : `${words} ${values.join(' and ')}`
      }
      case 'negative':
        return `-${this.value(node.operand)}`
      case 'arithmetic':
        return `(${this.value(node.left)} ${node.operator} ${this.value(node.right)})`
      default:
        return this.source(node)
    }
  }

  /** A literal as it was written, with what it stands for if that is not plain. */
  #literal(node: Expression, field: Field | undefined): string {
    const source = this.source(node)
    const meaning = this.#meaning(node, source, field)
    return meaning === undefined || meaning === source ? source : `${source} (${meaning})`
  }

  #meaning(node: Expression, source: string, field: Field | undefined): string | undefined {
    if (node.kind === 'character') return String(node.code)
    if (field === undefined) return undefined
    if (field.type === 'ipv4' && source.includes('/')) {
      const subnet = readIpv4(source)
      if (!isMistake(subnet) && subnet.kind === 'ipv4')
        return `${formatIpv4(subnet.first)} to ${formatIpv4(subnet.last)}`
    }
    if (!/^u?int\d+$|^framenum$|^boolean$/.test(field.type)) return undefined
    const text = node.kind === 'text' ? Buffer.from(node.octets).toString() : source
    const number = parseInteger(text)
    const value = number ?? valueName(text, field)
    if (value === undefined) return undefined
    const name = field.values?.[Number(value)]
    if (number === undefined) return String(value)
    // Octal, hexadecimal and binary, in words that leave no doubt.
    const plain = String(number) === text ? undefined : String(number)
    return [plain, name].filter((part) => part !== undefined).join(', ') || undefined
  }

  source(node: Expression): string {
    return this.#expression.slice(node.at, node.at + node.length)
  }

  #between(left: Expression, right: Expression): string {
    return this.#expression.slice(left.at, right.at + right.length)
  }
}

/** What the same comparison is with its sides exchanged. */
const TURNED: Partial<Record<ComparisonOperator, ComparisonOperator>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

const CALLS: Readonly<Record<string, string>> = {
  len: 'the length, in octets, of',
  count: 'the number of values of',
  upper: 'in capital letters,',
  lower: 'in small letters,',
  string: 'as text,',
  max: 'the largest of',
  min: 'the smallest of',
  abs: 'the absolute value of',
}

/** `is in 10.0.0.0/8` */
function relation(operator: ComparisonOperator, right: Expression): string {
  const isSubnet = right.kind === 'word' && /^[\d.:A-Fa-f]+\/\d+$/.test(right.text)
  if (isSubnet && (operator === '==' || operator === '===')) return 'is in'
  if (isSubnet && (operator === '!=' || operator === '!==')) return 'is outside of'
  return RELATIONS[operator]
}

/** The name that a filter may write with a dot before it, to tell it from a literal. */
function plainName(text: string): string {
  return /^\.[A-Za-z_]/.test(text) ? text.slice(1) : text
}

function nameOf(node: Expression): string | undefined {
  if (node.kind === 'word') return plainName(node.text)
  return node.kind === 'layers' ? plainName(node.operand.text) : undefined
}

/** A field or a protocol, and not a literal. */
function isName(node: Expression): boolean {
  const name = nameOf(node)
  return name !== undefined && lookUp(name) !== undefined
}

/** Nothing of the packet is in it. */
function isLiteral(node: Expression): boolean {
  switch (node.kind) {
    case 'text':
    case 'character':
      return true
    case 'word':
      return !isName(node)
    case 'negative':
      return isLiteral(node.operand)
    case 'arithmetic':
      return isLiteral(node.left) && isLiteral(node.right)
    default:
      return false
  }
}

/** Whether a packet has exactly one value of it. */
function isSingle(node: Expression): boolean {
  if (isLiteral(node)) return true
  if (node.kind === 'call') return node.name === 'count' || node.arguments.every(isSingle)
  if (node.kind === 'slice') return isSingle(node.operand)
  return node.kind === 'word' && /^frame(\.|$)/.test(plainName(node.text))
}

/** The field that gives literals their meaning; undefined if there is none, or it is worked out. */
function fieldOf(node: Expression): Field | undefined {
  const name = nameOf(node)
  const meaning = name === undefined ? undefined : lookUp(name)
  return meaning?.kind === 'field' ? meaning.declarations[0].field : undefined
}

/** `ip layer 2`, `ip layers 1 to 2` */
function layerWords({ operand, ranges }: Layers): string {
  const [protocol] = plainName(operand.text).split('.', 1)
  return ranges.map((range) => `${protocol} ${rangeWords(range, 'layer')}`).join(' and ')
}

/** `octet 0`, `octets 0 to 2`, `octets 4 to the end`, `octets -4 (counted from the end) to -3` */
function rangeWords({ from, to, length }: Range, unit: string): string {
  const at = (position: number) => (position < 0 ? `${position} (counted from the end)` : String(position))
  if (length === 1 || (to !== undefined && to === from)) return `${unit} ${at(from)}`
  if (length === Infinity && from < 0) return `the last ${-from} ${unit}s`
  if (length === Infinity) return `${unit}s ${at(from)} to the end`
  const last = to ?? from + (length as number) - 1
  if (from < 0 && last === -1) return `the last ${-from} ${unit}s`
  return `${unit}s ${at(from)} to ${to === undefined && from < 0 ? last : at(last)}`
}
