/**
 * Whether a part of a capture, which began without the fragments that earlier parts had left, put together what it would have
 * with them.
 *
 * A part is decoded from a little before its first packet on, so that datagrams that span its beginning are known. What it misses
 * are fragments from long ago whose datagram never became whole. They matter if their datagram's name is used again: then what
 * became of it is gone through once more, with them.
 */
import { type Datagram, joinFragment, newDatagram } from './datagram.ts'
import { MAX_DATAGRAMS, MAX_FRAGMENTS, MAX_OCTETS } from './reassembly.ts'
import {
  type HashedPiece,
  IS_LAST,
  MADE_WHOLE,
  type OpenDatagram,
  ROW_FACTS,
  ROW_HASH,
  ROW_KEY,
  ROW_LENGTH,
  ROW_OFFSET,
  ROW_WIDTH,
  type SavedReassemblyLog,
} from './reassembly-log.ts'

/** What a part says of its fragments. */
export interface PartReassembly {
  /** What was open at its beginning, as far as it knows, and at its end. */
  readonly before: readonly OpenDatagram[]
  readonly after: readonly OpenDatagram[]
  readonly log: SavedReassemblyLog
  /** Datagrams given up because a ceiling was reached. */
  readonly abandoned: number
}

/**
 * `open` is what was open at the end of the part before. Returns what is open at the end of this one; null if the part may have
 * put together something else than it would have.
 */
export function continueReassembly(open: readonly OpenDatagram[], part: PartReassembly): OpenDatagram[] | null {
  const octets = open.reduce((sum, { pieces }) => sum + octetsOf(pieces), 0)
  if (part.abandoned > 0) return null
  // Then older ones might have been given up.
  if (octets + part.log.peakOctets > MAX_OCTETS || open.length + part.log.peakDatagrams > MAX_DATAGRAMS) return null
  const truly = byKey(open)
  const supposed = byKey(part.before)
  const after = byKey(part.after)
  const rows = new Rows(part.log)
  for (const key of new Set([...truly.keys(), ...supposed.keys()])) {
    const was = truly.get(key)
    if (isSame(was, supposed.get(key))) continue
    const left = replay(was, supposed.get(key), rows.of(key), after.get(key))
    if (left === null) return null
    if (left === undefined || left.pieces.length === 0) after.delete(key)
    else after.set(key, left)
  }
  return [...after.values()]
}

/** A row of the log. */
interface Row extends HashedPiece {
  readonly isLast: boolean
  readonly madeWhole: boolean
}

class Rows {
  readonly #log: SavedReassemblyLog
  #byKey: Map<string, Row[]> | null = null

  constructor(log: SavedReassemblyLog) {
    this.#log = log
  }

  of(key: string): readonly Row[] {
    this.#byKey ??= this.#sort()
    return this.#byKey.get(key) ?? []
  }

  #sort(): Map<string, Row[]> {
    const sorted = new Map<string, Row[]>(this.#log.keys.map((key) => [key, []]))
    const lists = [...sorted.values()]
    const { rows, count } = this.#log
    for (let row = 0, at = 0; row < count; row++, at += ROW_WIDTH)
      lists[rows[at + ROW_KEY]].push({
        offset: rows[at + ROW_OFFSET],
        length: rows[at + ROW_LENGTH],
        hash: rows[at + ROW_HASH],
        isLast: (rows[at + ROW_FACTS] & IS_LAST) !== 0,
        madeWhole: (rows[at + ROW_FACTS] & MADE_WHOLE) !== 0,
      })
    return sorted
  }
}

/**
 * Goes through what came of one datagram, from what it truly was at the beginning, and not what it was `supposed` to be. Returns
 * what is left of it at the end; null if something else would have come of it. `after` is what the part has left.
 */
function replay(
  was: OpenDatagram | undefined,
  supposed: OpenDatagram | undefined,
  rows: readonly Row[],
  after: OpenDatagram | undefined,
): OpenDatagram | null | undefined {
  if (rows.length === 0) return was
  const datagram = continued(was)
  const assumed = continued(supposed)
  const key = (was ?? supposed)?.key ?? ''
  for (const row of rows) {
    const isWhole = joinFragment(datagram, row, row.isLast)
    joinFragment(assumed, row, row.isLast)
    if (isWhole !== row.madeWhole) return null
    // Of the same octets, up to the same end, the same was put together; what comes next begins anew.
    if (isWhole)
      return datagram.length === assumed.length && areSame(datagram.fragments, assumed.fragments) ? after : null
    if (datagram.fragments.length >= MAX_FRAGMENTS) return null
  }
  return { key, length: datagram.length, pieces: datagram.fragments }
}

/** As it was left, to be gone on with. */
function continued(open: OpenDatagram | undefined): Datagram<HashedPiece> {
  const datagram: Datagram<HashedPiece> = newDatagram()
  for (const piece of open?.pieces ?? []) joinFragment(datagram, piece, false)
  datagram.length = open?.length ?? -1
  return datagram
}

/** Whether the two have the same pieces, however often each; and no two pieces at one place that differ. */
function areSame(a: readonly HashedPiece[], b: readonly HashedPiece[]): boolean {
  const names = (pieces: readonly HashedPiece[]) => new Set(pieces.map(nameOf))
  const [inA, inB] = [names(a), names(b)]
  if (inA.size !== inB.size || new Set(a.map(({ offset }) => offset)).size !== inA.size) return false
  for (const name of inA) if (!inB.has(name)) return false
  return true
}

function nameOf({ offset, length, hash }: HashedPiece): string {
  return `${offset} ${length} ${hash}`
}

function isSame(a: OpenDatagram | undefined, b: OpenDatagram | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.length !== b.length || a.pieces.length !== b.pieces.length) return false
  return a.pieces.every((piece, i) => nameOf(piece) === nameOf(b.pieces[i]))
}

function octetsOf(pieces: readonly HashedPiece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

function byKey(datagrams: readonly OpenDatagram[]): Map<string, OpenDatagram> {
  return new Map(datagrams.map((datagram) => [datagram.key, datagram]))
}
