/** Standard output and standard error that keep what is written to them. */
import type { Output } from '../src/cli/io.ts'

export class KeptOutput implements Output {
  readonly isTerminal: boolean
  readonly columns: number | undefined
  readonly closed = false
  readonly #pieces: string[] = []

  /** A terminal of so many columns. */
  constructor(columns?: number) {
    this.isTerminal = columns !== undefined
    this.columns = columns
  }

  get text(): string {
    return this.#pieces.join('')
  }

  write(text: string): boolean {
    this.#pieces.push(text)
    return true
  }

  writeBytes(bytes: Uint8Array): boolean {
    return this.write(Buffer.from(bytes).toString('latin1'))
  }

  flush(): void {}
}
