import { expect, test } from 'vitest'
import {
  counted,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatRate,
  formatShare,
  formatSpan,
  scaled,
} from '../../src/report/units.ts'

test('counts', () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([counted(1, 'packet'), counted(2, 'address', 'addresses')]).toEqual(['1 packet', '2 addresses'])
})

test('shares: neither nothing nor all is said of what is merely near it', () => {
  expect(formatShare(0, 100)).toBe('0.0%')
  expect(formatShare(1, 10_000)).toBe('<0.1%')
  expect(formatShare(125, 1000)).toBe('12.5%')
  expect(formatShare(99_999, 100_000)).toBe('99.9%')
  expect(formatShare(7, 7)).toBe('100.0%')
  expect(formatShare(0, 0)).toBe('-')
})

test('times', () => {
  expect([0.0022114, 0.9999994, 0.9999996, 3.0002, null].map(formatSpan)).toEqual([
    '2.211 ms',
    '999.999 ms',
    '1.000 s',
    '3.000 s',
    '-',
  ])
  expect([0, 59.9994, 59.9996, 185, 7380, 360_000, -1.5].map(formatDuration)).toEqual([
    '0.000 s',
    '59.999 s',
    '1 min 00 s',
    '3 min 05 s',
    '2 h 03 min',
    '4 d 04 h',
    '-1.500 s',
  ])
})

test('amounts', () => {
  expect([0, 12, 999, 1000, 12_345, 345_678, 2_000_000_000].map(scaled)).toEqual([
    '0 ',
    '12 ',
    '999 ',
    '1.00 k',
    '12.3 k',
    '346 k',
    '2.00 G',
  ])
  expect(formatBytes(1)).toBe('1 byte')
  expect(formatBytes(368_622)).toBe('368,622 bytes (369 kB)')
  expect(formatRate(8000, 2, 'bit')).toBe('4.00 kbit/s')
  expect(formatRate(8000, 0, 'bit')).toBe('-')
})

test('moments are RFC 3339 with all nanoseconds', () => {
  expect(formatMoment({ seconds: 1483987893, nanoseconds: 123456789 })).toBe('2017-01-09T18:51:33.123456789Z')
  expect(formatMoment({ seconds: 0, nanoseconds: 5 })).toBe('1970-01-01T00:00:00.000000005Z')
  expect(formatMoment(null)).toBeNull()
})

test('a moment that no calendar reaches is null', () => {
  expect(formatMoment({ seconds: 2 ** 60, nanoseconds: 0 })).toBeNull()
})
