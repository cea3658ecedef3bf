/** A literal, however it was written, as a constant of the kind that the other side of the comparison has. */
import type { Field } from '../protocols/field.ts'
import { calculate } from './arithmetic.ts'
import type { Kind, Operand } from './checked.ts'
import { OCTETS } from './kinds.ts'
import * as literals from './literals.ts'
import { suggest } from './suggest.ts'
import type { Expression } from './syntax.ts'

export const KIND_NAMES: Record<Kind, string> = {
  integer: 'a number',
  boolean: 'true or false',
  float: 'a number',
  wide: 'a number',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  ether: 'an Ethernet address',
  bytes: 'a sequence of octets',
  string: 'text',
  time: 'a time',
  none: 'something without a value',
}

/** The constant that `node`, written in `expression`, stands for beside `like`; or what is wrong with it. */
export function convert(node: Expression, like: Operand, expression: string): literals.Result {
  const field = like.type === 'field' ? like.declarations[0].field : undefined
  const source = expression.slice(node.at, node.at + node.length)
  if (node.kind === 'text') return ofText(node.octets, source, like.kind, field)
  if (node.kind === 'word') return ofWord(node.text, like.kind, field)
  if (node.kind === 'character') {
    if (like.kind === 'string') return { kind: 'string', value: String.fromCharCode(node.code) }
    if (OCTETS.includes(like.kind)) return { kind: 'bytes', octets: Uint8Array.of(node.code), bits: 8 }
    return ofWord(String(node.code), like.kind, field)
  }
  const value = numberOf(node)
  if (value === undefined || !Number.isFinite(value)) return { message: `${source} is not a number` }
  return ofWord(Number.isInteger(value) ? BigInt(value).toString() : String(value), like.kind, field)
}

/** A quoted string. */
function ofText(octets: Uint8Array, source: string, kind: Kind, field: Field | undefined): literals.Result {
  const text = Buffer.from(octets).toString()
  if (kind === 'string') return { kind: 'string', value: text }
  if (kind === 'bytes') return { kind: 'bytes', octets, bits: 8 * octets.length }
  if (field?.type === 'absolute_time') return literals.moment(text)
  const named = literals.valueName(text, field)
  if (named !== undefined && kind === 'integer') return { kind: 'integer', value: named }
  if (kind === 'boolean' && literals.parseInteger(text) === undefined) return literals.boolean(text)
  if (field?.values !== undefined)
    return { message: `${source} is not a value of ${field.name}`, hint: nameHint(text, field) }
  return { message: `${source} is text, not ${KIND_NAMES[kind]}` }
}

function ofWord(text: string, kind: Kind, field: Field | undefined): literals.Result {
  switch (kind) {
    case 'integer':
    case 'wide': {
      const named = literals.parseInteger(text) === undefined ? literals.valueName(text, field) : undefined
      if (named !== undefined) return kind === 'wide' ? { kind, value: BigInt(named) } : { kind, value: named }
      if (field?.values !== undefined && /^[A-Za-z]/.test(text))
        return { message: `${text} is not a value of ${field.name}`, hint: nameHint(text, field) }
      return kind === 'wide' ? literals.wide(text, field) : literals.integer(text, field)
    }
    case 'float':
      return literals.float(text)
    case 'boolean':
      return literals.boolean(text)
    case 'ipv4':
      return literals.ipv4(text)
    case 'ipv6':
      return literals.ipv6(text)
    case 'ether':
      return literals.ether(text)
    case 'bytes':
      return literals.bytes(text)
    case 'string':
      return { kind: 'string', value: text }
    case 'time':
      // Without quotes a date alone can be written; seconds since 1970 as well, from 4.2 on.
      return field?.type === 'absolute_time' && !/^[\d.]+$/.test(text) ? literals.moment(text) : literals.seconds(text)
    case 'none':
      return { message: 'there is no value to compare with' }
  }
}

/** The value of a calculation with literals only; undefined if there is something else in it. */
function numberOf(node: Expression): number | undefined {
  if (node.kind === 'character') return node.code
  if (node.kind === 'word') {
    const result = literals.float(node.text)
    return 'value' in result ? Number(result.value) : undefined
  }
  if (node.kind === 'negative') {
    const value = numberOf(node.operand)
    // `0 -` and not `-`: there is no -0.
    return value === undefined ? undefined : 0 - value
  }
  if (node.kind !== 'arithmetic') return undefined
  const [left, right] = [numberOf(node.left), numberOf(node.right)]
  return left === undefined || right === undefined ? undefined : calculate(node.operator, left, right)
}

function nameHint(text: string, field: Field): string {
  const names = Object.values(field.values ?? {})
  const near = suggest(
    text,
    names.map((name) => name.toLowerCase()),
  )
  const found = names.find((name) => name.toLowerCase() === near)
  return found === undefined ? `its values have names like "${names[0]}"` : `did you mean "${found}"?`
}
