/**
 * A batch of mutants through every command. Each command reads all of them in one run, as `pcapx rtt *.pcap` would, because starting
 * a run costs more than reading a short capture. What goes wrong is then looked for in single captures.
 */
import { readFileSync } from 'node:fs'
import type { Io } from '../src/cli/io.ts'
import { run } from '../src/cli/program.ts'
import { type CommandLine, drawCommands } from './commands.ts'
import type { Specimen } from './corpus.ts'
import { openMemory } from './memory-source.ts'
import { type Mutant, mutant } from './mutant.ts'
import { KeptOutput } from './output.ts'
import { Random } from './random.ts'
import { type Outcome, packetsRead, verdict } from './verdict.ts'

export interface Failure {
  readonly what: string
  readonly words: readonly string[]
  /** The mutants that do it: one, if one is enough. */
  readonly mutants: readonly Mutant[]
}

export interface BatchResult {
  readonly captures: number
  readonly runs: number
  readonly failures: readonly Failure[]
  /** Processor time of the longest command, in milliseconds. */
  readonly longest: number
}

export interface Limits {
  /** Processor time of a command over one capture, in milliseconds. */
  readonly capture: number
  /** The same over a batch, below which nobody asks which capture took it; besides `EXPECTED_EACH`. */
  readonly batch: number
  /** Octets of memory of the whole process. */
  readonly memory: number
}

/** Milliseconds that each capture of a batch may take. */
const EXPECTED_EACH = 12
/** Milliseconds that a mebibyte of output may take besides: a packet of 64 KiB can hold 40,000 fields, and `show` shows them all. */
const WRITING_EACH = 400
/** So many commands of a batch read the same captures again, in pieces. */
const IN_PIECES = 1
const WIDTH = 80
/** Chance of their own: the commands, and which of them read in pieces. */
const COMMANDS = 0x5bd1_e995
const PIECES = 0x2545_f491

/** What decides about a batch: together with its number it always gives the same. */
export interface BatchSettings {
  readonly seed: number
  /** Captures in a batch. */
  readonly size: number
  /** The captures as they are, one after the other. */
  readonly unchanged: boolean
}

export function mutantsOf(corpus: readonly Specimen[], settings: BatchSettings, batch: number): Mutant[] {
  const { seed, size, unchanged } = settings
  const numbers = Array.from({ length: size }, (_, i) => batch * size + i)
  if (!unchanged) return numbers.map((number) => mutant(corpus, seed, number))
  return numbers
    .filter((number) => number < corpus.length)
    .map((number) => ({ number, name: `case-${number}`, bytes: Uint8Array.from(readFileSync(corpus[number].name)) }))
}

/** The command lines of a batch, over `captures`. `written` is where `-w` may write. */
export function linesOf({ seed }: BatchSettings, batch: number, captures: readonly string[], written: string) {
  return drawCommands(new Random(seed ^ COMMANDS, batch), captures, written)
}

export async function runBatch(
  corpus: readonly Specimen[],
  settings: BatchSettings & { readonly limits: Limits },
  batch: number,
  written: string,
  onCommand: (index: number, line: CommandLine) => void = () => {},
): Promise<BatchResult> {
  const { seed, size, limits } = settings
  const mutants = mutantsOf(corpus, settings, batch)
  const names = mutants.map(({ name }) => name)
  const lines = linesOf(settings, batch, names, written)
  const random = new Random(seed ^ PIECES, batch)
  const inPieces = Array.from({ length: IN_PIECES }, () => random.below(lines.length))
  const failures: Failure[] = []
  let runs = 0
  let longest = 0
  let read: number | null = null
  for (const [index, line] of lines.entries()) {
    onCommand(index, line)
    const { outcome, milliseconds } = await execute(line, mutants, null)
    runs++
    longest = Math.max(longest, milliseconds)
    let what = verdict(outcome, line.form)
    if (what === null) {
      const count = line.readsAll && !line.words.includes('--recover') ? packetsRead(outcome, line.form) : null
      if (count !== null && read !== null && count !== read) what = `packets read: ${count}, by others ${read}`
      read ??= count
    }
    if (what !== null) failures.push(await smallest(what, line, mutants))
    else if (milliseconds > limits.batch + EXPECTED_EACH * size + writing(outcome))
      failures.push(...(await slow(line, mutants, limits.capture)))
    else if (inPieces.includes(index)) {
      const again = await execute(line, mutants, new Random(seed, index))
      runs++
      if (!isSame(outcome, again.outcome)) failures.push(await chunked(line, mutants))
    }
    const { rss } = process.memoryUsage()
    if (rss > limits.memory) failures.push({ what: `memory: ${rss} octets`, words: line.words, mutants })
  }
  return { captures: size, runs, failures, longest }
}

export async function execute(
  { words, form }: CommandLine,
  mutants: readonly Mutant[],
  pieces: Random | null,
): Promise<{ outcome: Outcome; milliseconds: number }> {
  const byName = new Map(mutants.map(({ name, bytes }) => [name, bytes]))
  const stdout = new KeptOutput(form === 'terminal' || form === 'color' ? WIDTH : undefined)
  const stderr = new KeptOutput()
  const io: Io = {
    stdout,
    stderr,
    inputIsTerminal: true,
    environment: { TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1' },
    open: (name) => openMemory(name, byName.get(name) ?? new Uint8Array(0), pieces),
    onSignal: () => () => {},
  }
  const before = process.cpuUsage()
  const code = await run(words, io, '0.0.0')
  const { user, system } = process.cpuUsage(before)
  return { outcome: { code, stdout: stdout.text, stderr: stderr.text }, milliseconds: (user + system) / 1000 }
}

function isSame(one: Outcome, other: Outcome): boolean {
  return one.code === other.code && one.stdout === other.stdout && one.stderr === other.stderr
}

/** The command line for one capture instead of all. */
function alone(line: CommandLine, mutants: readonly Mutant[], { name }: Mutant): CommandLine {
  const others = new Set(mutants.map((mutant) => mutant.name))
  const words = line.words.filter((word) => word === name || !others.has(word))
  return { ...line, words }
}

async function smallest(what: string, line: CommandLine, mutants: readonly Mutant[]): Promise<Failure> {
  for (const one of mutants) {
    const single = alone(line, mutants, one)
    const { outcome } = await execute(single, [one], null)
    const found = verdict(outcome, line.form)
    if (found !== null) return { what: found, words: single.words, mutants: [one] }
  }
  return { what, words: line.words, mutants }
}

async function slow(line: CommandLine, mutants: readonly Mutant[], limit: number): Promise<Failure[]> {
  const failures: Failure[] = []
  for (const one of mutants) {
    const single = alone(line, mutants, one)
    const isSlow = async (): Promise<number> => {
      const { outcome, milliseconds } = await execute(single, [one], null)
      return milliseconds > limit + writing(outcome) ? milliseconds : 0
    }
    // Once more if it is slow: the first time something may have been compiled.
    const milliseconds = (await isSlow()) && (await isSlow())
    if (milliseconds > 0)
      failures.push({ what: `slow: ${Math.round(milliseconds)} ms`, words: single.words, mutants: [one] })
  }
  return failures
}

/** Milliseconds for what was written. */
function writing({ stdout }: Outcome): number {
  return (stdout.length / 1024 / 1024) * WRITING_EACH
}

async function chunked(line: CommandLine, mutants: readonly Mutant[]): Promise<Failure> {
  const what = 'another answer if the capture comes in pieces'
  for (let times = 0; times < 3; times++)
    for (const one of mutants) {
      const single = alone(line, mutants, one)
      const whole = await execute(single, [one], null)
      const pieces = await execute(single, [one], new Random(times, 0))
      if (!isSame(whole.outcome, pieces.outcome)) return { what, words: single.words, mutants: [one] }
    }
  return { what, words: line.words, mutants }
}
