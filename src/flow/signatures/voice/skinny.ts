/** SCCP, Cisco's "Skinny": the header of its messages as Wireshark and Asterisk's chan_skinny know it; Cisco has not published it. */
import { read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const PORT = 2000
// Length from the type on, version of the header, type; little-endian.
const LENGTH_FROM = 8
const HEADER = 12
/** That of phones of old, and those since. */
const VERSIONS = [0, 0x0a, 0x0b, 0x11, 0x12, 0x14, 0x15, 0x16]
const LAST_TYPE = 0x15f
const SPECIAL_TYPE = 0x8000
const MAX_LENGTH = 4096

export const skinny: Signature = {
  name: 'skinny',
  title: 'Skinny Client Control Protocol',
  transport: 'tcp',
  evidence: `length, version and type of SCCP on port ${PORT}`,
  matches: (payload) => {
    const { bytes, at, end, length: total } = payload
    if (!payload.hasPort(PORT) || end - at < HEADER) return false
    const length = read32le(bytes, at)
    const type = read32le(bytes, at + LENGTH_FROM)
    if (length < 4 || length > MAX_LENGTH || LENGTH_FROM + length > total) return false
    if (!VERSIONS.includes(read32le(bytes, at + 4)) || (type > LAST_TYPE && type !== SPECIAL_TYPE)) return false
    // The next message, if the segment has more: of the same version.
    const next = at + LENGTH_FROM + length
    return LENGTH_FROM + length === total || next + 8 > end || read32le(bytes, next + 4) === read32le(bytes, at + 4)
  },
}
