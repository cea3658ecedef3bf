/**
 * What a command has to say, before it is known whether a person or a program listens.
 *
 * A report keeps data and view apart: `summary` and `lists` become JSON, `csv` becomes rows, and `view` is what a person
 * sees. Rendering (`render.ts`) knows the formats; a report knows none of them.
 */

/** How a piece of text is meant; what that looks like is the terminal's business. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'warning' | 'bad'

/** Text for people. It may come from packets: it is escaped on its way to a terminal. */
export type Cell = string | { readonly text: string; readonly tone: Tone }

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** On a terminal that is too narrow, columns that have this are left out, the highest first, and the table says so. */
  readonly dropFirst?: number
  /** Text that may go on in the next line of its cell. */
  readonly wraps?: boolean
}

export interface Table {
  readonly kind: 'table'
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** Without a line of titles. */
  readonly bare?: boolean
  /** How many more rows there are. */
  readonly omitted?: number
}

export interface Line {
  readonly kind: 'line'
  readonly cell: Cell
}

export type Block = Table | Line

/** What becomes an array in the JSON document, and lines in JSONL. */
export interface RecordList {
  /** Its key in the JSON document: `handshakes`. */
  readonly key: string
  /** What `type` says on a line of JSONL: `handshake`. */
  readonly type: string
  readonly records: readonly object[]
  /** How many records `--top` left out. */
  readonly omitted: number
}

export interface Csv {
  readonly columns: readonly string[]
  /** Made only when CSV is asked for. */
  readonly rows: () => Iterable<readonly Scalar[]>
}

export type Scalar = string | number | boolean | null | undefined

export interface Report {
  /** Name and version of the JSON document: `pcapx.rtt/1`. */
  readonly schema: string
  /** The keys of the JSON document that are not lists. */
  readonly summary: Readonly<Record<string, unknown>>
  readonly lists: readonly RecordList[]
  readonly csv: Csv
  /** `width` is that of the terminal, for what cannot be laid out without knowing it; Infinity where there is none. */
  view(width?: number): Block[]
}

/** What is true of every run, whatever it counted. */
export interface RunFacts {
  readonly captures: readonly string[]
  readonly filter: string | null
  readonly packetsRead: number
  readonly packetsMatched: number
  /** Stopped early by the user: there was more to read. */
  readonly partial: boolean
  /** A capture ends in the middle of a record. */
  readonly truncated: boolean
  readonly damage: Damage | null
  /** With `--recover`: what was passed over behind damage. */
  readonly skipped?: { readonly gaps: number; readonly bytes: number }
  /** Conversations whose state was given up to stay within memory: what later messages refer to may not be known. */
  readonly forgottenConversations?: number
}

export interface Damage {
  readonly file: string
  readonly record: number | null
  readonly offset: number | null
  readonly message: string
}

/** The first `top` of a list, and how many that leaves out. */
export function take<T>(list: readonly T[], top: number): { shown: readonly T[]; omitted: number } {
  if (list.length <= top) return { shown: list, omitted: 0 }
  return { shown: list.slice(0, top), omitted: list.length - top }
}

export function line(text: string, tone: Tone = 'plain'): Line {
  return { kind: 'line', cell: { text, tone } }
}
