/**
 * Ethereum's peers, https://github.com/ethereum/devp2p: discovery over UDP (discv4.md) and the handshake over TCP (rlpx.md).
 *
 * discovery: | hash (32) | signature (65), its last octet 0 or 1 | type (1) | a list in RLP |
 * handshake: | length (2) | 0x04: an uncompressed public key follows (65) | vector (16), ciphertext, authentication code (32) |
 */
import { read16, read24 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const RECOVERY_ID = 96
const TYPE = 97
const CONTENT = 98
const FIRST_TYPE = 1
const LAST_TYPE = 6
/** Discovery packets are at most so long. */
const MAX_PACKET = 1280

// RLP: a list shorter than 56 octets has its length in its first octet; a longer one the octets of its length.
const SHORT_LIST = 0xc0
const LONG_LIST_1 = 0xf8
const LONG_LIST_2 = 0xf9
const MAX_LENGTH_OCTETS = 3

/** Hot: the octets of the list at `at`, with what precedes its items; 0 if there is none. */
function listLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  if (first < SHORT_LIST) return 0
  if (first < LONG_LIST_1) return 1 + first - SHORT_LIST
  if (first === LONG_LIST_1) return 2 + bytes[at + 1]
  return first === LONG_LIST_2 ? 3 + read16(bytes, at + 1) : 0
}

/** Hot: EIP-8 lets more octets follow the list; nobody sends them. */
function isDiscovery({ bytes, at, end, length }: Payload): boolean {
  if (length > MAX_PACKET || end - at < CONTENT + MAX_LENGTH_OCTETS || bytes[at + RECOVERY_ID] > 1) return false
  const type = bytes[at + TYPE]
  if (type < FIRST_TYPE || type > LAST_TYPE) return false
  const list = listLength(bytes, at + CONTENT)
  return list > 1 && CONTENT + list === length
}

export const ethereumDiscovery: Signature = {
  name: 'ethereum',
  title: 'Ethereum Node Discovery',
  transport: 'udp',
  evidence: 'packet of discovery version 4, with a list as long as the datagram',
  matches: isDiscovery,
}

const ETHEREUM_PORT = 30_303
const UNCOMPRESSED_POINT = 4
/** What encryption adds: public key, vector, authentication code. */
const OVERHEAD = 65 + 16 + 32
/** The answer has a key (64), a nonce (32) and a version; both get 100 to 300 octets of random padding. */
const SHORTEST = OVERHEAD + 64 + 32 + 100
const LONGEST = 1023

/** Hot: auth and ack as of EIP-8, which say how long they are. */
function isHandshake({ bytes, at, end, length, isFirst }: Payload): boolean {
  if (!isFirst || end - at < 32 || length < SHORTEST || length > LONGEST) return false
  // The key is a number of 256 bits: its first octets are not all 0.
  return read16(bytes, at) + 2 === length && bytes[at + 2] === UNCOMPRESSED_POINT && read24(bytes, at + 3) !== 0
}

export const ethereumHandshake: Signature = {
  name: 'ethereum',
  title: 'Ethereum devp2p',
  transport: 'tcp',
  evidence: `handshake of RLPx on port ${ETHEREUM_PORT}`,
  begins: [1, 2, 3],
  matches: (payload) => payload.hasPort(ETHEREUM_PORT) && isHandshake(payload),
}

/** On any port, if both sides shake hands. */
export const ethereumHandshakes: Signature = {
  name: 'ethereum',
  title: 'Ethereum devp2p',
  transport: 'tcp',
  evidence: 'handshakes of RLPx of both sides',
  begins: [1, 2, 3],
  payloads: 2,
  matches: isHandshake,
}
