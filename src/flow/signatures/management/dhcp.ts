/** DHCP: RFC 2131 §2. */
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
