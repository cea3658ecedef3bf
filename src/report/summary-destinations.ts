/** The destinations of a summary, and the busiest ports. */
import type { DestinationsResult } from '../analyzers/destinations.ts'
import { type Block, type Cell, line, type Table, take } from './report.ts'
import { displayWidth } from './text.ts'
import { counted, formatCount, formatShare } from './units.ts'

/** Rows on one screen, unless `--top` says otherwise. */
const DESTINATIONS = 5

/** Addresses at the left, ports at the right if there is room: neither list says which port is whose. */
export function destinationLines(result: DestinationsResult, top: number | undefined, terminal: number): Block[] {
  if (result.packets === 0) return [line('no packets with an IP layer')]
  const rows = top ?? DESTINATIONS
  const { packets } = result
  const addresses = ranking(
    ['address', 'addresses'],
    take(result.destinations, rows).shown.map((one) => [one.address, one]),
    result.destinations.length + result.omitted,
    packets,
  )
  const ports = ranking(
    ['port', 'ports'],
    take(result.ports, rows).shown.map((one) => [`${one.protocol} ${one.port}`, one]),
    result.ports.length,
    packets,
  )
  if (ports.rows.length === 0) return [addresses]
  if (widthOf(addresses) + GAP + widthOf(ports) > terminal) return [addresses, line(''), ports]
  const count = Math.max(addresses.rows.length, ports.rows.length)
  return [
    {
      kind: 'table',
      columns: [...addresses.columns, { title: ' ' }, ...ports.columns],
      rows: Array.from({ length: count }, (_, i): Cell[] => [
        ...(addresses.rows[i] ?? ['', '', '']),
        '',
        ...(ports.rows[i] ?? ['', '', '']),
      ]),
    },
  ]
}

/** Between the two lists: a column of one, and the space around it. */
const GAP = 5

interface Ranking extends Table {
  readonly rows: readonly string[][]
}

function ranking(
  [one, many]: readonly [string, string],
  shown: readonly (readonly [string, { readonly packets: number }])[],
  all: number,
  whole: number,
): Ranking {
  const counts = counted(all, one, many)
  return {
    kind: 'table',
    columns: [
      { title: shown.length < all ? `${formatCount(shown.length)} of ${counts}` : counts, wraps: true },
      { title: 'packets', align: 'right' },
      { title: '%', align: 'right' },
    ],
    rows: shown.map(([name, { packets }]) => [name, formatCount(packets), formatShare(packets, whole)]),
  }
}

function widthOf({ columns, rows }: Ranking): number {
  const widths = columns.map(({ title }, i) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[i])), title.length),
  )
  return widths.reduce((sum, width) => sum + width) + 2 * (widths.length - 1)
}
