/** Tables that fit their terminal. The only module that knows cli-table3. */
import CliTable from 'cli-table3'
import type { Cell, Column, Table, Tone } from './report.ts'
import { clipText, displayWidth, escapeText, wrapText } from './text.ts'

/** Gives text the look of a tone. */
export type Paint = (text: string, tone: Tone) => string

/**
 * Rows that cli-table3 lays out; the ones behind them are joined as they are, which looks the same, since cells come
 * padded. It takes 0.2 ms a row (it compiles a regular expression for each cell), and `--top 0` may have a million.
 */
const LAID_OUT_ROWS = 20
/** It takes time that grows with the square of what is in a cell, and cuts text off that it counts as wider than terminals do. */
const LAID_OUT_WIDTH = 200
const LAID_OUT_TEXT = /^[\x20-\x7e]{0,200}$/

const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
  ]),
)
const CHARACTERS = { ...NO_BORDERS, mid: '', 'mid-mid': '', middle: '' }

/** A wrapped column stays at least this wide, unless the terminal is narrower than anyone's. */
const LEAST_WRAPPED = 12

/** The table's lines, without line ends; `width` is the terminal's, or Infinity where nothing may be cut. */
export function* tableLines(table: Table, width: number, paint: Paint): Generator<string> {
  const layout = layOut(table, width)
  const { shown } = layout
  if (!table.bare) {
    const titles = shown.map((i) => ({ text: table.columns[i].title, tone: 'strong' as const }))
    yield* draw([titles], layout, table.columns, paint)
  }
  const pick = (row: readonly Cell[]) => shown.map((i) => row[i])
  yield* draw(table.rows.map(pick), layout, table.columns, paint)
  const more = table.omitted ?? 0
  if (more > 0) yield* wrapText(`... and ${more} more (--top 0 shows all)`, width).map((text) => paint(text, 'faint'))
  if (shown.length < table.columns.length) {
    const names = table.columns.filter((_, i) => !shown.includes(i)).map((column) => column.title)
    const note = `not shown at this width: ${names.join(', ')} (--json and --csv have all)`
    yield* wrapText(note, width).map((text) => paint(text, 'faint'))
  }
}

interface Layout {
  /** Indices of the columns that are shown. */
  shown: number[]
  /** Their widths. */
  widths: number[]
  gap: number
}

/** Less space between columns, then fewer columns, then wrapped cells: in this order until the table fits. */
function layOut(table: Table, width: number): Layout {
  const { columns, rows } = table
  const natural = columns.map((column) => (table.bare ? 0 : displayWidth(column.title)))
  for (const row of rows)
    for (let i = 0; i < columns.length; i++) natural[i] = Math.max(natural[i], displayWidth(textOf(row[i])))
  let shown = columns.map((_, i) => i)
  const total = (gap: number) => shown.reduce((sum, i) => sum + natural[i], gap * (shown.length - 1))
  while (total(1) > width) {
    const last = shown.filter((i) => columns[i].dropFirst !== undefined).sort((a, b) => rank(b) - rank(a))[0]
    if (last === undefined) break
    shown = shown.filter((i) => i !== last)
  }
  const gap = total(2) <= width ? 2 : 1
  const widths = shown.map((i) => natural[i])
  const narrow = (least: number, may: (i: number) => boolean) => {
    for (let over = total(gap) - width - reduced(); over > 0; over--) {
      const widest = shown.reduce(
        (best, i, k) => (may(i) && widths[k] > least && (best < 0 || widths[k] > widths[best]) ? k : best),
        -1,
      )
      if (widest < 0) return
      widths[widest]--
    }
  }
  const reduced = () => shown.reduce((sum, i, k) => sum + natural[i] - widths[k], 0)
  if (total(gap) > width) {
    narrow(LEAST_WRAPPED, (i) => columns[i].wraps === true)
    narrow(1, () => true)
  }
  return { shown, widths, gap }

  function rank(i: number): number {
    return columns[i].dropFirst ?? -1
  }
}

function* draw(rows: Cell[][], layout: Layout, columns: readonly Column[], paint: Paint): Generator<string> {
  const isPlain = (cell: Cell): boolean => LAID_OUT_TEXT.test(textOf(cell))
  let at = 0
  if (layout.widths.every((width) => width <= LAID_OUT_WIDTH))
    while (at < rows.length && at < LAID_OUT_ROWS && rows[at].every(isPlain)) at++
  yield* layOutRows(rows.slice(0, at), layout, columns, paint)
  for (; at < rows.length; at++) yield* join(cellsOf(rows[at], layout, columns, paint), layout)
}

function* layOutRows(rows: Cell[][], layout: Layout, columns: readonly Column[], paint: Paint): Generator<string> {
  if (rows.length === 0) return
  const { shown, widths, gap } = layout
  const table = new CliTable({
    chars: CHARACTERS,
    colWidths: widths.map((width, k) => width + (k === widths.length - 1 ? 0 : gap)),
    colAligns: shown.map((i) => columns[i].align ?? 'left'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  for (const row of rows) table.push(cellsOf(row, layout, columns, paint).map((lines) => lines.join('\n')))
  for (const text of table.toString().split('\n')) yield text.trimEnd()
}

/** What `layOutRows` makes of one row. */
function* join(cells: string[][], { widths, gap }: Layout): Generator<string> {
  const height = Math.max(...cells.map((lines) => lines.length))
  for (let i = 0; i < height; i++) {
    let text = ''
    for (let k = 0; k < cells.length; k++) text += cells[k][i] ?? ' '.repeat(widths[k] + gap)
    yield text.trimEnd()
  }
}

/** For each cell its lines, padded on the side that its alignment says, with the gap to the next column behind. */
function cellsOf(row: Cell[], { shown, widths, gap }: Layout, columns: readonly Column[], paint: Paint): string[][] {
  return row.map((cell, k) => {
    const tone = typeof cell === 'string' ? 'plain' : cell.tone
    const behind = k === widths.length - 1 ? '' : ' '.repeat(gap)
    return wrapText(textOf(cell), widths[k]).map((text) => {
      const padding = ' '.repeat(Math.max(0, widths[k] - displayWidth(text)))
      const painted = paint(text, tone)
      return (columns[shown[k]].align === 'right' ? padding + painted : painted + padding) + behind
    })
  })
}

/** As it is shown: the only way from a cell to a terminal. */
function textOf(cell: Cell): string {
  return escapeText(clipText(typeof cell === 'string' ? cell : cell.text))
}
