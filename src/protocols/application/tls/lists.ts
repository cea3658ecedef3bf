/** Lists within handshake messages. */
import { read16 } from '../../../packet/bytes.ts'
import type { Visit } from '../../field.ts'

/** Visits the integers of two octets in a list that begins with its length. */
export function each16(bytes: Uint8Array, at: number, length: number, visit: Visit): boolean {
  if (length < 2) return false
  const end = at + Math.min(length, 2 + read16(bytes, at))
  for (let i = at + 2; i + 2 <= end; i += 2) if (visit(read16(bytes, i), 0)) return true
  return false
}
