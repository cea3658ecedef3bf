/** DLMS/COSEM, for meters: over HDLC (IEC 62056-46 §6.4: flag, format, length, addresses, checksums, flag). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'
import { REVERSED_CCITT, reversed } from './checksum.ts'

const FLAG = 0x7e
/** Format 3 in the upper four bits, then the segmentation bit, then the length of all between the flags. */
const FORMAT = 0xa
const LENGTH_MASK = 0x07ff
/** Format, two addresses, control, checksum. */
const SHORTEST = 7
const CONTROL_LENGTH = 1
const MAX_ADDRESS = 4

/** Hot: the octets of an address, whose last one has its lowest bit set; 0 if there is none. */
function addressLength(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < MAX_ADDRESS; i++) if ((bytes[at + i] & 1) !== 0) return i + 1
  return 0
}

export const dlms: Signature = {
  name: 'dlms',
  title: 'Device Language Message Specification',
  transport: 'both',
  evidence: 'frame of HDLC with addresses, and its checksum',
  begins: [FLAG],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < SHORTEST + 2 || bytes[at + 1] >> 4 !== FORMAT) return false
    if ((read16(bytes, at + 1) & LENGTH_MASK) + 2 !== length) return false
    const destination = addressLength(bytes, at + 3)
    const source =
      destination === 0 || at + 3 + destination + MAX_ADDRESS > end ? 0 : addressLength(bytes, at + 3 + destination)
    const header = 3 + destination + source + CONTROL_LENGTH
    if (source === 0 || at + header + 2 > end) return false
    // Over all from the format to the control octet (ISO/IEC 13239), little-endian.
    const expected = reversed(bytes, at + 1, at + header, REVERSED_CCITT, 0xffff)
    return bytes[at + header] === (expected & 0xff) && bytes[at + header + 1] === expected >> 8
  },
}
