/** What is mutated: the records of real captures, and the files as they are. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CaptureError } from '../src/capture/errors.ts'
import { readCapture } from '../src/capture/read.ts'
import { Packet } from '../src/packet/packet.ts'
import { openSource } from '../src/source/open.ts'

export interface CapturedRecord {
  readonly linkType: number
  readonly seconds: number
  readonly nanoseconds: number
  readonly originalLength: number
  readonly data: Uint8Array
}

export interface Specimen {
  readonly name: string
  readonly count: number
  /** Made anew each time: as many objects as there are records would keep the garbage collector busy. */
  record(index: number): CapturedRecord
  /** The file as it is; null if it is long. */
  readonly file: Uint8Array | null
}

/** Of longer captures only the beginning is taken: what opens a stream says most of what it is. */
const MAX_RECORDS = 1000
const MAX_RECORD_OCTETS = 400_000
/** Longer files are slow to mutate as a whole, and say nothing more. */
const MAX_FILE_OCTETS = 40_000

/** Reads every capture below the folders, in the order of their names. */
export async function readCorpus(folders: readonly string[]): Promise<Specimen[]> {
  const specimens: Specimen[] = []
  for (const path of folders.flatMap(filesBelow)) {
    const specimen = await readSpecimen(path)
    if (specimen !== null) specimens.push(specimen)
  }
  return specimens
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}

/** Numbers kept of a record, and the octets behind one another. */
const COLUMNS = 6

async function readSpecimen(path: string): Promise<Specimen | null> {
  const numbers: number[] = []
  const pieces: Uint8Array[] = []
  const packet = new Packet()
  let octets = 0
  const onPacket = (): boolean => {
    const { linkType, seconds, nanoseconds, originalLength, start, capturedLength } = packet
    numbers.push(linkType, seconds, nanoseconds, originalLength, octets, octets + capturedLength)
    pieces.push(packet.bytes.slice(start, start + capturedLength))
    octets += capturedLength
    return pieces.length >= MAX_RECORDS || octets >= MAX_RECORD_OCTETS
  }
  try {
    const source = await openSource(path)
    try {
      await readCapture(source, packet, onPacket)
    } finally {
      await source.close()
    }
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
  }
  const { size } = statSync(path)
  const file = size > 0 && size <= MAX_FILE_OCTETS ? Uint8Array.from(readFileSync(path)) : null
  if (pieces.length === 0 && file === null) return null
  const columns = Float64Array.from(numbers)
  const data = Uint8Array.from(Buffer.concat(pieces))
  return { name: path, count: pieces.length, record: (index) => recordAt(columns, data, COLUMNS * index), file }
}

function recordAt(columns: Float64Array, data: Uint8Array, at: number): CapturedRecord {
  const [linkType, seconds, nanoseconds, originalLength, from, to] = columns.subarray(at, at + COLUMNS)
  return { linkType, seconds, nanoseconds, originalLength, data: data.subarray(from, to) }
}
