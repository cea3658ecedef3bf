/** ZMTP, of ZeroMQ: RFC 23/ZMTP 3.0, "Greeting", which versions before it begin with as well (RFC 15/ZMTP 2.0). */
import type { Signature } from '../signature.ts'

const SIGNATURE = 10
const FIRST = 0xff
const LAST = 0x7f
const MAX_VERSION = 3
const MECHANISMS = ['NULL\0', 'PLAIN\0', 'CURVE\0', 'GSSAPI\0']

/** Wireshark has had no name for it until version 4.2, which has this one. */
export const zmtp: Signature = {
  name: 'zmtp',
  title: 'ZeroMQ Message Transport Protocol',
  transport: 'tcp',
  evidence: 'signature and version of ZMTP',
  begins: [FIRST],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < SIGNATURE || bytes[at + 9] !== LAST || bytes[at + 8] > 1) return false
    // A message of version 1 with the length in eight octets, of which only the last is ever used here.
    for (let i = at + 1; i < at + 8; i++) if (bytes[i] !== 0) return false
    if (payload.length === SIGNATURE) return true
    if (end - at > SIGNATURE && bytes[at + SIGNATURE] > MAX_VERSION) return false
    if (payload.length <= SIGNATURE + 2) return true
    for (const mechanism of MECHANISMS) if (payload.startsWith(mechanism, SIGNATURE + 2)) return true
    return bytes[at + SIGNATURE] < MAX_VERSION
  },
}
