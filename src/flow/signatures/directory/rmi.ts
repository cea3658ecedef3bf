/** Java RMI: "Java Remote Method Invocation Specification" §10.2 (RMI transport protocol). */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'
import { isText } from '../web/first-line.ts'

const MAGIC = 'JRMI'
const LAST_VERSION = 2
const STREAM_PROTOCOL = 0x4b
const MULTIPLEX_PROTOCOL = 0x4d
const ACKNOWLEDGMENT = 0x4e
const MAX_HOST = 255

export const rmi: Signature = {
  name: 'rmi',
  title: 'Java RMI',
  transport: 'tcp',
  evidence: 'header "JRMI", or the acknowledgment of one',
  begins: firstOctets([MAGIC, 'N']),
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (bytes[at] === ACKNOWLEDGMENT) return isAcknowledgment(payload)
    if (end - at < MAGIC.length + 3 || !payload.startsWith(MAGIC)) return false
    const version = read16(bytes, at + MAGIC.length)
    const protocol = bytes[at + MAGIC.length + 2]
    return version >= 1 && version <= LAST_VERSION && protocol >= STREAM_PROTOCOL && protocol <= MULTIPLEX_PROTOCOL
  },
}

/** Hot: the client's host as the server sees it, and its port in four octets. */
function isAcknowledgment({ bytes, at, end, length }: Payload): boolean {
  if (end - at < 8 || end - at !== length) return false
  const host = read16(bytes, at + 1)
  if (host === 0 || host > MAX_HOST || length !== 3 + host + 4) return false
  return read16(bytes, at + 3 + host) === 0 && isText(bytes, at + 3, at + 3 + host)
}
