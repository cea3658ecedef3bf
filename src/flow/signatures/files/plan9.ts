/** 9P: Plan 9 manual, section 5, "intro" and "version". Little-endian. */
import { read16le, read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const TVERSION = 100
const RVERSION = 101
/** Size, type, tag, the largest message, and the length of the version's text. */
const VERSION_HEADER = 13
const NO_TAG = 0xffff

export const plan9: Signature = {
  name: '9p',
  title: 'Plan 9',
  transport: 'tcp',
  evidence: 'Tversion or Rversion of 9P',
  matches: (payload) => {
    const { bytes, at, end } = payload
    return (
      end - at >= VERSION_HEADER + 6 &&
      (bytes[at + 4] === TVERSION || bytes[at + 4] === RVERSION) &&
      read32le(bytes, at) === payload.length &&
      read16le(bytes, at + 5) === NO_TAG &&
      read16le(bytes, at + 11) === payload.length - VERSION_HEADER &&
      (payload.startsWith('9P2000', VERSION_HEADER) || payload.startsWith('unknown', VERSION_HEADER))
    )
  },
}
