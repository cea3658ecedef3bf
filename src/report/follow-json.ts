/** What two sides said to each other, as JSON: each piece as text of its own, so that none of them need be kept. */
import { isUtf8 } from 'node:buffer'
import type { Carrier } from '../flow/byte-stream.ts'
import type { Chunk, Gap } from '../flow/follow.ts'
import { formatMoment } from './units.ts'

/** Control characters that are not part of a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose.
const NOT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** `text` is there only where the octets are text by themselves. */
export function chunkRecord({ from, bytes, at, length, offset, carrier }: Chunk): object {
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset + at, length)
  const record = { from, ...carrierKeys(carrier), offset, length, data: octets.toString('base64') }
  if (!isUtf8(octets)) return record
  const text = octets.toString()
  return NOT_TEXT.test(text) ? record : { ...record, text }
}

export function gapRecord({ from, offset, length, cause, carrier }: Gap): object {
  return { from, ...carrierKeys(carrier), offset, length, cause }
}

function carrierKeys(carrier: Carrier | null): { packet: number | null; time: string | null } {
  return { packet: carrier?.number ?? null, time: carrier?.hasTime ? formatMoment(carrier) : null }
}
