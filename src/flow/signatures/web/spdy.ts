/** SPDY: draft-mbelshe-httpbis-spdy-00 §2.2.1 (control frames). */
import { read16, read24, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// The control bit and the version, the type, flags, the length.
const CONTROL = 0x80
const HEADER = 8
const SYN_STREAM = 1
const SYN_REPLY = 2
const SETTINGS = 4
const PING = 6
const LAST_FLAGS = 3

export const spdy: Signature = {
  name: 'spdy',
  title: 'SPDY',
  transport: 'tcp',
  evidence: 'control frame of SPDY version 2 or 3',
  begins: [CONTROL],
  matches: ({ bytes, at, end, length: total }) => {
    if (end - at < HEADER + 4 || bytes[at + 1] < 2 || bytes[at + 1] > 3) return false
    const type = read16(bytes, at + 2)
    const length = read24(bytes, at + 5)
    const value = read32(bytes, at + HEADER)
    if (bytes[at + 4] > LAST_FLAGS || length + HEADER > total) return false
    // A client's streams are odd; a new one has no other that it depends on.
    if (type === SYN_STREAM) return length >= 10 && value % 2 === 1 && end - at >= 16 && read32(bytes, at + 12) === 0
    if (type === SYN_REPLY) return length >= 6 && value > 0 && value <= 0x7fffffff
    if (type === SETTINGS) return value > 0 && length === 4 + 8 * value
    return type === PING && length === 4 && value > 0 && value < 0x10000
  },
}
