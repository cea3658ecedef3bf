/** Analysing one part of a capture, in a thread of its own. */
import type { CaptureInfo } from '../capture/info.ts'
import { readPart } from '../capture/read-part.ts'
import type { PartReassembly } from '../packet/reassembly-check.ts'
import { type OpenDatagram, ReassemblyLog } from '../packet/reassembly-log.ts'
import { decode } from '../protocols/decode.ts'
import { type AnalyzerSpec, makerOf } from './analyzers.ts'
import { newContext, type SavedContext, saveContext } from './context.ts'
import { PACKETS_PER_LOOK, type PartProgress } from './part-progress.ts'
import { newPacket } from './run.ts'

export interface PartSpec {
  readonly file: string
  /** Octets of the file; the record in whose middle the part begins is the part's before. */
  readonly from: number
  readonly to: number
  readonly analyzer: AnalyzerSpec
  /** A display filter; null for all packets. */
  readonly expression: string | null
  readonly maxStreams: number | undefined
}

/** What is known of a part, as plain data. */
export interface PartOutcome {
  /** Where its first record begins, and where the one behind its last does. */
  readonly start: number
  readonly end: number
  readonly info: CaptureInfo
  readonly matched: number
  readonly analyzer: unknown
  /** Null if the analyzer needs nothing of it. */
  readonly context: SavedContext | null
  readonly reassembly: PartReassembly
}

/** Octets before a part that are decoded with it. Datagrams that span the cut are whole then. */
const LEAD = 8 * 1024 * 1024
/** More datagrams than this are not on their way at once: they will never be whole. */
const MAX_OPEN = 8

/**
 * Null if the part cannot be analysed by itself: no record was recognised, it is damaged, or the end of some datagrams seems to be
 * missing from the capture, so that it matters what is left of how many. Throws a `CaptureError` if it cannot be read.
 */
export async function analyzePart(spec: PartSpec, progress: PartProgress): Promise<PartOutcome | null> {
  const context = newContext({ continues: true, maxStreams: spec.maxStreams })
  const analyzer = (await makerOf(spec.analyzer))(context)
  const { expression } = spec
  const filter = expression === null ? null : (await import('../filter/filter.ts')).compileFilter(expression)
  const needs = new Set(analyzer.needs)
  const streams = needs.size > 0 ? context.streams : null
  const applications = needs.has('applications') ? context.applications : null
  const packet = newPacket()
  const reassembler = packet.reassembler!
  const log = new ReassemblyLog()
  let before: OpenDatagram[] = []
  let matched = 0

  const read = await readPart(spec.file, { from: spec.from, to: spec.to, lead: LEAD }, packet, {
    onLead: () => {
      decode(packet)
      return packet.number % PACKETS_PER_LOOK === 0 && progress.look(0)
    },
    onStart: () => {
      packet.number = 0
      before = reassembler.open()
      reassembler.log = log
      return before.length <= MAX_OPEN
    },
    onPacket: () => {
      decode(packet)
      if (streams !== null) streams.track(packet)
      if (applications !== null) applications.track(packet)
      if (filter === null || filter.matches(packet)) {
        matched++
        analyzer.observe(packet)
      }
      return packet.number % PACKETS_PER_LOOK === 0 && progress.look(packet.number)
    },
  })
  if (read === null || read.info.damage !== null || analyzer.save === undefined) return null
  const reassembly = { before, after: reassembler.open(), log: log.save(), abandoned: reassembler.abandoned }
  const saved = streams === null ? null : saveContext(context)
  return { ...read, matched, analyzer: analyzer.save(), context: saved, reassembly }
}
