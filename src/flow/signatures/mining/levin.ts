/** Levin, between nodes of Monero and of other CryptoNote coins (Monero's LEVIN_PROTOCOL.md, "Header"). Little-endian. */
import { read32, read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 33
// 0x0101010101012101, little-endian.
const SIGNATURE_START = 0x0121_0101
const SIGNATURE_END = 0x0101_0101
const LENGTH_HIGH = 12
const EXPECTS_RESPONSE = 16
const VERSION = 29

export const levin: Signature = {
  name: 'levin',
  title: 'Levin (Monero)',
  transport: 'tcp',
  evidence: 'signature and version of a message',
  begins: [0x01],
  matches: ({ bytes, at, end }) =>
    end - at >= HEADER &&
    read32(bytes, at) === SIGNATURE_START &&
    read32(bytes, at + 4) === SIGNATURE_END &&
    read32(bytes, at + LENGTH_HIGH) === 0 &&
    bytes[at + EXPECTS_RESPONSE] <= 1 &&
    read32le(bytes, at + VERSION) === 1,
}
