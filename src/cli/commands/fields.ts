/** `pcapx fields`: values, as `tshark -T fields -E occurrence=a` prints them. */
import { Command, Option } from 'commander'
import type { Need } from '../../protocols/field.ts'
import type { FieldColumn } from '../../report/field-rows.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { examples, type FilterOptions, type FormatOptions, filterOption, formatOf, formatOptions } from '../options.ts'
import {
  capturesOf,
  compile,
  conclude,
  demandCapture,
  type ExitCode,
  type Finish,
  factsOf,
  underControl,
} from '../run.ts'

interface FieldsOptions extends FilterOptions, FormatOptions {
  readonly e?: readonly string[]
  readonly header?: true
}

const EXAMPLE = 'pcapx fields -e frame.number -e ip.src -e tcp.dstport trace.pcap'

export function fieldsCommand(io: Io, finish: Finish): Command {
  const command = new Command('fields')
    .summary('values of fields, one line a packet, as tshark -T fields')
    .description(
      'Values of fields, one line a packet: TAB between columns, comma between several values of a field, ' +
        'as `tshark -T fields -E occurrence=a` prints them. Field names are those of Wireshark.',
    )
    .argument('[capture...]', 'capture files; - or nothing for standard input')
    .addOption(
      new Option('-e <field>', 'a column; give it once for each').argParser((name, before: string[] | undefined) => [
        ...(before ?? []),
        name,
      ]),
    )
    .addOption(filterOption())
    .option('--header', 'the names of the fields as the first line')
  return formatOptions(command)
    .addHelpText('after', examples(EXAMPLE, 'pcapx fields -e ip.dst trace.pcap | sort | uniq -c | sort -rn | head'))
    .action(async (named: string[], options: FieldsOptions) => finish(await printFields(io, named, options)))
}

async function printFields(io: Io, named: readonly string[], options: FieldsOptions): Promise<ExitCode> {
  const names = options.e ?? []
  if (names.length === 0) throw new UsageError('no field named: -e says which', `for example: ${EXAMPLE}`)
  const columns = await lookUpAll(names)
  const captures = capturesOf(named, io, EXAMPLE)
  const filter = await compile(options.filter, io)
  const needs = columns.flatMap((places) => places.flatMap(({ field }): Need[] => (field.need ? [field.need] : [])))
  const { forEachPacket } = await import('../../engine/run.ts')
  const { FieldRows, formatJson, formatSafely } = await import('../../report/field-rows.ts')
  const { csvLine } = await import('../../report/csv.ts')
  const { JsonStream } = await import('../../report/json-stream.ts')
  const { stdout } = io
  const format = formatOf(options)
  const isJson = format === 'json' || format === 'jsonl'
  const rows = new FieldRows(columns, isJson ? formatJson : stdout.isTerminal ? formatSafely : undefined)
  const { cells } = rows

  // A name given twice is two columns, but one key.
  const keys = names.map((name) => `${JSON.stringify(name)}:[`)
  const isFirst = names.map((name, i) => names.indexOf(name) === i)
  const jsonRow = () => {
    let text = ''
    for (let i = 0; i < cells.length; i++) if (isFirst[i]) text += `${text === '' ? '' : ','}${keys[i]}${cells[i]}]`
    return `{${text}}`
  }
  const document = new JsonStream('pcapx.fields/1', { fields: names }, 'rows', (text) => stdout.write(text))
  const writeRow = {
    table: () => {
      let text = cells[0]
      for (let i = 1; i < cells.length; i++) text += `\t${cells[i]}`
      return stdout.write(`${text}\n`)
    },
    csv: () => stdout.write(csvLine(cells)),
    jsonl: () => stdout.write(`${jsonRow()}\n`),
    json: () => document.item(jsonRow()),
  }[format]

  let headed = isJson || (format === 'table' && !options.header)
  const writeHeader = () => {
    headed = true
    stdout.write(format === 'csv' ? csvLine(names) : `${names.join('\t')}\n`)
  }
  const { run, signal } = await underControl(io, (control) =>
    forEachPacket(captures, { filter, needs, ...control }, (packet) => {
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
async function lookUpAll(names: readonly string[]): Promise<FieldColumn[]> {
  const { lookUp, knownNames } = await import('../../filter/names.ts')
  const columns: FieldColumn[] = []
  const unknown: string[] = []
  for (const name of names) {
    const meaning = lookUp(name)
    if (meaning?.kind === 'field') columns.push(meaning.declarations)
    else if (meaning?.kind === 'protocol')
      throw new UsageError(`${name} is a protocol, not a field`, `its fields begin with ${name}.`)
    else unknown.push(name)
  }
  if (unknown.length === 0) return columns
  const { suggest } = await import('../../filter/suggest.ts')
  const known = [...knownNames()]
  const told = unknown.map((name) => {
    const near = suggest(name, known)
    return near === undefined ? name : `${name}, did you mean ${near}?`
  })
  if (told.length === 1) throw new UsageError(`unknown field ${told[0]}`)
  throw new UsageError(`unknown fields, ${told.length} of ${names.length}:`, told.join('\n'))
}
