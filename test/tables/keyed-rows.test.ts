import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyedRows } from '../../src/tables/keyed-rows.ts'
import { RowSpace } from '../../src/tables/row-space.ts'

test('keys are found, led to other rows and removed as in a Map', () => {
  const step = fc.record({
    key: fc.tuple(fc.nat({ max: 40 }), fc.constantFrom(0, -1)),
    what: fc.constantFrom('enter', 'enter', 'lead', 'remove'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 3000 }), (steps) => {
      const rows = new RowSpace()
      const table = new KeyedRows(2, 1)
      const model = new Map<string, number>()
      for (const { key, what } of steps) {
        const name = key.join()
        table.key.set(key)
        const row = table.find()
        expect(row).toBe(model.get(name) ?? -1)
        if (what === 'remove') {
          if (row < 0) continue
          table.remove(row)
          rows.giveBack(row)
          model.delete(name)
        } else if (row < 0 || what === 'lead') {
          const taken = rows.take()
          if (row < 0) table.insert(taken)
          else {
            table.lead(taken)
            // What a key no longer leads to can be removed without harm to the key.
            table.remove(row)
            rows.giveBack(row)
          }
          model.set(name, taken)
          expect([...table.words.subarray(3 * taken, 3 * taken + 3)]).toEqual([...key, 0])
        }
      }
      expect(rows.used).toBe(model.size)
      for (const [name, row] of model) {
        table.key.set(name.split(',').map(Number))
        expect(table.find()).toBe(row)
      }
    }),
    { numRuns: 50 },
  )
})

test('many keys, of which every other one is removed', () => {
  const table = new KeyedRows(1, 1)
  for (let i = 0; i < 20_000; i++) {
    table.key[0] = i * 7919
    expect(table.find()).toBe(-1)
    table.insert(i)
  }
  for (let i = 0; i < 20_000; i += 2) table.remove(i)
  for (let i = 0; i < 20_000; i++) {
    table.key[0] = i * 7919
    expect(table.find()).toBe(i % 2 === 0 ? -1 : i)
  }
})
