import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TopRows } from '../../src/tables/top-rows.ts'

test('keeps what sorting all of them would put first', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: 1000 })), fc.nat({ max: 20 }), (rows, limit) => {
      const top = new TopRows(limit, (a, b) => b - a)
      for (const row of rows) top.add(row)
      const sorted = [...rows].sort((a, b) => b - a)
      expect(top.rows()).toEqual(sorted.slice(0, limit))
      expect(top.offered).toBe(rows.length)
    }),
  )
})

test('no limit: all of them, sorted', () => {
  const top = new TopRows(Infinity, (a, b) => a - b)
  for (const row of [3, 1, 2]) top.add(row)
  expect(top.rows()).toEqual([1, 2, 3])
})
