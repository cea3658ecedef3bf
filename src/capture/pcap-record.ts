/** The record header of pcap: draft-ietf-opsawg-pcap §5. It is drawn in `pcap.ts`. */
import { read32, read32le } from '../packet/bytes.ts'

// Octets from the start of a record header.
export const SUBSECONDS = 4
export const CAPTURED_LENGTH = 8
export const ORIGINAL_LENGTH = 12

/** What the file header says of all records. */
export interface RecordForm {
  readonly little: boolean
  readonly headerLength: number
  /** Captured octets at most. */
  readonly limit: number
  /** Units of a second. */
  readonly resolution: number
  readonly lengths: LengthOrder
}

/** Version 2.3 wrote the two lengths in either order, older ones the original length first (libpcap, savefile.c). */
export type LengthOrder = typeof LENGTHS_AS_NOW | typeof LENGTHS_EITHER_WAY | typeof LENGTHS_SWAPPED
export const LENGTHS_AS_NOW = 0
export const LENGTHS_EITHER_WAY = 1
export const LENGTHS_SWAPPED = 2

/** How far the times of neighbours may be apart: four weeks, in seconds. */
const MAX_SPAN = 4 * 7 * 86_400
/** A record claims more octets on the wire than this only in damaged captures. */
const MAX_WIRE = 0x100_0000

/** Whether packets of these times may be neighbours. */
export function isNear(seconds: number, others: number): boolean {
  return Math.abs(seconds - others) <= MAX_SPAN
}

/** Octets behind the record header at `at`, where no reader has come from the header before; -1 if there can be no header. */
export function capturedLengthAt(bytes: Uint8Array, at: number, form: RecordForm): number {
  const read = form.little ? read32le : read32
  let captured = read(bytes, at + CAPTURED_LENGTH)
  let original = read(bytes, at + ORIGINAL_LENGTH)
  if (form.lengths === LENGTHS_SWAPPED || (form.lengths === LENGTHS_EITHER_WAY && captured > original)) {
    const swap = captured
    captured = original
    original = swap
  }
  // Packets without octets are legal, but so are zeros in packets: one that had none on the wire either is not recognised.
  if (original === 0 || captured > form.limit || captured > original || original > MAX_WIRE) return -1
  return read(bytes, at + SUBSECONDS) >= form.resolution ? -1 : captured
}
