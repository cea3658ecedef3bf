/**
 * One capture in several threads: each analyses a part of the file, and the parts are merged.
 *
 * What comes out is what one thread would have made of it, to the last octet; where that is not certain, nothing comes out, and one
 * thread does it all. A part must end exactly where the next has found its first record; what a part put together from fragments
 * must be what it would have with those before (`packet/reassembly-check.ts`); and nothing that depends on all earlier packets may
 * have been asked for.
 */
import { Worker } from 'node:worker_threads'
import type { Analyzer } from '../analyzers/analyzer.ts'
import type { CaptureInfo } from '../capture/info.ts'
import type { Packet } from '../packet/packet.ts'
import { continueReassembly } from '../packet/reassembly-check.ts'
import type { OpenDatagram } from '../packet/reassembly-log.ts'
import type { Need } from '../protocols/field.ts'
import { protocolNames } from '../protocols/protocol.ts'
import { loadContext, mergeContext, newContext, type RunContext } from './context.ts'
import { cutsOf } from './cuts.ts'
import type { PartOutcome, PartSpec } from './part.ts'
import { PartProgress } from './part-progress.ts'
import { newPacket, type Parallel, type Run, type RunOptions, runOver } from './run.ts'
import type { WorkerData } from './worker.ts'

type Outcome<R> = Run & { readonly result: R }

/** Parts can be merged of what needs nothing else. */
const MERGED: ReadonlySet<Need> = new Set(['streams', 'applications'])

/** Null: not in parts. Nothing has been told to anybody then but progress. */
export async function analyzeInParts<R>(
  files: readonly string[],
  make: (context: RunContext) => Analyzer<R>,
  options: RunOptions,
  parallel: Parallel,
): Promise<Outcome<R> | null> {
  const { filter = null, signal } = options
  if (files.length !== 1 || (filter !== null && filter.needs.size > 0)) return null
  if (options.wholeFlows === true && filter !== null) return null
  // Where a part would begin behind damage depends on the parts before it.
  if (options.recover === true) return null
  const context = newContext(options)
  const analyzer = make(context)
  const needs = new Set([...(options.needs ?? []), ...analyzer.needs])
  if (analyzer.load === undefined || [...needs].some((need) => !MERGED.has(need))) return null
  const [file] = files
  const cuts = cutsOf(file, parallel.jobs, parallel.leastPackets)
  if (cuts.length === 0) return null

  const parts = new Parts(file, cuts, options, parallel)
  const onAbort = (): void => parts.progress.stop()
  signal?.addEventListener('abort', onAbort)
  try {
    const packet = newPacket()
    const visit = (each: Packet): void => analyzer.observe(each)
    const own = { ...options, needs, onProgress: parts.progressOf(options) }
    const run = await runOver(files, { ...own, until: () => parts.firstEnd }, context, visit, packet)
    if (run.captures.length === 0) return null
    // What is damaged ends there, whatever comes behind.
    if (run.failures.length > 0) return { ...run, result: analyzer.result() }
    const whole = new Whole(run, context, analyzer, packet.reassembler!.open())
    for (const outcome of await parts.outcomes()) {
      const stopped = signal?.aborted === true
      if (outcome === null && stopped) continue
      if (outcome !== null && whole.add(outcome, make, options, stopped)) continue
      if (whole.isMerged) return null
      // The first part is good all the same: what comes behind it is read here.
      return whole.goOn(await runOver(files, { ...own, from: whole.end }, context, visit, packet))
    }
    options.onRead?.()
    return whole.outcome(signal?.aborted === true)
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await parts.close()
  }
}

/** The threads of all parts but the first. */
class Parts {
  readonly progress: PartProgress
  /** Where the first part ends: nowhere, once it is known that the second cannot be had. */
  firstEnd: number
  readonly #workers: Worker[] = []
  readonly #outcomes: Promise<PartOutcome | null>[] = []

  constructor(file: string, cuts: readonly number[], options: RunOptions, { analyzer, expression, worker }: Parallel) {
    const memory = PartProgress.memoryFor(cuts.length + 1)
    this.progress = new PartProgress(memory, 0)
    this.firstEnd = cuts[0]
    for (const [i, from] of cuts.entries()) {
      const to = cuts[i + 1] ?? Infinity
      const spec: PartSpec = { file, from, to, analyzer, expression, maxStreams: options.maxStreams }
      const data: WorkerData = { spec, part: i + 1, memory, protocols: protocolNames() }
      const thread = new Worker(worker, { workerData: data })
      this.#workers.push(thread)
      this.#outcomes.push(outcomeOf(thread))
    }
    void this.#outcomes[0].then((outcome) => {
      if (outcome === null) this.firstEnd = Infinity
    })
  }

  /** Progress of all threads together. */
  progressOf({ onProgress }: RunOptions): RunOptions['onProgress'] {
    return ({ bytes, packets, size, ...progress }) => {
      this.progress.look(packets)
      // As far as all parts together are, if they are equally far.
      const all = Math.min(size ?? 0, bytes * (this.#workers.length + 1))
      onProgress?.({ ...progress, size, bytes: all, packets: packets + this.progress.others })
    }
  }

  outcomes(): Promise<(PartOutcome | null)[]> {
    return Promise.all(this.#outcomes)
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

/** Null if the thread failed: one thread will then meet whatever it was, and report it. */
function outcomeOf(worker: Worker): Promise<PartOutcome | null> {
  return new Promise((resolve) => {
    worker.once('message', resolve)
    worker.once('error', () => resolve(null))
    worker.once('exit', () => resolve(null))
  })
}

/** The parts so far, as one. */
class Whole<R> {
  /** There is more in it than the first part. */
  isMerged = false
  readonly #context: RunContext
  readonly #analyzer: Analyzer<R>
  readonly #run: Run
  #info: CaptureInfo
  #packets: number
  #matched: number
  #open: readonly OpenDatagram[]

  constructor(run: Run, context: RunContext, analyzer: Analyzer<R>, open: readonly OpenDatagram[]) {
    this.#run = run
    this.#context = context
    this.#analyzer = analyzer
    this.#info = run.captures[0]
    this.#packets = run.packets
    this.#matched = run.matched
    this.#open = open
  }

  /** False if the part does not follow upon those so far; if they were stopped, it need not. */
  add(part: PartOutcome, make: (context: RunContext) => Analyzer<R>, options: RunOptions, stopped: boolean): boolean {
    if (!stopped) {
      if (part.start !== this.#info.bytes || this.#info.truncated) return false
      const open = continueReassembly(this.#open, part.reassembly)
      if (open === null) return false
      this.#open = open
    }
    const context = newContext({ ...options, continues: true })
    const analyzer = make(context)
    if (part.context !== null) loadContext(context, part.context, this.#packets)
    analyzer.load?.(part.analyzer, this.#packets)
    if (analyzer.hasLeftOut === true) return false
    this.isMerged = true
    this.#analyzer.merge(analyzer, mergeContext(this.#context, context))
    const { streams } = this.#context
    // Which streams make room for others is decided while packets come.
    const limit = options.maxStreams ?? Infinity
    if (streams.tcp.count > limit || streams.udp.count > limit) return false
    this.#packets += part.info.packets
    this.#matched += part.matched
    const { truncated, truncatedAt } = part.info
    const [description] = this.#info.interfaces
    this.#info = {
      ...this.#info,
      interfaces: [{ ...description, packets: this.#packets }],
      packets: this.#packets,
      bytes: part.end,
      truncated,
      ...(truncatedAt === undefined ? {} : { truncatedAt }),
    }
    return true
  }

  /** Where the next part begins. */
  get end(): number {
    return this.#info.bytes
  }

  /** The first part alone, and what was read behind it. */
  goOn(rest: Run): Outcome<R> {
    const [info] = rest.captures
    const { packets } = rest
    const captures =
      info === undefined ? [this.#info] : [{ ...info, packets, interfaces: [{ ...info.interfaces[0], packets }] }]
    return { ...rest, captures, matched: this.#run.matched + rest.matched, result: this.#analyzer.result() }
  }

  outcome(partial: boolean): Outcome<R> {
    return {
      ...this.#run,
      packets: this.#packets,
      matched: this.#matched,
      captures: [this.#info],
      partial,
      truncated: this.#info.truncated,
      result: this.#analyzer.result(),
    }
  }
}
