/** BGP: RFC 4271 §4.1: a marker of ones, the length, the type. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const MARKER_LENGTH = 16
const HEADER = 19
/** Open, update, notification, keepalive, route refresh, and capabilities, which never left its draft. */
const LAST_TYPE = 6
const ONES = 0xffff_ffff

export const bgp: Signature = {
  name: 'bgp',
  title: 'Border Gateway Protocol',
  transport: 'tcp',
  evidence: 'marker, length and type of a message',
  begins: [0xff],
  matches: ({ bytes, at, end }) => {
    if (end - at < HEADER) return false
    for (let i = 0; i < MARKER_LENGTH; i += 4) if (read32(bytes, at + i) !== ONES) return false
    const type = bytes[at + 18]
    return read16(bytes, at + MARKER_LENGTH) >= HEADER && type >= 1 && type <= LAST_TYPE
  },
}
