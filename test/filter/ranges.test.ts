import fc from 'fast-check'
import { expect, test } from 'vitest'
import { complement, includes, type Ranges, related, union } from '../../src/filter/ranges.ts'

const range = fc.tuple(fc.integer({ min: -5, max: 30 }), fc.integer({ min: -5, max: 30 }))
const set = fc.array(range, { maxLength: 6 }).map((ranges) => union([ranges]))
const values = Array.from({ length: 40 }, (_, i) => i - 8)

test('ranges that touch become one; those that end before they begin are nothing', () => {
  expect(
    union([
      [
        [5, 7],
        [1, 2],
        [3, 3],
        [9, 8],
      ],
      [[6, 10]],
    ]),
  ).toEqual([
    [1, 3],
    [5, 10],
  ])
  expect(union([[[5, 4]]])).toEqual([])
})

test('union and complement are those of sets', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const both = union([a, b])
      const neither = complement(both)
      for (const value of values) {
        expect(includes(both, value)).toBe(includes(a, value) || includes(b, value))
        expect(includes(neither, value)).toBe(!includes(both, value))
      }
      expect(complement(neither)).toEqual(both)
    }),
  )
})

test.each<[Parameters<typeof related>[0], Ranges]>([
  ['==', [[4, 7]]],
  [
    '!=',
    [
      [-Infinity, 3],
      [8, Infinity],
    ],
  ],
  ['<', [[-Infinity, 3]]],
  ['<=', [[-Infinity, 7]]],
  ['>', [[8, Infinity]]],
  ['>=', [[4, Infinity]]],
])('%s a subnet from 4 to 7', (relation, expected) => {
  expect(related(relation, 4, 7)).toEqual(expected)
})
