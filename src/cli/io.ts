/** The process around a run: its standard streams, its environment, its signals. Tests put their own in its place. */
import { writeSync } from 'node:fs'

export type Signal = 'SIGINT' | 'SIGTERM'

export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  /** Standard input is a terminal: nobody is piping a capture in. */
  readonly inputIsTerminal: boolean
  /** The module that further threads run (`src/engine/worker.ts`); without it there are none. */
  readonly worker?: URL
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Calls `listener` for the signals that ask a run to stop, until the returned function is called. */
  onSignal(listener: (signal: Signal) => void): () => void
}

export interface Output {
  readonly isTerminal: boolean
  /** Of the terminal; undefined if it is none or does not tell. */
  readonly columns: number | undefined
  /** Nobody reads any more (`| head`): writing is pointless. */
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

  /** `buffered` gathers small writes; without it each one goes out by itself. */
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
    this.#text += text
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
        else if (code === 'EPIPE' || code === 'EOF') this.closed = true
        else throw error
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
      const signals: Signal[] = ['SIGINT', 'SIGTERM']
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
  }
}
