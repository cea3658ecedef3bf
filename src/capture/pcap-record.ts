/** The record header of pcap: draft-ietf-opsawg-pcap §5. It is drawn in `pcap.ts`. */

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
}
