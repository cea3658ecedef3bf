/** Runs a command line in this process, with streams that remember. */
import { fileURLToPath } from 'node:url'
import type { Io, Output, Signal } from '../../src/cli/io.ts'
import { run } from '../../src/cli/program.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The path of a fixture, as a user in the project's folder would write it. */
export function fixture(name: string): string {
  return `fixtures/${name}`
}

export class MemoryOutput implements Output {
  readonly isTerminal: boolean
  readonly columns: number | undefined
  closed = false
  readonly #chunks: Uint8Array[] = []
  /** Closes once so many octets were written, like `head`. */
  readonly #closesAfter: number
  #length = 0

  constructor({ columns, closesAfter = Infinity }: { columns?: number; closesAfter?: number } = {}) {
    this.isTerminal = columns !== undefined
    this.columns = columns
    this.#closesAfter = closesAfter
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get text(): string {
    return this.bytes.toString()
  }

  write(text: string): boolean {
    return this.writeBytes(Buffer.from(text))
  }

  writeBytes(bytes: Uint8Array): boolean {
    this.#chunks.push(Uint8Array.from(bytes))
    this.#length += bytes.length
    this.closed = this.#length >= this.#closesAfter
    return !this.closed
  }

  flush(): void {}
}

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly bytes: Buffer
}

export interface Surroundings {
  /** A terminal of so many columns. */
  columns?: number
  /** Standard error is a terminal too. */
  errorColumns?: number
  inputIsTerminal?: boolean
  environment?: Record<string, string>
  closesAfter?: number
  /** Gets the function that sends the run a signal. */
  onListen?: (send: (signal: Signal) => void) => void
}

export async function pcapx(words: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const stdout = new MemoryOutput(surroundings)
  const stderr = new MemoryOutput({ columns: surroundings.errorColumns })
  const io: Io = {
    stdout,
    stderr,
    inputIsTerminal: surroundings.inputIsTerminal ?? true,
    environment: surroundings.environment ?? {},
    onSignal(listener) {
      surroundings.onListen?.(listener)
      return () => {}
    },
  }
  const code = await run(words, io, '1.2.3')
  return { code, stdout: stdout.text, stderr: stderr.text, bytes: stdout.bytes }
}

/** Runs it, expects success, and reads the JSON document. */
// biome-ignore lint/suspicious/noExplicitAny: documents of every command.
export async function pcapxJson(...words: string[]): Promise<any> {
  const { code, stdout, stderr } = await pcapx([...words, '--json'])
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`)
  return JSON.parse(stdout)
}
