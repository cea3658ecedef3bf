/** The fields and protocols that pcapx knows, or those that a pattern finds; how often each occurs, if that was counted. */
import type { FieldCount } from '../analyzers/field-counts.ts'
import { knownNames, lookUp, type Meaning } from '../filter/names.ts'
import { protocolName } from '../protocols/protocol.ts'
import { type Block, type Cell, type Column, line, type Report, type Scalar, take } from './report.ts'
import { counted, formatCount } from './units.ts'

export interface ListedField {
  readonly name: string
  /** `protocol`, or the type of the field. */
  readonly type: string
  readonly description: string
  /** Names of the protocols that have it. */
  readonly protocols: readonly string[]
  /** Wireshark's names for values. */
  readonly values: readonly { readonly value: number; readonly name: string }[]
  readonly meaning: Meaning
}

/** Whether a text is what a person looks for. */
export type Matcher = (text: string) => boolean

/**
 * What stands for a part of a name or description, whatever the case: `mss`, a name with wildcards: `tcp.*.tsval`, or a
 * regular expression: `^tcp\.flags`, `/rtt|delta/`. Throws a `SyntaxError` if it is a wrong regular expression.
 */
export function matcherOf(pattern: string): Matcher {
  const [, inside] = /^\/(.+)\/$/.exec(pattern) ?? []
  if (inside !== undefined || /[\^$|()[\]+\\]/.test(pattern)) {
    const expression = new RegExp(inside ?? pattern, 'i')
    return (text) => expression.test(text)
  }
  if (/[*?]/.test(pattern)) {
    const source = pattern.replace(/[.{}]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
    const expression = new RegExp(`^${source}$`, 'i')
    return (text) => expression.test(text)
  }
  const wanted = pattern.toLowerCase()
  return (text) => text.toLowerCase().includes(wanted)
}

/** All fields and protocols that match: first those whose name does, then those whose description does. */
export function findFields(matches: Matcher): ListedField[] {
  const byName: ListedField[] = []
  const byDescription: ListedField[] = []
  for (const name of knownNames()) {
    const listed = listedField(name, lookUp(name)!)
    if (matches(name)) byName.push(listed)
    else if (matches(listed.description)) byDescription.push(listed)
  }
  return [...byName, ...byDescription]
}

function listedField(name: string, meaning: Meaning): ListedField {
  if (meaning.kind === 'protocol')
    return { name, type: 'protocol', description: meaning.title, protocols: [name], values: [], meaning }
  const [{ field }] = meaning.declarations
  return {
    name,
    type: field.type,
    description: field.description,
    protocols: meaning.declarations.map(({ protocol }) => (protocol < 0 ? 'frame' : protocolName(protocol))),
    values: Object.entries(field.values ?? {}).map(([value, text]) => ({ value: Number(value), name: text })),
    meaning,
  }
}

export interface FieldListOptions {
  /** As it was given; undefined for all. */
  readonly pattern: string | undefined
  readonly top: number
  /** Only what occurs. */
  readonly present: boolean
}

/** `counts`, in the order of `fields`, puts what occurs first; null if no capture was read. */
export function fieldListReport(
  fields: readonly ListedField[],
  counts: readonly FieldCount[] | null,
  { pattern, top, present }: FieldListOptions,
): Report {
  const rows: Row[] = fields.map((field, i) => ({ field, count: counts?.[i] }))
  const occurring = rows.filter(({ count }) => count !== undefined && count.packets > 0)
  const others = present ? [] : rows.filter(({ count }) => count === undefined || count.packets === 0)
  const { shown, omitted } = take([...occurring, ...others], top)
  return {
    schema: 'pcapx.fieldList/1',
    summary: { pattern: pattern ?? null },
    lists: [{ key: 'fields', type: 'field', records: shown.map(toRecord), omitted }],
    csv: {
      columns: ['name', 'type', 'protocols', ...(counts === null ? [] : ['packets', 'occurrences']), 'description'],
      rows: () => shown.map(toCsv),
    },
    view: () => view(shown, omitted, counts === null ? undefined : occurring.length, pattern),
  }
}

interface Row {
  readonly field: ListedField
  readonly count: FieldCount | undefined
}

function toRecord({ field: { name, type, description, protocols, values }, count }: Row): object {
  const counts = count === undefined ? {} : { packets: count.packets, occurrences: count.occurrences }
  return { name, type, description, protocols, ...counts, values }
}

function toCsv({ field, count }: Row): Scalar[] {
  const counts = count === undefined ? [] : [count.packets, count.occurrences]
  return [field.name, field.type, field.protocols.join(' '), ...counts, field.description]
}

function view(
  rows: readonly Row[],
  omitted: number,
  occurring: number | undefined,
  pattern: string | undefined,
): Block[] {
  if (rows.length === 0)
    return [line(pattern === undefined ? 'no field occurs' : `no field or protocol found for ${pattern}`)]
  const counts: Column[] = [
    { title: 'packets', align: 'right' },
    { title: 'values', align: 'right', dropFirst: 1 },
  ]
  const blocks: Block[] = [
    {
      kind: 'table',
      columns: [
        { title: 'name', wraps: true },
        { title: 'type', dropFirst: 2 },
        ...(occurring === undefined ? [] : counts),
        { title: 'description', wraps: true },
      ],
      rows: rows.map(toRow),
      omitted,
    },
  ]
  if (occurring === undefined) return blocks
  return [...blocks, line(''), line(`${counted(occurring, 'field or protocol occurs', 'fields and protocols occur')}`)]
}

function toRow({ field, count }: Row): Cell[] {
  const tone = count === undefined ? 'plain' : count.packets > 0 ? 'strong' : 'faint'
  const cells = count === undefined ? [] : [formatCount(count.packets), formatCount(count.occurrences)]
  return [{ text: field.name, tone }, field.type, ...cells, field.description]
}
