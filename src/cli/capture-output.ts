/** `filter -w`, `extract -w`: packets, as a capture. */
import { fstatSync, type Stats, statSync } from 'node:fs'
import type { PacketRecord } from '../capture/capture-writer.ts'
import type { CaptureInfo } from '../capture/info.ts'
import { type CaptureWriter, Output, type WriteFormat, writerOn } from '../capture/writer.ts'
import { UsageError, warn } from './errors.ts'
import type { Io } from './io.ts'
import type { PacketOutput } from './packet-output.ts'

export interface CaptureFile extends PacketOutput {
  start(info: CaptureInfo): void
  packet(packet: PacketRecord): boolean
  flush(): void
  close(): void
}

/** The capture is written in the format of the first one read. It is whole, and takes its name, with `end`; without, nothing is left. */
export function captureFile(io: Io, path: string, captures: readonly string[]): CaptureFile {
  if (path === '-' && io.stdout.isTerminal)
    throw new UsageError('a capture is not for a terminal', 'name a file, or pipe it: -w - | pcapx rtt')
  for (const capture of captures)
    if (isSame(capture, path))
      throw new UsageError(`${path === '-' ? 'standard output' : path} is being read; write to another file`)
  // Before anything is read: what cannot be written is said at once, and a named pipe that nobody reads is waited for while
  // signals still end the process.
  const output = new Output(path)
  let writer: CaptureWriter | null = null
  return {
    needs: [],
    saysCount: true,
    start(info) {
      writer ??= writerOn(output, formatFor(path, info, captures))
      writer.from(info)
    },
    packet(packet) {
      writer!.write(packet)
      return !writer!.closed
    },
    flush: () => writer?.flush(),
    end() {
      // A signal waits until the file has its name: it would leave the one aside behind.
      const release = io.onSignal(() => {})
      try {
        writer?.close()
      } finally {
        release()
      }
      const lost = writer?.lost ?? []
      if (lost.length > 0) warn(io, `pcap has no place for ${listed(lost)}: a name that ends in .pcapng keeps them`)
    },
    close: () => output.discard(),
  }
}

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** What the name says; else pcap for one pcap, and pcapng for several captures, which may differ in link type. */
function formatFor(path: string, info: CaptureInfo, captures: readonly string[]): WriteFormat {
  if (/\.pcapng$/i.test(path)) return 'pcapng'
  if (/\.pcap$/i.test(path)) return 'pcap'
  return captures.length === 1 && info.format === 'pcap' ? 'pcap' : 'pcapng'
}

const STANDARD_INPUT = 0
const STANDARD_OUTPUT = 1

/** One file under two names too, or under none: redirected. */
function isSame(capture: string, written: string): boolean {
  const a = statusOf(capture, STANDARD_INPUT)
  const b = statusOf(written, STANDARD_OUTPUT)
  return a?.isFile() === true && b !== undefined && a.dev === b.dev && a.ino === b.ino
}

function statusOf(path: string, standard: number): Stats | undefined {
  return path === '-' ? fstatSync(standard) : statSync(path, { throwIfNoEntry: false })
}
