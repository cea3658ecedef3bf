/** How far a long run is: one line on the terminal, cleared at the end. Off a terminal there is none. */
import { counted, scaled } from '../report/units.ts'
import type { Io } from './io.ts'

/** Milliseconds before the first line: a shorter run shows nothing. */
const PATIENCE = 500
const INTERVAL = 100

const CLEAR = '\r\x1b[K'

export interface ProgressState {
  readonly bytes: number
  readonly size: number | null
  readonly packets: number
}

export class Progress {
  readonly #io: Io
  readonly #start = performance.now()
  #next: number
  #shown = false

  constructor(io: Io) {
    this.#io = io
    this.#next = io.stderr.isTerminal ? this.#start + PATIENCE : Infinity
  }

  update(state: ProgressState): void {
    const now = performance.now()
    if (now < this.#next) return
    this.#next = now + INTERVAL
    this.#shown = true
    this.#io.stderr.write(CLEAR + progressText(state, (now - this.#start) / 1000))
  }

  end(): void {
    if (this.#shown) this.#io.stderr.write(CLEAR)
    this.#shown = false
    this.#next = Infinity
  }
}

/** `512 MB of 1.07 GB, 48 %, 320 MB/s, 5,000,000 packets` */
export function progressText({ bytes, size, packets }: ProgressState, seconds: number): string {
  const of = size === null || size === 0 ? '' : ` of ${scaled(size)}B, ${Math.floor((100 * bytes) / size)} %`
  return `${scaled(bytes)}B${of}, ${scaled(bytes / seconds)}B/s, ${counted(packets, 'packet')}`
}
