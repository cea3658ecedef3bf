/** PCEP: RFC 5440 §6.1 (message), §7.2 (objects). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

/** In the upper three bits; the flags are 0. */
const VERSION_1 = 0x20
const HEADER = 4
/** Its octets are those of MQTT's CONNACK too, so nothing is told by it. */
const KEEPALIVE = 2
/** Open to label switching through StartTLS (RFC 8253). */
const LAST_TYPE = 13
const OPEN = 1
const OPEN_OBJECT = 0x0110
const LAST_CLASS = 0x40

export const pcep: Signature = {
  name: 'pcep',
  title: 'Path Computation Element communication Protocol',
  transport: 'tcp',
  evidence: 'header with type and length, and an object that fits',
  begins: [VERSION_1],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER) return false
    const type = bytes[at + 1]
    const message = read16(bytes, at + 2)
    if (type === 0 || type > LAST_TYPE || type === KEEPALIVE || message > length || message % 4 !== 0) return false
    if (end - at < HEADER + 4 || read16(bytes, at + HEADER + 2) + HEADER > message) return false
    if (type === OPEN) return (read16(bytes, at + HEADER) & 0xfff0) === OPEN_OBJECT
    return bytes[at + HEADER] > 0 && bytes[at + HEADER] <= LAST_CLASS && read16(bytes, at + HEADER + 2) % 4 === 0
  },
}
