/** DCE/RPC: C706 §12.5 (connectionless PDUs), §12.6 (connection-oriented PDUs), chapter 14 (data representation). */
import { read16, read16le, read32, read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const TITLE = 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC)'

// Connection-oriented: version 5, minor version, type, flags, data representation, lengths of fragment and authentication.
const VERSION_5 = 5
const HEADER = 16
/** Types of the connection-oriented protocol: request, response, fault, bind and what follows it (C706 §12.6.4.1). */
const TYPES = [0, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
const BIND = 11
const BIND_HEADER = 28
const MAX_FRAGMENT = 0x4000

/** Hot: two octets that say the order of octets, the character set and the format of floats; 0 is reserved. */
function isRepresentation(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] & ~0x11) === 0 && bytes[at + 1] <= 3
}

/** Hot. */
function isLittleEndian(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] & 0x10) !== 0
}

export const dceRpc: Signature = {
  name: 'dcerpc',
  title: TITLE,
  transport: 'tcp',
  evidence: 'header of a DCE/RPC fragment of version 5',
  begins: [VERSION_5],
  matches: ({ bytes, at, end, length: total }) => {
    if (end - at < HEADER || bytes[at + 1] > 1 || !TYPES.includes(bytes[at + 2])) return false
    if (!isRepresentation(bytes, at + 4) || bytes[at + 6] !== 0 || bytes[at + 7] !== 0) return false
    const isLittle = isLittleEndian(bytes, at + 4)
    const length = isLittle ? read16le(bytes, at + 8) : read16(bytes, at + 8)
    const authentication = isLittle ? read16le(bytes, at + 10) : read16(bytes, at + 10)
    if (length < HEADER || length > MAX_FRAGMENT || authentication > length - HEADER) return false
    // The next fragment, if the segment has more.
    if (length < total && at + length < end && bytes[at + length] !== VERSION_5) return false
    return bytes[at + 2] !== BIND || length >= BIND_HEADER
  },
}

// Connectionless: version 4, type, flags, data representation in three octets; the length at 74 is the body's.
const VERSION_4 = 4
const HEADER_4 = 80
const BODY_LENGTH = 74
const INTERFACE_VERSION = 60
const LAST_TYPE_4 = 10
/** Flags that are for implementations or reserved (C706 §12.5.2.4): the lowest and the highest of the first octet. */
const RESERVED_FLAGS = 0x81
const MAX_INTERFACE_VERSION = 0xffff

export const dceRpcOverUdp: Signature = {
  name: 'dcerpc',
  title: TITLE,
  transport: 'udp',
  evidence: 'header of a DCE/RPC datagram of version 4 with the length of its body',
  begins: [VERSION_4],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER_4 || bytes[at + 1] > LAST_TYPE_4 || (bytes[at + 2] & RESERVED_FLAGS) !== 0) return false
    if (!isRepresentation(bytes, at + 4)) return false
    const isLittle = isLittleEndian(bytes, at + 4)
    const body = isLittle ? read16le(bytes, at + BODY_LENGTH) : read16(bytes, at + BODY_LENGTH)
    const version = isLittle ? read32le(bytes, at + INTERFACE_VERSION) : read32(bytes, at + INTERFACE_VERSION)
    return HEADER_4 + body === length && (version & MAX_INTERFACE_VERSION) <= 255
  },
}
