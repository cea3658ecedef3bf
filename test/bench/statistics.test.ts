import { expect, test } from 'vitest'
import { between, quantile, ratios, spreadOf } from '../../bench/statistics.ts'

test('a quantile lies between two values if need be', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2)
  expect(quantile([7], 0.75)).toBe(7)
  expect(() => quantile([], 0.5)).toThrow('no values')
})

test('the spread is the middle half as a share of the median; one slow run does not count', () => {
  expect(spreadOf([1, 2, 3, 4, 5])).toEqual({ median: 3, spread: 2 / 3 })
  expect(spreadOf([10, 10, 10, 10, 500])).toEqual({ median: 10, spread: 0 })
  expect(spreadOf([0, 0])).toEqual({ median: 0, spread: 0 })
})

test('ratios are taken run by run, to the mean of the reference before and after', () => {
  expect(between([1, 3, 5])).toEqual([2, 4])
  // The machine slows down to half its speed: what pcapx took and what the reference took move together.
  const pcapx = [4, 6, 8]
  const reference = [1, 3, 3, 5]
  expect(ratios(pcapx, between(reference))).toEqual([2, 2, 2])
})
