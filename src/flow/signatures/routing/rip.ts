/** RIP: RFC 1058 §3.1, RFC 2453 §4; RIPng: RFC 2080 §2.1. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const REQUEST = 1
const RESPONSE = 2
const HEADER = 4
/** A route. */
const ENTRY = 20
const PREFIX_LENGTH = 18
const METRIC = 19
const INFINITY = 16

const RIP_PORT = 520
const LAST_VERSION = 2
/** In the first route: none, which asks for the whole table; IPv4; or authentication. */
const FAMILIES = [0, 2, 0xffff]

export const rip: Signature = {
  name: 'rip',
  title: 'Routing Information Protocol',
  transport: 'udp',
  evidence: `header and routes on port ${RIP_PORT}`,
  begins: [REQUEST, RESPONSE],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(RIP_PORT) || end - at < HEADER + 2 || (length - HEADER) % ENTRY !== 0) return false
    const version = bytes[at + 1]
    return version >= 1 && version <= LAST_VERSION && FAMILIES.includes(read16(bytes, at + HEADER))
  },
}

const RIPNG_PORT = 521
/** The metric of what is a next hop (RFC 2080 §2.1.1). */
const NEXT_HOP = 0xff

export const ripng: Signature = {
  name: 'ripng',
  title: 'RIPng',
  transport: 'udp',
  evidence: `header and routes on port ${RIPNG_PORT}`,
  begins: [REQUEST, RESPONSE],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(RIPNG_PORT) || end - at < HEADER + ENTRY || (length - HEADER) % ENTRY !== 0) return false
    if (bytes[at + 1] !== 1 || read16(bytes, at + 2) !== 0) return false
    const metric = bytes[at + HEADER + METRIC]
    return bytes[at + HEADER + PREFIX_LENGTH] <= 128 && (metric <= INFINITY || metric === NEXT_HOP)
  },
}
