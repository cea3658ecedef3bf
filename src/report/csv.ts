/** CSV as RFC 4180 has it: CRLF, quotes where needed, a line of names first. */
import type { Csv, Scalar } from './report.ts'
import { escapeText } from './text.ts'

/**
 * What a spreadsheet takes for the start of a formula (`=`, `+`, `-`, `@`, in full width and small too, the minus sign), also behind
 * white space and quotes, which some take away first.
 */
const FORMULA_START = String.raw`(?=[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212])`
/** At the start of the cell, and behind a semicolon, which is what separates cells where the comma is the decimal sign. */
const FORMULA = new RegExp(`(^|;)${FORMULA_START}`, 'g')

/** A number as `formatValue` writes it. */
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/

export function* csvLines(csv: Csv): Generator<string> {
  yield csvLine(csv.columns)
  for (const row of csv.rows()) yield csvLine(row)
}

export function csvLine(row: readonly Scalar[]): string {
  let text = ''
  for (let i = 0; i < row.length; i++) text += (i === 0 ? '' : ',') + csvCell(row[i])
  return `${text}\r\n`
}

/** Values of fields; `isNumber` says of a column that its type is one of numbers, so that negative ones stay numbers. */
export function csvFieldLine(cells: readonly string[], isNumber: readonly boolean[]): string {
  let text = ''
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]
    const isSafe = isNumber[i] && NUMBER.test(cell)
    text += (i === 0 ? '' : ',') + (isSafe ? cell : csvCell(cell))
  }
  return `${text}\r\n`
}

/**
 * Text may come from packets: a cell that a spreadsheet would compute gets an apostrophe in front, which makes it text,
 * and control characters are escaped. Numbers stay numbers, negative ones too; null is an empty cell.
 */
export function csvCell(value: Scalar): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const text = escapeText(value).replace(FORMULA, "$1'")
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
