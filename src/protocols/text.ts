/** Text within a packet. Not hot: read for what is shown or filtered by. */
import type { Visit } from './field.ts'

/** Visits `length` octets at `at` as UTF-8 text, up to the first zero octet. */
export function visitText(bytes: Uint8Array, at: number, length: number, visit: Visit): boolean {
  let end = at
  while (end < at + length && bytes[end] !== 0) end++
  return visit(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8'), 0)
}
