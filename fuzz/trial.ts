/** Hands out batches to processes, and watches them: one that is silent hangs, one that ends has crashed. */
import { type ChildProcess, fork } from 'node:child_process'
import type { Found, Order, Report } from './messages.ts'
import type { Options } from './options.ts'

export interface Sums {
  captures: number
  /** Commands run, each over a batch. */
  runs: number
  failures: number
  longest: number
  memory: number
}

/** What a process may take for JavaScript's objects: past it, it ends, which counts as a crash. */
const HEAP_MEBIBYTES = 700
const WATCH_EVERY = 1000
/** Batches that a process tries: what it takes by then says what a run takes, and not what the allocator has kept of a thousand. */
const BATCHES_EACH = 100
/** Of the C library: what is freed goes back to the system, so that the memory of the process is what is in use. */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_ARENA_MAX: '2' }
/** Milliseconds: see `Limits.batch`. */
const SLOW_BATCH = 400

/** A command that did not come back. */
interface Stuck {
  readonly batch: number
  readonly command: number
  readonly words: readonly string[]
  readonly what: string
}

export class Trial {
  onFound: (found: Found) => void = () => {}
  readonly #worker: string
  readonly #scratch: string
  readonly #options: Options
  readonly #sums: Sums = { captures: 0, runs: 0, failures: 0, longest: 0, memory: 0 }
  readonly #began = performance.now()
  #next: number
  #commands = 0

  constructor(worker: string, scratch: string, options: Options) {
    this.#worker = worker
    this.#scratch = scratch
    this.#options = options
    this.#next = options.from
  }

  progress(): string {
    const { captures, runs, failures, longest, memory } = this.#sums
    const seconds = (performance.now() - this.#began) / 1000
    return [
      `${captures} captures through ${this.#commands} commands in ${Math.round(seconds)} s`,
      `${runs} runs`,
      `${failures} failures`,
      `the longest run took ${Math.round(longest)} ms for ${this.#options.size} captures`,
      `${Math.round(memory / 1024 / 1024)} MiB at most`,
    ].join(', ')
  }

  async run(): Promise<Sums> {
    await Promise.all(Array.from({ length: this.#options.jobs }, () => this.#keepBusy()))
    return this.#sums
  }

  /** One process after the other: a new one where the last one failed. */
  async #keepBusy(): Promise<void> {
    while (this.#hasMore()) {
      let left = BATCHES_EACH
      const stuck = await this.#process(() => (left-- > 0 && this.#hasMore() ? this.#nextBatch() : null))
      if (stuck !== null) this.#fail(await this.#single(stuck))
    }
  }

  #hasMore(): boolean {
    const { from, size, captures, seconds } = this.#options
    return (this.#next - from) * size < captures && performance.now() - this.#began <= seconds * 1000
  }

  #nextBatch(): Order {
    return { kind: 'batch', batch: this.#next++ }
  }

  /** Which capture it was. */
  async #single(stuck: Stuck): Promise<Found> {
    const { batch, command } = stuck
    const orders: Order[] = [{ kind: 'singly', batch, command }]
    let last: { words: readonly string[]; case: number } | null = null
    const again = await this.#process(
      () => orders.shift() ?? null,
      (words, number) => {
        last = { words, case: number }
      },
    )
    const found = last as { words: readonly string[]; case: number } | null
    if (again === null || found === null)
      return { what: `${stuck.what} (batch ${batch}, no single capture does it)`, words: stuck.words, cases: [] }
    return { what: again.what, words: found.words, cases: [found.case] }
  }

  #fail(found: Found): void {
    this.#sums.failures++
    this.onFound(found)
  }

  /** Runs a process until there are no more orders (null), or until it hangs or crashes. */
  #process(
    next: () => Order | null,
    onSingle: (words: readonly string[], number: number) => void = () => {},
  ): Promise<Stuck | null> {
    const { seed, size, unchanged, folders, memory, perCapture, patience } = this.#options
    const child: ChildProcess = fork(this.#worker, {
      execArgv: ['--enable-source-maps', `--max-old-space-size=${HEAP_MEBIBYTES}`, '--max-semi-space-size=32'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...ALLOCATOR },
    })
    let errors = ''
    child.stderr!.on('data', (data) => {
      errors = (errors + data).slice(-4000)
    })
    return new Promise((resolve) => {
      let batch = -1
      let command = 0
      let words: readonly string[] = []
      let heard = performance.now()
      let finished = false
      const finish = (stuck: Stuck | null): void => {
        if (finished) return
        finished = true
        clearInterval(watching)
        child.kill('SIGKILL')
        resolve(stuck)
      }
      const watching = setInterval(() => {
        if (performance.now() - heard > patience) finish({ batch, command, words, what: `hangs for ${patience} ms` })
      }, WATCH_EVERY)
      const order = (): void => {
        const given = next()
        if (given === null) finish(null)
        else {
          if (given.kind !== 'begin') batch = given.batch
          send(given)
        }
      }
      const send = (given: Order): void => void child.send(given)
      child.on('message', (report: Report) => {
        heard = performance.now()
        if (report.kind === 'command') {
          command = report.command
          words = report.words
          this.#commands = Math.max(this.#commands, command + 1)
          if (report.case !== undefined) onSingle(words, report.case)
          return
        }
        if (report.kind === 'done') this.#count(report)
        order()
      })
      child.on('exit', (code, signal) =>
        finish({ batch, command, words, what: `the process ended: ${signal ?? `exit code ${code}`} ${errors}` }),
      )
      const limits = { capture: perCapture, batch: SLOW_BATCH, memory }
      send({ kind: 'begin', settings: { folders, seed, size, unchanged, limits, scratch: this.#scratch } })
    })
  }

  #count({ captures, runs, found, longest, memory }: Report & { kind: 'done' }): void {
    const sums = this.#sums
    sums.captures += captures
    sums.runs += runs
    sums.longest = Math.max(sums.longest, longest)
    sums.memory = Math.max(sums.memory, memory)
    for (const one of found) this.#fail(one)
  }
}
