/** Runs a program once and says what it took: time, memory, or instructions. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Time {
  /** Seconds from start to end. */
  readonly wall: number
  /** Seconds of processor time, user and system, all threads. */
  readonly cpu: number
}

export type Counter = 'perf' | 'valgrind'

/** A program could not be run, or failed. */
export class ProgramError extends Error {
  readonly exitCode: number | null

  constructor(words: readonly string[], exitCode: number | null, output: string) {
    super(`${words.join(' ')}: exit code ${exitCode}: ${output.trim().split('\n').slice(0, 2).join(' ')}`)
    this.exitCode = exitCode
  }
}

/** What no terminal or setting of the user may change. */
const environment: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C', TZ: 'UTC', NO_COLOR: '1' }
for (const name of ['NODE_OPTIONS', 'FORCE_COLOR', 'PCAPX_GEO']) delete environment[name]

/** Where a program is, if it is installed. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    if (folder !== '' && existsSync(path)) return path
  }
  return null
}

/**
 * bash's `time` asks the kernel (getrusage) for what the program and all its threads took, to the millisecond, and knows any program;
 * Node tells that of itself only, and /usr/bin/time in hundredths. The program's own complaints go to descriptor 3.
 */
export function measureTime(words: readonly string[]): Time {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>&3'
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe'] as const
  const run = spawnSync('bash', ['-c', script, 'bash', ...words], { stdio: [...stdio], env: environment })
  if (run.error !== undefined) throw run.error
  if (run.status !== 0) throw new ProgramError(words, run.status, String(run.output[3]))
  const [wall, user, system] = String(run.stderr).trim().split(' ').map(Number)
  return { wall, cpu: user + system }
}

const reportMemory = fileURLToPath(new URL('report-memory.cjs', import.meta.url))

/**
 * Peak resident memory in MB of a program that Node runs; `words` begin with Node. bash starts it because a process is born with the
 * peak of the one that forked it (Linux, fork and execve keep `maxrss`), and this one is large.
 */
export function measureMemory([node, ...words]: readonly string[]): number {
  const script = '"$@" >/dev/null; exit $?'
  const run = spawnSync('bash', ['-c', script, 'bash', node, '--require', reportMemory, ...words], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: environment,
  })
  if (run.status !== 0) throw new ProgramError([node, ...words], run.status, String(run.stderr))
  return (Number(run.output[3]) * 1024) / 1e6
}

const VALGRIND = ['valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null']
/** V8 writes code where it wrote code before. */
const COMPILES_AT_RUN_TIME = '--smc-check=all-non-file'

/** Instructions that the program executed in user mode. */
export function countInstructions(words: readonly string[], counter: Counter): number {
  const command =
    counter === 'perf'
      ? ['perf', 'stat', '-x,', '-e', 'instructions:u', '--', ...words]
      : [...VALGRIND, COMPILES_AT_RUN_TIME, ...words]
  const run = spawnSync(command[0], command.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment,
    maxBuffer: 64 * 1_048_576,
  })
  const output = String(run.stderr)
  if (run.status !== 0) throw new ProgramError(words, run.status, output)
  const count = counter === 'perf' ? perfCount(output) : valgrindCount(output)
  if (count === null) throw new ProgramError(words, run.status, `${counter} counted no instructions`)
  return count
}

/** perf-stat(1), "CSV FORMAT": the value, its unit, the event; `<not supported>` where the machine does not count. */
export function perfCount(output: string): number | null {
  const line = output.split('\n').find((text) => text.includes(',instructions'))
  const count = Number.parseInt(line ?? '', 10)
  return Number.isNaN(count) ? null : count
}

export function valgrindCount(output: string): number | null {
  const count = /I\s+refs:\s+([\d,]+)/.exec(output)
  return count === null ? null : Number(count[1].replaceAll(',', ''))
}

/** What counts instructions here: perf if it may (virtual machines seldom have the counters), else valgrind, else nothing. */
export function findCounter(): Counter | null {
  if (findProgram('perf') !== null) {
    try {
      countInstructions([process.execPath, '-e', '0'], 'perf')
      return 'perf'
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error
    }
  }
  return findProgram('valgrind') === null ? null : 'valgrind'
}
