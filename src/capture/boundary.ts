/**
 * Finds where a record of a pcap file begins, somewhere in its middle. Nothing marks it: a record header is recognised by what it
 * says, and by those that follow where it says that they do. That may still be wrong (a capture may hold another capture in its
 * packets), so whoever reads on from there has to see that the records before end there.
 */
import { read32, read32le } from '../packet/bytes.ts'
import { capturedLengthAt, isNear, type RecordForm } from './pcap-record.ts'

/** Headers that must follow each other, unless the octets end before. */
const CHAIN = 8

/** Offset in `bytes` of the first record; -1 if there is none. */
export function findRecord(bytes: Uint8Array, form: RecordForm): number {
  for (let at = 0; at + form.headerLength <= bytes.length; at++) if (isChain(bytes, at, form)) return at
  return -1
}

function isChain(bytes: Uint8Array, first: number, form: RecordForm): boolean {
  const read = form.little ? read32le : read32
  let at = first
  for (let records = 0; records < CHAIN; records++) {
    if (at + form.headerLength > bytes.length) return records > 1
    const captured = capturedLengthAt(bytes, at, form)
    // Packets without octets may well be zeros in a packet. (There are enough others.)
    if (captured <= 0 || !isNear(read(bytes, at), read(bytes, first))) return false
    at += form.headerLength + captured
  }
  return true
}
