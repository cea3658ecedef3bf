/** The process around a run: its standard streams, its environment, its signals. Tests put their own in its place. */
import { writeSync } from 'node:fs'
import type { RunOptions } from '../engine/run.ts'
import { guardTerminal } from '../report/terminal-guard.ts'
import { asCaptureError } from '../source/errors.ts'

/** What asks a run to stop: a terminal that was closed, Ctrl-C, `kill`. */
export type Signal = 'SIGHUP' | 'SIGINT' | 'SIGTERM'

export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  /** Standard input is a terminal: nobody is piping a capture in. */
  readonly inputIsTerminal: boolean
  /** The module that further threads run (`src/engine/worker.ts`); without it there are none. */
  readonly worker?: URL
  /** Opens captures; files and standard input, decompressed, if not given. */
  readonly open?: RunOptions['open']
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Calls `listener` for the signals that ask a run to stop, until the returned function is called. */
  onSignal(listener: (signal: Signal) => void): () => void
}

export interface Output {
  readonly isTerminal: boolean
  /** Of the terminal; undefined if it is none or does not tell. */
  readonly columns: number | undefined
  /** Nobody reads any more (`| head`, a terminal that was closed): writing is pointless. */
  readonly closed: boolean
  /** Writes behind what was written before, perhaps later; false once nobody reads any more. */
  write(text: string): boolean
  writeBytes(bytes: Uint8Array): boolean
  flush(): void
}

/** Characters gathered before they are written. */
const BUFFERED = 64 * 1024

/**
 * A file descriptor, written synchronously: what is written is out when the process ends, a slow reader slows the run
 * down instead of filling the memory, and a reader that has left is noticed at once.
 */
export class DescriptorOutput implements Output {
  readonly isTerminal: boolean
  closed = false
  readonly #descriptor: number
  readonly #stream: NodeJS.WriteStream
  readonly #limit: number
  #text = ''

  /**
   * `buffered` gathers small writes, and a write that fails is an error; without it each one goes out by itself, and one that
   * fails is the last: it is where errors are told.
   */
  constructor(descriptor: number, stream: NodeJS.WriteStream, buffered: boolean) {
    this.#descriptor = descriptor
    this.#stream = stream
    this.isTerminal = stream.isTTY === true
    this.#limit = buffered ? BUFFERED : 0
  }

  get columns(): number | undefined {
    return this.#stream.columns
  }

  write(text: string): boolean {
    // What tells of errors is shown on a terminal mostly, and if it is a log, on one later.
    this.#text += this.isTerminal || this.#limit === 0 ? guardTerminal(text) : text
    if (this.#text.length > this.#limit) this.flush()
    return !this.closed
  }

  writeBytes(bytes: Uint8Array): boolean {
    this.flush()
    this.#writeAll(bytes)
    return !this.closed
  }

  flush(): void {
    if (this.#text === '') return
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    this.#writeAll(bytes)
  }

  #writeAll(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length && !this.closed) {
      try {
        at += writeSync(this.#descriptor, bytes, at)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EAGAIN') pause()
        else {
          // Not again, either: what comes behind a piece that is missing would only hide that.
          this.closed = true
          const isGone = code === 'EPIPE' || code === 'EOF' || (code === 'EIO' && this.isTerminal)
          if (!isGone && this.#limit > 0) throw asCaptureError('unwritable', 'cannot be written', error, '-')
        }
      }
    }
  }
}

/** A pipe that another program has made non-blocking is full: waits a moment. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

export function processIo(worker?: URL): Io {
  return {
    worker,
    stdout: new DescriptorOutput(1, process.stdout, true),
    stderr: new DescriptorOutput(2, process.stderr, false),
    inputIsTerminal: process.stdin.isTTY === true,
    environment: process.env,
    onSignal(listener) {
      const signals: Signal[] = ['SIGHUP', 'SIGINT', 'SIGTERM']
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
  }
}
