import { expect, test } from 'vitest'
import { DurationHistogram } from '../../src/analyzers/handshake-histogram.ts'
import { histogramTable } from '../../src/report/histogram.ts'
import { tableLines } from '../../src/report/table.ts'

function histogramOf(...nanoseconds: number[]): DurationHistogram {
  const histogram = new DurationHistogram()
  for (const value of nanoseconds) histogram.add(value)
  return histogram
}

const bounds = (histogram: DurationHistogram) => histogram.bins().map(({ from, to, count }) => [from, to, count])

test('bounds are round; a value on one begins a bin', () => {
  expect(bounds(histogramOf(1_200_000, 1_499_999, 1_500_000, 1_999_999))).toEqual([
    [0.0012, 0.0015, 2],
    [0.0015, 0.002, 2],
  ])
})

test('the wider the range, the wider the bins', () => {
  // 20 us to 40 ms, more than three decades: bounds of 1, 2 and 5.
  expect(bounds(histogramOf(20_000, 21_000, 40_000_000))).toEqual([
    [0.00002, 0.00005, 2],
    [0.00005, 0.0001, 0],
    [0.0001, 0.0002, 0],
    [0.0002, 0.0005, 0],
    [0.0005, 0.001, 0],
    [0.001, 0.002, 0],
    [0.002, 0.005, 0],
    [0.005, 0.01, 0],
    [0.01, 0.02, 0],
    [0.02, 0.05, 1],
  ])
  // 10 us to 100 s: bounds of 1 and 3. 1 us to 1000 s: one bin a decade.
  expect(bounds(histogramOf(10_000, 100_000_000_000)).map(([from]) => from)).toEqual([
    0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100,
  ])
  expect(histogramOf(1000, 1_000_000_000_000).bins()).toHaveLength(10)
  // 1 to 9 ms: all.
  expect(histogramOf(1_000_000, 9_000_000).bins()).toHaveLength(10)
  // 1 to 99 ms: half of them.
  expect(histogramOf(1_000_000, 99_000_000).bins()).toHaveLength(10)
})

test('nothing, zeros, and what is longer than any bound', () => {
  expect(histogramOf().bins()).toEqual([])
  expect(bounds(histogramOf(0, 0))).toEqual([[0, 1e-9, 2]])
  expect(bounds(histogramOf(0, 5_000_000, 5_000_001))).toEqual([[0, 0.006, 3]])
  expect(histogramOf(1e21).bins()).toEqual([{ from: 8e9, to: 1e10, count: 1 }])
})

test('merging is adding', () => {
  const merged = histogramOf(1_000_000)
  merged.merge(histogramOf(2_000_000, 2_000_001))
  expect(merged.bins()).toEqual(histogramOf(1_000_000, 2_000_000, 2_000_001).bins())
})

test('the longest bar is that of the fullest bin, and one that holds anything has a bar', () => {
  const values = [...Array.from({ length: 1000 }, () => 1_000_000), 2_500_000]
  const lines = [...tableLines(histogramTable(histogramOf(...values).bins()), 80, (text) => text)]
  expect(lines.map((text) => text.trimEnd())).toEqual([
    '  1 ms  -  1.2 ms  ####################################  1,000  99.9%',
    '1.2 ms  -  1.5 ms                                            0   0.0%',
    '1.5 ms  -    2 ms                                            0   0.0%',
    '  2 ms  -  2.5 ms                                            0   0.0%',
    '2.5 ms  -    3 ms  #                                         1  <0.1%',
  ])
})

test('a million on a terminal of 80 columns', () => {
  const histogram = new DurationHistogram()
  for (let i = 0; i < 1_000_000; i++) histogram.add(1000 + ((i * 7919) % 999_999_937))
  const lines = [...tableLines(histogramTable(histogram.bins()), 80, (text) => text)]
  expect(lines.length).toBeGreaterThanOrEqual(8)
  for (const text of lines) expect(text.length).toBeLessThanOrEqual(80)
})
