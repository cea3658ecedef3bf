/** The functions of the filter language: what each takes and gives. What they do is in `calls.ts` and `evaluate.ts`. */
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
const INTEGERS: readonly Kind[] = ['integer', 'wide']
const ORDERED: readonly Kind[] = [...NUMBERS, 'boolean', 'ipv4', 'ipv6', 'ether', 'bytes', 'string']
const ADDRESSES: readonly Kind[] = ['ipv4', 'ipv6']

const FUNCTIONS: Record<FunctionName, Signature> = {
  len: { gives: 'integer', what: 'a field', most: 1 },
  count: { gives: 'integer', what: 'a field', most: 1 },
  upper: { takes: ['string'], gives: 'string', what: 'text', most: 1 },
  lower: { takes: ['string'], gives: 'string', what: 'text', most: 1 },
  string: {
    takes: ['integer', 'wide', 'float', 'ipv4', 'ipv6', 'ether'],
    gives: 'string',
    what: 'a number or an address',
    most: 1,
  },
  dec: { takes: INTEGERS, gives: 'string', what: 'a whole number', most: 1 },
  hex: { takes: INTEGERS, gives: 'string', what: 'a whole number', most: 1 },
  vals: { takes: INTEGERS, gives: 'string', what: 'a field whose values have names', most: 1 },
  float: { takes: ['integer', 'wide', 'float'], gives: 'float', what: 'a number', most: 1 },
  double: { takes: ['integer', 'wide', 'float'], gives: 'float', what: 'a number', most: 1 },
  max: { takes: ORDERED, what: 'values', most: Infinity },
  min: { takes: ORDERED, what: 'values', most: Infinity },
  abs: { takes: NUMBERS, what: 'a number', most: 1 },
  ip_rfc1918: { takes: ['ipv4'], gives: 'boolean', what: 'an IPv4 address', most: 1 },
  ip_multicast: { takes: ADDRESSES, gives: 'boolean', what: 'an IP address', most: 1 },
  ip_linklocal: { takes: ADDRESSES, gives: 'boolean', what: 'an IP address', most: 1 },
  ip_ula: { takes: ['ipv6'], gives: 'boolean', what: 'an IPv6 address', most: 1 },
}

/** Functions that newer versions of Wireshark have. */
const NOT_YET = new Set('ip_special_name ip_special_mask'.split(' '))

/** Octets of the values of fixed-size types, as `len` gives them: flags and times have none. */
export const WIDTHS: Partial<Record<FieldType, number>> = {
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
}

/** What a call needs of the checker. */
interface Checking {
  operand(node: Expression): Operand | undefined
  literal(node: Expression, like: Operand, other: Expression): Operand
  unknown(node: Word): never
  source(node: Span): string
  fail(where: Span, message: string, hint?: string): never
}

/** The call as an operand; throws `FilterError` through `checker`. */
export function checkCall(checker: Checking, node: Call): Operand {
  const { name } = node
  const where = { at: node.at, length: name.length }
  if (!isFunction(name)) return checker.fail(where, `there is no function ${name}`, nearestFunction(name))
  const signature = FUNCTIONS[name]
  const count = node.arguments.length
  if (count === 0 || count > signature.most)
    checker.fail(
      where,
      `${name}(...) takes ${signature.most === 1 ? 'one argument' : 'at least one argument'}, not ${count}`,
    )
  const found = node.arguments.map((argument) => checker.operand(argument))
  const first = found.findIndex((operand) => operand !== undefined)
  const operands = node.arguments.map((argument, i) => {
    const operand = found[i]
    if (operand !== undefined) return checkArgument(checker, name, argument, operand)
    if (argument.kind === 'word' && /^[A-Za-z_]/.test(argument.text)) return checker.unknown(argument)
    // A field says how to read what stands beside it.
    if (signature.most > 1 && first >= 0)
      return checker.literal(argument, found[first] as Operand, node.arguments[first])
    return checker.fail(argument, `${name}(...) takes a field, not a literal`)
  })
  const [{ kind }] = operands
  const odd = operands.findIndex((operand) => operand.kind !== kind)
  if (odd >= 0) checker.fail(node.arguments[odd], `the arguments of ${name}(...) must be of one kind`)
  return { type: 'call', kind: signature.gives ?? kind, name, operands }
}

function checkArgument(checker: Checking, name: FunctionName, node: Expression, operand: Operand): Operand {
  const { takes, what } = FUNCTIONS[name]
  const fits = takes === undefined ? operand.kind !== 'none' || name === 'count' : takes.includes(operand.kind)
  if (!fits) checker.fail(node, `${name}(...) takes ${what}, and ${checker.source(node)} is not that`)
  if (name === 'vals' && (operand.type !== 'field' || operand.declarations[0].field.values === undefined))
    checker.fail(node, `the values of ${checker.source(node)} have no names`, 'string(...) gives its number as text')
  return operand
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name)
}

function nearestFunction(name: string): string {
  if (NOT_YET.has(name)) return 'Wireshark 4.4 has it, pcapx not yet'
  const near = suggest(name, Object.keys(FUNCTIONS))
  return near === undefined ? `there are ${Object.keys(FUNCTIONS).join(', ')}` : `did you mean ${near}(...)?`
}
