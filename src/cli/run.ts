/** What every command does around the engine: filter, signals, progress, warnings, exit code. */
import type { Analyzer } from '../analyzers/analyzer.ts'
import type { CaptureError } from '../capture/errors.ts'
import type { AnalyzerSpec } from '../engine/analyzers.ts'
import type { Parallel, Run, RunContext, RunOptions } from '../engine/run.ts'
import type { CompiledFilter } from '../filter/filter.ts'
import type { Need } from '../protocols/field.ts'
import { type Format, render } from '../report/render.ts'
import type { Damage, Report, RunFacts } from '../report/report.ts'
import { counted } from '../report/units.ts'
import { EXIT_CAPTURE, EXIT_DONE, EXIT_SIGNAL, endNow, sayDamage, saySkipped, UsageError, warn } from './errors.ts'
import type { Io, Signal } from './io.ts'
import { type AnalysisOptions, type FilterOptions, formatOf, type Jobs, maxStreamsOf, styleOf } from './options.ts'
import { Progress } from './progress.ts'
import { writeWhole } from './whole-document.ts'

export type ExitCode = number

/** Takes from a command how the process is to end. */
export type Finish = (code: ExitCode) => void

/** Standard input if no capture is named and something is piped in. `example` is a command line that would do. */
export function capturesOf(named: readonly string[], io: Io, example: string): readonly string[] {
  if (named.filter((name) => name === '-').length > 1) throw new UsageError('standard input (-) can be read only once')
  if (named.length > 0) return named
  if (io.inputIsTerminal) throw new UsageError('no capture named, and nothing is piped in', `for example: ${example}`)
  return ['-']
}

/** Compiles `-Y`; throws a `FilterError` that shows where it is wrong. */
export async function compile(expression: string | undefined, io: Io): Promise<CompiledFilter | null> {
  if (expression === undefined) return null
  const { compileFilter } = await import('../filter/filter.ts')
  const filter = compileFilter(expression)
  for (const warning of filter.warnings) warn(io, `filter: ${warning}`)
  return filter
}

/** Milliseconds after which output goes out although it is little: somebody may be watching a live capture. */
const FLUSH_EVERY = 200

type Control = Pick<RunOptions, 'signal' | 'onProgress' | 'onRead' | 'maxStreams' | 'open'>

/**
 * Runs `start` with the options that let a signal stop it; shows progress, and hands on output, meanwhile. The second signal ends
 * the process: by the system, even if no code of ours can run, unless something `mustClear` away first.
 */
export async function underControl<T extends Run>(
  io: Io,
  start: (options: Control) => Promise<T>,
  flush = () => io.stdout.flush(),
  mustClear = false,
): Promise<{ run: T; signal: Signal | null }> {
  const controller = new AbortController()
  const progress = new Progress(io)
  let signal: Signal | null = null
  const failures: unknown[] = []
  let release = (): void => {}
  release = io.onSignal((name) => {
    // Asked twice: whatever is in the way, end now.
    if (signal !== null) endNow(name)
    signal = name
    controller.abort()
    if (!mustClear) release()
  })
  const flushing = setInterval(() => {
    try {
      flush()
    } catch (error) {
      // Thrown from here it would reach nobody.
      failures.push(error)
      controller.abort()
    }
    // The reader has left while the capture was quiet: do not wait for its next packet.
    if (io.stdout.closed) controller.abort()
  }, FLUSH_EVERY)
  try {
    const run = await start({
      signal: controller.signal,
      onProgress: (state) => progress.update(state),
      maxStreams: maxStreamsOf({}),
      open: io.open,
      // Sorting out a large result keeps the event loop, and with it our answer to a signal: the system has one.
      onRead: () => release(),
    })
    if (failures.length > 0) throw failures[0]
    return { run, signal }
  } finally {
    clearInterval(flushing)
    progress.end()
    release()
  }
}

/**
 * Nothing could be read at all: that is an error, and not an empty table. A program that asked for JSON gets its
 * document all the same, in which `damage` says so.
 */
export function demandCapture(io: Io, run: Run, format: Format): void {
  const last = run.failures.at(-1)
  if (run.captures.length > 0 || last === undefined) return
  if (format !== 'table' && format !== 'csv') return
  for (const failure of run.failures.slice(0, -1)) sayDamage(io, failure, 0)
  throw last
}

/** Says on standard error what was wrong with the captures, and how the process ends. */
export function conclude(io: Io, run: Run, signal: Signal | null): ExitCode {
  io.stdout.flush()
  for (const capture of run.captures) {
    if (!capture.truncated) continue
    const where = capture.truncatedAt === undefined ? '' : ` at byte ${capture.truncatedAt}`
    const name = capture.file === '-' ? 'standard input' : capture.file
    const why = capture.truncation === undefined ? '' : `, as ${capture.truncation}`
    warn(io, `${name}: cut short${where}${why}: the last record is incomplete and not counted`)
  }
  for (const failure of run.failures) {
    const capture = run.captures.find(({ damage }) => damage === failure)
    const gaps = capture?.skipped?.gaps ?? 0
    if (capture !== undefined && gaps > 0) saySkipped(io, capture)
    else sayDamage(io, failure, capture?.packets ?? 0)
  }
  if (run.forgotten > 0)
    warn(
      io,
      `${counted(run.forgotten, 'conversation')} forgotten to stay within memory: what is decoded by what came before may be missing`,
    )
  if (signal !== null && run.partial) {
    warn(io, `partial: stopped by ${signal} after ${counted(run.packets, 'packet')}, there is more to read`)
    return EXIT_SIGNAL[signal]
  }
  return run.failures.length === 0 ? EXIT_DONE : EXIT_CAPTURE
}

export function factsOf(run: Run, captures: readonly string[], filter: string | undefined): RunFacts {
  return {
    captures,
    filter: filter ?? null,
    packetsRead: run.packets,
    packetsMatched: run.matched,
    partial: run.partial,
    truncated: run.truncated,
    damage: run.failures.length === 0 ? null : damageFacts(run.failures[0]),
    ...skippedFacts(run),
    ...(run.forgotten === 0 ? {} : { forgottenConversations: run.forgotten }),
  }
}

/** Of all captures together; nothing without `--recover`. */
function skippedFacts({ captures }: Run): Pick<RunFacts, 'skipped'> {
  const each = captures.flatMap(({ skipped }) => (skipped === undefined ? [] : [skipped]))
  if (each.length === 0) return {}
  return {
    skipped: {
      gaps: each.reduce((sum, { gaps }) => sum + gaps, 0),
      bytes: each.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  }
}

function damageFacts({ file, record, offset, message }: CaptureError): Damage {
  return { file, record: record ?? null, offset: offset ?? null, message }
}

export interface Analysis<R> {
  /** A command line that would do, for whoever named no capture. */
  readonly example: string
  readonly make: (context: RunContext) => Analyzer<R>
  readonly report: (result: R, run: Run) => Report | Promise<Report>
  readonly comments?: boolean
  readonly maxStreams?: number
  readonly needs?: readonly Need[]
  /** What `make` makes, in other threads. */
  readonly inThreads?: AnalyzerSpec
  readonly jobs?: Jobs
  /** With a filter: the analyzer sees all packets, and is told which match. */
  readonly wholeFlows?: boolean
}

const ONE_JOB: Jobs = { jobs: 1, leastPackets: 1 }

/** Undefined: in this thread alone. */
export function parallelOf(
  { worker }: Io,
  analyzer: AnalyzerSpec | undefined,
  { filter }: FilterOptions,
  jobs: Jobs,
): Parallel | undefined {
  if (worker === undefined || analyzer === undefined) return undefined
  return { analyzer, expression: filter ?? null, worker, ...jobs }
}

/** Runs an analysis from the command line to the printed report. */
export async function runAnalysis<R>(
  io: Io,
  named: readonly string[],
  options: AnalysisOptions,
  { example, make, report, inThreads, jobs = ONE_JOB, ...settings }: Analysis<R>,
): Promise<ExitCode> {
  const captures = capturesOf(named, io, example)
  const filter = await compile(options.filter, io)
  const { analyze } = await import('../engine/analyze.ts')
  const { run, signal } = await underControl(io, (control) =>
    analyze(captures, make, {
      filter,
      ...control,
      ...settings,
      recover: options.recover,
      parallel: parallelOf(io, inThreads, options, jobs),
    }),
  )
  const format = formatOf(options)
  demandCapture(io, run, format)
  const document = await report(run.result, run)
  const facts = factsOf(run, captures, options.filter)
  const style = styleOf(options, io)
  if (format === 'json') await writeWhole(io, (write) => render(document, facts, format, style, write))
  else await render(document, facts, format, style, (text) => io.stdout.write(text))
  const code = conclude(io, run, signal)
  const omitted = document.lists.reduce((sum, list) => sum + list.omitted, 0)
  if (format === 'csv' && omitted > 0) warn(io, `--top left out ${omitted} rows`)
  return code
}
