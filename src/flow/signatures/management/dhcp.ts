/** DHCP: RFC 2131 §2; BOOTP, whose format it has: RFC 951 §3. */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// The first octet (RFC 2131 §2, "op").
const BOOT_REQUEST = 1
const BOOT_REPLY = 2
const DHCP_OPTIONS = 236
/** RFC 2131 §3: the options begin with these octets. */
const MAGIC_COOKIE = 0x63825363

export const dhcp: Signature = {
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol',
  transport: 'udp',
  begins: [BOOT_REQUEST, BOOT_REPLY],
  evidence: 'magic cookie of DHCP',
  matches: ({ bytes, at, end }) => end - at >= DHCP_OPTIONS + 4 && read32(bytes, at + DHCP_OPTIONS) === MAGIC_COOKIE,
}

const SERVER_PORT = 67
const CLIENT_PORT = 68
const FIXED_HEADER = 12
const MAX_HARDWARE_LENGTH = 16
/** RFC 1542 §4.1.1. */
const MAX_HOPS = 16

/** Without a cookie, as BOOTP is, or cut off before it. */
export const bootp: Signature = {
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol',
  transport: 'udp',
  begins: [BOOT_REQUEST, BOOT_REPLY],
  evidence: `header of BOOTP on port ${SERVER_PORT} or ${CLIENT_PORT}`,
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(SERVER_PORT) && !payload.hasPort(CLIENT_PORT)) return false
    return (
      end - at >= FIXED_HEADER &&
      length >= DHCP_OPTIONS &&
      bytes[at + 1] !== 0 &&
      bytes[at + 2] <= MAX_HARDWARE_LENGTH &&
      bytes[at + 3] <= MAX_HOPS
    )
  },
}
