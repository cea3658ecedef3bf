/** `npm run fuzz`: mutated captures through every command, until the time is over; what is found is told, and kept. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { mutantsOf } from './batch.ts'
import { readCorpus } from './corpus.ts'
import type { Found } from './messages.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { Trial } from './trial.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOUND = join(ROOT, 'fuzz/found')
/** Below `node_modules`, so that what it imports is found. */
const WORKER = join(ROOT, 'node_modules/.cache/pcapx-fuzz/worker.mjs')

/** Failures shown in full; more of them say the same. */
const MOST_SHOWN = 30
const TELL_EVERY = 30_000

async function main(): Promise<number> {
  const usual = [join(ROOT, 'fixtures'), join(ROOT, '../shared/captures')].filter((path) => existsSync(path))
  let options: Options
  try {
    options = readOptions(process.argv.slice(2), usual)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`)
    return 2
  }
  // One file: as single modules, run by tsx, each import of a command would take longer than the command.
  await build({
    entryPoints: [join(ROOT, 'fuzz/worker.ts')],
    outfile: WORKER,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  const scratch = mkdtempSync(join(tmpdir(), 'pcapx-fuzz-'))
  try {
    return await fuzz(options, scratch)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function fuzz(options: Options, scratch: string): Promise<number> {
  const { seed, size, jobs, folders, only } = options
  const corpus = await readCorpus(folders)
  const records = corpus.reduce((sum, specimen) => sum + specimen.count, 0)
  say(`seed ${seed}; ${corpus.length} captures with ${records} packets to mutate; ${jobs} processes`)
  let tried = options
  if (only !== null) tried = { ...options, size: 1, from: only, captures: 1, jobs: 1 }
  else if (options.unchanged) tried = { ...options, captures: corpus.length }
  const trial = new Trial(WORKER, scratch, tried)
  const bytesOf = (number: number) => mutantsOf(corpus, { ...options, size: 1 }, number)[0].bytes
  const kinds = new Map<string, number>()
  trial.onFound = (found) => {
    const kind = `${found.what.split('\n')[0].slice(0, 60)} ${found.words[0]}`
    const times = (kinds.get(kind) ?? 0) + 1
    kinds.set(kind, times)
    if (times > 1 || kinds.size > MOST_SHOWN) return
    say(`FOUND ${found.what}\n  pcapx ${found.words.join(' ').slice(0, 600)}`)
    for (const number of found.cases.slice(0, 1)) say(`  ${save(bytesOf(number), seed, number, found)}`)
  }
  const telling = setInterval(() => say(trial.progress()), TELL_EVERY)
  const sums = await trial.run()
  clearInterval(telling)
  for (const [kind, times] of kinds) if (times > 1) say(`${times} times: ${kind}`)
  say(trial.progress())
  const batches = options.from === 0 ? '' : ` from batch ${options.from}`
  say(`seed ${seed}, batches of ${only === null ? size : 1}${batches}: ${sums.failures} failures`)
  return sums.failures === 0 ? 0 : 1
}

function save(bytes: Uint8Array, seed: number, number: number, { what, words }: Found): string {
  const path = join(FOUND, `${seed}-${number}.cap`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  writeFileSync(`${path}.txt`, `${what}\npcapx ${words.join(' ')}\n`)
  return path
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

process.exitCode = await main()
