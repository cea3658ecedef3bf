/** Reads a capture of any format from a source, packet by packet. */
import { read32, read32le } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import type { ByteSource } from '../source/source.ts'
import { CaptureError } from './errors.ts'
import type { CaptureInfo } from './info.ts'
import { notACapture } from './not-a-capture.ts'
import { FILE_HEADER_LENGTH, isPcap, PcapReader } from './pcap.ts'
import { isPcapng, PcapngReader } from './pcapng.ts'
import { DAMAGED, MORE, type OnPacket, type ReadOptions, type RecordReader, SKIP, SKIPPED_END } from './reader.ts'
import { Recovery } from './recovery.ts'
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
  const window = new Window(source, options.signal, options.scratchLength, options.gap, options.spare)
  try {
    const reader = await recognise(window, packet, source, options)
    if (options.until !== undefined && reader instanceof PcapReader) reader.until = options.until
    options.onStart?.(reader.info)
    // Behind a file header that is not understood nothing is.
    const recovers = options.recover === true && reader.info.damage === null
    await readRecords(reader, window, onPacket, recovers ? new Recovery(reader, window) : null)
    return reader.info
  } finally {
    window.release()
  }
}

export async function readRecords(
  reader: RecordReader,
  window: Window,
  onPacket: OnPacket,
  recovery: Recovery | null = null,
): Promise<void> {
  const { info } = reader
  for (;;) {
    const outcome = reader.walk(onPacket)
    if (outcome === DAMAGED && recovery !== null && (await recovery.goOn())) continue
    if (outcome !== MORE && outcome !== SKIP) break
    const record = window.offset(window.at)
    if (outcome === MORE ? await window.more() : await skip(reader, window)) continue
    if (info.damage !== null) break
    if (recovery?.goOnBehindCut() === true) continue
    // The source is at its end. Between two records that is how it should be.
    if (window.offset(window.end) > record && !window.aborted) markTruncated(info, record)
    break
  }
  // A damaged block may have been passed over before its end was seen.
  info.bytes = (recovery === null ? info.damage?.offset : undefined) ?? window.offset(window.at)
  const { failure } = window
  if (failure !== null) {
    if (failure.fault === 'cut-short') {
      markTruncated(info, info.bytes)
      info.truncation = failure.message
    } else info.damage ??= locate(failure, info)
  }
  recovery?.end()
}

/** Passes over a block whose end is not here yet. False if the source ends before, or if the block is damaged. */
async function skip(reader: RecordReader, window: Window): Promise<boolean> {
  const record = window.offset(window.at)
  if (!(await window.skip(reader.skipLength - SKIPPED_END))) return false
  while (window.end - window.at < SKIPPED_END) if (!(await window.more())) return false
  if (!reader.endsSkipped(record)) return false
  window.at += SKIPPED_END
  return true
}

/** What was wrong with the source, and how far the capture could be read. */
function locate(failure: CaptureError, { file, bytes }: CaptureInfo): CaptureError {
  if (failure.fault !== 'damaged' || failure.offset !== undefined) return failure
  const { message, cause, hint } = failure
  const what = `${message}; the capture could be read up to its byte ${bytes}`
  return new CaptureError('damaged', what, { file, offset: bytes, hint, cause })
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
    if (isPcapng(bytes, at)) return new PcapngReader(window, packet, source.name, options)
  }
  if (failure !== null && (end === at || failure.fault === 'unreadable')) throw failure
  // However many have come so far: what is said must not depend on it.
  throw notACapture(source, bytes.subarray(at, Math.min(end, at + FILE_HEADER_LENGTH)))
}

function markTruncated(info: CaptureInfo, at: number): void {
  info.truncated = true
  info.truncatedAt ??= at
}
