/**
 * ZeroTier's HELLO, https://docs.zerotier.com/protocol: it is not encrypted, and names its sender twice.
 *
 *   | packet id (8) | destination (5) | source (5) | flags, cipher, hops (1) | MAC (8) | verb (1) |
 *   | protocol version (1) | major, minor (1, 1) | revision (2) | time (8) | identity: address (5), type (1), key ...
 */
import type { Signature } from '../signature.ts'

const SOURCE = 13
const ADDRESS_LENGTH = 5
const FLAGS = 18
const VERB = 27
const PROTOCOL_VERSION = 28
const IDENTITY = 41
/** The identity's address, type and public key. */
const SHORTEST = IDENTITY + ADDRESS_LENGTH + 1 + 64

const HELLO = 1
const CIPHER_MASK = 0x38
const MIN_VERSION = 1
const MAX_VERSION = 32

export const zeroTier: Signature = {
  name: 'zerotier',
  title: 'ZeroTier',
  transport: 'udp',
  evidence: "HELLO with its sender's address twice",
  matches: ({ bytes, at, end }) => {
    if (end - at < SHORTEST || (bytes[at + VERB] & 0x1f) !== HELLO || (bytes[at + FLAGS] & CIPHER_MASK) !== 0)
      return false
    const version = bytes[at + PROTOCOL_VERSION]
    if (version < MIN_VERSION || version > MAX_VERSION) return false
    let different = 0
    let any = 0
    for (let i = 0; i < ADDRESS_LENGTH; i++) {
      different |= bytes[at + SOURCE + i] ^ bytes[at + IDENTITY + i]
      any |= bytes[at + SOURCE + i]
    }
    // Addresses never begin with 0xff, and 0 is nobody's.
    return different === 0 && any !== 0 && bytes[at + SOURCE] !== 0xff
  },
}
