/**
 * Skinny (SCCP): a telephone's acknowledgment of OpenReceiveChannel, and StartMediaTransmission, say where RTP goes. Little-endian:
 * length (from the type on), version, type.
 */
import { formatIpv4 } from '../../../packet/address.ts'
import { read16le, read32, read32le } from '../../../packet/bytes.ts'
import type { Payload } from '../../signatures/payload.ts'
import { octetRange } from '../../signatures/signature.ts'
import type { Announcement, Announcer } from './announcer.ts'

const PORT = 2000
const HEADER = 12
/** Octets that the length does not count. */
const UNCOUNTED = 8
/** From this version on addresses come behind their family. */
const WITH_FAMILY = 0x11
/** By type: where the address stands, behind the header. */
const ADDRESS_AT = new Map([
  [0x0022, 4],
  [0x008a, 8],
])
const MAX_MESSAGES = 16

export const skinnyMedia: Announcer = {
  applications: ['skinny'],
  transport: 'tcp',
  begins: octetRange(0, 255),
  read(payload) {
    if (!payload.hasPort(PORT)) return []
    const { bytes, at, end } = payload
    const found: Announcement[] = []
    let message = at
    for (let i = 0; i < MAX_MESSAGES && message + HEADER <= end; i++) {
      const offset = ADDRESS_AT.get(read32le(bytes, message + UNCOUNTED))
      if (offset !== undefined) found.push(...mediaAt(payload, message, message + HEADER + offset))
      message += UNCOUNTED + Math.max(4, read32le(bytes, message))
    }
    return found
  },
}

function mediaAt({ bytes, end }: Payload, message: number, from: number): readonly Announcement[] {
  const hasFamily = read32le(bytes, message + 4) >= WITH_FAMILY
  const at = hasFamily ? from + 4 : from
  const portAt = hasFamily ? from + 20 : from + 4
  // The family is 0 for IPv4, whose address then has the room of one of IPv6.
  if (portAt + 4 > end || (hasFamily && read32le(bytes, from) !== 0)) return []
  const port = read16le(bytes, portAt)
  const address = formatIpv4(read32(bytes, at))
  if (port === 0 || port === 0xffff || address === '0.0.0.0') return []
  return [
    { transport: 'udp', address, port, application: 'rtp' },
    { transport: 'udp', address, port: port + 1, application: 'rtcp' },
  ]
}
