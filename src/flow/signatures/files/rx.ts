/** Rx, the remote procedure calls of AFS: OpenAFS, "Rx protocol specification" (header). */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

/** afs3-fileserver to afs3-update: the services that the IANA registry lists. */
const FIRST_PORT = 7000
const LAST_PORT = 7009
const HEADER = 28
const TYPE = 20
const MAX_TYPE = 13
const SECURITY_INDEX = 23
const MAX_SECURITY_INDEX = 5
const SERVICE = 26
const MAX_SERVICE = 1000

export const rx: Signature = {
  name: 'rx',
  title: 'RX Protocol',
  transport: 'udp',
  evidence: `header of Rx on a port from ${FIRST_PORT} to ${LAST_PORT}`,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!hasPort(payload) || end - at < HEADER) return false
    const type = bytes[at + TYPE]
    const service = read16(bytes, at + SERVICE)
    return (
      type >= 1 &&
      type <= MAX_TYPE &&
      // Flags: client-initiated, acknowledgment wanted, last, more, slow start: 0x20; the upper two bits are local to a host.
      bytes[at + 21] <= 0x3f &&
      bytes[at + SECURITY_INDEX] <= MAX_SECURITY_INDEX &&
      service > 0 &&
      service <= MAX_SERVICE
    )
  },
}

/** Hot. */
function hasPort({ sourcePort, destinationPort }: Payload): boolean {
  return (
    (sourcePort >= FIRST_PORT && sourcePort <= LAST_PORT) ||
    (destinationPort >= FIRST_PORT && destinationPort <= LAST_PORT)
  )
}
