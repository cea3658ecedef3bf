/** Where a capture is cut for several threads: whether it can be, and whether it pays. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import {
  FILE_HEADER_LENGTH,
  isPcap,
  MAGIC_MODIFIED,
  MODIFIED_RECORD_HEADER_LENGTH,
  RECORD_HEADER_LENGTH,
} from '../capture/pcap.ts'
import { CAPTURED_LENGTH } from '../capture/pcap-record.ts'
import { read32, read32le } from '../packet/bytes.ts'

/** Cuts lie at multiples of this many octets, so that reads do. */
const GRAIN = 1024 * 1024
/** Octets at the beginning of a file by which the number of its packets is estimated. */
const SAMPLE = 256 * 1024

/**
 * Offsets at which the parts of `file` begin, without the first: at most `jobs` parts, and as far as can be told, at least
 * `leastPackets` in each. None if it is not to be cut: only pcap files are, uncompressed, since in pcapng what stands anywhere
 * before a packet may say how to read it.
 */
export function cutsOf(file: string, jobs: number, leastPackets: number): number[] {
  const { size, packets } = estimate(file)
  const parts = Math.min(jobs, Math.floor(size / GRAIN), Math.floor(packets / leastPackets))
  const cuts: number[] = []
  for (let part = 1; part < parts; part++) cuts.push(Math.floor((size * part) / parts / GRAIN) * GRAIN)
  return cuts
}

/** Octets and packets, about; 0 if it is something else, or cannot be read: whoever reads it from its beginning will say so. */
function estimate(file: string): { size: number; packets: number } {
  const nothing = { size: 0, packets: 0 }
  // Before it is opened: opening a named pipe would wait for somebody to write.
  const status = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })
  if (status?.isFile() !== true) return nothing
  let descriptor = -1
  try {
    descriptor = openSync(file, 'r')
    const bytes = new Uint8Array(SAMPLE)
    const length = meanRecord(bytes, readSync(descriptor, bytes, 0, SAMPLE, 0))
    return length === 0 ? nothing : { size: status.size, packets: status.size / length }
  } catch {
    return nothing
  } finally {
    if (descriptor >= 0) closeSync(descriptor)
  }
}

/** Octets of a record, of those at the beginning of a pcap file; 0 if it is none, or holds none. */
function meanRecord(bytes: Uint8Array, end: number): number {
  if (end < FILE_HEADER_LENGTH) return 0
  const read = isPcap(read32le(bytes, 0)) ? read32le : read32
  const magic = read(bytes, 0)
  if (!isPcap(magic)) return 0
  const header = magic === MAGIC_MODIFIED ? MODIFIED_RECORD_HEADER_LENGTH : RECORD_HEADER_LENGTH
  let at = FILE_HEADER_LENGTH
  let records = 0
  while (at + header <= end) {
    at += header + read(bytes, at + CAPTURED_LENGTH)
    records++
  }
  return records === 0 ? 0 : (at - FILE_HEADER_LENGTH) / records
}
