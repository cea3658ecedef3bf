/** CORBA: GIOP (CORBA 3.4 part 2 §9.4), its compressed form (CORBA/ZIOP 1.0 §7) and its multicast form (MIOP 1.0 §3.3). */
import { read32, read32le } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

// The name, major and minor version, flags (1 if little-endian), type, length of what follows.
const HEADER = 12
const LAST_MINOR = 4
const LAST_FLAGS = 7
const LAST_TYPE = 7
const MAX_LENGTH = 0x4000000

/** Hot. */
function isMessage(payload: Payload, name: string): boolean {
  const { bytes, at, end } = payload
  if (end - at < HEADER || !payload.startsWith(name) || bytes[at + 4] !== 1 || bytes[at + 5] > LAST_MINOR) return false
  const length = (bytes[at + 6] & 1) !== 0 ? read32le(bytes, at + 8) : read32(bytes, at + 8)
  return bytes[at + 6] <= LAST_FLAGS && bytes[at + 7] <= LAST_TYPE && length <= MAX_LENGTH
}

export const giop: Signature = {
  name: 'giop',
  title: 'General Inter-ORB Protocol',
  transport: 'both',
  evidence: 'header of a message "GIOP"',
  begins: firstOctets(['GIOP']),
  matches: (payload) => isMessage(payload, 'GIOP'),
}

export const ziop: Signature = {
  name: 'ziop',
  title: 'Zipped Inter-ORB Protocol',
  transport: 'tcp',
  evidence: 'header of a message "ZIOP"',
  begins: firstOctets(['ZIOP']),
  matches: (payload) => isMessage(payload, 'ZIOP'),
}

/** The name, version 1.0, flags, length, number of this packet and of all, and the length of the collection's identifier. */
const MIOP_VERSION = 0x10
const MIOP_HEADER = 20
const MAX_ID = 252

export const miop: Signature = {
  name: 'miop',
  title: 'Unreliable Multicast Inter-ORB Protocol',
  transport: 'udp',
  evidence: 'header of a packet "MIOP"',
  begins: firstOctets(['MIOP']),
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < MIOP_HEADER || !payload.startsWith('MIOP') || bytes[at + 4] !== MIOP_VERSION) return false
    const isLittle = (bytes[at + 5] & 1) !== 0
    return (isLittle ? read32le(bytes, at + 16) : read32(bytes, at + 16)) <= MAX_ID
  },
}
