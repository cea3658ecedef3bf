/** Where a capture is cut for several threads: whether it can be, and whether it pays. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { isPcap } from '../capture/pcap.ts'
import { read32, read32le } from '../packet/bytes.ts'

/**
 * Octets below which a part is not worth a thread, which has to load the program and to compile what is hot once more: measured, a third
 * of a second of processor time, as long as 200 MB of large packets take.
 */
const LEAST_PART = 256 * 1024 * 1024
/** Cuts lie at multiples of this many octets, so that reads do. */
const GRAIN = 1024 * 1024

/**
 * Offsets at which the parts of `file` begin, without the first: none if it is not to be cut. Only pcap files are, uncompressed,
 * since in pcapng what stands anywhere before a packet may say how to read it.
 */
export function cutsOf(file: string, jobs: number, leastPart = LEAST_PART): number[] {
  const size = sizeOfPcap(file)
  const parts = Math.min(jobs, Math.floor(size / leastPart))
  const cuts: number[] = []
  for (let part = 1; part < parts; part++) cuts.push(Math.floor((size * part) / parts / GRAIN) * GRAIN)
  return cuts
}

/** 0 if it is something else, or cannot be read: whoever reads it from its beginning will say so. */
function sizeOfPcap(file: string): number {
  // Before it is opened: opening a named pipe would wait for somebody to write.
  const status = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })
  if (status?.isFile() !== true) return 0
  let descriptor = -1
  try {
    descriptor = openSync(file, 'r')
    const magic = new Uint8Array(4)
    const isWhole = readSync(descriptor, magic, 0, 4, 0) === 4
    return isWhole && (isPcap(read32(magic, 0)) || isPcap(read32le(magic, 0))) ? status.size : 0
  } catch {
    return 0
  } finally {
    if (descriptor >= 0) closeSync(descriptor)
  }
}
