/** What keeps a network going: DHCP (RFC 2131 §2), NTP (RFC 5905 §7.3). */
import { read32 } from '../../packet/bytes.ts'
import type { Signature } from './signature.ts'

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
  matches: (bytes, at, end) =>
    end - at >= DHCP_OPTIONS + 4 &&
    (bytes[at] === BOOT_REQUEST || bytes[at] === BOOT_REPLY) &&
    read32(bytes, at + DHCP_OPTIONS) === MAGIC_COOKIE,
}

const NTP_PORT = 123
const NTP_HEADER = 48

export const ntp: Signature = {
  name: 'ntp',
  title: 'Network Time Protocol',
  transport: 'udp',
  matches: (bytes, at, end, sourcePort, destinationPort) => {
    if ((sourcePort !== NTP_PORT && destinationPort !== NTP_PORT) || end - at < NTP_HEADER) return false
    const version = (bytes[at] >> 3) & 7
    const mode = bytes[at] & 7
    return version >= 1 && version <= 4 && mode >= 1 && mode <= 5
  },
}
