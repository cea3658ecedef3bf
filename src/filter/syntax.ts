/**
 * The syntax tree: what was written, before any name is looked up. One kind of node for tests and for values, because
 * only the checker can tell them apart (`(tcp.len)` and `(tcp.len + 1) > 5` start alike).
 *
 * Precedence, loosest first (observed in tshark 4.0.17; `xor` is from the documentation of 4.2):
 *
 *   or ||   xor ^^   and &&   not !   comparison, in, contains, matches   &   + -   * / %   - (sign)   @ [slice] #layer
 */

/** Where in the expression a node was written. */
export interface Span {
  readonly at: number
  readonly length: number
}

export type ComparisonOperator = '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=' | 'contains' | 'matches'
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&'
export type Quantifier = 'any' | 'all'

/** `from` and `length` of a slice; negative: counted from the end. A slice without a length goes to the end. */
export interface Range {
  readonly from: number
  /** Octets, or `Infinity`. Of `[i-j]`, `j` is kept in `to` instead: it may count from the other side. */
  readonly length?: number
  /** Last octet, included. */
  readonly to?: number
}

export type Expression =
  | Word
  | Text
  | Character
  | Slice
  | Layers
  | Raw
  | Call
  | Arithmetic
  | Negative
  | Comparison
  | Membership
  | Not
  | Logical

/** A name or an unquoted literal: which of them is for the checker to say. */
export interface Word extends Span {
  readonly kind: 'word'
  readonly text: string
}

/** A quoted string, escapes resolved. It may hold octets that are not UTF-8 (`"\xff"`). */
export interface Text extends Span {
  readonly kind: 'text'
  readonly octets: Uint8Array
}

/** `'A'`: a number written as a character. */
export interface Character extends Span {
  readonly kind: 'character'
  readonly code: number
}

export interface Slice extends Span {
  readonly kind: 'slice'
  readonly operand: Expression
  readonly ranges: readonly Range[]
}

/** `ip.src#2`, `ip.src#[1-2]`, `ip.src#[-1]`: layers are numbered from 1, or from -1 backwards. */
export interface Layers extends Span {
  readonly kind: 'layers'
  readonly operand: Word
  readonly ranges: readonly Range[]
}

/** `@ip.src`: the octets of the field as they are in the packet. */
export interface Raw extends Span {
  readonly kind: 'raw'
  readonly operand: Word | Layers
}

export interface Call extends Span {
  readonly kind: 'call'
  readonly name: string
  readonly arguments: readonly Expression[]
}

export interface Arithmetic extends Span {
  readonly kind: 'arithmetic'
  readonly operator: ArithmeticOperator
  readonly left: Expression
  readonly right: Expression
}

export interface Negative extends Span {
  readonly kind: 'negative'
  readonly operand: Expression
}

/** `a < b <= c`: each operator holds between its neighbours. */
export interface Comparison extends Span {
  readonly kind: 'comparison'
  readonly quantifier: Quantifier | undefined
  readonly operands: readonly Expression[]
  readonly operators: readonly ComparisonOperator[]
}

/** `x in {a, b..c}` */
export interface Membership extends Span {
  readonly kind: 'membership'
  readonly quantifier: Quantifier | undefined
  readonly negated: boolean
  readonly operand: Expression
  readonly elements: readonly { readonly low: Expression; readonly high: Expression | undefined }[]
}

export interface Not extends Span {
  readonly kind: 'not'
  readonly operand: Expression
}

/** A chain of one operator, however long, is one node: generated filters have thousands of terms. */
export interface Logical extends Span {
  readonly kind: 'logical'
  readonly operator: 'and' | 'or' | 'xor'
  readonly terms: readonly Expression[]
}
