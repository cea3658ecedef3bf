/** RPKI to routers: RFC 6810 and RFC 8210 §5: version, type, a session or flags, length of all. */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 8
const LAST_VERSION = 1
/** Octets of each type of PDU, by its number; 0 for those of any length. End of Data has more in version 1. */
const LENGTHS: readonly number[] = [12, 12, 8, 8, 20, 0, 32, 12, 8, 0, 0]
const LONGEST_FIXED = 32
const NO_TYPE = 5
const END_OF_DATA = 7
const END_OF_DATA_1 = 24
const ROUTER_KEY = 9
const MAX_LENGTH = 0x1_0000
/** PDUs that one payload is followed through. */
const MAX_PDUS = 64

/** Hot: the octets of the PDU at `at`; 0 if there is none. */
function lengthOf(bytes: Uint8Array, at: number): number {
  const version = bytes[at]
  const type = bytes[at + 1]
  if (version > LAST_VERSION || type >= LENGTHS.length || type === NO_TYPE || (type === ROUTER_KEY && version === 0))
    return 0
  const length = read32(bytes, at + 4)
  const expected = type === END_OF_DATA && version === 1 ? END_OF_DATA_1 : LENGTHS[type]
  if (expected === 0) return length >= HEADER + 8 && length <= MAX_LENGTH ? length : 0
  return length === expected ? length : 0
}

export const rpkiRouter: Signature = {
  name: 'rpkirtr',
  title: 'RPKI-Router Protocol',
  transport: 'tcp',
  evidence: 'PDUs with the lengths of their types',
  begins: [0, 1],
  matches: ({ bytes, at, end, length }) => {
    let offset = 0
    for (let i = 0; i < MAX_PDUS && at + offset + HEADER <= end; i++) {
      const pdu = lengthOf(bytes, at + offset)
      if (pdu === 0 || bytes[at + offset] !== bytes[at]) return false
      offset += pdu
    }
    // The last one may go on in the next segment, if this is longer than what is looked at.
    return offset === length || (offset > 0 && end - at < length && offset < length + LONGEST_FIXED)
  },
}
