/** BFD's control packets: RFC 5880 §4.1. */
import { read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

/** One hop (RFC 5881), several (RFC 5883), members of a group of links (RFC 7130), seamless (RFC 7881). */
const PORTS = [3784, 4784, 6784, 7784] as const
const HEADER = 24
/** With SHA-1, 28 octets of authentication follow. */
const LONGEST = 52
/** In the upper three bits; the diagnostic is in the others. */
const VERSION_1 = 0x20
const LAST_DIAGNOSTIC = 9
const MULTIPLIER = 2
const LENGTH = 3
const MY_DISCRIMINATOR = 4

/** Hot. */
function hasBfdPort(payload: Payload): boolean {
  for (const port of PORTS) if (payload.hasPort(port)) return true
  return false
}

export const bfd: Signature = {
  name: 'bfd',
  title: 'Bidirectional Forwarding Detection Control Message',
  transport: 'udp',
  evidence: `control packet of the datagram's length on port ${PORTS.join(', ')}`,
  begins: octetRange(VERSION_1, VERSION_1 + LAST_DIAGNOSTIC),
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || length > LONGEST || bytes[at + LENGTH] !== length || !hasBfdPort(payload)) return false
    return bytes[at + MULTIPLIER] !== 0 && read32(bytes, at + MY_DISCRIMINATOR) !== 0
  },
}
