/** CSV as RFC 4180 has it: CRLF, quotes where needed, a line of names first. */
import type { Csv, Scalar } from './report.ts'
import { escapeText } from './text.ts'

/** What a spreadsheet takes for the start of a formula, the full-width forms included. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/

export function* csvLines(csv: Csv): Generator<string> {
  yield csvLine(csv.columns)
  for (const row of csv.rows()) yield csvLine(row)
}

export function csvLine(row: readonly Scalar[]): string {
  let text = ''
  for (let i = 0; i < row.length; i++) text += (i === 0 ? '' : ',') + csvCell(row[i])
  return `${text}\r\n`
}

/**
 * Text may come from packets: a cell that a spreadsheet would compute gets an apostrophe in front, which makes it text,
 * and control characters are escaped. Numbers stay numbers, negative ones too; null is an empty cell.
 */
export function csvCell(value: Scalar): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = escapeText(value)
  const text = FORMULA.test(safe) ? `'${safe}` : safe
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
