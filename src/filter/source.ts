/** Operands to sources of values (`value-source.ts` says what that is): one function for each form of operand. */
import type { Packet } from '../packet/packet.ts'
import type { Field, Visit } from '../protocols/field.ts'
import { addTimes, calculate, calculateWide } from './arithmetic.ts'
import { callSource } from './calls.ts'
import type { Constant, FieldOperand, Operand } from './checked.ts'
import { PLACED_OCTETS } from './kinds.ts'
import { countLayers, eachLayer, isChosen } from './layers.ts'
import { WHOLE_PACKET } from './names.ts'
import { rangeLength, rangeStart } from './octets.ts'
import { type RawAccess, rawAccess, writeNumber } from './raw.ts'
import { GrowingBuffer, inPacket, mapped, paired, type Source } from './value-source.ts'

type OperandOf<T extends Operand['type']> = Extract<Operand, { type: T }>

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
      return octetSlice(operand)
    case 'raw':
      return rawSource(operand.operand)
    case 'negative':
      return negative(operand)
    case 'arithmetic':
      return PLACED_OCTETS.includes(operand.kind) ? maskedOctets(operand) : arithmetic(operand)
    case 'call':
      return callSource(operand, operand.operands.map(sourceOf))
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
    return (packet, visit) => isChosen(layers, 1, 1) && field.each(packet, WHOLE_PACKET, visit)
  if (layers === undefined)
    return (packet, visit) => {
      const { layerProtocol } = packet
      for (let layer = 0; layer < packet.layerCount; layer++)
        if (layerProtocol[layer] === protocol && field.each(packet, layer, visit)) return true
      return false
    }
  return (packet, visit) => {
    const count = countLayers(packet, protocol)
    let nth = 0
    for (let layer = 0; layer < packet.layerCount; layer++)
      if (
        packet.layerProtocol[layer] === protocol &&
        isChosen(layers, ++nth, count) &&
        field.each(packet, layer, visit)
      )
        return true
    return false
  }
}

/** The octets of a field as they are in the packet. */
function rawSource({ declarations, layers, kind }: FieldOperand): Source {
  const own = new GrowingBuffer()
  let inOwn = false
  let current: Packet
  let currentLayer = 0
  let visit: Visit
  const visitorFor = (access: RawAccess | undefined): Visit => {
    switch (access?.from) {
      case 'place':
        return () => visit(current.layerAt[currentLayer] + access.place.offset, access.place.width)
      case 'text':
        return (text) => {
          const octets = Buffer.from(text)
          own.reserve(octets.length).set(octets)
          return visit(0, octets.length)
        }
      case 'number':
        return (value) => {
          writeNumber(own.reserve(access.width), value, access.width)
          return visit(0, access.width)
        }
      default:
        return (at, length) => visit(at, length)
    }
  }
  const readers = declarations.flatMap(({ protocol, field }) =>
    (field.parts ?? [field]).map((part) => {
      const access = rawAccess(part, kind)
      const visitor = visitorFor(access)
      const isOwn = access?.from === 'text' || access?.from === 'number'
      const noting: Field = {
        ...part,
        each(packet, layer) {
          currentLayer = layer
          inOwn = isOwn
          return part.each(packet, layer, visitor)
        },
      }
      return eachOf(protocol, noting, layers)
    }),
  )
  return {
    each(packet, visitRaw) {
      visit = visitRaw
      current = packet
      for (let i = 0; i < readers.length; i++) if (readers[i](packet, visitRaw)) return true
      return false
    },
    octets: (packet) => (inOwn ? own.octets : packet.bytes),
  }
}

/** The octets of a slice; those of a text are its UTF-8. */
function octetSlice({ operand, ranges }: OperandOf<'slice'>): Source {
  const source = sourceOf(operand)
  const own = new GrowingBuffer()
  let visit: Visit
  let current: Packet
  const isOwn = operand.kind === 'ipv4' || operand.kind === 'string'
  if (isOwn || ranges.length > 1) {
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
    const ofNumber: Visit = (value) => {
      writeNumber(address, value, 4)
      return copy(address, 0, 4)
    }
    const ofText: Visit = (text) => {
      const octets = Buffer.from(text)
      return copy(octets, 0, octets.length)
    }
    const ofOctets: Visit = (at, total) => copy(source.octets(current), at, total)
    const visitor = operand.kind === 'ipv4' ? ofNumber : operand.kind === 'string' ? ofText : ofOctets
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
  return mapped(source, (pass) => (at, total) => {
    const start = rangeStart(range, total)
    return start >= 0 && pass(at + start, rangeLength(range, total))
  })
}

function negative({ operand, kind }: OperandOf<'negative'>): Source {
  return mapped(sourceOf(operand), (pass) =>
    kind === 'time' ? (seconds, nanoseconds) => pass(0 - seconds, 0 - nanoseconds) : (value) => pass(-value, 0),
  )
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

/** `eth.dst[0:2] & ff:00`, `ipv6.src & ffff::`: octet by octet, as many as both have. */
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
