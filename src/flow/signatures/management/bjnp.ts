/** Canon's BJNP, as the open drivers (cups-bjnp, SANE's pixma) speak it: printers and scanners on ports 8611 to 8614. */
import { read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

// The name, kind of device (the high bit in responses), command, four octets of state, a session, length of what follows.
const HEADER = 16
const LENGTH = 12
const NAMES = ['BJNP', 'BJNB', 'MFNP']

export const bjnp: Signature = {
  name: 'bjnp',
  title: 'Canon BJNP',
  transport: 'both',
  evidence: 'header "BJNP" with the length of what follows',
  begins: firstOctets(NAMES),
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || HEADER + read32(bytes, at + LENGTH) !== length) return false
    for (const name of NAMES) if (payload.startsWith(name)) return true
    return false
  },
}
