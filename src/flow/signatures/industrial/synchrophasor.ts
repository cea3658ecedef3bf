/** Synchrophasors: IEEE C37.118.2 §6.2: sync octets with type and version, length of all, id, time, checksum at the end. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'
import { ccitt } from './checksum.ts'

const SYNC = 0xaa
const SHORTEST = 16
const COMMAND = 4
const COMMAND_LENGTH = 18
const LAST_TYPE = 5
export const synchrophasor: Signature = {
  name: 'synphasor',
  title: 'IEEE C37.118 Synchrophasor Protocol',
  transport: 'both',
  evidence: "sync octets, the payload's length and its checksum",
  begins: [SYNC],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < SHORTEST || read16(bytes, at + 2) !== length) return false
    const type = bytes[at + 1] >> 4
    const version = bytes[at + 1] & 0x0f
    if (type > LAST_TYPE || version === 0 || version > 3) return false
    if (type === COMMAND && length < COMMAND_LENGTH) return false
    // Annex B. The checksum of a long frame is beyond what is looked at.
    return end - at < length || read16(bytes, end - 2) === ccitt(bytes, at, end - 2, 0xffff)
  },
}
