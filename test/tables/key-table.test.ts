import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyTable } from '../../src/tables/key-table.ts'

test('rows are numbered in the order of insertion, whatever the keys', () => {
  const key = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer())
  fc.assert(
    fc.property(fc.array(key, { maxLength: 2000 }), (keys) => {
      const table = new KeyTable(2)
      const model = new Map<string, number>()
      for (const words of keys) {
        const name = words.join()
        table.key.set(words)
        expect(table.find()).toBe(model.get(name) ?? -1)
        if (!model.has(name)) model.set(name, model.size)
        expect(table.row()).toBe(model.get(name))
        expect(table.size).toBe(model.size)
      }
      for (const [name, row] of model) expect([table.word(row, 0), table.word(row, 1)].join()).toBe(name)
    }),
    { numRuns: 30 },
  )
})

test('a table of many keys finds each of them again', () => {
  const table = new KeyTable(1)
  for (let i = 0; i < 100_000; i++) {
    table.key[0] = i * 7919
    expect(table.row()).toBe(i)
  }
  for (let i = 0; i < 100_000; i += 997) {
    table.key[0] = i * 7919
    expect(table.find()).toBe(i)
  }
  table.key[0] = -1
  expect(table.find()).toBe(-1)
})

test('a key can be taken from another table', () => {
  const [from, to] = [new KeyTable(3), new KeyTable(3)]
  from.key.set([1, 2, 3])
  to.takeKey(from, from.row())
  expect([...to.key]).toEqual([1, 2, 3])
})
