/**
 * DCE/RPC's endpoint mapper on port 135 tells the port of a service (C706 appendix L and O): an answer holds a tower, whose floors
 * for TCP and IP stand behind each other.
 */
import { read16 } from '../../../packet/bytes.ts'
import { type Announcement, type Announcer, SENDER } from './announcer.ts'

const PORT = 135
const VERSION = 5
/** PDU type of a response. */
const RESPONSE = 2
// A floor: length and octets of its left side, length (little-endian) and octets of its right side. TCP is 7, IP is 9.
const TCP_FLOOR = [1, 0, 7, 2, 0]
const IP_FLOOR = [1, 0, 9, 4, 0]
const FLOORS = TCP_FLOOR.length + 2 + IP_FLOOR.length + 4
const MAX_TOWERS = 8

export const endpointMapper: Announcer = {
  applications: ['dcerpc'],
  transport: 'tcp',
  begins: [VERSION],
  read({ bytes, at, end, sourcePort }) {
    if (sourcePort !== PORT || end - at < 24 || bytes[at + 2] !== RESPONSE) return []
    const found: Announcement[] = []
    for (let i = at; i + FLOORS <= end && found.length < MAX_TOWERS; i++) {
      if (!stands(bytes, i, TCP_FLOOR) || !stands(bytes, i + TCP_FLOOR.length + 2, IP_FLOOR)) continue
      const port = read16(bytes, i + TCP_FLOOR.length)
      const ip = i + FLOORS - 4
      const isAny = read16(bytes, ip) === 0 && read16(bytes, ip + 2) === 0
      const address = isAny ? SENDER : bytes.subarray(ip, ip + 4).join('.')
      if (port !== 0) found.push({ transport: 'tcp', address, port, application: 'dcerpc' })
    }
    return found
  },
}

function stands(bytes: Uint8Array, at: number, octets: readonly number[]): boolean {
  return octets.every((octet, i) => bytes[at + i] === octet)
}
