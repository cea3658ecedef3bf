/** The functions of the filter language: what each takes and gives. What they do is in `compile.ts` and `evaluate.ts`. */
import type { FieldType } from '../protocols/field.ts'
import type { FunctionName, Kind, Operand } from './checked.ts'
import { suggest } from './suggest.ts'
import type { Call, Expression, Span, Word } from './syntax.ts'

interface Signature {
  /** Kinds of argument; undefined: any. */
  readonly takes?: readonly Kind[]
  /** Kind of the result; undefined: that of the arguments. */
  readonly gives?: Kind
  readonly what: string
  readonly most: number
}

const NUMBERS: readonly Kind[] = ['integer', 'wide', 'float', 'time']

const FUNCTIONS: Record<FunctionName, Signature> = {
  len: { gives: 'integer', what: 'a field', most: 1 },
  count: { gives: 'integer', what: 'a field', most: 1 },
  upper: { takes: ['string'], gives: 'string', what: 'text', most: 1 },
  lower: { takes: ['string'], gives: 'string', what: 'text', most: 1 },
  string: {
    takes: ['integer', 'wide', 'float', 'boolean', 'ipv4', 'ipv6', 'ether'],
    gives: 'string',
    what: 'a number or an address',
    most: 1,
  },
  max: { takes: [...NUMBERS, 'ipv4'], what: 'numbers', most: Infinity },
  min: { takes: [...NUMBERS, 'ipv4'], what: 'numbers', most: Infinity },
  abs: { takes: NUMBERS, what: 'a number', most: 1 },
}

/** Functions that newer versions of Wireshark have. */
const NOT_YET = new Set(
  'float double dec hex vals ip_special_name ip_special_mask ip_linklocal ip_multicast ip_rfc1918 ip_ula'.split(' '),
)

/** Octets of the values of fixed-size types, for `len`. */
export const WIDTHS: Partial<Record<FieldType, number>> = {
  boolean: 1,
  uint8: 1,
  uint16: 2,
  uint24: 3,
  uint32: 4,
  uint64: 8,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  eui64: 8,
  float: 4,
  double: 8,
  framenum: 4,
  ipv4: 4,
  absolute_time: 16,
  relative_time: 16,
}

/** What a call needs of the checker. */
interface Checking {
  operand(node: Expression): Operand | undefined
  unknown(node: Word): never
  source(node: Span): string
  fail(where: Span, message: string, hint?: string): never
}

/** The call as an operand; throws `FilterError` through `checker`. */
export function checkCall(checker: Checking, node: Call): Operand {
  const { name } = node
  const where = { at: node.at, length: name.length }
  if (!Object.hasOwn(FUNCTIONS, name)) {
    if (NOT_YET.has(name)) return checker.fail(where, `pcapx does not have the function ${name} yet`)
    const near = suggest(name, Object.keys(FUNCTIONS))
    const hint = near === undefined ? `there are ${Object.keys(FUNCTIONS).join(', ')}` : `did you mean ${near}(...)?`
    return checker.fail(where, `there is no function ${name}`, hint)
  }
  const signature = FUNCTIONS[name as FunctionName]
  const count = node.arguments.length
  if (count === 0 || count > signature.most)
    checker.fail(
      where,
      `${name}(...) takes ${signature.most === 1 ? 'one argument' : 'at least one argument'}, not ${count}`,
    )
  const operands = node.arguments.map((argument) => {
    const operand = checker.operand(argument)
    if (operand === undefined) {
      if (argument.kind === 'word' && /^[A-Za-z_]/.test(argument.text)) return checker.unknown(argument)
      return checker.fail(argument, `${name}(...) takes a field, not a literal`)
    }
    const fits =
      signature.takes === undefined
        ? operand.kind !== 'none' || name === 'count'
        : signature.takes.includes(operand.kind)
    if (!fits)
      checker.fail(argument, `${name}(...) takes ${signature.what}, and ${checker.source(argument)} is not that`)
    return operand
  })
  const [{ kind }] = operands
  const odd = operands.findIndex((operand) => operand.kind !== kind)
  if (odd >= 0) checker.fail(node.arguments[odd], `the arguments of ${name}(...) must be of one kind`)
  return { type: 'call', kind: signature.gives ?? kind, name: name as FunctionName, operands }
}
