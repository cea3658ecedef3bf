/**
 * Finds where a record of a pcap file begins, somewhere in its middle. Nothing marks it: a record header is recognised by what it
 * says, and by those that follow where it says that they do. That may still be wrong (a capture may hold another capture in its
 * packets), so whoever reads on from there has to see that the records before end there.
 */
import { read32, read32le } from '../packet/bytes.ts'
import { CAPTURED_LENGTH, ORIGINAL_LENGTH, type RecordForm, SUBSECONDS } from './pcap-record.ts'

/** Headers that must follow each other, unless the octets end before. */
const CHAIN = 8
/** How far the times of neighbours may be apart: four weeks, in seconds. */
const MAX_SPAN = 4 * 7 * 86_400
/** A record claims more octets on the wire than this only in damaged captures. */
const MAX_WIRE = 0x100_0000

/** Offset in `bytes` of the first record; -1 if there is none. */
export function findRecord(bytes: Uint8Array, form: RecordForm): number {
  for (let at = 0; at + form.headerLength <= bytes.length; at++) if (isChain(bytes, at, form)) return at
  return -1
}

function isChain(bytes: Uint8Array, first: number, form: RecordForm): boolean {
  let at = first
  for (let records = 0; records < CHAIN; records++) {
    if (at + form.headerLength > bytes.length) return records > 1
    const captured = capturedLength(bytes, at, form)
    if (captured < 0) return false
    const read = form.little ? read32le : read32
    if (Math.abs(read(bytes, at) - read(bytes, first)) > MAX_SPAN) return false
    at += form.headerLength + captured
  }
  return true
}

/** What the header at `at` says; -1 if it can be none. */
function capturedLength(bytes: Uint8Array, at: number, form: RecordForm): number {
  const read = form.little ? read32le : read32
  const captured = read(bytes, at + CAPTURED_LENGTH)
  const original = read(bytes, at + ORIGINAL_LENGTH)
  // Packets without octets are legal, but so are zeros in packets.
  if (captured === 0 || captured > form.limit || captured > original || original > MAX_WIRE) return -1
  return read(bytes, at + SUBSECONDS) >= form.resolution ? -1 : captured
}
