/**
 * The checked tree to a closure over the packet. Each test becomes the simplest closure that can decide it: octets at a
 * fixed place compared with constants (`placed.ts`), values compared with a constant, or values with values.
 *
 * "All" is turned round wherever it appears: all values are in a relation if there are values, and none that are not.
 */

import type { Packet } from '../packet/packet.ts'
import type { Place, Visit } from '../protocols/field.ts'
import { compareTimes } from './arithmetic.ts'
import type { Constant, Element, Operand, Relation, Test } from './checked.ts'
import { constantSet } from './constant-set.ts'
import { spend, willPair, withinEffort } from './effort.ts'
import { PLACED_OCTETS } from './kinds.ts'
import { mergeAlternatives, mergeExclusions } from './merge-terms.ts'
import { WHOLE_PACKET } from './names.ts'
import { octetSearch } from './octet-search.ts'
import { compareOctets, comparePrefix, containsOctets } from './octets.ts'
import { anyPlaced, layerExists, type PacketTest, placedExists } from './placed.ts'
import { complement, includes, NOTHING, ofElements, type Ranges, related, union } from './ranges.ts'
import { sourceOf } from './source.ts'
import type { Source } from './value-source.ts'

type TestOf<T extends Test['type']> = Extract<Test, { type: T }>

const always: PacketTest = () => true
const never: PacketTest = () => false

export function compile(test: Test): PacketTest {
  return withinEffort(() => compileTest(test))
}

function compileTest(test: Test): PacketTest {
  switch (test.type) {
    case 'and':
      return conjunction(mergeExclusions(test.terms).map(compileTest))
    case 'or':
      return disjunction(mergeAlternatives(test.terms).map(compileTest))
    case 'xor': {
      const tests = test.terms.map(compileTest)
      return (packet) => {
        let odd = false
        for (let i = 0; i < tests.length; i++) if (tests[i](packet)) odd = !odd
        return odd
      }
    }
    case 'not': {
      const inner = compileTest(test.test)
      return (packet) => !inner(packet)
    }
    case 'exists':
      return exists(test.operand)
    case 'nonzero':
      return nonzero(test.operand)
    case 'compare':
      return comparison(test)
    case 'matches':
      return patternTest(test)
    case 'in':
      return membership(test)
  }
}

function conjunction(tests: readonly PacketTest[]): PacketTest {
  const [a, b] = tests
  if (tests.length === 1) return a
  if (tests.length === 2) return (packet) => a(packet) && b(packet)
  return (packet) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i](packet)) return false
    return true
  }
}

function disjunction(tests: readonly PacketTest[]): PacketTest {
  const [a, b] = tests
  if (tests.length === 1) return a
  if (tests.length === 2) return (packet) => a(packet) || b(packet)
  return (packet) => {
    for (let i = 0; i < tests.length; i++) if (tests[i](packet)) return true
    return false
  }
}

/** The fixed places where the field lies in the layers of a protocol; undefined if they are not fixed. */
function placesOf(operand: Operand): { protocol: number; places: readonly Place[] } | undefined {
  if (operand.type !== 'field' || operand.layers !== undefined || operand.declarations.length !== 1) return undefined
  const [{ protocol, field }] = operand.declarations
  // A layer number of -1 has no place in the layer table; a signed integer is not what `readInteger` reads.
  if (protocol === WHOLE_PACKET || field.type.startsWith('int')) return undefined
  const places = (field.parts ?? [field]).map((part) => part.place)
  return places.every((place) => place !== undefined) ? { protocol, places } : undefined
}

function exists(operand: Operand): PacketTest {
  if (operand.type === 'protocol' && operand.layers === undefined)
    return operand.protocol === WHOLE_PACKET ? always : layerExists(operand.protocol)
  if (operand.type === 'constant') return always
  const placed = placesOf(operand)
  if (placed !== undefined) return placedExists(placed.protocol, placed.places)
  const source = sourceOf(operand)
  return (packet) => source.each(packet, always)
}

function nonzero(operand: Operand): PacketTest {
  const source = sourceOf(operand)
  if (!PLACED_OCTETS.includes(operand.kind)) {
    const visit: Visit = (value, extra) => (value !== 0 && value !== 0n) || extra !== 0
    return (packet) => source.each(packet, visit)
  }
  let current: Packet
  const visit: Visit = (at, length) => {
    const octets = source.octets(current)
    for (let i = 0; i < length; i++) if (octets[at + i] !== 0) return true
    return false
  }
  return (packet) => {
    current = packet
    return source.each(packet, visit)
  }
}

const FLIPPED = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

function comparison({ quantifier, relation, left, right }: TestOf<'compare'>): PacketTest {
  if (left.type === 'constant' && right.type !== 'constant' && relation !== 'contains')
    return comparison({ type: 'compare', quantifier, relation: FLIPPED[relation], left: right, right: left })
  const all = quantifier === 'all'
  if (right.type === 'constant') {
    const set = setOf(left, relation, right.constant)
    if (set !== undefined) return inSet(left, set, all)
    return matching(left, sourceOf(left), (source) => visitorFor(relation, right.constant, source), all)
  }
  return valuesWithValues(relation, left, right, all)
}

/** What the values of `operand` must be in for the relation to hold; undefined if they are not integers. */
function setOf(operand: Operand, relation: Relation, constant: Constant): Ranges | undefined {
  if (relation === 'contains') return undefined
  if (operand.kind === 'ipv4' && constant.kind === 'ipv4') return related(relation, constant.first, constant.last)
  if (operand.kind === 'integer' && constant.kind === 'integer')
    return related(relation, constant.value, constant.value)
  if (operand.kind !== 'boolean' || constant.kind !== 'boolean') return undefined
  const set = related(relation, constant.value, constant.value)
  // Everything but 0 is true.
  return union([includes(set, 0) ? [[0, 0]] : NOTHING, includes(set, 1) ? [[1, Infinity]] : NOTHING])
}

function inSet(operand: Operand, set: Ranges, all: boolean): PacketTest {
  if (all) return allOf(operand, inSet(operand, complement(set), false))
  if (set.length === 0) return never
  if (set.length === 1 && set[0][0] === -Infinity && set[0][1] === Infinity) return exists(operand)
  const placed = placesOf(operand)
  if (placed !== undefined) return anyPlaced(placed.protocol, placed.places, set)
  const source = sourceOf(operand)
  const [[low, high]] = set
  const visit: Visit = set.length === 1 ? (value) => value >= low && value <= high : (value) => includes(set, value)
  return (packet) => source.each(packet, visit)
}

function allOf(operand: Operand, some: PacketTest): PacketTest {
  const there = exists(operand)
  return (packet) => there(packet) && !some(packet)
}

/** Whether any value (or all values) of `source` pass the visitor that `make` gives. */
function matching(operand: Operand, source: Source, make: (source: Located) => Visit, all: boolean): PacketTest {
  const located = new Located(source)
  const visit = make(located)
  const visitor: Visit = all ? (value, extra) => !visit(value, extra) : visit
  const some: PacketTest = (packet) => {
    located.packet = packet
    return source.each(packet, visitor)
  }
  return all ? allOf(operand, some) : some
}

/** A source and the packet being read, for visitors of octets. */
class Located {
  packet: Packet | undefined
  readonly #source: Source

  constructor(source: Source) {
    this.#source = source
  }

  get octets(): Uint8Array {
    return this.#source.octets(this.packet as Packet)
  }
}

/** Whether `value relation constant`. Integers and IPv4 addresses are sets instead, see `setOf`. */
function visitorFor(relation: Relation, constant: Constant, source: Located): Visit {
  switch (constant.kind) {
    case 'ipv4':
      throw new Error('IPv4 addresses are compared as sets')
    case 'ipv6':
    case 'ether':
    case 'bytes': {
      const { octets, bits } = constant
      const size = octets.length
      if (relation === 'contains') {
        const holds = octetSearch(octets)
        return (at, length) => holds(source.octets, at, length)
      }
      if (bits === 8 * size) {
        if (relation === '==') return (at, length) => compareOctets(source.octets, at, length, octets, 0, size) === 0
        const holds = ORDERINGS[relation]
        return (at, length) => holds(compareOctets(source.octets, at, length, octets, 0, size))
      }
      const holds = ORDERINGS[relation]
      return (at, length) => holds(comparePrefix(source.octets, at, length, octets, size, bits))
    }
    case 'time': {
      const { seconds, nanoseconds } = constant
      const holds = ORDERINGS[relation as Exclude<Relation, 'contains'>]
      return (s, n) => holds(compareTimes(s, n, seconds, nanoseconds))
    }
    case 'string': {
      const { value } = constant
      if (relation === 'contains') return value === '' ? (never as Visit) : (text) => text.includes(value)
      return compareWith(relation, value)
    }
    default:
      return compareWith(relation as Exclude<Relation, 'contains'>, constant.value)
  }
}

const ORDERINGS: Record<Exclude<Relation, 'contains'>, (order: number) => boolean> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** Numbers, bigints (also one with the other) and strings, which JavaScript's operators compare as they should be. */
function compareWith(relation: Exclude<Relation, 'contains'>, constant: number | bigint | string): Visit {
  switch (relation) {
    case '==':
      // biome-ignore lint/suspicious/noDoubleEquals: a number may be compared with a bigint.
      return (value) => value == constant
    case '!=':
      // biome-ignore lint/suspicious/noDoubleEquals: a number may be compared with a bigint.
      return (value) => value != constant
    case '<':
      return (value) => value < constant
    case '<=':
      return (value) => value <= constant
    case '>':
      return (value) => value > constant
    case '>=':
      return (value) => value >= constant
  }
}

function valuesWithValues(relation: Relation, left: Operand, right: Operand, all: boolean): PacketTest {
  const [leftSource, rightSource] = [sourceOf(left), sourceOf(right)]
  const holds = pairTest(relation, left, leftSource, rightSource)
  let current: Packet
  // biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
  let a: any
  let aExtra = 0
  willPair()
  const visitRight: Visit = (b, bExtra) => spend() && holds(a, aExtra, b, bExtra, current) !== all
  const visitLeft: Visit = (value, extra) => {
    if (!spend()) return false
    a = value
    aExtra = extra
    return rightSource.each(current, visitRight)
  }
  const some: PacketTest = (packet) => {
    current = packet
    return leftSource.each(packet, visitLeft)
  }
  if (!all) return some
  const [leftThere, rightThere] = [exists(left), exists(right)]
  return (packet) => leftThere(packet) && rightThere(packet) && !some(packet)
}

// biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
type PairTest = (a: any, aExtra: number, b: any, bExtra: number, packet: Packet) => boolean

function pairTest(relation: Relation, left: Operand, leftSource: Source, rightSource: Source): PairTest {
  if (relation === 'contains') {
    if (left.kind === 'string') return (a, _, b) => b !== '' && a.includes(b)
    return (at, length, bAt, bLength, packet) =>
      containsOctets(leftSource.octets(packet), at, length, rightSource.octets(packet), bAt, bLength)
  }
  const holds = ORDERINGS[relation]
  switch (left.kind) {
    case 'bytes':
    case 'ether':
    case 'ipv6':
      return (at, length, bAt, bLength, packet) =>
        holds(compareOctets(leftSource.octets(packet), at, length, rightSource.octets(packet), bAt, bLength))
    case 'time':
      return (s, n, bS, bN) => holds(compareTimes(s, n, bS, bN))
    default:
      // Not a difference: these may be strings, or a number and a bigint.
      // biome-ignore lint/suspicious/noDoubleEquals: a number may be compared with a bigint.
      return (a, _, b) => (a == b ? holds(0) : a < b ? holds(-1) : a > b ? holds(1) : relation === '!=')
  }
}

function patternTest({ quantifier, operand, pattern }: TestOf<'matches'>): PacketTest {
  const make = (source: Located): Visit =>
    operand.kind === 'string'
      ? (text) => pattern.inText(text)
      : (at, length) => pattern.inOctets(source.octets, at, length)
  return matching(operand, sourceOf(operand), make, quantifier === 'all')
}

function membership({ quantifier, operand, elements }: TestOf<'in'>): PacketTest {
  const all = quantifier === 'all'
  if (operand.kind === 'integer' || operand.kind === 'ipv4') {
    const set = ofElements(elements)
    if (set !== undefined) return inSet(operand, set, all)
  }
  const source = sourceOf(operand)
  const set = constantSet(elements)
  const tests = (set?.rest ?? elements).map((element) => elementTest(operand, source, element))
  const some = (located: Located): Visit => {
    const has = set?.has(located)
    if (has !== undefined && tests.length === 0) return has
    return (value, extra) => {
      if (has?.(value, extra)) return true
      for (let i = 0; i < tests.length; i++) if (tests[i](value, extra, located.packet as Packet)) return true
      return false
    }
  }
  return matching(operand, source, some, all)
}

// biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
type ElementTest = (value: any, extra: number, packet: Packet) => boolean

function elementTest(operand: Operand, source: Source, { low, high }: Element): ElementTest {
  if (high === undefined) return relationTest('==', operand, source, low)
  const [above, below] = [relationTest('>=', operand, source, low), relationTest('<=', operand, source, high)]
  return (value, extra, packet) => above(value, extra, packet) && below(value, extra, packet)
}

/** Whether a value stands in the relation to any value of `other`. */
function relationTest(
  relation: Exclude<Relation, 'contains'>,
  operand: Operand,
  source: Source,
  other: Operand,
): ElementTest {
  if (other.type === 'constant') {
    const set = setOf(operand, relation, other.constant)
    if (set !== undefined) return (value) => includes(set, value)
    const located = new Located(source)
    const visit = visitorFor(relation, other.constant, located)
    return (value, extra, packet) => {
      located.packet = packet
      return visit(value, extra)
    }
  }
  const otherSource = sourceOf(other)
  const holds = pairTest(relation, operand, source, otherSource)
  // biome-ignore lint/suspicious/noExplicitAny: what a value is depends on its kind.
  let a: any
  let aExtra = 0
  let current: Packet
  willPair()
  const visit: Visit = (b, bExtra) => spend() && holds(a, aExtra, b, bExtra, current)
  return (value, extra, packet) => {
    a = value
    aExtra = extra
    current = packet
    return otherSource.each(packet, visit)
  }
}
