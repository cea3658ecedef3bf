/** Going on behind damage: from the record that is damaged to the next that can be recognised, and what lay between. */
import { type CaptureError, damaged } from './errors.ts'
import type { Gap, Skipped } from './info.ts'
import { MAX_GAPS_TOLD } from './limits.ts'
import type { RecordReader } from './reader.ts'
import type { Window } from './window.ts'

export class Recovery {
  readonly #reader: RecordReader
  readonly #window: Window
  readonly #skipped: Skipped = { gaps: 0, bytes: 0, first: [] }
  #damage: CaptureError | null = null
  #gap: Gap | null = null
  /** Where reading went on. */
  #found = -1

  constructor(reader: RecordReader, window: Window) {
    this.#reader = reader
    this.#window = window
    reader.info.skipped = this.#skipped
  }

  /** `info.damage` has been met at the record where the window is. False if there is no record behind it. */
  async goOn(): Promise<boolean> {
    const { info } = this.#reader
    const { damage } = info
    if (damage === null) return false
    this.#damage ??= damage
    info.damage = null
    const window = this.#window
    const from = window.offset(window.at)
    // What was found is no record after all: still the same gap.
    const gap = this.#gap !== null && this.#found === from ? this.#gap : this.#open(from, damage.message)
    gap.isClosed = await this.#search()
    this.#found = window.offset(window.at)
    gap.bytes += this.#found - from
    this.#skipped.bytes += this.#found - from
    return gap.isClosed
  }

  /**
   * The source has ended within a record: it is cut short there, or its length is wrong. False if no record can be recognised behind
   * its beginning.
   */
  goOnBehindCut(): boolean {
    const reader = this.#reader
    const window = this.#window
    const { file, packets } = reader.info
    if (window.aborted || window.failure !== null || window.end - window.at < 2) return false
    const found = reader.find(window.at + 1, true)
    if (found < 0) return false
    const from = window.offset(window.at)
    const what = 'reaches beyond the end, and records follow its beginning'
    const damage = damaged(file, packets + 1, from, what, 'more', 'no more octets than there are')
    this.#damage ??= damage
    window.at = found
    this.#found = window.offset(found)
    const gap = this.#open(from, damage.message)
    gap.isClosed = true
    gap.bytes = this.#found - from
    this.#skipped.bytes += gap.bytes
    return true
  }

  /** The damage that is told is the first; if the source failed behind it, that is one more gap, of which nothing could be read. */
  end(): void {
    const { info } = this.#reader
    if (this.#damage === null) return
    if (info.damage !== null) this.#open(info.bytes, info.damage.message)
    info.damage = this.#damage
  }

  #open(offset: number, message: string): Gap {
    const gap = { offset, bytes: 0, isClosed: false, message }
    const skipped = this.#skipped
    skipped.gaps++
    if (skipped.first.length < MAX_GAPS_TOLD) skipped.first.push(gap)
    this.#gap = gap
    return gap
  }

  async #search(): Promise<boolean> {
    const reader = this.#reader
    const window = this.#window
    window.at = reader.behindDamage()
    for (let isEnd = false; ; isEnd = !(await window.more())) {
      const found = reader.find(window.at, isEnd)
      window.at = found < 0 ? -1 - found : found
      if (found >= 0 || isEnd) return found >= 0
    }
  }
}
