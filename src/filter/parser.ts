/** Tokens to the syntax tree, by recursive descent: one method for each level of precedence (see `syntax.ts`). */
import { FilterError } from './errors.ts'
import { lex, type Token } from './lexer.ts'
import { MAX_DEPTH } from './limits.ts'
import { parseRanges } from './range-parser.ts'
import type {
  ArithmeticOperator,
  ComparisonOperator,
  Expression,
  Layers,
  Logical,
  Membership,
  Quantifier,
  Span,
  Word,
} from './syntax.ts'

const COMPARISONS: Record<string, ComparisonOperator> = {
  '==': '==',
  eq: '==',
  any_eq: '==',
  '!=': '!=',
  ne: '!=',
  all_ne: '!=',
  '===': '===',
  all_eq: '===',
  '!==': '!==',
  '~=': '!==',
  any_ne: '!==',
  '<': '<',
  lt: '<',
  '<=': '<=',
  le: '<=',
  '>': '>',
  gt: '>',
  '>=': '>=',
  ge: '>=',
  contains: 'contains',
  matches: 'matches',
  '~': 'matches',
}

const LOGICAL: Record<Logical['operator'], readonly string[]> = {
  or: ['or', '||'],
  xor: ['xor', '^^'],
  and: ['and', '&&'],
}

/** `bitand` is from 4.2. */
const BITWISE_AND = ['&', 'bitwise_and', 'bitand']

const KEYWORDS = new Set([
  ...Object.keys(COMPARISONS),
  ...['and', 'or', 'xor', 'not', 'in', 'any', 'all', ...BITWISE_AND],
])

/** The syntax tree of `expression`; throws `FilterError`. */
export function parse(expression: string): Expression {
  return new Parser(expression).parse()
}

class Parser {
  readonly #expression: string
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0
  /** How deep the tree is below a node, where it is deep without the parser being so: `1 + 1 + 1`, `tcp[0][0]`. */
  readonly #depths = new WeakMap<Expression, number>()

  constructor(expression: string) {
    this.#expression = expression
    this.#tokens = lex(expression)
  }

  parse(): Expression {
    const [first] = this.#tokens
    if (first.kind === 'end') this.#fail(first, 'the filter is empty')
    const tree = this.#or()
    const { kind } = this.#token
    if (kind === 'word' || kind === 'text')
      this.#unexpected('and, or, or the end', 'conditions are joined with && or ||')
    if (kind !== 'end') this.#unexpected('and, or, or the end')
    return tree
  }

  get #token(): Token {
    return this.#tokens[this.#next]
  }

  #or(): Expression {
    return this.#logical('or', () => this.#logical('xor', () => this.#logical('and', () => this.#not())))
  }

  #logical(operator: Logical['operator'], term: () => Expression): Expression {
    const first = term()
    if (!this.#isWord(...LOGICAL[operator])) return first
    const terms = [first]
    while (this.#take(...LOGICAL[operator])) terms.push(term())
    return { kind: 'logical', operator, terms, ...over(first, terms[terms.length - 1]) }
  }

  #not(): Expression {
    const sign = this.#token
    if (!this.#take('not', '!')) return this.#comparison()
    const operand = this.#deeper(sign, () => this.#not())
    return { kind: 'not', operand, ...over(sign, operand) }
  }

  #comparison(): Expression {
    const start = this.#token
    const quantifier: Quantifier | undefined = this.#take('any') ? 'any' : this.#take('all') ? 'all' : undefined
    const first = this.#and()
    const membership = this.#membership(start, first, quantifier)
    if (membership !== undefined) return membership
    const operands = [first]
    const operators: ComparisonOperator[] = []
    for (let operator = this.#comparisonOperator(); operator !== undefined; operator = this.#comparisonOperator()) {
      this.#next++
      operators.push(operator)
      operands.push(this.#and())
    }
    if (operators.length === 0) {
      if (quantifier !== undefined)
        this.#fail(start, `"${quantifier}" needs a comparison`, `for example: ${quantifier} tcp.port > 1024`)
      return first
    }
    return { kind: 'comparison', quantifier, operands, operators, ...over(start, operands[operands.length - 1]) }
  }

  #comparisonOperator(): ComparisonOperator | undefined {
    const { kind, text } = this.#token
    return kind === 'operator' || kind === 'word' ? COMPARISONS[text] : undefined
  }

  #membership(start: Span, operand: Expression, quantifier: Quantifier | undefined): Expression | undefined {
    const after = this.#tokens[this.#next + 1]
    const negated = this.#isWord('not') && after.kind === 'word' && after.text === 'in'
    if (negated) this.#next++
    if (!this.#take('in')) return undefined
    if (!this.#take('{')) this.#unexpected('{', 'a set is written in braces: tcp.port in {80, 443, 8000..8100}')
    const elements: Membership['elements'][number][] = []
    do {
      if (this.#isWord('}')) this.#unexpected('a value', 'for example: {80, 443, 8000..8100}')
      const low = this.#and()
      const high = this.#take('..') ? this.#and() : undefined
      elements.push({ low, high })
    } while (this.#take(','))
    const close = this.#token
    if (!this.#take('}')) {
      const value = close.kind === 'word' || close.kind === 'text' || close.kind === 'character'
      this.#unexpected(', or }', value ? 'values of a set are separated by commas: {80, 443}' : undefined)
    }
    return { kind: 'membership', quantifier, negated, operand, elements, ...over(start, close) }
  }

  #and(): Expression {
    return this.#chain(BITWISE_AND, () =>
      this.#chain(['+', '-'], () => this.#chain(['*', '/', '%'], () => this.#sign())),
    )
  }

  /** Left to right. */
  #chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand()
    for (let token = this.#token; this.#take(...operators); token = this.#token) {
      const right = operand()
      const operator = (BITWISE_AND.includes(token.text) ? '&' : token.text) as ArithmeticOperator
      left = this.#above([left, right], { kind: 'arithmetic', operator, left, right, ...over(left, right) })
    }
    return left
  }

  #sign(): Expression {
    const sign = this.#token
    if (!this.#take('-', '+')) return this.#suffixed()
    const operand = this.#deeper(sign, () => this.#sign())
    return sign.text === '+' ? operand : this.#above([operand], { kind: 'negative', operand, ...over(sign, operand) })
  }

  /** `node`, which stands above `children`; what walks the tree later must not run out of stack. */
  #above(children: readonly Expression[], node: Expression): Expression {
    let depth = 1
    for (const child of children) depth = Math.max(depth, 1 + (this.#depths.get(child) ?? 0))
    if (depth > MAX_DEPTH) this.#fail(node, 'this calculation is too long')
    this.#depths.set(node, depth)
    return node
  }

  #suffixed(): Expression {
    let operand = this.#isWord('@') ? this.#raw() : this.#primary()
    for (let token = this.#token; token.kind === 'slice' || token.kind === 'layers'; token = this.#token) {
      this.#next++
      const ranges = parseRanges(this.#expression, token)
      if (token.kind === 'slice')
        operand = this.#above([operand], { kind: 'slice', operand, ranges, ...over(operand, token) })
      else if (operand.kind === 'word') operand = { kind: 'layers', operand, ranges, ...over(operand, token) }
      else this.#fail(token, 'only a field has layers')
    }
    return operand
  }

  #raw(): Expression {
    const sign = this.#token
    this.#next++
    const { kind, text, at, length } = this.#token
    if (kind !== 'word' || KEYWORDS.has(text)) this.#unexpected('a field', 'for example: @ip.src == 0a:00:00:01')
    this.#next++
    let operand: Word | Layers = { kind: 'word', text, at, length }
    const layers = this.#tokens[this.#next]
    if (layers.kind === 'layers') {
      this.#next++
      operand = { kind: 'layers', operand, ranges: parseRanges(this.#expression, layers), ...over(operand, layers) }
    }
    return { kind: 'raw', operand, ...over(sign, operand) }
  }

  #primary(): Expression {
    const token = this.#token
    const { at, length } = token
    if (token.kind === 'text') {
      this.#next++
      return { kind: 'text', octets: token.octets, at, length }
    }
    if (token.kind === 'character') {
      this.#next++
      return { kind: 'character', code: token.code, at, length }
    }
    if (token.kind === 'word' && !KEYWORDS.has(token.text)) {
      this.#next++
      if (this.#isWord('(')) return this.#call(token)
      return { kind: 'word', text: token.text, at, length }
    }
    // Wireshark groups arithmetic with braces and tests with parentheses; here both do for both.
    const close = token.text === '(' ? ')' : token.text === '{' ? '}' : undefined
    if (token.kind === 'punctuation' && close !== undefined) {
      this.#next++
      if (this.#isWord(close)) this.#unexpected('an expression')
      const inside = this.#deeper(token, () => this.#or())
      if (!this.#take(close)) this.#unexpected(close, `it closes the ${token.text} at column ${at + 1}`)
      return inside
    }
    return this.#unexpected('a field or a value')
  }

  #call(name: Token): Expression {
    this.#next++
    const values: Expression[] = []
    if (!this.#isWord(')'))
      do values.push(this.#deeper(name, () => this.#and()))
      while (this.#take(','))
    const close = this.#token
    if (!this.#take(')')) this.#unexpected(', or )')
    return this.#above(values, { kind: 'call', name: name.text, arguments: values, ...over(name, close) })
  }

  #deeper(at: Span, parse: () => Expression): Expression {
    if (++this.#depth > MAX_DEPTH) this.#fail(at, `this is nested more than ${MAX_DEPTH} deep`)
    const result = parse()
    this.#depth--
    return result
  }

  #isWord(...texts: readonly string[]): boolean {
    const { kind, text } = this.#token
    return (kind === 'word' || kind === 'operator' || kind === 'punctuation') && texts.includes(text)
  }

  #take(...texts: readonly string[]): boolean {
    if (!this.#isWord(...texts)) return false
    this.#next++
    return true
  }

  #unexpected(wanted: string, hint?: string): never {
    const token = this.#token
    const lower = token.text.toLowerCase()
    const shouted = token.kind === 'word' && lower !== token.text && KEYWORDS.has(lower)
    this.#fail(
      token,
      token.kind === 'end'
        ? `the filter ends where ${wanted} should come`
        : `expected ${wanted} before "${token.text}"`,
      shouted ? `operators are written in small letters: ${lower}` : hint,
    )
  }

  #fail(where: Span, message: string, hint?: string): never {
    throw new FilterError(this.#expression, where.at, where.length, message, hint)
  }
}

/** From the first character of `first` to the last of `last`. */
function over(first: Span, last: Span): Span {
  return { at: first.at, length: last.at + last.length - first.at }
}
