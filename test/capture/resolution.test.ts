import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TimestampClock } from '../../src/capture/resolution.ts'

function split(tsresol: number, total: bigint, offset = 0n): [number, number] {
  const clock = new TimestampClock(tsresol, offset)
  clock.set(Number(total >> 32n), Number(total & 0xffff_ffffn))
  return [clock.seconds, clock.nanoseconds]
}

describe('expected values by arithmetic', () => {
  test.each([
    // if_tsresol, units, seconds, nanoseconds
    [0, 1_700_000_000n, 1_700_000_000, 0],
    [1, 17n, 1, 7 * 100_000_000],
    [3, 1_700_000_000_123n, 1_700_000_000, 123 * 1_000_000],
    [6, 1_700_000_000_999_999n, 1_700_000_000, 999_999 * 1000],
    [7, 1_700_000_000n * 10n ** 7n + 1_234_567n, 1_700_000_000, 1_234_567 * 100],
    [9, 1_700_000_000n * 10n ** 9n + 999_999_999n, 1_700_000_000, 999_999_999],
    // Finer than a nanosecond: the rest is dropped, not rounded.
    [12, 1_700_000n * 10n ** 12n + 5_999n, 1_700_000, 5],
    [15, 17_000n * 10n ** 15n + 1_999_999n, 17_000, 1],
    [19, 15_000_000_000_000_000_000n, 1, 500_000_000],
    // Powers of two: 2^-n seconds.
    [0x80, 1_700_000_000n, 1_700_000_000, 0],
    [0x81, 3n, 1, 500_000_000],
    [0x80 + 10, 1024n * 5n + 1n, 5, 976_562], // 1/1024 s = 976,562.5 ns
    [0x80 + 20, (5n << 20n) + 1n, 5, 953], // 2^-20 s = 953.67 ns
    [0x80 + 32, (1_700_000_000n << 32n) + 0x8000_0000n, 1_700_000_000, 500_000_000],
    [0x80 + 60, (3n << 60n) + (1n << 59n), 3, 500_000_000],
    [0x80 + 127, 0xffff_ffff_ffff_ffffn, 0, 0],
  ])('if_tsresol %i, %i units', (tsresol, total, seconds, nanoseconds) => {
    expect(split(tsresol, total)).toEqual([seconds, nanoseconds])
  })
})

test('as exact as BigInt, for every resolution and every count', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 63 }),
      fc.boolean(),
      fc.array(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }), { minLength: 1, maxLength: 5 }),
      (exponent, binary, totals) => {
        const units = (binary ? 2n : 10n) ** BigInt(exponent)
        const clock = new TimestampClock(exponent | (binary ? 0x80 : 0), 0n)
        for (const total of totals) {
          clock.set(Number(total >> 32n), Number(total & 0xffff_ffffn))
          // Seconds beyond 2^53 do not fit a number; no such time is a time.
          if (total / units < 2n ** 53n) expect(clock.seconds).toBe(Number(total / units))
          expect(clock.nanoseconds).toBe(Number(((total % units) * 1_000_000_000n) / units))
        }
      },
    ),
    { numRuns: 2000, seed: 1 },
  )
})

test('names', () => {
  expect([6, 9, 12, 4, 0x94].map((code) => new TimestampClock(code, 0n).resolution)).toEqual([
    'microseconds',
    'nanoseconds',
    'picoseconds',
    '10^-4 seconds',
    '2^-20 seconds',
  ])
})
