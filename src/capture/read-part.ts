/**
 * Reads a part of a pcap file: the records that begin within a range of it. Of which record the range's first octet is in the middle
 * is not known; one is found before (`boundary.ts`), and the records between are handed over too, to warm up what depends on
 * earlier packets.
 */
import { read32, read32le } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { openFileAt } from '../source/file.ts'
import { readFully } from '../source/open.ts'
import { PrefixedSource } from '../source/prefixed.ts'
import type { ByteSource } from '../source/source.ts'
import { findRecord } from './boundary.ts'
import type { CaptureInfo } from './info.ts'
import { FILE_HEADER_LENGTH, isPcap, PcapReader } from './pcap.ts'
import { LENGTHS_AS_NOW } from './pcap-record.ts'
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
  const searched = Math.max(FILE_HEADER_LENGTH, from - lead)
  const opened = await openRest(path, searched)
  if (opened === null) return null
  try {
    const window = new Window(opened.source, undefined, undefined, opened.gap)
    await window.more()
    const { bytes } = window
    if (!isPcap(read32(bytes, window.at)) && !isPcap(read32le(bytes, window.at))) return null
    const reader = new PcapReader(window, packet, path)
    if (searched > FILE_HEADER_LENGTH) {
      const { form } = reader
      const offset = form.lengths !== LENGTHS_AS_NOW ? -1 : findRecord(bytes.subarray(window.at, window.end), form)
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
    await opened.source.close()
  }
}

/** The capture at `path` without the octets between its header and `from`; null if it is no file, or shorter than a header. */
export async function openRest(path: string, from: number): Promise<{ source: ByteSource; gap: number } | null> {
  const header = await fileHeader(path)
  const rest = header === null ? null : await openFileAt(path, from)
  if (header === null || rest === null) return null
  return { source: new PrefixedSource(rest, header), gap: from - FILE_HEADER_LENGTH }
}

/** The file header; null if there is none. */
async function fileHeader(path: string): Promise<Uint8Array | null> {
  const source = await openFileAt(path, 0)
  if (source === null) return null
  try {
    const header = new Uint8Array(FILE_HEADER_LENGTH)
    return (await readFully(source, header)) < FILE_HEADER_LENGTH ? null : header
  } finally {
    await source.close()
  }
}
