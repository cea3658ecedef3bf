/** `npm run bench`: measures, prints, compares, keeps. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type CaptureName, capture, captureFolder } from './captures/cache.ts'
import { type Case, cases, growths } from './cases.ts'
import { machine, versions } from './machine.ts'
import { findCounter, findProgram, ProgramError } from './measure.ts'
import { help, OptionError, type Options, parseOptions } from './options.ts'
import { changeToBase, differences, load, type Result, type Results, resultsFolder, save } from './results.ts'
import { measureCase, measureGrowth, type Setting, type Subject } from './runner.ts'
import { changeSince, renderGrowth, renderInstructions, renderTimes } from './table.ts'

const SMALL_CAPTURE = 'fixtures/vm.pcap'
/** A usage error, as of pcapx itself. */
const EXIT_USAGE = 2

const note = (text: string): boolean => process.stderr.write(`${text}\n`)

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) return print(help)
  const isChosen = ({ name }: { name: string }): boolean =>
    options.only.length === 0 || options.only.some((text) => name.includes(text))
  const chosen = cases.filter(isChosen)
  const growing = options.instructions ? [] : growths.filter(isChosen)
  if (options.list) return print([...chosen, ...growing].map(({ name }) => name).join('\n'))
  if (chosen.length + growing.length === 0) throw new OptionError('no such case: --list tells which there are')
  for (const build of [options.build, options.base ?? options.build]) checkBuilt(build)
  if (findProgram('bash') === null) throw new OptionError('bash, whose `time` is used, is not installed')
  const counter = options.instructions ? findCounter() : null
  if (options.instructions && counter === null)
    throw new OptionError('neither perf, with the right to count instructions, nor valgrind is here')

  const kind = options.instructions ? 'instructions' : 'times'
  const before = load(options.against ?? 'last', kind)
  if (before === null && options.against !== null) throw new OptionError(`nothing is saved in ${resultsFolder}`)
  const looksWorse = (result: Result): boolean => isWorse(result, before)
  const setting: Setting = { build: options.build, base: options.base, runs: options.runs, counter, looksWorse }
  if (!options.instructions) tellMissing(chosen)

  const results: Result[] = []
  for (const [index, one] of chosen.entries()) {
    note(`${index + 1}/${chosen.length + growing.length} ${one.name}`)
    try {
      results.push(measureCase(one, await subjectOf(one, options), setting))
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error
      note(`FAILED, left out: ${error.message}`)
    }
  }
  const growth = []
  for (const [index, one] of growing.entries()) {
    note(`${chosen.length + index + 1}/${chosen.length + growing.length} ${one.name}`)
    const [small, large] = [await get(one.small, options), await get(one.large, options)]
    growth.push(measureGrowth(one, small, large, options.build))
  }

  const all: Results = {
    schema: 1,
    kind,
    date: new Date().toISOString().slice(0, 10),
    scale: options.scale,
    runs: options.runs,
    counter,
    machine: machine(),
    versions: versions(options.build),
    cases: results,
    growth,
  }
  if (options.json) print(JSON.stringify(all, null, 2))
  else report(all, before)
  if (options.save) note(`saved as bench/results/${save(all)}`)

  const isFailed = results.length < chosen.length || growth.some(({ passed }) => !passed)
  const hasWorse = results.some(
    (result) => (changeToBase(result)?.worse.length ?? 0) > 0 || (options.against !== null && isWorse(result, before)),
  )
  return isFailed || hasWorse ? 1 : 0
}

function isWorse(result: Result, before: Results | null): boolean {
  const since = before === null ? null : changeSince(result, before)
  return [since, changeToBase(result)].some((change) => change !== null && change.worse.length > 0)
}

function report(all: Results, before: Results | null): void {
  const { processor, cores, memory, kernel } = all.machine
  const tools = Object.entries(all.versions).map(([name, version]) => `${name} ${version}`)
  print(`${all.date}, ${processor}, ${cores} cores, ${memory} GB, ${kernel}`)
  print(tools.join(', '))
  if (all.cases.length > 0)
    print(`\n${all.kind === 'instructions' ? renderInstructions(all.cases, before) : renderTimes(all.cases, before)}`)
  if (all.growth.length > 0) print(`\n${renderGrowth(all.growth)}`)
  if (before === null) return
  const different = differences(all, before)
  if (different.length > 0)
    print(`\nThe results of ${before.date} were made otherwise, and may differ for that alone: ${different.join(', ')}`)
}

/** What is left out must be seen to be left out. */
function tellMissing(chosen: readonly Case[]): void {
  const tools = new Set(chosen.flatMap(({ others }) => others.map(([tool]) => tool)))
  for (const tool of tools)
    if (findProgram(tool) === null) note(`SKIPPED: ${tool} is not installed, nothing is compared with it`)
}

function get(name: CaptureName, { scale }: Options) {
  return capture(name, scale, (made) => note(`making the capture ${made} in ${captureFolder()}`))
}

async function subjectOf(one: Case, options: Options): Promise<Subject> {
  if (one.capture === null) {
    const path = join(options.build, SMALL_CAPTURE)
    return { capture: null, path, referencePath: path }
  }
  const found = await get(one.capture, options)
  const isPlain = found.path.endsWith('.pcap')
  return {
    capture: found,
    path: found.path,
    referencePath: isPlain ? found.path : (await get('mixture', options)).path,
  }
}

/** A benchmark of what was built last week says nothing of what was written today. */
function checkBuilt(build: string): void {
  const built = statSync(join(build, 'dist/cli/program.cjs'), { throwIfNoEntry: false })
  if (built === undefined) throw new OptionError(`${build} is not built: npm run build`)
  for (const entry of readdirSync(join(build, 'src'), { recursive: true, withFileTypes: true }))
    if (entry.isFile() && statSync(join(entry.parentPath, entry.name)).mtimeMs > built.mtimeMs)
      throw new OptionError(`${join(entry.parentPath, entry.name)} is newer than what is built: npm run build`)
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`)
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof OptionError)) throw error
  note(`bench: ${error.message}`)
  process.exitCode = EXIT_USAGE
}
