/** TNS, of Oracle Net: as Oracle's "Net Services" describes connect descriptors, and its packets' header is commonly known. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const TNS_PORT = 1521
/** Length, checksum, type, flags, header's checksum. Later versions take the checksum's octets for a longer length. */
const HEADER = 8
const CONNECT = 1
const ACCEPT = 2
const REFUSE = 4
const REDIRECT = 5
const DATA = 6
const RESEND = 11
const MAX_TYPE = 15
const FIRST_VERSION = 300
const LAST_VERSION = 350

export const tns: Signature = {
  name: 'tns',
  title: 'Transparent Network Substrate Protocol',
  transport: 'tcp',
  evidence: `connection packet of TNS, or its header on port ${TNS_PORT}`,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER || read16(bytes, at + 6) !== 0) return false
    if (!(read16(bytes, at) === payload.length && read16(bytes, at + 2) === 0) && read32(bytes, at) !== payload.length)
      return isConnect(payload)
    switch (bytes[at + 4]) {
      case CONNECT:
        return isConnect(payload)
      case ACCEPT:
        return payload.length >= 24 && payload.length <= 64 && end - at >= 10 && isVersion(read16(bytes, at + 8))
      case REFUSE:
      case REDIRECT:
        return payload.indexOf('(DESCRIPTION=', HEADER) > 0 || payload.indexOf('(ADDRESS=', HEADER) > 0
      case RESEND:
        // Eight octets of which seven are given.
        return payload.length === HEADER
      case DATA:
        return payload.hasPort(TNS_PORT) && bytes[at + 5] <= 0x40
      default:
        return payload.hasPort(TNS_PORT) && bytes[at + 4] > 0 && bytes[at + 4] <= MAX_TYPE
    }
  },
}

/** Hot. */
function isVersion(version: number): boolean {
  return version >= FIRST_VERSION && version <= LAST_VERSION
}

/** Hot: two versions, and a descriptor, which if it is long comes in a segment of its own. */
function isConnect(payload: Payload): boolean {
  const { bytes, at, end } = payload
  if (end - at < 34 || bytes[at + 4] !== CONNECT || read16(bytes, at + 2) !== 0) return false
  const version = read16(bytes, at + 8)
  const compatible = read16(bytes, at + 10)
  if (!isVersion(version) || !isVersion(compatible) || compatible > version) return false
  const dataOffset = read16(bytes, at + 26)
  return read16(bytes, at) <= payload.length && dataOffset >= 34 && dataOffset <= read16(bytes, at)
}
