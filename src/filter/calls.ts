/** What the functions of the filter language give, as sources of values. */
import { formatIpv4, formatIpv6, formatMac } from '../packet/address.ts'
import type { Visit } from '../protocols/field.ts'
import { isLinkLocal4, isLinkLocal6, isMulticast4, isMulticast6, isRfc1918, isUniqueLocal } from './address-ranges.ts'
import type { Operand } from './checked.ts'
import { WIDTHS } from './functions.ts'
import { PLACED_OCTETS } from './kinds.ts'
import { compareOctets } from './octets.ts'
import { GrowingBuffer, inPacket, mapped, mappedOctets, type Source } from './value-source.ts'

type Call = Extract<Operand, { type: 'call' }>

/** The values of a call; `sources` are those of its arguments. */
export function callSource({ name, kind, operands }: Call, sources: readonly Source[]): Source {
  const [operand] = operands
  const [source] = sources
  switch (name) {
    case 'len':
      return mapped(source, lengthOf(operand))
    case 'count':
      return countOf(source)
    case 'upper':
      return mapped(source, (pass) => (text) => pass(text.toUpperCase(), 0))
    case 'lower':
      return mapped(source, (pass) => (text) => pass(text.toLowerCase(), 0))
    case 'string':
      return textOf(operand, source)
    case 'dec':
      return mapped(source, (pass) => (value) => pass(String(value), 0))
    case 'hex': {
      const digits = 2 * widthOf(operand)
      return mapped(source, (pass) => (value) => pass(formatHexadecimal(value, digits), 0))
    }
    case 'vals': {
      const names = namesOf(operand)
      return mapped(source, (pass) => (value) => names[value] !== undefined && pass(names[value], 0))
    }
    case 'float':
      return mapped(source, (pass) => (value) => pass(Math.fround(Number(value)), 0))
    case 'double':
      return mapped(source, (pass) => (value) => pass(Number(value), 0))
    case 'abs':
      return mapped(source, (pass) =>
        kind === 'time'
          ? (seconds, nanoseconds) => pass(Math.abs(seconds), Math.abs(nanoseconds))
          : (value) => pass(value < 0 ? -value : value, 0),
      )
    case 'max':
    case 'min': {
      const sign = name === 'max' ? 1 : -1
      return PLACED_OCTETS.includes(kind) ? extremeOctets(sources, sign) : extreme(sources, sign)
    }
    case 'ip_rfc1918':
      return mapped(source, (pass) => (address) => pass(isRfc1918(address) ? 1 : 0, 0))
    case 'ip_ula':
      return mappedOctets(source, (pass) => (octets, at) => pass(isUniqueLocal(octets, at) ? 1 : 0, 0))
    case 'ip_multicast':
      return operand.kind === 'ipv4'
        ? mapped(source, (pass) => (address) => pass(isMulticast4(address) ? 1 : 0, 0))
        : mappedOctets(source, (pass) => (octets, at) => pass(isMulticast6(octets, at) ? 1 : 0, 0))
    case 'ip_linklocal':
      return operand.kind === 'ipv4'
        ? mapped(source, (pass) => (address) => pass(isLinkLocal4(address) ? 1 : 0, 0))
        : mappedOctets(source, (pass) => (octets, at) => pass(isLinkLocal6(octets, at) ? 1 : 0, 0))
  }
}

function lengthOf(operand: Operand): (pass: Visit) => Visit {
  if (operand.kind === 'string') return (pass) => (text) => pass(Buffer.byteLength(text), 0)
  if (PLACED_OCTETS.includes(operand.kind)) return (pass) => (_, length) => pass(length, 0)
  const width = widthOf(operand)
  return (pass) => () => pass(width, 0)
}

/** Octets of a value of fixed size. */
function widthOf(operand: Operand): number {
  return operand.type === 'field' ? (WIDTHS[operand.declarations[0].field.type] ?? 0) : 4
}

/** `0x0050` */
function formatHexadecimal(value: number | bigint, digits: number): string {
  const bits = BigInt.asUintN(4 * digits, BigInt(value))
  return `0x${bits.toString(16).padStart(digits, '0')}`
}

function namesOf(operand: Operand): Readonly<Record<number, string>> {
  return (operand.type === 'field' && operand.declarations[0].field.values) || {}
}

function countOf(source: Source): Source {
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

function textOf(operand: Operand, source: Source): Source {
  if (operand.kind === 'ipv6') return mappedOctets(source, (pass) => (octets, at) => pass(formatIpv6(octets, at), 0))
  if (operand.kind === 'ether') return mappedOctets(source, (pass) => (octets, at) => pass(formatMac(octets, at), 0))
  const format: (value: number) => string = operand.kind === 'ipv4' ? formatIpv4 : String
  return mapped(source, (pass) => (value) => pass(format(value), 0))
}

/** The greatest (1) or the least (-1) value of all sources. */
function extreme(sources: readonly Source[], sign: 1 | -1): Source {
  let found = false
  let best: number | bigint | string = 0
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

/** The same for octets, of which the best are kept apart: the sources lie in different arrays. */
function extremeOctets(sources: readonly Source[], sign: 1 | -1): Source {
  const best = new GrowingBuffer()
  let length = -1
  const keepers = sources.map((source) =>
    mappedOctets(source, () => (octets, at, size) => {
      if (length >= 0 && sign * compareOctets(octets, at, size, best.octets, 0, length) <= 0) return false
      const into = best.reserve(size)
      for (let i = 0; i < size; i++) into[i] = octets[at + i]
      length = size
      return false
    }),
  )
  const ignore: Visit = () => false
  return {
    each(packet, visit) {
      length = -1
      for (let i = 0; i < keepers.length; i++) keepers[i].each(packet, ignore)
      return length >= 0 && visit(0, length)
    },
    octets: () => best.octets,
  }
}
