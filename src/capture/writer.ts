/** Writes packets to a capture file of either format. */
import type { CaptureWriter } from './capture-writer.ts'
import { Output } from './output.ts'
import { PcapWriter } from './pcap-writer.ts'
import { PcapngWriter } from './pcapng-writer.ts'

export type { CaptureWriter } from './capture-writer.ts'
export { Output } from './output.ts'
export { PcapWriter } from './pcap-writer.ts'
export { PcapngWriter } from './pcapng-writer.ts'

export type WriteFormat = 'pcap' | 'pcapng'

/** `-` is standard output. A file of that name is replaced when the capture is whole. Throws a `CaptureError` if it cannot be. */
export function createWriter(path: string, format: WriteFormat): CaptureWriter {
  return writerOn(new Output(path), format)
}

export function writerOn(output: Output, format: WriteFormat): CaptureWriter {
  return format === 'pcap' ? new PcapWriter(output) : new PcapngWriter(output)
}
