/** Handshakes by server, by client or by server port: who is slow, and who does not answer. */
import { formatIpv4, formatIpv6Words } from '../packet/address.ts'
import { growFloat64 } from '../tables/grow.ts'
import { KeyTable } from '../tables/key-table.ts'
import { type HandshakeTimes, OUTCOMES } from './handshake.ts'
import { type OutcomeCounts, outcomeCounts } from './handshake-totals.ts'
import { Spread, type SpreadSummary } from './spread.ts'

/** `port` is the server's. */
export type Grouping = 'server' | 'client' | 'port'

export interface HandshakeGroup {
  /** An address, or a port; `others`: all together for which there was no room (`MAX_GROUPS`). */
  readonly key: string | number
  readonly connections: number
  readonly outcomes: OutcomeCounts
  /** Of `synRtt`. */
  readonly summary: SpreadSummary
}

/** Groups kept, the first to come: of each 256 times may be, 2 KiB. */
const MAX_GROUPS = 131_072

/** Values of a group up to which its percentiles are exact. */
const EXACT_VALUES = 256

// Words of a key: what it is, then a port, or the words of an address.
const KEY_WIDTH = 5
const PORT = 0
const V4 = 4
const V6 = 6

export type HandshakeGroupsState = ReturnType<HandshakeGroups['save']>

export class HandshakeGroups {
  readonly #by: Grouping
  readonly #table: KeyTable
  /** By row, a number for each outcome. */
  #outcomes = new Float64Array(64 * OUTCOMES.length)
  readonly #synRtt: Spread[] = []

  constructor(by: Grouping, maxGroups = MAX_GROUPS) {
    this.#by = by
    this.#table = new KeyTable(KEY_WIDTH, maxGroups)
  }

  /** Whether there may be groups for which there was no room. */
  get isFull(): boolean {
    return this.#table.size >= this.#table.limit
  }

  /**
   * Hot: adds the handshake of the stream with this key (`width` words, as `copyKey` of its tracker gives them), whose client
   * sends in `clientDirection`.
   */
  add(times: HandshakeTimes, streamKey: Int32Array, width: number, clientDirection: number): void {
    const { key } = this.#table
    const words = (width - 1) >> 1
    key.fill(0)
    if (this.#by === 'port') {
      const ports = streamKey[width - 1]
      key[0] = PORT
      key[1] = clientDirection === 0 ? ports & 0xffff : ports >>> 16
    } else {
      const isLower = (this.#by === 'client') === (clientDirection === 0)
      key[0] = words === 1 ? V4 : V6
      for (let i = 0; i < words; i++) key[1 + i] = streamKey[isLower ? i : words + i]
    }
    const row = this.#row()
    this.#outcomes[row * OUTCOMES.length + times.outcome]++
    if (!Number.isNaN(times.synRtt)) this.#synRtt[row].add(times.synRtt)
  }

  merge(other: HandshakeGroups): void {
    for (let theirs = 0; theirs < other.#table.size; theirs++) {
      this.#table.takeKey(other.#table, theirs)
      this.#mergeRow(this.#row(), other, theirs)
    }
    // A table that had no room has one row more, for the rest.
    const { limit } = other.#table
    if (other.#synRtt.length > limit) this.#mergeRow(this.#roomFor(this.#table.limit), other, limit)
  }

  #mergeRow(row: number, other: HandshakeGroups, theirs: number): void {
    for (let i = 0; i < OUTCOMES.length; i++)
      this.#outcomes[row * OUTCOMES.length + i] += other.#outcomes[theirs * OUTCOMES.length + i]
    this.#synRtt[row].merge(other.#synRtt[theirs])
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return {
      table: this.#table.save(),
      outcomes: this.#outcomes,
      synRtt: this.#synRtt.map((spread) => spread.save()),
    }
  }

  /** Takes over what `save` gave. */
  load(state: HandshakeGroupsState): void {
    this.#table.load(state.table)
    this.#outcomes = state.outcomes
    for (const saved of state.synRtt) {
      const spread = new Spread(EXACT_VALUES)
      spread.load(saved)
      this.#synRtt.push(spread)
    }
  }

  /** Slowest first, by the median; those without a time last; ties by key. */
  groups(): HandshakeGroup[] {
    const rows = this.#synRtt.map((synRtt, row) => ({ row, summary: synRtt.summary() }))
    rows.sort((a, b) => (b.summary.p50 ?? -1) - (a.summary.p50 ?? -1) || this.#compareKeys(a.row, b.row))
    return rows.map(({ row, summary }) => {
      const outcomes = outcomeCounts(this.#outcomes, row * OUTCOMES.length)
      const connections = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
      return { key: this.#keyOf(row), connections, outcomes, summary }
    })
  }

  #row(): number {
    return this.#roomFor(this.#table.row())
  }

  /** `row`, which has its columns now. */
  #roomFor(row: number): number {
    if (row >= this.#synRtt.length) {
      this.#synRtt.push(new Spread(EXACT_VALUES))
      this.#outcomes = growFloat64(this.#outcomes, (row + 1) * OUTCOMES.length - 1)
    }
    return row
  }

  #keyOf(row: number): string | number {
    if (row === this.#table.limit) return 'others'
    const word = (index: number) => this.#table.word(row, index)
    if (word(0) === PORT) return word(1)
    return word(0) === V4 ? formatIpv4(word(1)) : formatIpv6Words(word(1), word(2), word(3), word(4))
  }

  /** By number: of two addresses the lower first, IPv4 before IPv6. */
  #compareKeys(a: number, b: number): number {
    if (a === this.#table.limit || b === this.#table.limit) return a - b
    for (let i = 0; i < KEY_WIDTH; i++) {
      const difference = (this.#table.word(a, i) >>> 0) - (this.#table.word(b, i) >>> 0)
      if (difference !== 0) return difference
    }
    return 0
  }
}
