/** JSON: one document, or one record a line. Written in pieces, so that a list of a million records needs no string of its size. */
import { jsonText } from './json-text.ts'
import type { Report, RunFacts } from './report.ts'

/** The document of a report. One record is one line, so that two documents can be compared line by line. */
export function* jsonDocument(report: Report, facts: RunFacts): Generator<string> {
  yield '{\n'
  yield `  "schema": ${jsonText(report.schema)}`
  for (const [key, value] of entries({ ...facts, ...report.summary })) {
    yield `,\n  ${jsonText(key)}: `
    yield* spread(value, '  ')
  }
  for (const list of report.lists) {
    yield `,\n  ${jsonText(list.key)}: `
    yield* spread(list.records, '  ')
  }
  yield `,\n  "omitted": ${jsonText(omitted(report))}\n}\n`
}

/** Every record of every list with its `type`, and a last line of type `summary` with all that is not in a list. */
export function* jsonLines(report: Report, facts: RunFacts): Generator<string> {
  for (const list of report.lists)
    for (const record of list.records) yield `${jsonText({ type: list.type, ...record })}\n`
  const last = { type: 'summary', schema: report.schema, ...facts, ...report.summary, omitted: omitted(report) }
  yield `${jsonText(last)}\n`
}

/** How many records of each list `--top` left out. */
function omitted(report: Report): Record<string, number> {
  return Object.fromEntries(report.lists.map((list) => [list.key, list.omitted]))
}

function entries(object: object): [string, unknown][] {
  return Object.entries(object).filter(([, value]) => value !== undefined)
}

/** A value that holds a list of objects goes over several lines, anything else on one. */
function* spread(value: unknown, indent: string): Generator<string> {
  if (!Array.isArray(value) || !value.some(isObject)) {
    yield linesOf(value, indent) ?? jsonText(value)
    return
  }
  // Record by record: there may be a million.
  const inner = `${indent}  `
  let separator = '[\n'
  for (const item of value) {
    yield separator + inner + (linesOf(item, inner) ?? jsonText(item))
    separator = ',\n'
  }
  yield `\n${indent}]`
}

/** The text of a value that holds a list of objects; null for any other, as most records are. */
function linesOf(value: unknown, indent: string): string | null {
  if (!holdsList(value)) return null
  const inner = `${indent}  `
  const textOf = (item: unknown): string => linesOf(item, inner) ?? jsonText(item)
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + textOf(item)).join(',\n')}\n${indent}]`
  const members = entries(value as object).map(([key, item]) => `${inner}${jsonText(key)}: ${textOf(item)}`)
  return `{\n${members.join(',\n')}\n${indent}}`
}

function holdsList(value: unknown): boolean {
  if (!isObject(value)) return false
  if (Array.isArray(value)) return value.some(isObject)
  for (const key in value) if (holdsList((value as Record<string, unknown>)[key])) return true
  return false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
