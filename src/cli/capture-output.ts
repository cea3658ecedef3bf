/** `filter -w`: the packets that match, as a capture. */
import { statSync } from 'node:fs'
import type { CaptureInfo } from '../capture/info.ts'
import { type CaptureWriter, createWriter, type WriteFormat } from '../capture/writer.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import type { PacketOutput } from './packet-output.ts'

/** Opened with the first capture, whose format it takes over. */
export function captureFile(io: Io, path: string, captures: readonly string[]): PacketOutput {
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
    end: () => {},
    close: () => writer?.close(),
  }
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
