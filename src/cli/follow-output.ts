/** Where `follow` puts what two sides said. */
import type { Chunk, FollowSink, Gap, Side } from '../flow/follow.ts'
import type { StreamName } from '../flow/stream-name.ts'
import type { StreamEndpoints } from '../flow/streams.ts'
import { FollowHex, type FollowStyle, FollowText, gapText } from '../report/follow.ts'
import { chunkRecord, gapRecord } from '../report/follow-json.ts'
import { JsonStream } from '../report/json-stream.ts'
import { jsonText } from '../report/json-text.ts'
import { UsageError, warn } from './errors.ts'
import type { Io, Output } from './io.ts'

export const SCHEMA = 'pcapx.follow/1'

export interface FollowOutput extends FollowSink {
  /** Hands on what is buffered, if that is not in standard output. */
  flush?(): void
  /** The run is over; `facts` is what JSON says besides. */
  end(facts: object): void
}

/** Hands on what `side` says, or what both do. */
export function onlySide(output: FollowOutput, side: Side | null): FollowOutput {
  if (side === null) return output
  return {
    begin: (endpoints) => output.begin(endpoints),
    chunk: (chunk) => void (chunk.from === side && output.chunk(chunk)),
    gap: (gap) => void (gap.from === side && output.gap(gap)),
    flush: () => output.flush?.(),
    end: (facts) => output.end(facts),
  }
}

export function text(stdout: Output, name: StreamName, style: FollowStyle): FollowOutput {
  return new FollowText(name, style, (written) => void stdout.write(written))
}

export function hex(stdout: Output, name: StreamName, style: FollowStyle): FollowOutput {
  return new FollowHex(name, style, (written) => void stdout.write(written))
}

/** Octets gathered before they are written. */
const GATHERED = 64 * 1024
/** Gaps that are each worth a line on standard error. */
const GAPS_TOLD = 10

/** The octets themselves; of gaps standard error tells. */
export function raw(io: Io): FollowOutput {
  const { stdout } = io
  if (stdout.isTerminal)
    throw new UsageError('raw octets are not for a terminal', 'name a file: --as raw --side server > page.html')
  const gathered = new Uint8Array(GATHERED)
  let used = 0
  let gaps = 0
  const flush = () => {
    if (used > 0) stdout.writeBytes(gathered.subarray(0, used))
    used = 0
  }
  return {
    begin: () => {},
    chunk({ bytes, at, length }: Chunk) {
      if (used + length > GATHERED) flush()
      if (length > GATHERED) stdout.writeBytes(bytes.subarray(at, at + length))
      else {
        gathered.set(bytes.subarray(at, at + length), used)
        used += length
      }
    },
    gap(gap: Gap) {
      if (++gaps > GAPS_TOLD) return
      const place = `octet ${gap.offset} of the ${gap.from}`
      warn(io, gaps === GAPS_TOLD ? 'more octets are missing' : `${place}: ${gapText(gap).slice(1, -1)}`)
    },
    flush,
    end: flush,
  }
}

/** Gaps that the document lists; every offset tells of one, too. */
const GAPS_LISTED = 10_000

export function json(stdout: Output, name: StreamName): FollowOutput {
  let document: JsonStream | null = null
  const gaps: object[] = []
  let gapsOmitted = 0
  const begun = (endpoints: StreamEndpoints | null): JsonStream => {
    document ??= new JsonStream(SCHEMA, { ...name, ...sidesOf(endpoints) }, 'segments', (written) =>
      stdout.write(written),
    )
    return document
  }
  return {
    begin: (endpoints) => void begun(endpoints),
    chunk: (chunk) => void begun(null).item(jsonText(chunkRecord(chunk))),
    gap(gap) {
      if (gaps.length < GAPS_LISTED) gaps.push(gapRecord(gap))
      else gapsOmitted++
    },
    end: (facts) => begun(null).end({ gaps, gapsOmitted, ...facts }),
  }
}

export function jsonLines(stdout: Output, name: StreamName): FollowOutput {
  let sides = sidesOf(null)
  const line = (record: object) => void stdout.write(`${jsonText(record)}\n`)
  return {
    begin(endpoints) {
      sides = sidesOf(endpoints)
    },
    chunk: (chunk) => line({ type: 'segment', ...chunkRecord(chunk) }),
    gap: (gap) => line({ type: 'gap', ...gapRecord(gap) }),
    end: (facts) => line({ type: 'summary', schema: SCHEMA, ...name, ...sides, ...facts }),
  }
}

/** Null for a stream that is not there. */
function sidesOf(endpoints: StreamEndpoints | null): object {
  if (endpoints === null) return { client: null, server: null, clientGuessed: null }
  const { client, server, guessed } = endpoints
  return { client, server, clientGuessed: guessed }
}
