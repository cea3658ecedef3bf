/**
 * Finds the record at which reading a pcap file can go on behind damage. Nothing marks a record: it is recognised by what its header
 * says, and by those that follow where it says that they do. What lies in packets may look like that too (a capture that was sent over
 * the network), so a find is a good guess.
 *
 * Of each octet at most `STRANGE` headers are looked at, within `REACH`: time is linear, memory bounded, whatever a file holds.
 */
import { read32, read32le } from '../packet/bytes.ts'
import { MAX_CAPTURED_LENGTH } from './limits.ts'
import { capturedLengthAt, isNear, type RecordForm } from './pcap-record.ts'

/** Headers that must follow each other: of a time near that of the last packet, and of any other. */
const FAMILIAR = 3
const STRANGE = 8
/** Octets that are looked at of each place: as far as the third header may be. Further headers are not waited for. */
const MAX_HEADER = 24
const REACH = 2 * (MAX_CAPTURED_LENGTH + MAX_HEADER) + MAX_HEADER

const NO = 0
const YES = 1
const OPEN = 2

/** `near` is the time of the last packet in seconds, or NaN. See `RecordReader.find`. */
export function findPcapRecord(
  bytes: Uint8Array,
  from: number,
  end: number,
  form: RecordForm,
  near: number,
  isEnd: boolean,
): number {
  for (let at = from; at < end; at++) {
    const verdict = judge(bytes, at, end, form, near, isEnd)
    if (verdict === YES) return at
    if (verdict === OPEN) return -1 - at
  }
  return -1 - end
}

/** Whether there is a record at `first`. */
function judge(bytes: Uint8Array, first: number, end: number, form: RecordForm, near: number, isEnd: boolean): number {
  const { headerLength, little } = form
  const seen = Math.min(end, first + REACH)
  if (first + headerLength > seen) return isEnd ? NO : OPEN
  const seconds = little ? read32le(bytes, first) : read32(bytes, first)
  const isFamiliar = isNear(seconds, near)
  const enough = isFamiliar ? FAMILIAR : STRANGE
  let at = first
  let captured = 0
  let records = 0
  for (; at + headerLength <= seen; records++) {
    if (records === enough) return YES
    captured = capturedLengthAt(bytes, at, form)
    if (captured < 0 || captured > MAX_CAPTURED_LENGTH) return NO
    if (!isNear(little ? read32le(bytes, at) : read32(bytes, at), seconds)) return NO
    at += headerLength + captured
  }
  if (records >= enough) return YES
  // There is no further header within sight.
  if (end >= first + REACH) return records >= FAMILIAR ? YES : NO
  if (!isEnd) return OPEN
  // The file ends with the last record, as it should, or within it, which is then told as cut short. One record alone must be of a
  // time that is known, or whole and not without octets.
  return records > 1 || isFamiliar || (at === end && captured > 0) ? YES : NO
}
