/** `pcapx follow`: what did the two sides of a stream say to each other? */
import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { CompiledFilter } from '../../filter/filter.ts'
import type { Follow, Side, SideTotals } from '../../flow/follow.ts'
import type { StreamName } from '../../flow/stream-name.ts'
import type { StreamTracker } from '../../flow/streams.ts'
import { matchedOf } from '../../report/render.ts'
import type { RunFacts } from '../../report/report.ts'
import { escapeText } from '../../report/text.ts'
import { counted } from '../../report/units.ts'
import { UsageError, warn } from '../errors.ts'
import type { FollowOutput } from '../follow-output.ts'
import type { Io } from '../io.ts'
import {
  colorOption,
  examples,
  type FilterOptions,
  type FormatOptions,
  filterOption,
  formatOf,
  type RecoverOptions,
  recoverOption,
  styleOf,
  type ViewOptions,
} from '../options.ts'
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
import { parseStreams, SIDES, type Side as SideOption } from '../stream-selection.ts'

interface Options extends RecoverOptions, FilterOptions, FormatOptions, ViewOptions {
  readonly as?: 'text' | 'hex' | 'raw'
  readonly side: SideOption
}

const EXAMPLE = 'pcapx follow 3 trace.pcap'

export function followCommand(io: Io, finish: Finish): Command {
  return new Command('follow')
    .summary('what the two sides of a stream said')
    .description(
      'What did the two sides of a stream say? Its payload in order, each octet once; what is missing is said.',
    )
    .usage('<stream> [capture ...] [options]')
    .argument('[stream]', '3 or tcp:3 for tcp.stream 3, udp:3 for udp.stream 3; `pcapx flows` lists them')
    .argument('[capture...]', 'capture files; - or nothing for standard input')
    .addOption(filterOption())
    .addOption(
      new Option('--as <form>', 'text (unless said otherwise), hex, or raw octets')
        .choices(['text', 'hex', 'raw'])
        .conflicts(['json', 'jsonl']),
    )
    .addOption(new Option('--side <side>', 'only what this side sent').choices(SIDES).default('both'))
    .addOption(new Option('--json', 'one JSON document').conflicts('jsonl'))
    .addOption(new Option('--jsonl', 'one JSON record a line').conflicts('json'))
    .addOption(colorOption())
    .addOption(recoverOption())
    .addHelpText(
      'after',
      examples(
        EXAMPLE,
        'pcapx follow udp:0 trace.pcap --as hex',
        'pcapx follow 3 trace.pcap --side server --as raw > page',
      ),
    )
    .action(async (first: string | undefined, rest: string[], options: Options) => {
      const name = streamOf(first)
      finish(await followStream(io, name, capturesOf(rest, io, EXAMPLE), options))
    })
}

function streamOf(text: string | undefined): StreamName {
  const hint = `for example: ${EXAMPLE}`
  if (text === undefined || text.trim() === '')
    throw new UsageError('no stream named: which is to be followed? `pcapx flows` lists them', hint)
  if (!/^\d+$/.test(text) && (text === '-' || existsSync(text)))
    throw new UsageError(`${text} is a capture; the stream to follow comes before it`, hint)
  const [name, ...more] = parseStreams(text) ?? []
  if (name === undefined || more.length > 0)
    throw new UsageError(`${text} names no stream; write 3 or tcp:3 for tcp.stream 3, udp:3 for udp.stream 3`, hint)
  return name
}

async function followStream(
  io: Io,
  name: StreamName,
  captures: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const filter: CompiledFilter | null = await compile(options.filter, io)
  const { onlySide } = await import('../follow-output.ts')
  const side = options.side === 'both' ? null : options.side
  const output = onlySide(await outputOf(io, name, options, side), side)
  const { Follow } = await import('../../flow/follow.ts')
  const { forEachPacket } = await import('../../engine/run.ts')
  const follow = new Follow(name, output)
  let streams: StreamTracker | null = null
  let matched = 0
  const { run, signal } = await underControl(
    io,
    (control) =>
      // The filter is asked here, and not by the engine, so that streams are counted whatever matches.
      forEachPacket(
        captures,
        { needs: ['streams', ...(filter?.needs ?? [])], ...control, recover: options.recover },
        (packet, context) => {
          streams = context.streams
          if (filter !== null && !filter.matches(packet)) return false
          matched++
          follow.track(packet, context.streams)
          return io.stdout.closed
        },
      ),
    () => {
      output.flush?.()
      io.stdout.flush()
    },
  )
  demandCapture(io, run, formatOf(options))
  follow.end()
  const count = (streams as StreamTracker | null)?.[name.protocol].count ?? 0
  const facts = { ...factsOf(run, captures, options.filter), packetsMatched: matched }
  output.end({ side, totals: totalsOf(follow), streams: count, ...facts })
  const code = conclude(io, run, signal)
  if (io.stdout.closed) return code
  if (name.stream >= count && !run.partial && run.captures.length > 0) warn(io, missingText(name, count))
  else if (formatOf(options) === 'table' && name.stream < count) await sayTotals(io, follow, side, facts)
  return code
}

async function outputOf(io: Io, name: StreamName, options: Options, only: Side | null): Promise<FollowOutput> {
  const outputs = await import('../follow-output.ts')
  const format = formatOf(options)
  if (format === 'json') return outputs.json(io.stdout, name)
  if (format === 'jsonl') return outputs.jsonLines(io.stdout, name)
  if (options.as === 'raw') return outputs.raw(io)
  const style = { ...styleOf(options, io), only }
  return options.as === 'hex' ? outputs.hex(io.stdout, name, style) : outputs.text(io.stdout, name, style)
}

function totalsOf(follow: Follow): Readonly<Record<Side, SideTotals>> {
  return { client: follow.totals('client'), server: follow.totals('server') }
}

function missingText({ protocol, stream }: StreamName, count: number): string {
  const which = `no ${protocol.toUpperCase()} stream ${stream}`
  if (count === 0) return `${which}: there are none`
  return `${which}: there ${count === 1 ? 'is one, number 0' : `are ${counted(count, 'stream')}, 0 to ${count - 1}`}`
}

/** What was found, in a line, and what a reader must know before the octets are believed. */
async function sayTotals(io: Io, follow: Follow, only: Side | null, facts: RunFacts): Promise<void> {
  const { totalsText } = await import('../../report/follow.ts')
  const sides: readonly Side[] = only === null ? ['client', 'server'] : [only]
  for (const side of sides) {
    const { differing, late } = follow.totals(side)
    if (differing > 0)
      warn(io, `${counted(differing, 'octet')} of the ${side} differed when sent again; the first stand`)
    if (late > 0) warn(io, `${counted(late, 'octet')} of the ${side} came after they were given up as missing`)
  }
  const parts = sides.map((side) => `${side} ${totalsText(follow.totals(side))}`)
  if (facts.filter !== null) parts.push(`${matchedOf(facts)} (${escapeText(facts.filter)})`)
  io.stderr.write(`${parts.join('; ')}\n`)
}
