import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Gaps } from '../../src/flow/gaps.ts'

test('counts what a set of octets would', () => {
  // Segments of a stream of 2,000 octets, as from and length; those beyond the highest octet leave a gap behind.
  const segments = fc.array(fc.tuple(fc.nat({ max: 1800 }), fc.integer({ min: 1, max: 200 })), { maxLength: 40 })
  fc.assert(
    fc.property(segments, fc.constantFrom(0, 0x7fff_fc00, -500), (list, base) => {
      const gaps = new Gaps()
      const captured = new Set<number>()
      let next = 0
      let first = true
      for (const [at, length] of list) {
        const from = first ? 0 : at
        first = false
        if (from > next) gaps.add(3, (base + next) | 0, (base + from) | 0)
        else if (from < next) gaps.fill(3, (base + from) | 0, (base + from + length) | 0)
        for (let octet = from; octet < from + length; octet++) captured.add(octet)
        next = Math.max(next, from + length)
      }
      expect(gaps.lost(3)).toBe(next - captured.size)
      expect(gaps.lost(2)).toBe(0)
    }),
    { numRuns: 500 },
  )
})

test('many gaps: the oldest are given up, and stay lost', () => {
  const gaps = new Gaps()
  for (let i = 0; i < 1000; i++) gaps.add(0, 20 * i, 20 * i + 10)
  expect(gaps.lost(0)).toBe(10_000)
  expect(gaps.fill(0, 0, 10)).toBe(0)
  expect(gaps.fill(0, 19_980, 19_990)).toBe(10)
  expect(gaps.lost(0)).toBe(9990)
  gaps.forget(0)
  expect(gaps.lost(0)).toBe(0)
})
