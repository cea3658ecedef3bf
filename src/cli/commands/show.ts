/** `pcapx show`: what is in this packet? Its layers, its fields, its octets. */
import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { CompiledFilter } from '../../filter/filter.ts'
import type { PacketTree } from '../../report/packet-tree.ts'
import type { RunFacts } from '../../report/report.ts'
import { counted } from '../../report/units.ts'
import { UsageError, warn } from '../errors.ts'
import type { Io } from '../io.ts'
import {
  colorOption,
  examples,
  type FilterOptions,
  type FormatOptions,
  filterOption,
  formatOf,
  parseTop,
  type RecoverOptions,
  recoverOption,
  styleOf,
  type ViewOptions,
} from '../options.ts'
import { type NumberRange, type PacketNumbers, parsePacketNumbers } from '../packet-numbers.ts'
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

interface Options extends RecoverOptions, FilterOptions, FormatOptions, ViewOptions {
  readonly hex: boolean
  /** Infinity for all; undefined if not said. */
  readonly limit?: number
}

const EXAMPLE = 'pcapx show 7 trace.pcap'
const SCHEMA = 'pcapx.show/1'

/** Packets shown to people who did not name them one by one, unless `--limit` says otherwise. */
const LIMIT = 10

export function showCommand(io: Io, finish: Finish): Command {
  return new Command('show')
    .summary('packets in full: layers, fields, octets')
    .description('What is in a packet? Its layers and fields as a tree, as `tshark -V` has it, and its octets.')
    .usage('<packets> [capture ...] [options]')
    .argument('[packets]', 'their numbers (7, 1,5,9, 100-120, 100-) or a display filter')
    .argument('[capture...]', 'capture files; - or nothing for standard input')
    .addOption(filterOption())
    .addOption(
      new Option(
        '-c, --limit <packets>',
        `stop after so many; 0 for all (${LIMIT}, in text, if they are not named by number)`,
      ).argParser(parseTop),
    )
    .option('--no-hex', 'without the octets')
    .addOption(new Option('--json', 'one JSON document').conflicts('jsonl'))
    .addOption(new Option('--jsonl', 'one JSON record a line').conflicts('json'))
    .addOption(colorOption())
    .addOption(recoverOption())
    .addHelpText(
      'after',
      examples(EXAMPLE, 'pcapx show 100-120 trace.pcap --no-hex', "pcapx show 'dns.flags.rcode == 3' trace.pcap"),
    )
    .action(async (first: string | undefined, rest: string[], options: Options) => {
      const { selection, captures } = words(first, rest, options, io)
      finish(await showPackets(io, selection, captures, options))
    })
}

interface Selection {
  /** Null for whatever the filter lets through. */
  readonly numbers: PacketNumbers | null
  readonly filter: string | undefined
}

/** The selection comes first, then captures; with `-Y` it may be left out. */
function words(
  first: string | undefined,
  rest: readonly string[],
  { filter }: Options,
  io: Io,
): { selection: Selection; captures: readonly string[] } {
  const numbers = first === undefined ? undefined : parsePacketNumbers(first)
  if (numbers !== undefined) return { selection: { numbers, filter }, captures: capturesOf(rest, io, EXAMPLE) }
  if (filter !== undefined) {
    const named = first === undefined ? [] : [first, ...rest]
    return { selection: { numbers: null, filter }, captures: capturesOf(named, io, EXAMPLE) }
  }
  if (first === undefined || first.trim() === '')
    throw new UsageError('no packet named: which is to be shown?', `for example: ${EXAMPLE}`)
  if (first === '-' || existsSync(first))
    throw new UsageError(`${first} is a capture; the packets to show come before it`, `for example: ${EXAMPLE}`)
  return { selection: { numbers: null, filter: first }, captures: capturesOf(rest, io, EXAMPLE) }
}

interface Facts extends RunFacts {
  /** The limit was reached: there may be more. */
  readonly limitReached: boolean
  /** Packets asked for by number that the captures do not have. */
  readonly missing: readonly NumberRange[]
}

/** Where the packets go. */
interface PacketView {
  /** False once nobody reads any more. */
  packet(tree: PacketTree): boolean
  end(facts: Facts): void
}

async function showPackets(
  io: Io,
  { numbers, filter: expression }: Selection,
  captures: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const filter: CompiledFilter | null = await compile(expression, io)
  const { forEachPacket } = await import('../../engine/run.ts')
  const { packetTree, TREE_NEEDS } = await import('../../report/packet-tree.ts')
  const format = formatOf(options)
  const view = await viewOf(io, options)
  const isOpen = numbers === null || numbers.last === Infinity
  const limit = options.limit ?? (isOpen && format === 'table' ? LIMIT : Infinity)
  const last = numbers?.last ?? Infinity
  let shown = 0
  let packets = 0
  const { run, signal } = await underControl(io, (control) =>
    // The filter is asked here, and not by the engine, so that reading ends behind the last number whatever matches.
    forEachPacket(
      captures,
      { needs: [...TREE_NEEDS, ...(filter?.needs ?? [])], ...control, recover: options.recover },
      (packet) => {
        packets = packet.number
        if (numbers !== null && !numbers.includes(packets)) return packets >= last
        if (filter !== null && !filter.matches(packet)) return packets >= last
        shown++
        return !view.packet(packetTree(packet)) || shown >= limit || packets >= last
      },
    ),
  )
  demandCapture(io, run, format)
  const limitReached = shown >= limit
  // Of packets behind the end of the reading nothing is known.
  const isUnread = limitReached || run.partial || io.stdout.closed || run.captures.length === 0
  const missing = isUnread ? [] : (numbers?.missing(packets) ?? [])
  view.end({ ...factsOf(run, captures, expression), packetsMatched: shown, limitReached, missing })
  const code = conclude(io, run, signal)
  for (const range of missing) warn(io, missingText(range, packets))
  if (format === 'table') sayCount(io, shown, packets, { limitReached, isOpen, filter: expression })
  return code
}

function missingText({ from, to }: NumberRange, packets: number): string {
  const which = from === to ? `no packet ${from}` : `no packets ${from}-${to}`
  return `${which}: there ${packets === 1 ? 'is' : 'are'} ${packets === 0 ? 'none' : counted(packets, 'packet')}`
}

function sayCount(
  io: Io,
  shown: number,
  packets: number,
  { limitReached, isOpen, filter }: { limitReached: boolean; isOpen: boolean; filter: string | undefined },
): void {
  if (io.stdout.closed) return
  if (limitReached && isOpen)
    io.stderr.write(`stopped after ${counted(shown, 'packet')}, there may be more (--limit 0 shows all)\n`)
  else if (shown === 0 && filter !== undefined && packets > 0) io.stderr.write(`0 of ${counted(packets, 'packet')}\n`)
}

async function viewOf(io: Io, options: Options): Promise<PacketView> {
  const { stdout } = io
  const { hex } = options
  const format = formatOf(options)
  if (format === 'table') {
    const { PacketText } = await import('../../report/packet-text.ts')
    const text = new PacketText(styleOf(options, io), { hex })
    let separator = ''
    return {
      packet(tree) {
        if (separator !== '') stdout.write(separator)
        separator = '\n'
        for (const line of text.lines(tree)) if (!stdout.write(`${line}\n`)) return false
        return true
      },
      end: () => {},
    }
  }
  const { jsonText } = await import('../../report/json-text.ts')
  const { packetJson } = await import('../../report/packet-json.ts')
  if (format === 'jsonl')
    return {
      packet: (tree) => stdout.write(`${packetJson(tree, { hex, type: 'packet' })}\n`),
      end: (facts) => void stdout.write(`${jsonText({ type: 'summary', schema: SCHEMA, ...facts })}\n`),
    }
  const { JsonStream } = await import('../../report/json-stream.ts')
  const document = new JsonStream(SCHEMA, {}, 'packets', (text) => stdout.write(text))
  return {
    packet: (tree) => document.item(packetJson(tree, { hex })),
    end: (facts) => document.end({ ...facts }),
  }
}
