/** SAIA-Burgess' Ether-S-Bus and Ether-S-I/O. */
import { read16, read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'
import { ccitt } from './checksum.ts'

const SBUS_PORT = 5050
/** Length of all, version, protocol type, sequence number, telegram's attribute; a checksum comes last. */
const SBUS_HEADER = 9
const SBUS_SHORTEST = 11
const LAST_VERSION = 1
/** Request, response, positive or negative acknowledgment. */
const LAST_ATTRIBUTE = 2
export const sBus: Signature = {
  name: 'sbus',
  title: 'SAIA S-Bus',
  transport: 'udp',
  evidence: `length and checksum of a telegram on port ${SBUS_PORT}`,
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(SBUS_PORT) || end - at < SBUS_SHORTEST || read32(bytes, at) !== length) return false
    if (bytes[at + 4] > LAST_VERSION || bytes[at + 5] > 1 || bytes[at + SBUS_HEADER - 1] > LAST_ATTRIBUTE) return false
    return end - at < length || read16(bytes, end - 2) === ccitt(bytes, at, end - 2, 0)
  },
}

const ESIO_MAGIC = 'ESIO'
const ESIO_HEADER = 20

export const esio: Signature = {
  name: 'esio',
  title: 'SAIA Ether-S-I/O protocol',
  transport: 'udp',
  evidence: 'magic "ESIO"',
  begins: firstOctets([ESIO_MAGIC]),
  matches: (payload) => payload.length >= ESIO_HEADER && payload.startsWith(ESIO_MAGIC),
}
