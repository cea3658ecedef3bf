/**
 * One pass: sources are read, packets decoded, filtered and handed on. What nobody asks for is not computed.
 *
 * Damage does not throw: what came before it has been handed on, and the outcome names it.
 */
import { CaptureError } from '../capture/errors.ts'
import { type CaptureInfo, readCapture } from '../capture/read.ts'
import { openRest } from '../capture/read-part.ts'
import { SpareBlocks } from '../capture/spare-blocks.ts'
import type { CompiledFilter } from '../filter/filter.ts'
import { Dissection } from '../flow/dissection.ts'
import { IcmpEchoes } from '../flow/icmp-echoes.ts'
import { TcpAnalysis } from '../flow/tcp-analysis.ts'
import { UdpTimes } from '../flow/udp-times.ts'
import { MESSAGES_LENGTH, Packet, SCRATCH_LENGTH } from '../packet/packet.ts'
import { Reassembler } from '../packet/reassembly.ts'
import { Secrets } from '../packet/secrets.ts'
import { decode } from '../protocols/decode.ts'
import type { Need } from '../protocols/field.ts'
import { openSource } from '../source/open.ts'
import type { ByteSource } from '../source/source.ts'
import type { AnalyzerSpec } from './analyzers.ts'
import { newContext, type RunContext } from './context.ts'
import { PACKETS_PER_LOOK } from './part-progress.ts'

export type { RunContext }

export interface RunOptions {
  /** Only packets that match reach the visitor or the analyzer. */
  readonly filter?: CompiledFilter | null
  /** State across packets that the visitor reads; what the filter and the analyzer need is added. */
  readonly needs?: Iterable<Need>
  /** Stops early: what was counted so far is the answer, marked partial. */
  readonly signal?: AbortSignal
  /** Called now and then, for a progress bar. */
  readonly onProgress?: (progress: Progress) => void
  /** Called when a capture is open, before its first packet. */
  readonly onStart?: (info: CaptureInfo) => void
  /** Called when all is read, before `analyze` asks for the result. */
  readonly onRead?: () => void
  /** TCP and UDP streams each that are kept at once; past it those idle longest are closed out. */
  readonly maxStreams?: number
  /** The analyzer sees all packets, and its `mark` is called after those that match. */
  readonly wholeFlows?: boolean
  /** Opens the captures; files and standard input, decompressed, if not given. */
  readonly open?: (name: string) => Promise<ByteSource>
  /** Read the names, descriptions and comments that pcapng carries. */
  readonly comments?: boolean
  /** Go on behind damage, at the next record that can be recognised. In one thread. */
  readonly recover?: boolean
  /** Several threads for one capture, where that is possible and pays. `analyze` alone heeds it. */
  readonly parallel?: Parallel
}

/** What other threads have to know, to which no function can be handed. */
export interface Parallel {
  /** The analyzer, which `make` makes here. */
  readonly analyzer: AnalyzerSpec
  /** What `RunOptions.filter` was compiled from. */
  readonly expression: string | null
  /** Threads at most, this one included. */
  readonly jobs: number
  /** The module that a thread runs: it calls `work` of `engine/worker.ts`. */
  readonly worker: URL
  /** Packets below which a part is not worth a thread. */
  readonly leastPackets: number
}

export interface Progress {
  /** The capture being read. */
  readonly file: string
  /** Octets of it that have been read, and that there are (null for a pipe); compressed, if it is compressed. */
  readonly bytes: number
  readonly size: number | null
  /** Packets read, all captures together. */
  readonly packets: number
}

/** What became of a run. */
export interface Run {
  /** Packets read, and packets that passed the filter. */
  readonly packets: number
  readonly matched: number
  /** One for each file that is a capture. */
  readonly captures: readonly CaptureInfo[]
  /** Stopped by the signal before the end. */
  readonly partial: boolean
  /** A capture ends inside a record. */
  readonly truncated: boolean
  /** What could not be read, or not to its end, in the order of the captures. Others were read all the same. */
  readonly failures: readonly CaptureError[]
  /** Conversations whose decoders' state was given up to stay within memory; what they said before is not known later on. */
  readonly forgotten: number
}

/** Called for each packet that passes the filter; `true` stops the run. */
export type Visit = (packet: Packet, context: RunContext) => boolean | void

/** Reads the captures one after the other and calls `visit` for each packet that matches; `true` stops the run. */
export function forEachPacket(files: readonly string[], options: RunOptions, visit: Visit): Promise<Run> {
  return runOver(files, options, newContext(options), visit)
}

export interface Stretch {
  /** Offset of the record that a pcap file is read from; needs a `packet` that has read those before. */
  readonly from?: number
  /** See `ReadOptions.until`. */
  readonly until?: () => number
}

/** Whoever analyses one capture after the other takes no new memory for each. */
const blocks = new SpareBlocks()

/** The run behind the others, over a `packet` that the caller may have made, and over a stretch of the captures. */
export async function runOver(
  files: readonly string[],
  options: RunOptions & Stretch,
  context: RunContext,
  visit: Visit,
  packet = newPacket(),
): Promise<Run> {
  const { filter = null, signal, onProgress, open = openSource } = options
  const needs = new Set<Need>([...(options.needs ?? []), ...(filter?.needs ?? [])])
  const names = needs.has('names') ? context.names : null
  const applications = names !== null || needs.has('applications') ? context.applications : null
  const dissectsAll = needs.has('dissection')
  const dissection = dissectsAll || names !== null ? new Dissection(context.streams) : null
  const analysis = dissectsAll || needs.has('analysis') ? new TcpAnalysis(context.streams) : null
  const losses = needs.has('losses') ? context.losses : null
  const udpTimes = needs.has('udpTimes') ? new UdpTimes() : null
  const echoes = needs.has('echoes') ? new IcmpEchoes() : null
  const needsStreams = needs.has('streams') || (applications ?? losses ?? analysis ?? udpTimes) !== null
  const streams = needsStreams ? context.streams : null
  const clock = needs.has('times') ? new Clock() : null
  if (dissection !== null) packet.secrets = new Secrets()
  const captures: CaptureInfo[] = []
  let matched = 0
  let stopped = false
  const failures: CaptureError[] = []

  let source: ByteSource | null = null
  const onPacket = (): boolean => {
    decode(packet)
    if (streams !== null) streams.track(packet)
    if (applications !== null) applications.track(packet)
    if (losses !== null) losses.track(packet)
    if (analysis !== null) analysis.track(packet)
    if (udpTimes !== null) udpTimes.track(packet)
    if (echoes !== null) echoes.track(packet)
    if (dissection !== null && (dissectsAll || names?.wants(packet) === true)) dissection.dissect(packet)
    if (names !== null) names.track(packet)
    if (clock !== null) clock.tick(packet)
    if (filter === null || filter.matches(packet)) {
      matched++
      if (clock !== null) clock.display(packet)
      if (visit(packet, context) === true) stopped = true
    }
    if (packet.number % PACKETS_PER_LOOK === 0) {
      if (signal?.aborted) stopped = true
      if (onProgress !== undefined && source !== null)
        onProgress({ file: source.name, bytes: source.position, size: source.size, packets: packet.number })
    }
    return stopped
  }

  for (const file of files) {
    if (stopped || signal?.aborted) break
    try {
      const rest = options.from === undefined ? null : await openRest(file, options.from)
      source = rest?.source ?? (await open(file))
      const info = await readCapture(source, packet, onPacket, {
        signal,
        comments: options.comments,
        recover: options.recover,
        scratchLength: dissection === null ? SCRATCH_LENGTH : SCRATCH_LENGTH + MESSAGES_LENGTH,
        onStart: options.onStart,
        until: options.until,
        gap: rest?.gap,
        spare: blocks,
      })
      captures.push(info)
      if (info.damage !== null) failures.push(info.damage)
    } catch (error) {
      // What cannot be written is nothing that the next capture could do without.
      if (!(error instanceof CaptureError) || error.fault === 'unwritable') throw error
      failures.push(error)
    } finally {
      await source?.close()
      source = null
    }
  }
  return {
    packets: packet.number,
    matched,
    captures,
    partial: signal?.aborted ?? false,
    truncated: captures.some((capture) => capture.truncated),
    failures,
    forgotten: dissection?.forgotten ?? 0,
  }
}

/** A packet that puts fragments together. */
export function newPacket(): Packet {
  const packet = new Packet()
  packet.reassembler = new Reassembler()
  return packet
}

/** Keeps the times that `frame.time_relative`, `frame.time_delta` and `frame.time_delta_displayed` are measured from. */
class Clock {
  #hasFirst = false
  #seconds = 0
  #nanoseconds = 0
  #hasDisplayed = false
  #displayedSeconds = 0
  #displayedNanoseconds = 0

  /** Hot. */
  tick(packet: Packet): void {
    // Times are measured between packets that have one.
    if (!packet.hasTime) return
    if (!this.#hasFirst) {
      this.#hasFirst = true
      packet.firstSeconds = packet.seconds
      packet.firstNanoseconds = packet.nanoseconds
      this.#seconds = packet.seconds
      this.#nanoseconds = packet.nanoseconds
    }
    packet.previousSeconds = this.#seconds
    packet.previousNanoseconds = this.#nanoseconds
    packet.displayedSeconds = this.#hasDisplayed ? this.#displayedSeconds : packet.seconds
    packet.displayedNanoseconds = this.#hasDisplayed ? this.#displayedNanoseconds : packet.nanoseconds
    this.#seconds = packet.seconds
    this.#nanoseconds = packet.nanoseconds
  }

  /** Hot: the packet passed the filter. */
  display(packet: Packet): void {
    if (!packet.hasTime) return
    this.#hasDisplayed = true
    this.#displayedSeconds = packet.seconds
    this.#displayedNanoseconds = packet.nanoseconds
  }
}
