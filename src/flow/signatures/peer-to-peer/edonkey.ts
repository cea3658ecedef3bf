/**
 * eDonkey and eMule: over TCP a protocol octet, a little-endian length, an opcode. Kademlia over UDP: a protocol octet and an
 * opcode, so only messages of a fixed form are told (Kulbak and Bickson, "The eMule Protocol Specification", §6, §7).
 */
import { read32le } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const EDONKEY = 0xe3
const EMULE = 0xc5
const EMULE_PACKED = 0xd4
const KADEMLIA = 0xe4

const HEADER = 5
const HELLO = 0x01
const HELLO_ANSWER = 0x4c
/** A peer's hello says how long its user hash is; a login at a server does not. */
const HASH_LENGTH = 16
/** Server messages (0x14 to 0x42) and peer messages (0x46 to 0x64). */
const LAST_EDONKEY_OPCODE = 0x64
const FIRST_EDONKEY_OPCODE = 0x14
const LAST_EMULE_OPCODE = 0xa3
/** How zlib begins: deflate with a window of 32 KiB. */
const ZLIB = 0x78

/** Hot. */
function isTcpMessage({ bytes, at, end, length }: Payload): boolean {
  if (end - at < HEADER + 2 || read32le(bytes, at + 1) + HEADER !== length) return false
  const opcode = bytes[at + HEADER]
  switch (bytes[at]) {
    case EDONKEY:
      if (opcode === HELLO) return length >= HEADER + 1 + HASH_LENGTH + 6
      return opcode === HELLO_ANSWER || (opcode >= FIRST_EDONKEY_OPCODE && opcode <= LAST_EDONKEY_OPCODE)
    case EMULE:
      return opcode >= HELLO && opcode <= LAST_EMULE_OPCODE
    default:
      return opcode >= HELLO && opcode <= LAST_EMULE_OPCODE && bytes[at + HEADER + 1] === ZLIB
  }
}

export const eDonkey: Signature = {
  name: 'edonkey',
  title: 'eDonkey Protocol',
  transport: 'tcp',
  evidence: 'protocol octet, length of the message and opcode',
  begins: [EDONKEY, EMULE, EMULE_PACKED],
  matches: isTcpMessage,
}

// Kademlia 2: opcodes, and the octets of what has a fixed length, the protocol and the opcode included.
const BOOTSTRAP_RESPONSE = 0x09
const REQUEST = 0x21
const RESPONSE = 0x29
const REQUEST_LENGTH = 35
/** Contacts that a request may ask for: find value, store, find node. */
const REQUEST_TYPES = [2, 4, 11]
const RESPONSE_HEADER = 19
/** A key, an address, two ports, a version. */
const CONTACT = 25
const BOOTSTRAP_HEADER = 23
const MAX_CONTACTS = 200

/** Hot: the number of contacts is that which the length has room for. */
function isContacts({ bytes, at, end, length }: Payload, header: number): boolean {
  if (end - at < header) return false
  const count = bytes[at + header - 1]
  return count > 0 && count <= MAX_CONTACTS && length === header + count * CONTACT
}

export const kademlia: Signature = {
  name: 'edonkey',
  title: 'eDonkey Protocol',
  transport: 'udp',
  evidence: 'request or contacts of Kademlia',
  begins: [KADEMLIA],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < 3) return false
    switch (bytes[at + 1]) {
      case REQUEST:
        return length === REQUEST_LENGTH && REQUEST_TYPES.includes(bytes[at + 2])
      case RESPONSE:
        return isContacts(payload, RESPONSE_HEADER)
      case BOOTSTRAP_RESPONSE:
        // The count has two octets here, little-endian.
        if (end - at < BOOTSTRAP_HEADER || bytes[at + BOOTSTRAP_HEADER - 1] !== 0) return false
        return length === BOOTSTRAP_HEADER + bytes[at + BOOTSTRAP_HEADER - 2] * CONTACT
      default:
        return false
    }
  },
}
