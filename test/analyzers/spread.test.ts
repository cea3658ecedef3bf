import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Spread } from '../../src/analyzers/spread.ts'

function spreadOf(values: Iterable<number>, exactValues?: number): Spread {
  const spread = new Spread(exactValues)
  for (const value of values) spread.add(value)
  return spread
}

test('nothing has no percentiles', () => {
  expect(new Spread().summary()).toEqual({
    count: 0,
    min: null,
    mean: null,
    p50: null,
    p90: null,
    p95: null,
    p99: null,
    max: null,
    error: 0,
  })
  expect(new Spread().median()).toBeNaN()
})

test('few values: exact, by nearest rank', () => {
  // 1 to 200 ms. Rank 0.5 * 200 = 100, 0.9 * 200 = 180, 190, 198; (1 + ... + 200) / 200 = 100.5
  const values = Array.from({ length: 200 }, (_, i) => (200 - i) * 1_000_000)
  expect(spreadOf(values).summary()).toEqual({
    count: 200,
    min: 0.001,
    mean: 0.1005,
    p50: 0.1,
    p90: 0.18,
    p95: 0.19,
    p99: 0.198,
    max: 0.2,
    error: 0,
  })
  expect(spreadOf(values).median()).toBe(0.1)
})

test('many values: percentiles to 0.1 %, all else exact', () => {
  // 1 to 100,000 us, in an order that is neither of them.
  const values = Array.from({ length: 100_000 }, (_, i) => (((i * 7919) % 100_000) + 1) * 1000)
  const summary = spreadOf(values).summary()
  expect(summary).toMatchObject({ count: 100_000, min: 0.000001, mean: 0.0500005, max: 0.1, error: 0.001 })
  for (const [name, exact] of [
    ['p50', 0.05],
    ['p90', 0.09],
    ['p95', 0.095],
    ['p99', 0.099],
  ] as const)
    expect(Math.abs(summary[name]! - exact)).toBeLessThanOrEqual(exact * 0.001)
})

test('percentiles stay between the smallest and the largest', () => {
  const { min, p50, p99, max } = spreadOf(
    Array.from({ length: 10 }, () => 900_000),
    4,
  ).summary()
  expect([min, p50, p99, max]).toEqual([0.0009, 0.0009, 0.0009, 0.0009])
})

test('zeros count', () => {
  const values = [0, 0, 0, 0, 0, 0, 1000, 1000, 1000, 1000]
  expect(spreadOf(values).summary()).toMatchObject({ min: 0, p50: 0, p90: 0.000001, mean: 0.0000004 })
  const { p50, p90 } = spreadOf(values, 4).summary()
  expect([p50, p90! >= 0.000000999, p90! <= 0.000001001]).toEqual([0, true, true])
})

test('a sum beyond 2^53 nanoseconds is exact', () => {
  // 2^52 + 1 does not add up in doubles: three times of it is odd.
  const large = 2 ** 52 + 1
  const mean = Number((3n * BigInt(large) + 7n) / 4n) / 1e9
  expect(spreadOf([large, large, large, 7]).summary().mean).toBeCloseTo(mean, 9)
  const parts = [spreadOf([large]), spreadOf([7, large]), spreadOf([large])]
  for (const part of parts.slice(1)) parts[0].merge(part)
  expect(parts[0].summary()).toEqual(spreadOf([large, large, large, 7]).summary())
})

test('parts in any order are the whole', () => {
  const values = fc.array(fc.oneof(fc.nat({ max: 50 }), fc.nat(), fc.maxSafeInteger().map(Math.abs)), { maxLength: 40 })
  fc.assert(
    fc.property(fc.array(values, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 5 }), (parts, order) => {
      const whole = spreadOf(parts.flat(), 16)
      const merged = new Spread(16)
      const left = parts.map((part) => spreadOf(part, 16))
      for (const choice of [...order, ...left.map(() => 0)])
        if (left.length > 0) merged.merge(left.splice(choice % left.length, 1)[0])
      expect(merged.summary()).toEqual(whole.summary())
      const inAnotherThread = new Spread(16)
      inAnotherThread.load(structuredClone(merged.save()))
      for (const spread of [merged, inAnotherThread]) for (const value of parts[0] ?? []) spread.add(value)
      expect(inAnotherThread.summary()).toEqual(merged.summary())
    }),
  )
})
