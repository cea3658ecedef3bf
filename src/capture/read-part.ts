/**
 * Reads a part of a pcap file: the records that begin within a range of it. Of which record the range's first octet is in the middle
 * is not known; one is found before (`boundary.ts`), and the records between are handed over too, to warm up what depends on
 * earlier packets.
 */
import { read32, read32le } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { openFileAt } from '../source/file.ts'
import { PrefixedSource } from '../source/prefixed.ts'
import type { ByteSource } from '../source/source.ts'
import { findRecord } from './boundary.ts'
import type { CaptureInfo } from './info.ts'
import { FILE_HEADER_LENGTH, isPcap, PcapReader } from './pcap.ts'
import { readRecords } from './read.ts'
import type { OnPacket } from './reader.ts'
import { Window } from './window.ts'

/** Where a part is, in octets of the file. */
export interface PartPlace {
  readonly from: number
  /** One past the last. */
  readonly to: number
  /** Octets before the part that are read for warming up. */
  readonly lead: number
}

export interface PartVisitor {
  /** For the records before the part. */
  readonly onLead: OnPacket
  /** Behind those; false to leave it at that. */
  readonly onStart: () => boolean
  readonly onPacket: OnPacket
}

export interface PartRead {
  readonly info: CaptureInfo
  /** Where the first record of the part begins, and where the one behind its last does. */
  readonly start: number
  readonly end: number
}

/**
 * Null if no record could be recognised, if the file is not pcap, or if `visitor` did not want it. Throws a `CaptureError` if it
 * cannot be read.
 */
export async function readPart(
  path: string,
  { from, to, lead }: PartPlace,
  packet: Packet,
  { onLead, onStart, onPacket }: PartVisitor,
): Promise<PartRead | null> {
  const opened: ByteSource[] = []
  const open = async (position: number): Promise<ByteSource | null> => {
    const source = await openFileAt(path, position)
    if (source !== null) opened.push(source)
    return source
  }
  try {
    const header = await octets(await open(0), FILE_HEADER_LENGTH)
    const searched = Math.max(FILE_HEADER_LENGTH, from - lead)
    const records = await open(searched)
    if (records === null || header.length < FILE_HEADER_LENGTH) return null
    const window = new Window(new PrefixedSource(records, header), undefined, undefined, searched - FILE_HEADER_LENGTH)
    await window.more()
    const { bytes } = window
    if (!isPcap(read32(bytes, window.at)) && !isPcap(read32le(bytes, window.at))) return null
    const reader = new PcapReader(window, packet, path)
    if (searched > FILE_HEADER_LENGTH) {
      const { form } = reader
      const offset = form === null ? -1 : findRecord(bytes.subarray(window.at, window.end), form)
      if (offset < 0) return null
      window.at += offset
    }
    reader.until = () => from
    await readRecords(reader, window, onLead)
    if (reader.info.truncated || reader.info.damage !== null) return null
    const start = window.offset(window.at)
    if (!onStart()) return null
    const led = reader.info.packets
    reader.until = () => to
    await readRecords(reader, window, onPacket)
    const { info } = reader
    info.packets -= led
    info.interfaces[0].packets = info.packets
    return { info, start, end: info.bytes }
  } finally {
    for (const source of opened) await source.close()
  }
}

/** The capture at `path` without the records before the one that begins at `from`; null if it is none any more. */
export async function openRest(path: string, from: number): Promise<{ source: ByteSource; gap: number } | null> {
  const beginning = await openFileAt(path, 0)
  const header = await octets(beginning, FILE_HEADER_LENGTH)
  await beginning?.close()
  const rest = header.length < FILE_HEADER_LENGTH ? null : await openFileAt(path, from)
  return rest === null ? null : { source: new PrefixedSource(rest, header), gap: from - FILE_HEADER_LENGTH }
}

/** Up to `length` octets. */
async function octets(source: ByteSource | null, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let read = 0
  while (source !== null && read < length) {
    const count = await source.read(bytes, read, length - read)
    if (count === 0) break
    read += count
  }
  return bytes.subarray(0, read)
}
