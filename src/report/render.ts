/** A report in one of the formats. What only people need (colour, tables) is loaded only for them. */

import { type Block, line, type Report, type RunFacts } from './report.ts'
import type { Style } from './terminal.ts'
import { counted, formatCount } from './units.ts'

export type Format = 'table' | 'json' | 'jsonl' | 'csv'

/** Hands the report's text to `write`, piece by piece; stops when `write` says that nobody reads any more, and waits if it must. */
export async function render(
  report: Report,
  facts: RunFacts,
  format: Format,
  style: Style,
  write: (text: string) => boolean | Promise<boolean>,
): Promise<void> {
  for (const text of await pieces(report, facts, format, style)) {
    const isRead = write(text)
    if (isRead !== true && !(await isRead)) return
  }
}

async function pieces(report: Report, facts: RunFacts, format: Format, style: Style): Promise<Iterable<string>> {
  if (format === 'json') return (await import('./json.ts')).jsonDocument(report, facts)
  if (format === 'jsonl') return (await import('./json.ts')).jsonLines(report, facts)
  if (format === 'csv') return (await import('./csv.ts')).csvLines(report.csv)
  const { terminalLines } = await import('./terminal.ts')
  return terminalLines([...heading(facts), ...report.view(style.width)], style)
}

/** What must be known before a table is believed. */
function heading(facts: RunFacts): Block[] {
  const blocks: Block[] = []
  if (facts.filter !== null) blocks.push(line(`${matchedOf(facts)} (${facts.filter})`, 'strong'))
  if (facts.partial)
    blocks.push(
      line(`partial: stopped after ${counted(facts.packetsRead, 'packet')}, there is more to read`, 'warning'),
    )
  if (blocks.length > 0) blocks.push(line(''))
  return blocks
}

/** `28 of 956 packets` */
export function matchedOf(facts: RunFacts): string {
  return `${formatCount(facts.packetsMatched)} of ${counted(facts.packetsRead, 'packet')}`
}
