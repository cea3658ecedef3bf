/** A process that tries batches of captures. The main process watches it, as it may hang or crash. */
import { join } from 'node:path'
import { execute, linesOf, mutantsOf, runBatch } from './batch.ts'
import { readCorpus, type Specimen } from './corpus.ts'
import type { Order, Report, Settings } from './messages.ts'

let settings: Settings
let corpus: Specimen[] = []

const KIBIBYTE = 1024

process.on('message', async (order: Order) => {
  switch (order.kind) {
    case 'begin':
      settings = order.settings
      corpus = await readCorpus(settings.folders)
      say({ kind: 'ready' })
      break
    case 'batch':
      await batch(order.batch)
      break
    case 'singly':
      await singly(order.batch, order.command)
  }
})

async function batch(number: number): Promise<void> {
  const { captures, runs, failures, longest } = await runBatch(
    corpus,
    settings,
    number,
    written(),
    (command, { words }) => say({ kind: 'command', command, words: words.slice(0, 12) }),
  )
  const found = failures.map(({ what, words, mutants }) => ({ what, words, cases: mutants.map((one) => one.number) }))
  done(number, captures, runs, found, longest)
}

/** The command that the main process waited for in vain. */
async function singly(number: number, command: number): Promise<void> {
  const mutants = mutantsOf(corpus, settings, number)
  for (const one of mutants) {
    const line = linesOf(settings, number, [one.name], written())[command]
    say({ kind: 'command', command, words: line.words, case: one.number })
    await execute(line, [one], null)
  }
  done(number, 0, 0, [], 0)
}

function done(
  batch: number,
  captures: number,
  runs: number,
  found: (Report & { kind: 'done' })['found'],
  longest: number,
): void {
  const memory = process.resourceUsage().maxRSS * KIBIBYTE
  say({ kind: 'done', batch, captures, runs, found, longest, memory })
}

function written(): string {
  return join(settings.scratch, `${process.pid}.pcapng`)
}

function say(report: Report): void {
  process.send!(report)
}
