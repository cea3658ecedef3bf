/**
 * Skinny (SCCP): how Cisco's telephones talk to their call manager. Little-endian.
 *
 *    0        4         8      12  octets
 *    | length | version | type | ...
 *
 * The length counts from the type on. Two messages say where RTP will be spoken.
 */
import { formatIpv4 } from '../../../packet/address.ts'
import { read16le, read32, read32le } from '../../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../../packet/packet.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { UDP } from '../../udp.ts'
import { le32 } from '../little-endian.ts'
import { RTCP, RTP } from './rtp.ts'

export const SKINNY = protocolId('skinny')

const PORT = 2000
/** Octets that the length does not count. */
const UNCOUNTED = 8
const HEADER_LENGTH = 12

const VERSION = 4
const TYPE = 8
/** Versions of the header that exist. */
const VERSIONS = new Set([0, 0x0a, 0x0b, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16])
/** From this one on addresses come behind their family. */
const WITH_FAMILY = 0x11

const OPEN_RECEIVE_CHANNEL_ACK = 0x0022
const START_MEDIA_TRANSMISSION = 0x008a

/** Hot: a message, or what could be one. */
function isMessage(packet: Packet, at: number): boolean {
  return (
    packet.end - at >= UNCOUNTED &&
    read32le(packet.bytes, at) >= 4 &&
    VERSIONS.has(read32le(packet.bytes, at + VERSION))
  )
}

export const skinny: Protocol = {
  id: SKINNY,
  name: 'skinny',
  title: 'Skinny Client Control Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORT },
  fields: [
    le32('skinny.data_length', 0, 'Data length; from the type on'),
    le32('skinny.hdr_version', VERSION, 'Header version', { base: 'hex' }),
    le32('skinny.messageId', TYPE, 'Message ID'),
  ],

  /** Hot. */
  decode(packet, at) {
    if (!isMessage(packet, at)) return REJECTED
    const { bytes } = packet
    const end = at + UNCOUNTED + read32le(bytes, at)
    if (packet.canReassemble && end > packet.wireEnd) return packet.incomplete(end - packet.wireEnd)
    packet.enter(SKINNY, at)
    packet.endMessage(end)
    packet.payload = packet.end
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(SKINNY)
    const type = read32le(bytes, at + TYPE)
    if (type === OPEN_RECEIVE_CHANNEL_ACK) announce(packet, at, at + HEADER_LENGTH + 4)
    else if (type === START_MEDIA_TRANSMISSION) announce(packet, at, at + HEADER_LENGTH + 8)
    return NONE
  },
}

/** Announces RTP at the address and port that lie at `from`. Rare, so that it may build strings. */
function announce(packet: Packet, at: number, from: number): void {
  const { bytes, end, conversation } = packet
  let address = from
  let port = from + 4
  if (read32le(bytes, at + VERSION) >= WITH_FAMILY) {
    // The family is 0 for IPv4, whose address then has the room of one of IPv6.
    if (from + 24 > end || read32le(bytes, from) !== 0) return
    address = from + 4
    port = from + 20
  }
  if (conversation === null || port + 4 > end) return
  const number = read16le(bytes, port)
  const text = formatIpv4(read32(bytes, address))
  if (number === 0 || text === '0.0.0.0') return
  conversation.expect(UDP, text, number, RTP)
  conversation.expect(UDP, text, number + 1, RTCP)
}
