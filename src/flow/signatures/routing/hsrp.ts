/** Cisco's routers that stand in for each other: HSRP (RFC 2281 §5.1; version 2, of types and lengths) and GLBP. */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const HSRP_PORT = 1985
const HSRP_IPV6_PORT = 2029
const VERSION_0 = 0
const LENGTH_0 = 20
const ADVERTISE = 3
const ADVERTISE_LENGTH = 16
/** Of an advertisement: type 1, and 10 octets or more. */
const INTERFACE_STATE = 1
/** Initial, learn, listen, speak, standby, active: bits that exclude each other. */
const STATES = [0, 1, 2, 4, 8, 16]

const GROUP_STATE = 1
const GROUP_STATE_LENGTH = 40
const VERSION_2 = 2
const LAST_VERSION_2_STATE = 6
/** IPv4 or IPv6. */
const ADDRESS_VERSIONS = [4, 6]

/** Hot. */
function isVersion0({ bytes, at, length }: Payload): boolean {
  const operation = bytes[at + 1]
  if (operation === ADVERTISE) return length >= ADVERTISE_LENGTH && read16(bytes, at + 2) === INTERFACE_STATE
  return operation < ADVERTISE && length >= LENGTH_0 && STATES.includes(bytes[at + 2])
}

/** Hot. */
function isVersion2({ bytes, at }: Payload): boolean {
  if (bytes[at + 1] !== GROUP_STATE_LENGTH || bytes[at + 2] !== VERSION_2 || bytes[at + 3] > ADVERTISE) return false
  return bytes[at + 4] <= LAST_VERSION_2_STATE && ADDRESS_VERSIONS.includes(bytes[at + 5])
}

export const hsrp: Signature = {
  name: 'hsrp',
  title: 'Cisco Hot Standby Router Protocol',
  transport: 'udp',
  evidence: `operation and state on port ${HSRP_PORT} or ${HSRP_IPV6_PORT}`,
  begins: [VERSION_0, GROUP_STATE],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!(payload.hasPort(HSRP_PORT) || payload.hasPort(HSRP_IPV6_PORT)) || end - at < ADVERTISE_LENGTH) return false
    return bytes[at] === VERSION_0 ? isVersion0(payload) : isVersion2(payload)
  },
}

const GLBP_PORT = 3222
const GLBP_VERSION = 1
/** Version, group, the sender's id, and the first type and length. */
const GLBP_HEADER = 12
/** Hello, request or response, authentication. */
const GLBP_LAST_TYPE = 4

export const glbp: Signature = {
  name: 'glbp',
  title: 'Gateway Load Balancing Protocol',
  transport: 'udp',
  evidence: `header and first type on port ${GLBP_PORT}`,
  begins: [GLBP_VERSION],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(GLBP_PORT) || end - at < GLBP_HEADER + 2 || bytes[at + 1] !== 0) return false
    const type = bytes[at + GLBP_HEADER]
    const size = bytes[at + GLBP_HEADER + 1]
    return type >= 1 && type <= GLBP_LAST_TYPE && size >= 2 && GLBP_HEADER + size <= length
  },
}
