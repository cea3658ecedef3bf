/** The command line of the benchmarks. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export interface Options {
  /** Only cases whose names contain one of these. */
  readonly only: readonly string[]
  readonly runs: number
  readonly scale: number
  readonly save: boolean
  /** A file of results, or `last`; null if none was asked for. */
  readonly against: string | null
  readonly json: boolean
  readonly list: boolean
  readonly help: boolean
  readonly instructions: boolean
  /** Folders with a built pcapx: the one to measure, and one to measure it beside. */
  readonly build: string
  readonly base: string | null
}

export class OptionError extends Error {}

const INSTRUCTIONS_SCALE = 0.1

export const help = `npm run bench -- [options]

  --only TEXT        only cases whose name contains TEXT (may be given more than once)
  --runs N           runs of each program, in turn (default: 5; start-up three times as many)
  --scale N          size of the captures: 1 is 110 to 150 MB, and 1.1 GB for growth (default: 1; with --instructions ${INSTRUCTIONS_SCALE})
  --base DIR         measure a second, built tree of pcapx in turn; exit code 1 if this one is more than 10 % slower
  --against FILE     compare with saved results ("last": the newest); exit code 1 if something is more than 10 % worse
  --instructions     count instructions instead of time (perf, or valgrind, which is slow): they hardly vary
  --save             keep the results in bench/results/
  --build DIR        the built tree of pcapx to measure (default: this one)
  --json             results as JSON
  --list             names of the cases
  --help`

const root = fileURLToPath(new URL('..', import.meta.url))

export function parseOptions(words: readonly string[]): Options {
  let values: ReturnType<typeof parse>
  try {
    values = parse(words)
  } catch (error) {
    throw new OptionError((error as Error).message)
  }
  const { only, instructions, save } = values
  if (save && only.length > 0) throw new OptionError('--save keeps whole results: leave --only out')
  return {
    ...values,
    runs: positive('--runs', values.runs ?? '5', true),
    scale: positive('--scale', values.scale ?? String(instructions ? INSTRUCTIONS_SCALE : 1), false),
    against: values.against ?? null,
    build: resolve(values.build ?? root),
    base: values.base === undefined ? null : resolve(values.base),
  }
}

function parse(words: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  return parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: text,
      scale: text,
      against: text,
      build: text,
      base: text,
      save: flag,
      json: flag,
      list: flag,
      help: flag,
      instructions: flag,
    },
  }).values
}

function positive(name: string, text: string, isInteger: boolean): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value) || (isInteger && !Number.isInteger(value)))
    throw new OptionError(`${name} takes a positive number, not ${text}`)
  return value
}
