/**
 * Operands to sources of values. A source hands each value of a packet to a visitor, in the notation of
 * `protocols/field.ts`, and stops when the visitor says so. Everything that a source needs is made once, here: reading
 * values allocates nothing. A source keeps the state of one reading in its closure, so one reading ends before the next.
 */
import { formatIpv4, formatIpv6, formatMac } from '../packet/address.ts'
import type { Packet } from '../packet/packet.ts'
import type { Field, Visit } from '../protocols/field.ts'
import { addTimes, calculate, calculateWide } from './arithmetic.ts'
import type { Constant, FieldOperand, Operand } from './checked.ts'
import { WIDTHS } from './functions.ts'
import { eachLayer, isChosen } from './layers.ts'
import { WHOLE_PACKET } from './names.ts'
import { rangeLength, rangeStart, sliceText } from './octets.ts'

export interface Source {
  /** Calls `visit` for each value; stops and returns true as soon as `visit` does. */
  readonly each: (packet: Packet, visit: Visit) => boolean
  /** Where the octets of the value being visited lie. */
  readonly octets: (packet: Packet) => Uint8Array
}

type OperandOf<T extends Operand['type']> = Extract<Operand, { type: T }>

const inPacket = (packet: Packet): Uint8Array => packet.bytes

export function sourceOf(operand: Operand): Source {
  switch (operand.type) {
    case 'constant':
      return constantSource(operand.constant)
    case 'field':
      return fieldSource(operand)
    case 'protocol': {
      const { protocol, layers, payload } = operand
      return { each: (packet, visit) => eachLayer(packet, protocol, layers, payload, visit), octets: inPacket }
    }
    case 'slice':
      return operand.kind === 'string' ? textSlice(operand) : octetSlice(operand)
    case 'negative':
      return negative(operand)
    case 'arithmetic':
      return operand.kind === 'bytes' ? maskedOctets(operand) : arithmetic(operand)
    case 'call':
      return call(operand)
  }
}

function constantSource(constant: Constant): Source {
  const none = new Uint8Array(0)
  switch (constant.kind) {
    case 'ipv4':
      return { each: (_, visit) => visit(constant.first, 0), octets: () => none }
    case 'ipv6':
    case 'ether':
    case 'bytes':
      return { each: (_, visit) => visit(0, constant.octets.length), octets: () => constant.octets }
    case 'time':
      return { each: (_, visit) => visit(constant.seconds, constant.nanoseconds), octets: () => none }
    default:
      return { each: (_, visit) => visit(constant.value, 0), octets: () => none }
  }
}

function fieldSource({ declarations, layers, kind }: FieldOperand): Source {
  const readers = declarations.map(({ protocol, field }) => eachOf(protocol, field, layers))
  const [first] = readers
  const each: Source['each'] =
    readers.length === 1
      ? first
      : (packet, visit) => {
          for (let i = 0; i < readers.length; i++) if (readers[i](packet, visit)) return true
          return false
        }
  if (kind !== 'boolean') return { each, octets: inPacket }
  // A flag of several bits is true whichever of them is set.
  let visit: Visit
  const truth: Visit = (value) => visit(value === 0 ? 0 : 1, 0)
  return {
    each(packet, visitTruth) {
      visit = visitTruth
      return each(packet, truth)
    },
    octets: inPacket,
  }
}

function eachOf(protocol: number, field: Field, layers: FieldOperand['layers']): Source['each'] {
  if (protocol === WHOLE_PACKET)
    return (packet, visit) => isChosen(layers, 1) && field.each(packet, WHOLE_PACKET, visit)
  if (layers === undefined)
    return (packet, visit) => {
      const { layerProtocol } = packet
      for (let layer = 0; layer < packet.layerCount; layer++)
        if (layerProtocol[layer] === protocol && field.each(packet, layer, visit)) return true
      return false
    }
  return (packet, visit) => {
    let nth = 0
    for (let layer = 0; layer < packet.layerCount; layer++)
      if (packet.layerProtocol[layer] === protocol && isChosen(layers, ++nth) && field.each(packet, layer, visit))
        return true
    return false
  }
}

/** An array that grows when a packet needs more, and is kept. */
class GrowingBuffer {
  octets = new Uint8Array(64)

  reserve(length: number): Uint8Array {
    if (length > this.octets.length) {
      const grown = new Uint8Array(2 * length)
      grown.set(this.octets)
      this.octets = grown
    }
    return this.octets
  }
}

function octetSlice({ operand, ranges }: OperandOf<'slice'>): Source {
  const source = sourceOf(operand)
  const own = new GrowingBuffer()
  let visit: Visit
  let current: Packet
  if (operand.kind === 'ipv4' || ranges.length > 1) {
    const copy = (from: Uint8Array, at: number, total: number): boolean => {
      let length = 0
      for (const range of ranges) {
        const start = rangeStart(range, total)
        if (start < 0) return false
        const part = rangeLength(range, total)
        const into = own.reserve(length + part)
        for (let i = 0; i < part; i++) into[length + i] = from[at + start + i]
        length += part
      }
      return visit(0, length)
    }
    const address = new Uint8Array(4)
    const split: Visit = (value) => {
      for (let i = 0; i < 4; i++) address[i] = value >>> (24 - 8 * i)
      return copy(address, 0, 4)
    }
    const join: Visit = (at, total) => copy(source.octets(current), at, total)
    const visitor = operand.kind === 'ipv4' ? split : join
    return {
      each(packet, visitSlice) {
        visit = visitSlice
        current = packet
        return source.each(packet, visitor)
      },
      octets: () => own.octets,
    }
  }
  // One range: no copy, the octets are looked at where they are.
  const [range] = ranges
  const narrow: Visit = (at, total) => {
    const start = rangeStart(range, total)
    return start >= 0 && visit(at + start, rangeLength(range, total))
  }
  return {
    each(packet, visitSlice) {
      visit = visitSlice
      return source.each(packet, narrow)
    },
    octets: source.octets,
  }
}

/** A source whose values are made from those of `operand`, one by one, by a visitor that `make` gives. */
function mapped(operand: Operand, make: (pass: Visit) => Visit): Source {
  const source = sourceOf(operand)
  let visit: Visit
  const visitor = make((value, extra) => visit(value, extra))
  return {
    each(packet, visitMapped) {
      visit = visitMapped
      return source.each(packet, visitor)
    },
    octets: source.octets,
  }
}

function textSlice({ operand, ranges }: OperandOf<'slice'>): Source {
  return mapped(operand, (pass) => (value) => {
    const text = sliceText(value, ranges)
    return text !== undefined && pass(text, 0)
  })
}

function negative({ operand, kind }: OperandOf<'negative'>): Source {
  return mapped(operand, (pass) =>
    kind === 'time' ? (seconds, nanoseconds) => pass(0 - seconds, 0 - nanoseconds) : (value) => pass(-value, 0),
  )
}

/** Every pair of a left and a right value, through `combine`. */
function paired(
  left: Source,
  right: Source,
  // biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
  combine: (a: any, aExtra: number, b: any, bExtra: number, packet: Packet, pass: Visit) => boolean,
  octets: Source['octets'] = inPacket,
): Source {
  let visit: Visit
  let current: Packet
  // biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
  let a: any
  let aExtra = 0
  const pass: Visit = (value, extra) => visit(value, extra)
  const visitRight: Visit = (b, bExtra) => combine(a, aExtra, b, bExtra, current, pass)
  const visitLeft: Visit = (value, extra) => {
    a = value
    aExtra = extra
    return right.each(current, visitRight)
  }
  return {
    each(packet, visitResult) {
      visit = visitResult
      current = packet
      return left.each(packet, visitLeft)
    },
    octets,
  }
}

function arithmetic({ operator, left, right, kind }: OperandOf<'arithmetic'>): Source {
  const sources = [sourceOf(left), sourceOf(right)] as const
  if (kind === 'time') {
    const sign = operator === '-' ? -1 : 1
    return paired(...sources, (seconds: number, nanoseconds: number, s: number, n: number, _, pass) => {
      const total = addTimes(seconds, nanoseconds, sign * s, sign * n)
      return pass(total.seconds, total.nanoseconds)
    })
  }
  if (kind === 'wide')
    return paired(...sources, (a: bigint | number, _, b: bigint | number, __, ___, pass) => {
      const result = calculateWide(operator, BigInt(a), BigInt(b))
      return result !== undefined && pass(result, 0)
    })
  const float = kind === 'float'
  return paired(...sources, (a: number, _, b: number, __, ___, pass) => {
    const result = calculate(operator, a, b, float)
    return !Number.isNaN(result) && pass(result, 0)
  })
}

/** `eth.dst[0:2] & ff:00`: octet by octet, as many as both have. */
function maskedOctets({ left, right }: OperandOf<'arithmetic'>): Source {
  const sources = [sourceOf(left), sourceOf(right)] as const
  const own = new GrowingBuffer()
  return paired(
    ...sources,
    (at: number, length: number, maskAt: number, maskLength: number, packet, pass) => {
      const shorter = Math.min(length, maskLength)
      const into = own.reserve(shorter)
      const bytes = sources[0].octets(packet)
      const mask = sources[1].octets(packet)
      for (let i = 0; i < shorter; i++) into[i] = bytes[at + i] & mask[maskAt + i]
      return pass(0, shorter)
    },
    () => own.octets,
  )
}

function call({ name, operands }: OperandOf<'call'>): Source {
  const [operand] = operands
  switch (name) {
    case 'len':
      return mapped(operand, lengthOf(operand))
    case 'upper':
      return mapped(operand, (pass) => (text) => pass(text.toUpperCase(), 0))
    case 'lower':
      return mapped(operand, (pass) => (text) => pass(text.toLowerCase(), 0))
    case 'string':
      return textOf(operand)
    case 'abs':
      return mapped(operand, (pass) =>
        operand.kind === 'time'
          ? (seconds, nanoseconds) => pass(Math.abs(seconds), Math.abs(nanoseconds))
          : (value) => pass(value < 0 ? -value : value, 0),
      )
    case 'count': {
      const source = sourceOf(operand)
      let count = 0
      const add: Visit = () => {
        count++
        return false
      }
      return {
        each(packet, visit) {
          count = 0
          source.each(packet, add)
          return count > 0 && visit(count, 0)
        },
        octets: inPacket,
      }
    }
    case 'max':
      return extreme(operands, 1)
    case 'min':
      return extreme(operands, -1)
  }
}

function lengthOf(operand: Operand): (pass: Visit) => Visit {
  if (operand.kind === 'string') return (pass) => (text) => pass(Buffer.byteLength(text), 0)
  if (operand.kind === 'bytes' || operand.kind === 'ether' || operand.kind === 'ipv6')
    return (pass) => (_, length) => pass(length, 0)
  const width = widthOf(operand)
  return (pass) => () => pass(width, 0)
}

export function widthOf(operand: Operand): number {
  return operand.type === 'field' ? (WIDTHS[operand.declarations[0].field.type] ?? 0) : 4
}

function textOf(operand: Operand): Source {
  const source = sourceOf(operand)
  let visit: Visit
  let current: Packet
  const visitor: Visit = (value) => {
    if (operand.kind === 'ipv4') return visit(formatIpv4(value), 0)
    if (operand.kind === 'ipv6') return visit(formatIpv6(source.octets(current), value), 0)
    if (operand.kind === 'ether') return visit(formatMac(source.octets(current), value), 0)
    return visit(String(value), 0)
  }
  return {
    each(packet, visitText) {
      visit = visitText
      current = packet
      return source.each(packet, visitor)
    },
    octets: inPacket,
  }
}

/** The greatest (1) or the least (-1) value of all operands. */
function extreme(operands: readonly Operand[], sign: 1 | -1): Source {
  const sources = operands.map(sourceOf)
  let found = false
  let best: number | bigint = 0
  let bestExtra = 0
  const visitor: Visit = (value, extra) => {
    const better = value === best ? extra > bestExtra : value > best
    const worse = value === best ? extra < bestExtra : value < best
    if (!found || (sign === 1 ? better : worse)) {
      best = value
      bestExtra = extra
    }
    found = true
    return false
  }
  return {
    each(packet, visit) {
      found = false
      for (let i = 0; i < sources.length; i++) sources[i].each(packet, visitor)
      return found && visit(best, bestExtra)
    },
    octets: inPacket,
  }
}
