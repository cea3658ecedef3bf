/** `filter -w`, `extract -w`: packets, as a capture. */
import { statSync } from 'node:fs'
import type { PacketRecord } from '../capture/capture-writer.ts'
import type { CaptureInfo } from '../capture/info.ts'
import { type CaptureWriter, createWriter, type WriteFormat } from '../capture/writer.ts'
import { UsageError, warn } from './errors.ts'
import type { Io } from './io.ts'
import type { PacketOutput } from './packet-output.ts'

export interface CaptureFile extends PacketOutput {
  start(info: CaptureInfo): void
  packet(packet: PacketRecord): boolean
  flush(): void
  close(): void
}

/** Opened with the first capture, whose format it takes over. */
export function captureFile(io: Io, path: string, captures: readonly string[]): CaptureFile {
  if (path === '-' && io.stdout.isTerminal)
    throw new UsageError('a capture is not for a terminal', 'name a file, or pipe it: -w - | pcapx rtt')
  for (const capture of captures)
    if (isSame(capture, path)) throw new UsageError(`${path} is being read; write to another file`)
  let writer: CaptureWriter | null = null
  return {
    needs: [],
    saysCount: true,
    start(info) {
      writer ??= createWriter(path, formatFor(path, info, captures))
      writer.from(info)
    },
    packet(packet) {
      writer!.write(packet)
      return !writer!.closed
    },
    flush: () => writer?.flush(),
    end() {
      const lost = writer?.lost ?? []
      if (lost.length > 0) warn(io, `pcap has no place for ${listed(lost)}: a name that ends in .pcapng keeps them`)
    },
    close: () => writer?.close(),
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

/** One file under two names too. */
function isSame(one: string, other: string): boolean {
  if (one === '-' || other === '-') return false
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }))
  return a?.isFile() === true && b !== undefined && a.dev === b.dev && a.ino === b.ino
}
