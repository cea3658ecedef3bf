/** DNP3's data link layer: IEEE 1815 §9.2: start octets, length, control, destination, source, CRC. */
import { read16, read16le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'
import { reversed } from './checksum.ts'

const START = 0x0564
const HEADER = 10
const CRC = 8
/** Control, destination and source. */
const SHORTEST = 5
/** x^16 + x^13 + x^12 + x^11 + x^10 + x^8 + x^6 + x^5 + x^2 + 1, its bits reversed (IEEE 1815 §9.2.4.1.6). */
const POLYNOMIAL = 0xa6bc

export const dnp3: Signature = {
  name: 'dnp3',
  title: 'Distributed Network Protocol 3.0',
  transport: 'both',
  evidence: 'start octets and checksum of a header',
  begins: [START >> 8],
  matches: ({ bytes, at, end }) =>
    end - at >= HEADER &&
    read16(bytes, at) === START &&
    bytes[at + 2] >= SHORTEST &&
    read16le(bytes, at + CRC) === reversed(bytes, at, at + CRC, POLYNOMIAL, 0),
}
