/** Sets of integers as sorted, disjoint ranges: what every comparison of an integer or an IPv4 address comes down to. */
import type { Element, Relation } from './checked.ts'

/** Both ends included; an end may be infinite. Sorted, with a gap between each two. */
export type Ranges = readonly (readonly [number, number])[]

export const NOTHING: Ranges = []
/** What stands in `relation` to the range `first` to `last` as a whole: for `<`, what is less than all of it. */
export function related(relation: Exclude<Relation, 'contains'>, first: number, last: number): Ranges {
  switch (relation) {
    case '==':
      return [[first, last]]
    case '!=':
      return complement([[first, last]])
    case '<':
      return [[-Infinity, first - 1]]
    case '<=':
      return [[-Infinity, last]]
    case '>':
      return [[last + 1, Infinity]]
    case '>=':
      return [[first, Infinity]]
  }
}

/** All that is in one of `sets`, which need be neither sorted nor disjoint. */
export function union(sets: readonly Ranges[]): Ranges {
  const sorted = sets.flat().sort((a, b) => a[0] - b[0])
  const result: [number, number][] = []
  for (const [low, high] of sorted) {
    if (low > high) continue
    const last = result[result.length - 1]
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else result.push([low, high])
  }
  return result
}

export function complement(set: Ranges): Ranges {
  const result: [number, number][] = []
  let from = -Infinity
  for (const [low, high] of set) {
    if (low > from) result.push([from, low - 1])
    from = high + 1
  }
  if (from < Infinity) result.push([from, Infinity])
  return result
}

export function includes(set: Ranges, value: number): boolean {
  let low = 0
  let high = set.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (set[middle][1] < value) low = middle + 1
    else high = middle
  }
  return low < set.length && set[low][0] <= value
}

/** The elements of a set of constant integers, booleans or IPv4 addresses; undefined if some are not constant. */
export function ofElements(elements: readonly Element[]): Ranges | undefined {
  const sets: Ranges[] = []
  for (const { low, high = low } of elements) {
    const ends = [endsOf(low), endsOf(high)]
    if (ends[0] === undefined || ends[1] === undefined) return undefined
    sets.push([[ends[0][0], ends[1][1]]])
  }
  return union(sets)
}

function endsOf(operand: Element['low']): readonly [number, number] | undefined {
  if (operand.type !== 'constant') return undefined
  const { constant } = operand
  if (constant.kind === 'ipv4') return [constant.first, constant.last]
  return constant.kind === 'integer' ? [constant.value, constant.value] : undefined
}
