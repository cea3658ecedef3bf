/** `pcapx fields`: values, as `tshark -T fields -E occurrence=a` prints them; `--list`: which fields there are. */
import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { Need } from '../../protocols/field.ts'
import type { ListedField, Matcher } from '../../report/field-list.ts'
import type { FieldColumn } from '../../report/field-rows.ts'
import { EXIT_DONE, UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  colorOption,
  examples,
  filterOption,
  formatOf,
  formatOptions,
  recoverOption,
  styleOf,
  topOption,
} from '../options.ts'
import {
  capturesOf,
  compile,
  conclude,
  demandCapture,
  type ExitCode,
  type Finish,
  factsOf,
  runAnalysis,
  underControl,
} from '../run.ts'

interface FieldsOptions extends AnalysisOptions {
  readonly e?: readonly string[]
  readonly header?: true
  /** True without a pattern. */
  readonly list?: string | true
  readonly present?: true
}

const EXAMPLE = 'pcapx fields -e frame.number -e ip.src -e tcp.dstport trace.pcap'
const LIST_EXAMPLE = 'pcapx fields --list tcp.options trace.pcap'

export function fieldsCommand(io: Io, finish: Finish): Command {
  const command = new Command('fields')
    .summary('values of fields, one line a packet, as tshark -T fields')
    .description(
      'Values of fields, one line a packet: TAB between columns, comma between several values of a field, ' +
        'as `tshark -T fields -E occurrence=a` prints them. Field names are those of Wireshark. ' +
        'With --list: which fields there are, and in which captures they occur.',
    )
    .argument('[capture...]', 'capture files; - or nothing for standard input')
    .addOption(
      new Option('-e <field>', 'a column; give it once for each').argParser((name, before: string[] | undefined) => [
        ...(before ?? []),
        name,
      ]),
    )
    .addOption(filterOption())
    .addOption(recoverOption())
    .option('--header', 'the names of the fields as the first line')
    .addOption(
      new Option(
        '--list [pattern]',
        'fields and protocols whose name or description has this in it (or a name like tcp.*.tsval, or a regular ' +
          'expression); with a capture, how often each occurs',
      ).conflicts(['e', 'header']),
    )
    .option('--present', 'of --list, only what occurs in the capture')
    .addOption(topOption().hideHelp())
    .addOption(colorOption().hideHelp())
  return formatOptions(command)
    .addHelpText(
      'after',
      examples(EXAMPLE, 'pcapx fields -e ip.dst trace.pcap | sort | uniq -c | sort -rn | head', LIST_EXAMPLE),
    )
    .action(async (named: string[], options: FieldsOptions) => {
      const { list } = options
      finish(list === undefined ? await printFields(io, named, options) : await listFields(io, list, named, options))
    })
}

/** Without a capture nothing is read, also not what is piped in: a list needs none. */
async function listFields(
  io: Io,
  list: string | true,
  named: readonly string[],
  options: FieldsOptions,
): Promise<ExitCode> {
  const { lookUp } = await import('../../filter/names.ts')
  const { fieldListReport, findFields, matcherOf } = await import('../../report/field-list.ts')
  const isCapture = list === '-' || (typeof list === 'string' && lookUp(list) === undefined && existsSync(list))
  const pattern = list === true || isCapture ? undefined : list
  const captures = isCapture ? [list, ...named] : named
  const fields: ListedField[] = findFields(pattern === undefined ? () => true : readPattern(pattern, matcherOf))
  const view = { pattern, top: options.top ?? Infinity, present: options.present === true }
  if (captures.length === 0) {
    const without = options.present ? '--present' : options.filter === undefined ? undefined : '-Y'
    if (without !== undefined)
      throw new UsageError(`${without} needs a capture to look into`, `for example: ${LIST_EXAMPLE}`)
    const { render } = await import('../../report/render.ts')
    const facts = { captures, filter: null, packetsRead: 0, packetsMatched: 0, partial: false, truncated: false }
    const report = fieldListReport(fields, null, view)
    await render(report, { ...facts, damage: null }, formatOf(options), styleOf(options, io), (text) =>
      io.stdout.write(text),
    )
    return EXIT_DONE
  }
  const { FieldCounts } = await import('../../analyzers/field-counts.ts')
  const names = fields.map(({ name, meaning }) => ({
    name,
    places: meaning.kind === 'field' ? meaning.declarations : [{ protocol: meaning.protocol }],
  }))
  return runAnalysis(io, captures, options, {
    example: LIST_EXAMPLE,
    make: () => new FieldCounts(names),
    report: (counts) => fieldListReport(fields, counts, view),
  })
}

function readPattern(pattern: string, read: (pattern: string) => Matcher): Matcher {
  try {
    return read(pattern)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new UsageError(`${pattern} is not a regular expression: ${error.message.replace(/^.*: /, '')}`)
  }
}

async function printFields(io: Io, named: readonly string[], options: FieldsOptions): Promise<ExitCode> {
  const names = options.e ?? []
  if (names.length === 0) throw new UsageError('no field named: -e says which', `for example: ${EXAMPLE}`)
  const { columns, needs } = await lookUpAll(names)
  const captures = capturesOf(named, io, EXAMPLE)
  const filter = await compile(options.filter, io)
  const { forEachPacket } = await import('../../engine/run.ts')
  const { FieldRows, formatJson, formatSafely, isNumeric } = await import('../../report/field-rows.ts')
  const { csvFieldLine, csvLine } = await import('../../report/csv.ts')
  const { jsonText } = await import('../../report/json-text.ts')
  const { JsonStream } = await import('../../report/json-stream.ts')
  const { stdout } = io
  const format = formatOf(options)
  const isJson = format === 'json' || format === 'jsonl'
  const rows = new FieldRows(columns, isJson ? formatJson : stdout.isTerminal ? formatSafely : undefined)
  const { cells } = rows

  // A name given twice is two columns, but one key.
  const keys = names.map((name) => `${jsonText(name)}:[`)
  const isFirst = names.map((name, i) => names.indexOf(name) === i)
  const jsonRow = () => {
    let text = ''
    for (let i = 0; i < cells.length; i++) if (isFirst[i]) text += `${text === '' ? '' : ','}${keys[i]}${cells[i]}]`
    return `{${text}}`
  }
  const isNumber = columns.map((places) => places.every(({ field }) => isNumeric(field)))
  const document = new JsonStream('pcapx.fields/1', { fields: names }, 'rows', (text) => stdout.write(text))
  const writeRow = {
    table: () => {
      let text = cells[0]
      for (let i = 1; i < cells.length; i++) text += `\t${cells[i]}`
      return stdout.write(`${text}\n`)
    },
    csv: () => stdout.write(csvFieldLine(cells, isNumber)),
    jsonl: () => stdout.write(`${jsonRow()}\n`),
    json: () => document.item(jsonRow()),
  }[format]

  let headed = isJson || (format === 'table' && !options.header)
  const writeHeader = () => {
    headed = true
    stdout.write(format === 'csv' ? csvLine(names) : `${names.join('\t')}\n`)
  }
  const { run, signal } = await underControl(io, (control) =>
    forEachPacket(captures, { filter, needs, ...control, recover: options.recover }, (packet) => {
      if (!headed) writeHeader()
      rows.read(packet)
      return !writeRow()
    }),
  )
  demandCapture(io, run, format)
  if (!headed) writeHeader()
  if (format === 'json') document.end({ ...factsOf(run, captures, options.filter) })
  return conclude(io, run, signal)
}

/** What each name stands for. Names that pcapx does not have are all told at once, before any packet is read. */
async function lookUpAll(names: readonly string[]): Promise<{ columns: FieldColumn[]; needs: readonly Need[] }> {
  const { lookUp, knownNames } = await import('../../filter/names.ts')
  const { protocols } = await import('../../protocols/index.ts')
  const columns: FieldColumn[] = []
  const needs = new Set<Need | undefined>()
  const unknown: string[] = []
  for (const name of names) {
    const meaning = lookUp(name)
    if (meaning === undefined) unknown.push(name)
    else if (meaning.kind === 'field') {
      columns.push(meaning.declarations)
      for (const { field, protocol } of meaning.declarations)
        needs.add(field.need).add(protocols.find(({ id }) => id === protocol)?.need)
    } else {
      const { headingField, headingNeeds } = await import('../../report/layer-heading.ts')
      const protocol = protocols.find((known) => known.name === name)!
      columns.push([{ protocol: meaning.protocol, field: headingField(protocol) }])
      for (const need of [protocol.need, ...headingNeeds(protocol)]) needs.add(need)
    }
  }
  if (unknown.length === 0) return { columns, needs: [...needs].filter((need) => need !== undefined) }
  const { suggest } = await import('../../filter/suggest.ts')
  const { notHere } = await import('../../filter/unknown-name.ts')
  const { wiresharkKind } = await import('../../filter/wireshark-fields.ts')
  const known = [...knownNames()]
  const told = unknown.map((name) => {
    const kind = wiresharkKind(name)
    if (kind !== undefined) return notHere(name, kind).message
    const near = suggest(name, known)
    return near === undefined ? name : `${name}, did you mean ${near}?`
  })
  const [first] = unknown
  const kind = wiresharkKind(first)
  if (told.length === 1 && kind !== undefined) throw new UsageError(told[0], notHere(first, kind).hint)
  if (told.length === 1) throw new UsageError(`unknown field ${told[0]}`)
  throw new UsageError(`unknown fields, ${told.length} of ${names.length}:`, told.join('\n'))
}
