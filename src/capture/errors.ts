/** The messages of damaged captures, all in one form: `record 1042 at byte 88213 claims 4294901760 octets, limit 262144`. */
import { CaptureError } from '../source/errors.ts'

export { asCaptureError, CaptureError, type CaptureErrorDetails, type CaptureFault } from '../source/errors.ts'

/** A length that no sane record has. */
export function tooLong(file: string, record: number, offset: number, found: number, limit: number): CaptureError {
  return new CaptureError('damaged', `record ${record} at byte ${offset} claims ${found} octets, limit ${limit}`, {
    file,
    record,
    offset,
    found,
    expected: `at most ${limit}`,
  })
}

/** Anything else that contradicts the format. `what` follows "record 12 at byte 3456 ". */
export function damaged(
  file: string,
  record: number,
  offset: number,
  what: string,
  found: string | number,
  expected: string | number,
): CaptureError {
  return new CaptureError('damaged', `record ${record} at byte ${offset} ${what}`, {
    file,
    record,
    offset,
    found,
    expected,
  })
}
