/** Google's QUIC before IETF's: "QUIC Wire Layout Specification" (public header, public reset) and its later long header. */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { isDigit } from './first-line.ts'

/** Public flags: this is a reset; 0x01 says that a version follows, 0x0c (later 0x08) an identifier of eight octets. */
const IS_RESET = 0x02
const ID = 1
const VERSION = 9
const LONG_HEADER = 0xc0
/** Lengths of the two identifiers, each less 3, in the two halves of an octet: 8 octets or none. */
const ID_LENGTHS = [0x50, 0x05, 0x55]

/** The message of a server that wants to see its token first; where it may stand: behind header, hash and frame header. */
const REJECTION = 'REJ\0'
const FIRST_MESSAGE = 15
const LAST_MESSAGE = 64

const TITLE = 'GQUIC (Google Quick UDP Internet Connections)'

/** Hot: `Q0` and two digits. */
function isVersion(payload: Payload, offset: number): boolean {
  const { bytes, at, end } = payload
  const digits = at + offset + 2
  return end - digits >= 2 && payload.startsWith('Q0', offset) && isDigit(bytes[digits]) && isDigit(bytes[digits + 1])
}

/** What a client sends until the server has answered: an identifier of eight octets, and the version. */
export const gquic: Signature = {
  name: 'gquic',
  title: TITLE,
  transport: 'udp',
  evidence: 'header with a version "Q0.."',
  begins: [0x09, 0x0d, 0x19, 0x1d, 0x29, 0x2d, 0x39, 0x3d, ...Array.from({ length: 64 }, (_, i) => LONG_HEADER + i)],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (bytes[at] < LONG_HEADER) return isVersion(payload, VERSION)
    return end - at > 5 && isVersion(payload, ID) && bytes[at + 3] === 0x34 && ID_LENGTHS.includes(bytes[at + 5])
  },
}

/** What a server sends: a reset, or the rejection of a first hello, which a dozen octets or so of frames precede. */
export const gquicServer: Signature = {
  name: 'gquic',
  title: TITLE,
  transport: 'udp',
  evidence: 'public reset or rejection (REJ) of a connection',
  begins: [0x00, 0x04, 0x08, 0x0a, 0x0c, 0x0e, 0x18, 0x1c, 0x28, 0x2c, 0x38, 0x3c],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if ((bytes[at] & IS_RESET) !== 0) return payload.startsWith('PRST', VERSION)
    for (let tag = FIRST_MESSAGE; tag <= LAST_MESSAGE && end - at >= tag + 12; tag++)
      if (bytes[at + tag] === REJECTION.charCodeAt(0) && payload.startsWith(REJECTION, tag))
        // The number of tags, little-endian, and two octets of padding; the first tag is the source address token.
        return bytes[at + tag + 6] === 0 && bytes[at + tag + 7] === 0 && payload.startsWith('STK\0', tag + 8)
    return false
  },
}
