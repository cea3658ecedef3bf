/** PTP: IEEE 1588-2008 §13.3 (version 2; 1588-2019 gives the reserved half octets meaning), IEEE 1588-2002 annex D (version 1). */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const EVENT_PORT = 319
const GENERAL_PORT = 320
const HEADER = 34
const VERSION_2 = 2
/** 2.0 and 2.1: the minor version is in the other half of the octet. */
const LAST_MINOR = 1
/** Sync to Pdelay_Resp, Follow_Up to Management. */
const LAST_EVENT = 3
const FIRST_GENERAL = 8
const LAST_GENERAL = 13
const MIN_LENGTH = 44
/** Over IPv6 two octets follow the message (IEEE 1588-2008 annex E). */
const TRAILER = 2

// Version 1: version of PTP and of the network mapping, both 1, then a subdomain, the first of which begins "_DFLT".
const VERSIONS_1 = 0x00010001
const SUBDOMAIN = 4
const MIN_LENGTH_1 = 60

export const ptp: Signature = {
  name: 'ptp',
  title: 'Precision Time Protocol',
  transport: 'udp',
  evidence: `header of PTP with its length, on port ${EVENT_PORT} or ${GENERAL_PORT}`,
  matches: (payload) => {
    if (!payload.hasPort(EVENT_PORT) && !payload.hasPort(GENERAL_PORT)) return false
    const { bytes, at, end, length } = payload
    if (end - at < HEADER) return false
    if (read32(bytes, at) === VERSIONS_1) return length >= MIN_LENGTH_1 && payload.startsWith('_', SUBDOMAIN)
    const type = bytes[at] & 0x0f
    const stated = read16(bytes, at + 2)
    return (
      (bytes[at + 1] & 0x0f) === VERSION_2 &&
      bytes[at + 1] >> 4 <= LAST_MINOR &&
      (type <= LAST_EVENT || (type >= FIRST_GENERAL && type <= LAST_GENERAL)) &&
      stated >= MIN_LENGTH &&
      (stated === length || stated + TRAILER === length)
    )
  },
}
