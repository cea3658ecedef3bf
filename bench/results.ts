/** Results as they are kept, and what two of them say of a change. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Machine, Versions } from './machine.ts'
import type { Counter } from './measure.ts'
import type { Spread } from './statistics.ts'

/** A change that is worth a look. */
export const LIMIT = 0.1

/** Changes of a few MB are the garbage collector's mood. */
const MEMORY_SLACK = 8

/** What something took, as a multiple of what something else took in the same run. */
export interface Ratio {
  readonly cpu: Spread
  readonly wall: Spread
}

export interface Result {
  readonly name: string
  /** Of the capture: results of different captures say nothing of each other. Null for one that is in the repository. */
  readonly digest: string | null
  readonly packets: number | null
  readonly bytes: number | null
  /** To the reference; null where only instructions were counted. */
  readonly ratio: Ratio | null
  /** Medians of what pcapx took, in seconds. */
  readonly seconds: { readonly cpu: number; readonly wall: number } | null
  /** Peak, in MB. */
  readonly memory: number | null
  readonly instructions: number | null
  /** Of pcapx to other tools. */
  readonly others: readonly { readonly name: string; readonly ratio: Ratio }[]
  /** Of pcapx to another build of it, measured in turn. */
  readonly base: Base | null
}

export interface Base {
  readonly ratio: Ratio | null
  readonly memory: number | null
  readonly instructions: number | null
}

export interface GrowthResult {
  readonly name: string
  /** How many times as many packets, processor time and peak memory the larger capture has. */
  readonly packets: number
  readonly cpu: Spread
  readonly memory: number
  readonly passed: boolean
}

export interface Results {
  readonly schema: 1
  readonly kind: 'times' | 'instructions'
  readonly date: string
  readonly scale: number
  readonly runs: number
  readonly counter: Counter | null
  readonly machine: Machine
  readonly versions: Versions
  readonly cases: readonly Result[]
  readonly growth: readonly GrowthResult[]
}

/** How much more (0.1: a tenth) than before; null where there is nothing to compare with. */
export interface Change {
  readonly cpu: number | null
  readonly wall: number | null
  readonly memory: number | null
  readonly instructions: number | null
  /** What is worse by more than `LIMIT`. */
  readonly worse: readonly ('cpu' | 'wall' | 'memory' | 'instructions')[]
}

/** What two results say of the same case; null if their captures differ. */
export function changeOf(now: Result, before: Result): Change | null {
  if (now.digest !== before.digest) return null
  return judge({
    cpu: relative(now.ratio?.cpu.median, before.ratio?.cpu.median),
    wall: relative(now.ratio?.wall.median, before.ratio?.wall.median),
    // pcapx uses several threads and the reference one, so what else the machine does moves this ratio from day to day.
    isApart: false,
    memory: [now.memory, before.memory],
    instructions: relative(now.instructions, before.instructions),
  })
}

/** The same of another build that was measured in turn: the ratio to it is the change. */
export function changeToBase({ base, memory, instructions }: Result): Change | null {
  if (base === null) return null
  const { ratio } = base
  return judge({
    cpu: ratio === null ? null : ratio.cpu.median - 1,
    wall: ratio === null ? null : ratio.wall.median - 1,
    isApart: ratio !== null && ratio.wall.median * (1 - ratio.wall.spread / 2) > 1,
    memory: [memory, base.memory],
    instructions: relative(instructions, base.instructions),
  })
}

interface Differences {
  readonly cpu: number | null
  readonly wall: number | null
  /** Time on the clock was compared at the same moment, and the middle half of its ratios lies above 1. */
  readonly isApart: boolean
  readonly memory: readonly [number | null, number | null]
  readonly instructions: number | null
}

/**
 * Instructions decide where both sides have them, since they hardly vary; else processor time does. Time on the clock counts
 * only beside another build, and if most runs agree: others use the machine too.
 */
function judge({ cpu, wall, isApart, memory: [now, before], instructions }: Differences): Change {
  const memory = relative(now, before)
  const worse: Change['worse'][number][] = []
  if (instructions !== null ? instructions > LIMIT : cpu !== null && cpu > LIMIT)
    worse.push(instructions !== null ? 'instructions' : 'cpu')
  if (wall !== null && wall > LIMIT && isApart) worse.push('wall')
  if (memory !== null && memory > LIMIT && now! - before! > MEMORY_SLACK) worse.push('memory')
  return { cpu, wall, memory, instructions, worse }
}

function relative(now: number | null | undefined, before: number | null | undefined): number | null {
  return now == null || before == null || before === 0 ? null : now / before - 1
}

/** What differs between the machines and tools of two results; then ratios may differ for that alone. */
export function differences(now: Results, before: Results): string[] {
  const [here, there]: Record<string, unknown>[] = [now, before].map(
    ({ machine, versions: { node }, scale, counter }) => ({
      ...machine,
      node,
      scale,
      counter,
    }),
  )
  return Object.keys(here)
    .filter((key) => here[key] !== there[key])
    .map((key) => `${key} ${here[key]} (was ${there[key]})`)
}

export const resultsFolder = fileURLToPath(new URL('results/', import.meta.url))

/** YYYY-MM-DD.json, with "-instructions" if that is what was counted, and "-2", "-3", ... for more on one day. */
const NAME = /^(\d{4}-\d\d-\d\d)(-instructions)?(?:-(\d+))?\.json$/

/** The file saved last, of that kind. */
export function lastFile(names: readonly string[], kind: Results['kind']): string | null {
  const files = names
    .map((name) => NAME.exec(name))
    .filter((match) => match !== null && (match[2] !== undefined) === (kind === 'instructions'))
    .map((match) => ({ name: match![0], date: match![1], number: Number(match![3] ?? 1) }))
    .sort((a, b) => a.date.localeCompare(b.date) || a.number - b.number)
  return files.at(-1)?.name ?? null
}

/** `last` is the newest saved; null if there is none. */
export function load(which: string, kind: Results['kind']): Results | null {
  let path = which
  if (which === 'last') {
    const name = existsSync(resultsFolder) ? lastFile(readdirSync(resultsFolder), kind) : null
    if (name === null) return null
    path = join(resultsFolder, name)
  }
  const results = JSON.parse(readFileSync(path, 'utf8')) as Results
  if (results.schema !== 1) throw new Error(`${path}: not a result of this benchmark`)
  return results
}

/** Returns the name of the file. */
export function save(results: Results): string {
  mkdirSync(resultsFolder, { recursive: true })
  const stem = `${results.date}${results.kind === 'instructions' ? '-instructions' : ''}`
  let name = `${stem}.json`
  for (let number = 2; existsSync(join(resultsFolder, name)); number++) name = `${stem}-${number}.json`
  writeFileSync(join(resultsFolder, name), `${JSON.stringify(results, null, 2)}\n`)
  return name
}
