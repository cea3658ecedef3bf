/** Options that several commands share. */
import { availableParallelism, totalmem } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Format } from '../report/render.ts'
import type { Style } from '../report/terminal.ts'
import type { Io } from './io.ts'

export interface FilterOptions {
  readonly filter?: string
}

export interface FormatOptions {
  readonly json?: true
  readonly jsonl?: true
  readonly csv?: true
}

export interface ViewOptions {
  readonly color: 'auto' | 'always' | 'never'
}

export interface TopOptions {
  /** Infinity for all; undefined if not said. */
  readonly top?: number
}

export interface RecoverOptions {
  readonly recover?: true
}

export type AnalysisOptions = RecoverOptions & FilterOptions & FormatOptions & ViewOptions & TopOptions

/** Rows in a table for people, unless `--top` says otherwise. */
const TOP_ROWS = 10

/** Adds what every analysis has. `top: false` for those that have no rows to leave out. */
export function analysisOptions(command: Command, { top = true } = {}): Command {
  command
    .usage('[capture ...] [options]')
    .argument('[capture...]', 'capture files; - or nothing for standard input')
    .addOption(filterOption())
  formatOptions(command)
  if (top) command.addOption(topOption())
  return command.addOption(colorOption()).addOption(recoverOption())
}

export function recoverOption(): Option {
  return new Option('--recover', 'go on behind damage, at the next packet that can be recognised')
}

export function filterOption(): Option {
  return new Option('-Y, --filter <expression>', 'only packets that match this display filter')
}

export function formatOptions(command: Command): Command {
  return command
    .addOption(new Option('--json', 'one JSON document').conflicts(['jsonl', 'csv']))
    .addOption(new Option('--jsonl', 'one JSON record a line').conflicts(['json', 'csv']))
    .addOption(new Option('--csv', 'comma-separated values').conflicts(['json', 'jsonl']))
}

export function topOption(): Option {
  return new Option('--top <rows>', `how many rows; 0 for all (tables: ${TOP_ROWS}, JSON and CSV: all)`).argParser(
    parseTop,
  )
}

export interface MaxStreamsOptions {
  readonly maxStreams?: number
}

export function maxStreamsOption(): Option {
  return new Option(
    '--max-streams <count>',
    'streams of each transport kept at once; those idle longest make room (default: by the memory of the machine)',
  ).argParser(parseMaxStreams)
}

function parseMaxStreams(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.')
  return Number(text)
}

/** Octets of memory that a stream takes, with all that is kept of it, and the part of the machine's that may be taken. */
const STREAM_OCTETS = 400
const MEMORY_SHARE = 1 / 4
/** Streams kept on the smallest machine, and on any: more at once than these are a flood, and take more than a gigabyte. */
const LEAST_STREAMS = 100_000
export const MOST_STREAMS = 1_500_000

/** What `--max-streams` says; else as many as fit into a quarter of the memory that the process may use, and no more than `MOST_STREAMS`. */
export function maxStreamsOf({ maxStreams }: MaxStreamsOptions): number {
  if (maxStreams !== undefined) return maxStreams
  // A container may have less than its machine; 0 or more than there is means no such limit.
  const limit = process.constrainedMemory() || Infinity
  const fitting = Math.floor((Math.min(limit, totalmem()) * MEMORY_SHARE) / STREAM_OCTETS)
  return Math.min(MOST_STREAMS, Math.max(LEAST_STREAMS, fitting))
}

export interface JobsOptions {
  readonly jobs?: number
}

export function jobsOption(usual = 'as many as pay, 4 at most'): Option {
  return new Option(
    '--jobs <count>',
    `threads for one large pcap file; the output is the same (default: ${usual})`,
  ).argParser(parseJobs)
}

const MAX_JOBS = 64
/** Measured on two processors only; each thread takes 30 MB. */
const DEFAULT_MAX_JOBS = 4

function parseJobs(text: string): number {
  if (!/^[1-9]\d?$/.test(text) || Number(text) > MAX_JOBS)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_JOBS}.`)
  return Number(text)
}

/**
 * Packets below which a part is not worth a thread, which loads the program and compiles what is hot once more. Measured on two
 * processors: with 6.5 million small packets in each part, two threads take two thirds to four fifths of the time of one; with
 * one million large ones, a third more.
 */
const LEAST_PACKETS = 3_000_000

/** What to run in threads, for `analyze`; whoever says how many is taken at the word. */
export function jobsOf({ jobs }: JobsOptions): Jobs {
  if (jobs !== undefined) return { jobs, leastPackets: 1 }
  return { jobs: Math.min(availableParallelism(), DEFAULT_MAX_JOBS), leastPackets: LEAST_PACKETS }
}

export interface Jobs {
  readonly jobs: number
  readonly leastPackets: number
}

export interface NamesOptions {
  readonly names?: true
}

export function namesOption(): Option {
  return new Option(
    '--names',
    'names of hosts, as DNS, TLS, QUIC and HTTP in the capture tell them; nothing is looked up',
  )
}

export function colorOption(): Option {
  return new Option('--color <when>', 'colour in tables').choices(['auto', 'always', 'never']).default('auto')
}

/** A whole number from 0 on; 0 stands for all. */
export function parseTop(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 for all.')
  return Number(text) === 0 ? Infinity : Number(text)
}

export function formatOf(options: FormatOptions): Format {
  if (options.json) return 'json'
  if (options.jsonl) return 'jsonl'
  return options.csv ? 'csv' : 'table'
}

export function topOf(options: TopOptions & FormatOptions): number {
  return options.top ?? (formatOf(options) === 'table' ? TOP_ROWS : Infinity)
}

export function styleOf({ color }: ViewOptions, io: Io): Style {
  return { color: color === 'auto' ? wantsColor(io) : color === 'always', width: widthOf(io) }
}

/** FORCE_COLOR before NO_COLOR, as Node has it; then whether it is a terminal that can. */
function wantsColor({ environment, stdout }: Io): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = environment
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (no !== undefined && no !== '') return false
  return stdout.isTerminal && term !== 'dumb'
}

/**
 * The terminal has no block characters: its locale is said to be another than one of UTF-8, or it is too simple. Without a word about
 * the locale it is not, since what shows the output is mostly elsewhere.
 */
export function isPlain({ environment }: Io): boolean {
  if (environment.TERM === 'dumb') return true
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(
    (name) => name !== undefined && name !== '',
  )
  return locale !== undefined && !/utf-?8/i.test(locale)
}

const DEFAULT_WIDTH = 80

/** Columns of the terminal (COLUMNS before what it says itself); Infinity where it is none. */
export function widthOf({ environment, stdout }: Io): number {
  if (!stdout.isTerminal) return Infinity
  const asked = Number(environment.COLUMNS)
  return asked >= 1 ? Math.floor(asked) : stdout.columns || DEFAULT_WIDTH
}

/** Lines for the end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((text) => `  $ ${text}\n`).join('')}`
}
