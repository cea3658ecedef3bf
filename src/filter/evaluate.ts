/**
 * The checked tree evaluated as plainly as possible: every operand becomes the list of its values, every comparison
 * goes through all pairs. Slow; it is the meaning that tests hold `compile.ts` against, so it shares as little with it
 * as can be.
 */
import { formatIpv4, formatIpv6, formatMac } from '../packet/address.ts'
import type { Packet } from '../packet/packet.ts'
import { addTimes, calculate, calculateWide, compareTimes } from './arithmetic.ts'
import type { Constant, FieldOperand, Operand, Relation, Test } from './checked.ts'
import { WIDTHS } from './functions.ts'
import { eachLayer, isChosen } from './layers.ts'
import { WHOLE_PACKET } from './names.ts'
import type { Range } from './syntax.ts'

interface Time {
  readonly seconds: number
  readonly nanoseconds: number
}

/** A subnet stands for all its addresses: equal to each, less than what comes after the last. */
interface Subnet {
  readonly first: number
  readonly last: number
}

interface Prefix {
  readonly octets: Uint8Array
  readonly bits: number
}

/** How special addresses begin in hexadecimal, by their octets. */
const SPECIAL: Record<string, Record<number, RegExp>> = {
  ip_rfc1918: { 4: /^(0a|ac1|c0a8)/ },
  ip_multicast: { 4: /^e/, 16: /^ff/ },
  ip_linklocal: { 4: /^a9fe/, 16: /^fe[89ab]/ },
  ip_ula: { 16: /^f[cd]/ },
}

type Value = number | bigint | string | Uint8Array | Time | Subnet | Prefix

/** Whether `packet` passes `test`. */
export function evaluate(test: Test, packet: Packet): boolean {
  switch (test.type) {
    case 'and':
      return test.terms.every((term) => evaluate(term, packet))
    case 'or':
      return test.terms.some((term) => evaluate(term, packet))
    case 'xor':
      return test.terms.filter((term) => evaluate(term, packet)).length % 2 === 1
    case 'not':
      return !evaluate(test.test, packet)
    case 'exists':
      return valuesOf(test.operand, packet).length > 0
    case 'nonzero':
      return valuesOf(test.operand, packet).some(isNonzero)
    case 'compare': {
      const [left, right] = [valuesOf(test.left, packet), valuesOf(test.right, packet)]
      const pairs = left.flatMap((a) => right.map((b) => holds(test.relation, a, b)))
      return test.quantifier === 'any' ? pairs.includes(true) : pairs.length > 0 && !pairs.includes(false)
    }
    case 'matches': {
      const results = valuesOf(test.operand, packet).map((value) => {
        const octets = typeof value === 'string' ? Buffer.from(value) : octetsOf(value)
        return test.pattern.plainly(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))
      })
      return test.quantifier === 'any' ? results.includes(true) : results.length > 0 && !results.includes(false)
    }
    case 'in': {
      const results = valuesOf(test.operand, packet).map((value) =>
        test.elements.some(({ low, high }) => {
          const is = (relation: Relation, end: Operand) =>
            valuesOf(end, packet).some((other) => holds(relation, value, other))
          return high === undefined ? is('==', low) : is('>=', low) && is('<=', high)
        }),
      )
      return test.quantifier === 'any' ? results.includes(true) : results.length > 0 && !results.includes(false)
    }
  }
}

function isNonzero(value: Value): boolean {
  if (value instanceof Uint8Array) return value.some((octet) => octet !== 0)
  if (typeof value === 'object' && 'seconds' in value) return value.seconds !== 0 || value.nanoseconds !== 0
  return value !== 0 && value !== 0n
}

function holds(relation: Relation, a: Value, b: Value): boolean {
  if (relation === 'contains') {
    if (typeof a === 'string' || typeof b === 'string') return b !== '' && String(a).includes(String(b))
    const [text, part] = [octetsOf(a), octetsOf(b)]
    return part.length > 0 && Buffer.from(text).includes(Buffer.from(part))
  }
  const order = compare(a, b)
  switch (relation) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** Negative, 0 or positive; NaN if one side is not a number. */
function compare(a: Value, b: Value): number {
  if (typeof a === 'object' && 'first' in a) return 0 - compare(b, a)
  if (typeof b === 'object' && 'first' in b) return (a as number) < b.first ? -1 : (a as number) > b.last ? 1 : 0
  if (typeof a === 'object' && 'seconds' in a) {
    const other = b as Time
    return compareTimes(a.seconds, a.nanoseconds, other.seconds, other.nanoseconds)
  }
  if (typeof a === 'object') {
    const bits = Math.min(bitsOf(a), bitsOf(b))
    const [left, right] = [octetsOf(a), octetsOf(b)]
    if (left.length !== right.length) return left.length - right.length
    return Buffer.compare(masked(left, bits), masked(right, bits))
  }
  // biome-ignore lint/suspicious/noDoubleEquals: a number may be compared with a bigint.
  return a == b ? 0 : a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : Number.NaN
}

function octetsOf(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : (value as Prefix).octets
}

function bitsOf(value: Value): number {
  return value instanceof Uint8Array ? 8 * value.length : (value as Prefix).bits
}

function masked(octets: Uint8Array, bits: number): Uint8Array {
  return octets.map((octet, i) => octet & (0xff00 >> Math.max(0, Math.min(8, bits - 8 * i))))
}

function valuesOf(operand: Operand, packet: Packet): Value[] {
  switch (operand.type) {
    case 'constant':
      return [constantValue(operand.constant)]
    case 'field':
      return fieldValues(operand, packet)
    case 'protocol': {
      const values: Value[] = []
      eachLayer(packet, operand.protocol, operand.layers, operand.payload, (at, length) => {
        values.push(packet.bytes.slice(at, at + length))
        return false
      })
      return values
    }
    case 'raw':
      return rawValues(operand.operand, packet)
    case 'slice':
      return valuesOf(operand.operand, packet).flatMap((value) => sliceOf(value, operand.ranges))
    case 'negative':
      return valuesOf(operand.operand, packet).map(negated)
    case 'arithmetic': {
      const right = valuesOf(operand.right, packet)
      return valuesOf(operand.left, packet).flatMap((a) => right.flatMap((b) => calculated(operand, a, b)))
    }
    case 'call':
      return called(operand, packet)
  }
}

function constantValue(constant: Constant): Value {
  return 'value' in constant ? constant.value : constant
}

/** The layers of a protocol that a field is read in. */
function layersOf(protocol: number, layers: FieldOperand['layers'], packet: Packet): number[] {
  const all = protocol === WHOLE_PACKET ? [WHOLE_PACKET] : []
  for (let layer = 0; layer < packet.layerCount; layer++) if (packet.layerProtocol[layer] === protocol) all.push(layer)
  return all.filter((_, i) => isChosen(layers, i + 1, all.length))
}

function fieldValues({ declarations, layers, kind }: FieldOperand, packet: Packet): Value[] {
  const values: Value[] = []
  for (const { protocol, field } of declarations)
    for (const layer of layersOf(protocol, layers, packet))
      field.each(packet, layer, (value, extra) => {
        if (kind === 'bytes' || kind === 'ether' || kind === 'ipv6')
          values.push(packet.bytes.slice(value, value + extra))
        else if (kind === 'time') values.push({ seconds: value, nanoseconds: extra })
        else values.push(kind === 'boolean' ? Number(value !== 0) : value)
        return false
      })
  return values
}

function rawValues({ declarations, layers, kind }: FieldOperand, packet: Packet): Value[] {
  const values: Value[] = []
  for (const { protocol, field } of declarations)
    for (const part of field.parts ?? [field])
      for (const layer of layersOf(protocol, layers, packet))
        part.each(packet, layer, (value, extra) => {
          const place = part.place ?? part.lies
          const at = place === undefined ? value : packet.layerAt[layer] + place.offset
          if (place !== undefined) values.push(packet.bytes.slice(at, at + place.width))
          else if (kind === 'bytes' || kind === 'ether' || kind === 'ipv6')
            values.push(packet.bytes.slice(at, at + extra))
          else if (kind === 'string') values.push(new Uint8Array(Buffer.from(value)))
          else {
            values.push(new Uint8Array(Buffer.from(hexadecimal(value, WIDTHS[part.type] ?? 0), 'hex')))
          }
          return false
        })
  return values
}

function sliceOf(value: Value, ranges: readonly Range[]): Value[] {
  const octets =
    typeof value === 'number'
      ? Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
      : typeof value === 'string'
        ? Buffer.from(value)
        : octetsOf(value)
  const parts = ranges.map((range) => bounds(range, octets.length))
  if (parts.some((part) => part === undefined)) return []
  return [new Uint8Array(Buffer.concat(parts.map((part) => octets.subarray(...part!))))]
}

/** First and one past the last of a range that lies inside; undefined if it does not. */
function bounds({ from, length, to }: Range, total: number): readonly [number, number] | undefined {
  const start = from < 0 ? from + total : from
  const end =
    to !== undefined ? (to < 0 ? to + total : to) + 1 : length === Infinity ? total : start + (length as number)
  return start >= 0 && start < end && end <= total ? [start, end] : undefined
}

function negated(value: Value): Value {
  if (typeof value === 'bigint') return -value
  if (typeof value === 'number') return -value
  const { seconds, nanoseconds } = value as Time
  return { seconds: 0 - seconds, nanoseconds: 0 - nanoseconds }
}

function calculated({ operator, kind }: Extract<Operand, { type: 'arithmetic' }>, a: Value, b: Value): Value[] {
  if (kind === 'time') {
    const [x, y] = [a as Time, (operator === '-' ? negated(b) : b) as Time]
    return [addTimes(x.seconds, x.nanoseconds, y.seconds, y.nanoseconds)]
  }
  if (kind === 'ipv4') return [(addressOf(a) & addressOf(b)) >>> 0]
  if (kind === 'bytes' || kind === 'ipv6') {
    const mask = octetsOf(b)
    const octets = octetsOf(a).slice(0, mask.length)
    return [octets.map((octet, i) => octet & mask[i])]
  }
  const result =
    kind === 'wide'
      ? calculateWide(operator, BigInt(a as number), BigInt(b as number))
      : calculate(operator, a as number, b as number, kind === 'float')
  return result === undefined || Number.isNaN(result) ? [] : [result]
}

/** Two digits for each of `width` octets. */
function hexadecimal(value: number | bigint, width: number): string {
  return BigInt.asUintN(8 * width, BigInt(value))
    .toString(16)
    .padStart(2 * width, '0')
}

function addressOf(value: Value): number {
  return typeof value === 'number' ? value : (value as Subnet).first
}

function called({ name, operands }: Extract<Operand, { type: 'call' }>, packet: Packet): Value[] {
  const [operand] = operands
  const values = operands.flatMap((each) => valuesOf(each, packet))
  switch (name) {
    case 'count':
      return values.length === 0 ? [] : [values.length]
    case 'max':
    case 'min': {
      const sign = name === 'max' ? 1 : -1
      if (values.some((value) => typeof value === 'object' && 'first' in value))
        return [sign === 1 ? Math.max(...values.map(addressOf)) : Math.min(...values.map(addressOf))]
      return values.length === 0 ? [] : [values.reduce((a, b) => (sign * compare(b, a) > 0 ? b : a))]
    }
    case 'abs':
      return values.map((value) => (compare(value, negated(value)) < 0 ? negated(value) : value))
    case 'upper':
      return values.map((value) => String(value).toUpperCase())
    case 'lower':
      return values.map((value) => String(value).toLowerCase())
    case 'string':
      return values.map((value) => {
        if (operand.kind === 'ipv4') return formatIpv4(value as number)
        if (operand.kind === 'ipv6') return formatIpv6(octetsOf(value), 0)
        return operand.kind === 'ether' ? formatMac(octetsOf(value), 0) : String(value)
      })
    case 'dec':
      return values.map(String)
    case 'hex': {
      const width = operand.type === 'field' ? (WIDTHS[operand.declarations[0].field.type] ?? 0) : 4
      return values.map((value) => `0x${hexadecimal(value as number, width)}`)
    }
    case 'vals': {
      const names = (operand as FieldOperand).declarations[0].field.values ?? {}
      return values.flatMap((value) => names[value as number] ?? [])
    }
    case 'float':
      return values.map((value) => Math.fround(Number(value)))
    case 'double':
      return values.map(Number)
    case 'ip_rfc1918':
    case 'ip_multicast':
    case 'ip_linklocal':
    case 'ip_ula':
      return values.map((value) => {
        const octets = typeof value === 'number' ? Buffer.from(hexadecimal(value, 4), 'hex') : octetsOf(value)
        return Number(SPECIAL[name][octets.length].test(Buffer.from(octets).toString('hex')))
      })
    case 'len':
      return values.map((value) => {
        if (typeof value === 'string') return Buffer.byteLength(value)
        if (value instanceof Uint8Array) return value.length
        return operand.type === 'field' ? (WIDTHS[operand.declarations[0].field.type] ?? 0) : 4
      })
  }
}
