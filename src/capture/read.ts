/** Reads a capture of any format from a source, packet by packet. */
import { read32, read32le } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import type { ByteSource } from '../source/source.ts'
import type { CaptureInfo } from './info.ts'
import { notACapture } from './not-a-capture.ts'
import { FILE_HEADER_LENGTH, isPcap, PcapReader } from './pcap.ts'
import { isPcapng, PcapngReader } from './pcapng.ts'
import { MORE, type OnPacket, type ReadOptions, type RecordReader, SKIP } from './reader.ts'
import { Window } from './window.ts'

export type { CaptureInfo, InterfaceInfo } from './info.ts'
export type { OnPacket, ReadOptions } from './reader.ts'

/**
 * Fills `packet` with one record after the other and calls `onPacket` for each; it decodes nothing. Numbers go on from
 * `packet.number`. Damage does not throw: it ends the reading and stands in what is returned, with the packets before
 * it counted. Throws a `CaptureError` if the source cannot be read at all or is not a capture. Does not close the source.
 */
export async function readCapture(
  source: ByteSource,
  packet: Packet,
  onPacket: OnPacket,
  options: ReadOptions = {},
): Promise<CaptureInfo> {
  const window = new Window(source, options.signal, options.scratchLength, options.gap)
  try {
    const reader = await recognise(window, packet, source, options)
    if (options.until !== undefined && reader instanceof PcapReader) reader.until = options.until
    options.onStart?.(reader.info)
    await readRecords(reader, window, onPacket)
    return reader.info
  } finally {
    window.release()
  }
}

export async function readRecords(reader: RecordReader, window: Window, onPacket: OnPacket): Promise<void> {
  const { info } = reader
  for (;;) {
    const outcome = reader.walk(onPacket)
    if (outcome !== MORE && outcome !== SKIP) break
    const record = window.offset(window.at)
    if (outcome === MORE ? await window.more() : await window.skip(reader.skipLength)) continue
    // The source is at its end. Between two records that is how it should be.
    if (window.offset(window.end) > record && !window.aborted) markTruncated(info, record)
    break
  }
  info.bytes = window.offset(window.at)
  const { failure } = window
  if (failure !== null) {
    if (failure.fault === 'cut-short') markTruncated(info, info.bytes)
    else info.damage ??= failure
  }
}

async function recognise(
  window: Window,
  packet: Packet,
  source: ByteSource,
  options: ReadOptions,
): Promise<RecordReader> {
  while (window.end - window.at < FILE_HEADER_LENGTH && (await window.more()));
  const { bytes, at, end, failure } = window
  if (end - at >= FILE_HEADER_LENGTH) {
    if (isPcap(read32(bytes, at)) || isPcap(read32le(bytes, at))) return new PcapReader(window, packet, source.name)
    if (isPcapng(bytes, at)) return new PcapngReader(window, packet, source.name, options.comments === true)
  }
  if (failure !== null && (end === at || failure.fault === 'unreadable')) throw failure
  throw notACapture(source, bytes.subarray(at, end))
}

function markTruncated(info: CaptureInfo, at: number): void {
  info.truncated = true
  info.truncatedAt ??= at
}
