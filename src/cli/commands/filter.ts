/** `pcapx filter`: which packets match? Shown, counted, or written as a capture. */
import { existsSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { matchedOf } from '../../report/render.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import {
  colorOption,
  examples,
  type FilterOptions,
  type FormatOptions,
  filterOption,
  formatOf,
  formatOptions,
  type JobsOptions,
  jobsOf,
  jobsOption,
  type RecoverOptions,
  recoverOption,
  styleOf,
  type ViewOptions,
} from '../options.ts'
import type { PacketOutput } from '../packet-output.ts'
import {
  capturesOf,
  compile,
  conclude,
  demandCapture,
  type ExitCode,
  type Finish,
  factsOf,
  parallelOf,
  underControl,
} from '../run.ts'

interface Options extends RecoverOptions, FilterOptions, FormatOptions, ViewOptions, JobsOptions {
  readonly count?: true
  readonly write?: string
  readonly limit?: number
}

const EXAMPLE = "pcapx filter 'tcp.port == 111' trace.pcap"

export function filterCommand(io: Io, finish: Finish): Command {
  const command = new Command('filter')
    .summary('show, count or write the packets that match')
    .description('Which packets match a display filter? One line each; or only their number; or a capture of them.')
    .usage('<expression> [capture ...] [options]')
    .argument('[expression]', "a display filter in Wireshark's language")
    .argument('[capture...]', 'capture files; - or nothing for standard input')
    .addOption(new Option('--count', 'only how many match').conflicts(['jsonl', 'csv']))
    .addOption(
      new Option('-w, --write <file>', 'write the packets that match as a capture; - for standard output').conflicts([
        'count',
        'json',
        'jsonl',
        'csv',
      ]),
    )
    .addOption(new Option('-c, --limit <packets>', 'stop after this many matches').argParser(parseLimit))
    .addOption(jobsOption())
    .addOption(filterOption().hideHelp())
    .addOption(recoverOption())
  return formatOptions(command)
    .addOption(colorOption().hideHelp())
    .addHelpText(
      'after',
      examples(
        EXAMPLE,
        "pcapx filter 'tcp.port == 111' trace.pcap --count",
        "pcapx filter 'ip.addr == 10.0.0.0/8' trace.pcap -w - | pcapx rtt",
      ),
    )
    .action(async (expression: string | undefined, named: string[], options: Options) => {
      const { filter, captures } = words(expression, named, options, io)
      finish(await filterPackets(io, filter, captures, options))
    })
}

/** The filter comes first, then captures; with `-Y` there are only captures. */
function words(
  first: string | undefined,
  rest: readonly string[],
  { filter }: Options,
  io: Io,
): { filter: string; captures: readonly string[] } {
  if (filter !== undefined)
    return { filter, captures: capturesOf(first === undefined ? [] : [first, ...rest], io, EXAMPLE) }
  if (first === undefined) throw new UsageError('no filter given', `for example: ${EXAMPLE}`)
  if (first === '-' || existsSync(first))
    throw new UsageError(`${first} is a capture; the filter comes before it`, `for example: ${EXAMPLE}`)
  return { filter: first, captures: capturesOf(rest, io, EXAMPLE) }
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.')
  return Number(text)
}

async function filterPackets(
  io: Io,
  expression: string,
  captures: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const filter = await compile(expression, io)
  const { analyze } = await import('../../engine/analyze.ts')
  const { forEachPacket } = await import('../../engine/run.ts')
  const { PacketCount } = await import('../../analyzers/packet-count.ts')
  const limit = options.limit ?? Infinity
  const output = await outputOf(io, captures, options)
  let matches = 0
  let unread = false
  try {
    const { run, signal } = await underControl(
      io,
      (control) =>
        options.count && limit === Infinity
          ? analyze(captures, () => new PacketCount(), {
              filter,
              ...control,
              recover: options.recover,
              parallel: parallelOf(io, { name: 'count' }, { filter: expression }, jobsOf(options)),
            })
          : forEachPacket(
              captures,
              { filter, needs: output.needs, onStart: output.start, ...control, recover: options.recover },
              (packet) => {
                unread = !output.packet(packet)
                return ++matches >= limit || unread
              },
            ),
      output.flush,
      options.write !== undefined && options.write !== '-',
    )
    demandCapture(io, run, formatOf(options))
    const facts = { ...factsOf(run, captures, expression), limitReached: matches >= limit }
    output.end(facts)
    io.stdout.flush()
    if (output.saysCount && !unread && !io.stdout.closed)
      io.stderr.write(`${matchedOf(facts)}${facts.limitReached ? ', stopped at the limit' : ''}\n`)
    return conclude(io, run, signal)
  } finally {
    output.close?.()
  }
}

async function outputOf(io: Io, captures: readonly string[], options: Options): Promise<PacketOutput> {
  if (options.write !== undefined) {
    const { captureFile } = await import('../capture-output.ts')
    return captureFile(io, options.write, captures)
  }
  const outputs = await import('../packet-output.ts')
  const { stdout } = io
  const format = formatOf(options)
  if (options.count) return format === 'json' ? outputs.countAsJson(stdout) : outputs.count(stdout)
  if (format === 'json') return outputs.json(stdout)
  if (format === 'jsonl') return outputs.jsonLines(stdout)
  return format === 'csv' ? outputs.csv(stdout) : outputs.rows(stdout, styleOf(options, io))
}
