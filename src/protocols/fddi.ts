/**
 * FDDI: Fiber Distributed Data Interface, ISO 9314-2; IP over it: RFC 1390.
 *
 *    0                1                 7            octets
 *  0 | frame control |   destination   |    source    |
 * 13 |  LLC ...
 */
import { DATA } from './data.ts'
import { FDDI } from './fddi-id.ts'
import { either, ether, u8 } from './field.ts'
import { LLC } from './llc.ts'
import type { Protocol } from './protocol.ts'

/** Octets before the data. */
const HEADER_LENGTH = 13

// Octets from the first octet of this header.
const FRAME_CONTROL = 0
const DESTINATION = 1
const SOURCE = 7

/** Asynchronous LLC frames, of any priority (ISO 9314-2 §7.3.3). */
const LLC_FRAME = 0x50
const LLC_FRAME_MASK = 0xf0

const destination = ether('fddi.dst', DESTINATION, 'Destination address')
const source = ether('fddi.src', SOURCE, 'Source address')

export const fddi: Protocol = {
  id: FDDI,
  name: 'fddi',
  title: 'Fiber Distributed Data Interface',
  carriedBy: { linktype: 10 },
  fields: [
    u8('fddi.fc', FRAME_CONTROL, 'Frame control', { base: 'hex' }),
    destination,
    source,
    either('fddi.addr', 'Destination or source address', destination, source),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(FDDI, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(FDDI)
    packet.payload = at + HEADER_LENGTH
    return (packet.bytes[at + FRAME_CONTROL] & LLC_FRAME_MASK) === LLC_FRAME ? LLC : DATA
  },
}
