/** The checked tree: names resolved, constants converted, every operand of a known kind. Input of `compile` and `evaluate`. */
import type { Declaration } from './names.ts'
import type { PatternSearch } from './pattern-search.ts'
import type { ArithmeticOperator, Quantifier, Range } from './syntax.ts'

/** Kinds of value, coarser than field types: what one can be compared with. How each is visited: `protocols/field.ts`. */
export type Kind =
  /** Integers that a double holds exactly. */
  | 'integer'
  | 'boolean'
  | 'float'
  /** 64-bit integers, as bigints. */
  | 'wide'
  | 'ipv4'
  | 'ipv6'
  | 'ether'
  | 'bytes'
  | 'string'
  | 'time'
  /** Nothing but existence. */
  | 'none'

export type Constant =
  | { readonly kind: 'integer' | 'boolean' | 'float'; readonly value: number }
  | { readonly kind: 'wide'; readonly value: bigint }
  /** `last` is the highest address of the subnet; `first` itself if it is a single address. */
  | { readonly kind: 'ipv4'; readonly first: number; readonly last: number }
  /** `bits`: how many of the leading bits count. */
  | { readonly kind: 'ipv6' | 'ether' | 'bytes'; readonly octets: Uint8Array; readonly bits: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'time'; readonly seconds: number; readonly nanoseconds: number }

export type Operand =
  | { readonly type: 'constant'; readonly kind: Kind; readonly constant: Constant }
  | FieldOperand
  /** The octets of the layers of a protocol, with or without what they carry. */
  | {
      readonly type: 'protocol'
      readonly kind: 'bytes'
      readonly name: string
      readonly protocol: number
      readonly layers: readonly Range[] | undefined
      readonly payload: boolean
    }
  | {
      readonly type: 'slice'
      readonly kind: 'bytes'
      readonly operand: Operand
      readonly ranges: readonly Range[]
    }
  /** The octets of a field as they are in the packet. */
  | { readonly type: 'raw'; readonly kind: 'bytes'; readonly operand: FieldOperand }
  | { readonly type: 'negative'; readonly kind: Kind; readonly operand: Operand }
  | {
      readonly type: 'arithmetic'
      readonly kind: Kind
      readonly operator: ArithmeticOperator
      readonly left: Operand
      readonly right: Operand
    }
  | { readonly type: 'call'; readonly kind: Kind; readonly name: FunctionName; readonly operands: readonly Operand[] }

export interface FieldOperand {
  readonly type: 'field'
  readonly kind: Kind
  readonly name: string
  readonly declarations: readonly Declaration[]
  readonly layers: readonly Range[] | undefined
}

export type FunctionName =
  | 'len'
  | 'count'
  | 'upper'
  | 'lower'
  | 'string'
  | 'dec'
  | 'hex'
  | 'vals'
  | 'float'
  | 'double'
  | 'max'
  | 'min'
  | 'abs'
  | 'ip_rfc1918'
  | 'ip_multicast'
  | 'ip_linklocal'
  | 'ip_ula'

export type Relation = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains'

export type Test =
  | { readonly type: 'and' | 'or' | 'xor'; readonly terms: readonly Test[] }
  | { readonly type: 'not'; readonly test: Test }
  /** Whether there is a value at all. */
  | { readonly type: 'exists'; readonly operand: Operand }
  /** Whether a value is not zero. */
  | { readonly type: 'nonzero'; readonly operand: Operand }
  /** `all`: there is a pair of values, and each pair stands in the relation. */
  | {
      readonly type: 'compare'
      readonly quantifier: Quantifier
      readonly relation: Relation
      readonly left: Operand
      readonly right: Operand
    }
  | {
      readonly type: 'matches'
      readonly quantifier: Quantifier
      readonly operand: Operand
      readonly pattern: PatternSearch
    }
  | {
      readonly type: 'in'
      readonly quantifier: Quantifier
      readonly operand: Operand
      readonly elements: readonly Element[]
    }

/** A value of a set, or a range with both ends included. */
export interface Element {
  readonly low: Operand
  readonly high: Operand | undefined
}
