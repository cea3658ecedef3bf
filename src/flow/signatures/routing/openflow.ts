/** OpenFlow: Open Networking Foundation TS-025 §7.1: version, type, length of all, transaction. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const PORTS = [6633, 6653] as const
const HEADER = 8
/** 1.0, 1.1, 1.2, 1.3, 1.4, 1.5. */
const VERSIONS = [1, 2, 3, 4, 5, 6]
/** The last type of each version. */
const LAST_TYPES: readonly number[] = [0, 21, 23, 25, 29, 33, 35]
/** Messages that one payload is followed through. */
const MAX_MESSAGES = 64

const HELLO = 0
/** An element of a hello: which versions there are (§7.5.1). */
const VERSION_BITMAP = 1
const BITMAP_LENGTH = 8

/** Hot: messages of one version, one behind the other, up to the payload's end or that of what is looked at. */
function isMessages({ bytes, at, end, length }: Payload): boolean {
  let offset = 0
  for (let i = 0; i < MAX_MESSAGES && at + offset + HEADER <= end; i++) {
    const version = bytes[at + offset]
    const message = read16(bytes, at + offset + 2)
    if (version !== bytes[at] || bytes[at + offset + 1] > LAST_TYPES[version] || message < HEADER) return false
    offset += message
  }
  // The last one may go on in the next segment.
  return offset > 0 && (offset >= length || end - at < length)
}

/** Hot: a hello, alone or with the versions. */
function isHello({ bytes, at, end, length }: Payload): boolean {
  if (bytes[at + 1] !== HELLO || read16(bytes, at + 2) !== length) return false
  if (length === HEADER) return read32(bytes, at + 4) !== 0
  if (length !== HEADER + BITMAP_LENGTH || end - at < length) return false
  return read16(bytes, at + HEADER) === VERSION_BITMAP && read16(bytes, at + HEADER + 2) === BITMAP_LENGTH
}

export const openFlow: Signature = {
  name: 'openflow',
  title: 'OpenFlow',
  transport: 'tcp',
  evidence: `hello; or messages with their lengths on port ${PORTS.join(' or ')}`,
  begins: VERSIONS,
  matches: (payload) => {
    if (payload.end - payload.at < HEADER) return false
    return isHello(payload) || ((payload.hasPort(PORTS[0]) || payload.hasPort(PORTS[1])) && isMessages(payload))
  },
}
