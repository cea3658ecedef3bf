/** The protocols of a summary: a folded tree, and how much each is of all packets. */
import type { HierarchyResult } from '../analyzers/protocol-hierarchy.ts'
import { bar } from './bars.ts'
import { treeLines } from './protocol-tree.ts'
import type { Block, Cell, Column } from './report.ts'
import { displayWidth } from './text.ts'
import { formatCount, formatShare } from './units.ts'

/** Branches and lines on one screen, unless `--top` says otherwise. */
const TREE_BRANCHES = 12
const TREE_LINES = 12

/** Columns of a protocol with its indentation, and of a bar. */
const LEAST_NAME = 12
const MOST_NAME = 28
const LEAST_BAR = 4
const MOST_BAR = 32

/** A tree with bars, for `width` columns. */
export function protocolLines(
  hierarchy: HierarchyResult,
  width: number,
  { top, plain }: { readonly top: number | undefined; readonly plain: boolean },
): Block[] {
  const { packets, bytes } = hierarchy
  const columns: Column[] = [
    { title: 'protocol' },
    { title: 'packets', align: 'right' },
    { title: '%', align: 'right' },
    { title: '' },
    { title: 'bytes', align: 'right' },
    { title: '%', align: 'right' },
  ]
  const lines = treeLines(hierarchy, {
    branches: top ?? TREE_BRANCHES,
    lines: top === undefined ? TREE_LINES : Infinity,
    width: Math.max(LEAST_NAME, Math.min(MOST_NAME, width - widthOfFigures(packets, bytes))),
    plain,
  })
  const widest = lines.reduce((most, { label }) => Math.max(most, displayWidth(label)), columns[0].title.length)
  const room = Math.min(MOST_BAR, width - widest - widthOfFigures(packets, bytes) - 2)
  const hasBars = room >= LEAST_BAR
  const rows = lines.map((one): Cell[] => {
    const tone = one.isFold ? 'faint' : 'plain'
    return [
      one.label,
      formatCount(one.packets),
      formatShare(one.packets, packets),
      ...(hasBars ? [bar(one.packets, packets, room, plain).padEnd(room)] : []),
      formatCount(one.bytes),
      formatShare(one.bytes, bytes),
    ].map((text) => ({ text, tone }))
  })
  return [{ kind: 'table', columns: hasBars ? columns : columns.filter(({ title }) => title !== ''), rows }]
}

/** Columns of the figures behind a protocol: those of all packets are the widest, and no share is wider than `100.0%`. */
function widthOfFigures(packets: number, bytes: number): number {
  const counts = [formatCount(packets), formatCount(bytes)]
  const titles = ['packets', 'bytes']
  return counts.reduce((sum, count, i) => sum + Math.max(count.length, titles[i].length) + '100.0%'.length + 4, 0)
}
