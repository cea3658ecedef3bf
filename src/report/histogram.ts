/** A histogram for people: one line a bin, with a bar of plain characters. */
import type { HistogramBin } from '../analyzers/handshake-histogram.ts'
import type { Cell, Table } from './report.ts'
import { formatCount, formatShare } from './units.ts'

/** Columns of the longest bar: with bounds, count and share it stays within 80. */
const LONGEST_BAR = 36

/** The bins in a table without titles; the longest bar stands for the fullest bin, and no bin that holds anything is without one. */
export function histogramTable(bins: readonly HistogramBin[]): Table {
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  const fullest = bins.reduce((most, { count }) => Math.max(most, count), 0)
  return {
    kind: 'table',
    bare: true,
    columns: [
      { title: 'from', align: 'right' },
      { title: '-' },
      { title: 'to', align: 'right' },
      { title: 'bar' },
      { title: 'count', align: 'right' },
      { title: 'share', align: 'right', dropFirst: 1 },
    ],
    rows: bins.map(({ from, to, count }): Cell[] => [
      formatBound(from),
      '-',
      formatBound(to),
      '#'.repeat(Math.ceil((LONGEST_BAR * count) / fullest)),
      formatCount(count),
      { text: formatShare(count, total), tone: 'faint' },
    ]),
  }
}

/** A round number of milliseconds or seconds: `0.02 ms`, `50 ms`, `2 s`. */
function formatBound(seconds: number): string {
  if (seconds >= 1) return `${formatCount(Number(seconds.toPrecision(3)))} s`
  // Not in the notation with an exponent, which numbers below 10^-6 get.
  return `${(seconds * 1000).toFixed(6).replace(/\.?0+$/, '')} ms`
}
