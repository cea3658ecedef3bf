/** Measures one case: pcapx, the reference, another build and other tools, in turn. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Capture } from './captures/cache.ts'
import { type Case, FILE, type Growth } from './cases.ts'
import { type Counter, countInstructions, findProgram, measureMemory, measureTime, type Time } from './measure.ts'
import { type Base, type GrowthResult, LIMIT, type Ratio, type Result } from './results.ts'
import { between, ratios, spreadOf } from './statistics.ts'

export interface Setting {
  readonly build: string
  readonly base: string | null
  readonly runs: number
  /** Null: times are measured. */
  readonly counter: Counter | null
  /** Measured again with more runs if it holds: whether these results look worse than what is known. */
  readonly looksWorse: (result: Result) => boolean
}

/** What a case is run on. */
export interface Subject {
  readonly capture: Capture | null
  readonly path: string
  /** What the reference reads: the same packets as pcap, not compressed. */
  readonly referencePath: string
}

const NODE = process.execPath
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const SAME_EACH_TIME = ['--single-threaded', '--random-seed=1', '--hash-seed=1']

/** Short runs vary more. */
const START_RUNS = 3

/** Throws a `ProgramError` if pcapx fails. */
export function measureCase(one: Case, subject: Subject, setting: Setting): Result {
  const own = wordsOf(one, setting.build, subject.path)
  const base = setting.base === null ? null : wordsOf(one, setting.base, subject.path)
  const { counter } = setting
  const result: Result = {
    name: one.name,
    digest: subject.capture?.digest ?? null,
    packets: subject.capture?.packets ?? null,
    bytes: subject.capture?.bytes ?? null,
    ratio: null,
    seconds: null,
    memory: null,
    instructions: null,
    others: [],
    base: null,
  }
  if (counter !== null) {
    // In one thread V8 compiles at the same place each time. It refuses the program's stored code then, which start-up is about.
    const count = ([node, ...words]: readonly string[]): number =>
      countInstructions([node, ...(one.kind === 'start' ? [] : SAME_EACH_TIME), ...words], counter)
    const counted = base === null ? null : { ratio: null, memory: null, instructions: count(base) }
    return { ...result, instructions: count(own), base: counted }
  }

  // These runs are not timed: they bring the capture into the page cache, and show that the programs work.
  const memory = measureMemory(own)
  const baseMemory = base === null ? null : measureMemory(base)
  const tools = one.others.filter(([tool]) => findProgram(tool) !== null)
  const others = tools.map((words) => ({ name: nameOf(words), words: fill(words, subject.path) }))
  for (const { words } of others) measureTime(words)

  const rounds = new Rounds([NODE, here('reference.mjs'), subject.referencePath], own, base, others)
  const evaluate = (): Result => ({ ...result, memory, ...rounds.evaluate(baseMemory) })
  const runs = setting.runs * (one.kind === 'start' ? START_RUNS : 1)
  rounds.run(runs)
  const first = evaluate()
  if (!setting.looksWorse(first)) return first
  rounds.run(2 * runs)
  return evaluate()
}

interface Other {
  readonly name: string
  readonly words: readonly string[]
}

/** Runs of all programs in turn: reference, pcapx, base, others, reference, ... */
class Rounds {
  readonly #referenceWords: readonly string[]
  readonly #ownWords: readonly string[]
  readonly #baseWords: readonly string[] | null
  readonly #others: readonly Other[]
  readonly #reference: Time[] = []
  readonly #own: Time[] = []
  readonly #base: Time[] = []
  readonly #otherTimes: Time[][]

  constructor(
    reference: readonly string[],
    own: readonly string[],
    base: readonly string[] | null,
    others: readonly Other[],
  ) {
    this.#referenceWords = reference
    this.#ownWords = own
    this.#baseWords = base
    this.#others = others
    this.#otherTimes = others.map(() => [])
  }

  run(count: number): void {
    if (this.#reference.length === 0) this.#reference.push(measureTime(this.#referenceWords))
    for (let index = 0; index < count; index++) {
      // Whichever comes second finds the caches warmer or the processor hotter; so each does every other time.
      const isBaseFirst = index % 2 === 1
      if (this.#baseWords !== null && isBaseFirst) this.#base.push(measureTime(this.#baseWords))
      this.#own.push(measureTime(this.#ownWords))
      if (this.#baseWords !== null && !isBaseFirst) this.#base.push(measureTime(this.#baseWords))
      for (const [other, { words }] of this.#others.entries()) this.#otherTimes[other].push(measureTime(words))
      this.#reference.push(measureTime(this.#referenceWords))
    }
  }

  evaluate(baseMemory: number | null) {
    const base: Base | null =
      this.#baseWords === null
        ? null
        : { ratio: ratioOf(this.#own, this.#base), memory: baseMemory, instructions: null }
    const own = this.#own.map(({ cpu }) => cpu)
    const wall = this.#own.map((time) => time.wall)
    return {
      ratio: {
        cpu: spreadOf(ratios(own, between(this.#reference.map(({ cpu }) => cpu)))),
        wall: spreadOf(ratios(wall, between(this.#reference.map((time) => time.wall)))),
      },
      seconds: { cpu: spreadOf(own).median, wall: spreadOf(wall).median },
      others: this.#others.map(({ name }, index) => ({ name, ratio: ratioOf(this.#own, this.#otherTimes[index]) })),
      base,
    }
  }
}

function ratioOf(own: readonly Time[], other: readonly Time[]): Ratio {
  const of = (part: keyof Time) =>
    spreadOf(
      ratios(
        own.map((time) => time[part]),
        other.map((time) => Math.max(time[part], RESOLUTION)),
      ),
    )
  return { cpu: of('cpu'), wall: of('wall') }
}

/** Seconds: the least that is told apart. */
const RESOLUTION = 0.001

function wordsOf(one: Pick<Case, 'kind' | 'words'>, build: string, path: string): string[] {
  return one.kind === 'stage'
    ? [NODE, here('stages.mjs'), build, ...one.words, path]
    : [NODE, join(build, 'bin/pcapx.js'), ...fill(one.words, path)]
}

function fill(words: readonly string[], path: string): string[] {
  return words.map((word) => (word === 'node' ? NODE : word.replace(FILE, path)))
}

/** The tool, and what tells one use of it from another. */
function nameOf(words: readonly string[]): string {
  const [tool] = words
  if (tool === 'tshark' && words.includes('-z')) return `tshark -z ${words[words.indexOf('-z') + 1]}`
  const hasMore = tool === 'capinfos' || tool === 'gzip' || tool === 'node'
  return hasMore ? words.filter((word) => word !== FILE).join(' ') : tool
}

/** A capture ten times as long may take 10.5 times as long, and no more memory where nothing grows in number. */
const TIME_LIMIT = 1.05
const GROWTH_RUNS = 3

export function measureGrowth(one: Growth, small: Capture, large: Capture, build: string): GrowthResult {
  const [smallWords, largeWords] = [small, large].map(({ path }) =>
    wordsOf({ kind: 'command', words: one.words }, build, path),
  )
  const memory = measureMemory(largeWords) / measureMemory(smallWords)
  const [times, largeTimes]: Time[][] = [[], []]
  for (let index = 0; index < GROWTH_RUNS; index++) {
    times.push(measureTime(smallWords))
    largeTimes.push(measureTime(largeWords))
  }
  const { cpu } = ratioOf(largeTimes, times)
  const packets = large.packets / small.packets
  const passed = cpu.median <= packets * TIME_LIMIT && (!one.sameMemory || memory <= 1 + LIMIT)
  return { name: one.name, packets, cpu, memory, passed }
}
