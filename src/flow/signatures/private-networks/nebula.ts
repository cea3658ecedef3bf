/**
 * Nebula's handshake: version and type in one octet, subtype, reserved (2), the receiver's index (4), a counter (8), Noise.
 * The first message counts 1 and knows no index yet; the answer counts 2.
 */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const VERSION_1_HANDSHAKE = 0x1000_0000
const HEADER = 16
/** An ephemeral key, and a certificate that has at least a name, a key and a signature. */
const SHORTEST = 160

export const nebula: Signature = {
  name: 'nebula',
  title: 'Nebula overlay network',
  transport: 'udp',
  evidence: 'first or second message of a handshake',
  begins: [0x10],
  matches: ({ bytes, at, end, length }) => {
    if (length < SHORTEST || end - at < HEADER || read32(bytes, at) !== VERSION_1_HANDSHAKE) return false
    if (read32(bytes, at + 8) !== 0) return false
    const index = read32(bytes, at + 4)
    const counter = read32(bytes, at + 12)
    return index === 0 ? counter === 1 : counter === 2
  },
}
