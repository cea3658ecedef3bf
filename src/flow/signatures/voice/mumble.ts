/** Mumble: "Protocol", the ping over UDP that lists of servers send. Speech is encrypted, and control messages are TLS. */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const PORT = 64738
/** Four octets of 0 and eight that identify; answered with version, those eight, users, most users, most bits per second. */
const REQUEST = 12
const RESPONSE = 24
const LAST_MAJOR = 1
const MIN_BANDWIDTH = 8000
const MAX_BANDWIDTH = 1_000_000

/** Wireshark has none. */
export const mumble: Signature = {
  name: 'mumble',
  title: 'Mumble',
  transport: 'udp',
  evidence: `ping of Mumble on port ${PORT}`,
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(PORT) || end - at !== length) return false
    if (payload.destinationPort === PORT) return length === REQUEST && read32(bytes, at) === 0
    if (length !== RESPONSE || bytes[at + 1] > LAST_MAJOR) return false
    const bandwidth = read32(bytes, at + 20)
    return read32(bytes, at + 12) <= read32(bytes, at + 16) && bandwidth >= MIN_BANDWIDTH && bandwidth <= MAX_BANDWIDTH
  },
}
