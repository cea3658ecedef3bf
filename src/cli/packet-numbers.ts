/** Packets chosen by number: `7`, `1,5,9`, `100-120`, `100-`. */
import { UsageError } from './errors.ts'

export interface NumberRange {
  readonly from: number
  /** Included; Infinity for all that follow. */
  readonly to: number
}

export class PacketNumbers {
  /** In ascending order, with a gap between each two. */
  readonly #ranges: readonly NumberRange[]

  constructor(ranges: readonly NumberRange[]) {
    const joined: { from: number; to: number }[] = []
    for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
      const last = joined.at(-1)
      if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
      else joined.push({ from, to })
    }
    this.#ranges = joined
  }

  /** Nothing behind it is chosen; Infinity if there is no end. */
  get last(): number {
    return this.#ranges[this.#ranges.length - 1].to
  }

  includes(number: number): boolean {
    return this.#ranges.some(({ from, to }) => number >= from && number <= to)
  }

  /** What was chosen and is not there, in a run of `packets`. A range without an end asks for whatever there is. */
  missing(packets: number): NumberRange[] {
    return this.#ranges
      .filter(({ from, to }) => (to === Infinity ? from : to) > packets)
      .map(({ from, to }) => ({ from: Math.max(from, packets + 1), to: to === Infinity ? from : to }))
  }
}

/** The packets that `text` names; undefined if it is not made of numbers. Throws `UsageError` where they make no sense. */
export function parsePacketNumbers(text: string): PacketNumbers | undefined {
  if (!/^[\d\s,-]*\d[\d\s,-]*$/.test(text)) return undefined
  return new PacketNumbers(text.split(',').map((part) => parseRange(part.trim(), text)))
}

function parseRange(part: string, text: string): NumberRange {
  const [, first, dash, last] = /^(\d{1,15})\s*(?:(-)\s*(\d{1,15})?)?$/.exec(part) ?? []
  if (first === undefined)
    throw new UsageError(`${text} names no packets`, 'a number, a list or a range: 7, 1,5,9, 100-120 or 100-')
  const from = Number(first)
  const to = dash === undefined ? from : last === undefined ? Infinity : Number(last)
  if (from === 0) throw new UsageError('there is no packet 0', 'packets are numbered from 1')
  if (to < from) throw new UsageError(`${part} ends before it begins`, `write ${to}-${from}`)
  return { from, to }
}
