/**
 * RTP: real-time transport, RFC 3550 §5.1. No port and no look tells it: it is where something has announced it (SDP, RTSP,
 * Skinny).
 *
 *    0         1              2          4           8      12
 *    | V P X CC | M, payload type | sequence | timestamp | SSRC | CSRC ... extension ... payload ...
 */
import { read16, read32 } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { bits, computed, type Field, flag, u16, u32, when } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'

export const RTP = protocolId('rtp')

const HEADER_LENGTH = 12
const VERSION = 2
const PADDING = 0x20
const EXTENSION = 0x10

const isVersion2 = (packet: Packet, layer: number): boolean =>
  packet.layerAt[layer] < packet.layerEnd[layer] && packet.bytes[packet.layerAt[layer]] >> 6 === VERSION

const inVersion2 = (field: Field): Field => when(isVersion2, field)

/** Where the extension is, behind the contributing sources; -1 if that is not in the layer. */
function extensionAt(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  if (!isVersion2(packet, layer) || at + HEADER_LENGTH > packet.layerEnd[layer]) return -1
  const next = at + HEADER_LENGTH + 4 * (packet.bytes[at] & 0x0f)
  return next <= packet.layerEnd[layer] ? next : -1
}

/** Where the payload is; -1 if there is none. */
function payloadAt(packet: Packet, layer: number): number {
  const at = extensionAt(packet, layer)
  const end = packet.layerEnd[layer]
  if (at < 0 || (packet.bytes[packet.layerAt[layer]] & EXTENSION) === 0) return at
  if (at + 4 > end) return -1
  const next = at + 4 + 4 * read16(packet.bytes, at + 2)
  return next <= end ? next : -1
}

const hasExtension = (packet: Packet, layer: number): boolean => {
  const at = extensionAt(packet, layer)
  return at >= 0 && at + 4 <= packet.layerEnd[layer] && (packet.bytes[packet.layerAt[layer]] & EXTENSION) !== 0
}

/** An integer of the extension's header (RFC 3550 §5.3.1). */
function inExtension(name: string, offset: number, description: string, base: 'dec' | 'hex'): Field {
  return computed(
    'uint16',
    name,
    description,
    (packet, layer, visit) =>
      hasExtension(packet, layer) && visit(read16(packet.bytes, extensionAt(packet, layer) + offset), 0),
    { base },
  )
}

export const rtp: Protocol = {
  id: RTP,
  name: 'rtp',
  title: 'Real-Time Transport Protocol',
  need: 'dissection',
  fields: [
    bits('uint8', 'rtp.version', 0, 1, 0xc0, 'Version'),
    inVersion2(flag('rtp.padding', 0, 1, PADDING, 'Padding; stands at the end')),
    inVersion2(flag('rtp.ext', 0, 1, EXTENSION, 'Extension')),
    inVersion2(bits('uint8', 'rtp.cc', 0, 1, 0x0f, 'Contributing source identifiers count')),
    inVersion2(flag('rtp.marker', 1, 1, 0x80, 'Marker')),
    inVersion2(
      bits('uint8', 'rtp.p_type', 1, 1, 0x7f, 'Payload type', {
        values: {
          0: 'ITU-T G.711 PCMU',
          3: 'GSM 06.10',
          4: 'ITU-T G.723',
          8: 'ITU-T G.711 PCMA',
          9: 'ITU-T G.722',
          13: 'Comfort noise',
          14: 'MPEG-I/II Audio',
          18: 'ITU-T G.729',
          26: 'JPEG-compressed video',
          31: 'ITU-T H.261',
          32: 'MPEG-I/II Video',
          33: 'MPEG-II transport streams',
          34: 'ITU-T H.263',
        },
      }),
    ),
    inVersion2(u16('rtp.seq', 2, 'Sequence number')),
    inVersion2(u32('rtp.timestamp', 4, 'Timestamp; in units of the payload type')),
    inVersion2(u32('rtp.ssrc', 8, 'Synchronization Source identifier', { base: 'hex' })),
    computed(
      'uint32',
      'rtp.csrc.item',
      'CSRC item; contributing sources',
      (packet, layer, visit) => {
        const end = extensionAt(packet, layer)
        for (let at = packet.layerAt[layer] + HEADER_LENGTH; at < end; at += 4)
          if (visit(read32(packet.bytes, at), 0)) return true
        return false
      },
      { base: 'hex' },
    ),
    inExtension('rtp.ext.profile', 0, 'Defined by profile', 'hex'),
    inExtension('rtp.ext.len', 2, 'Extension length; in words of four octets', 'dec'),
    computed('bytes', 'rtp.payload', 'Payload', (packet, layer, visit) => {
      const at = payloadAt(packet, layer)
      const end = packet.layerEnd[layer]
      if (at < 0 || at >= end) return false
      const padding = (packet.bytes[packet.layerAt[layer]] & PADDING) !== 0 ? packet.bytes[end - 1] : 0
      return at < end - padding && visit(at, end - padding - at)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(RTP, at)
    packet.payload = packet.end
    if (at < packet.end && packet.bytes[at] >> 6 === VERSION && packet.end - at < HEADER_LENGTH)
      return packet.truncated(RTP)
    return NONE
  },
}

export const RTCP = protocolId('rtcp')

// Packet types (RFC 3550 §12.1, RFC 4585 §6.1).
const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const SOURCE_DESCRIPTION = 202
const GOODBYE = 203
const APPLICATION = 204
const PAYLOAD_FEEDBACK = 206
/** Packets of one datagram that are looked at. */
const MAX_PACKETS = 64

/** Calls `each` for each packet of the datagram, with its type, where it is and where it ends. */
function eachPacket(packet: Packet, layer: number, each: (type: number, at: number, end: number) => boolean): boolean {
  const end = packet.layerEnd[layer]
  let at = packet.layerAt[layer]
  for (let i = 0; i < MAX_PACKETS && at + 4 <= end && packet.bytes[at] >> 6 === VERSION; i++) {
    const next = at + 4 * (read16(packet.bytes, at + 2) + 1)
    if (each(packet.bytes[at + 1], at, Math.min(next, end))) return true
    at = next
  }
  return false
}

function ofPackets(
  type: Field['type'],
  name: string,
  description: string,
  read: (bytes: Uint8Array, at: number, type: number, end: number) => number,
  options: Parameters<typeof computed>[4] = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachPacket(packet, layer, (kind, at, end) => {
        const value = read(packet.bytes, at, kind, end)
        return value >= 0 && visit(value, 0)
      }),
    options,
  )
}

/** An integer of sender reports at `offset`. */
function ofSender(name: string, offset: number, description: string): Field {
  return ofPackets('uint32', name, description, (bytes, at, type, end) =>
    type === SENDER_REPORT && at + offset + 4 <= end ? read32(bytes, at + offset) : -1,
  )
}

const hasCount = (type: number): boolean => type === SENDER_REPORT || type === RECEIVER_REPORT

export const rtcp: Protocol = {
  id: RTCP,
  name: 'rtcp',
  title: 'Real-time Transport Control Protocol',
  need: 'dissection',
  looksLike: { udp: looksLikeRtcp },
  fields: [
    ofPackets('uint8', 'rtcp.version', 'Version', (bytes, at) => bytes[at] >> 6),
    ofPackets('boolean', 'rtcp.padding', 'Padding', (bytes, at) => (bytes[at] >> 5) & 1),
    ofPackets('uint8', 'rtcp.rc', 'Reception report count', (bytes, at, type) =>
      hasCount(type) ? bytes[at] & 0x1f : -1,
    ),
    ofPackets('uint8', 'rtcp.sc', 'Source count', (bytes, at, type) =>
      type === SOURCE_DESCRIPTION || type === GOODBYE ? bytes[at] & 0x1f : -1,
    ),
    ofPackets('uint8', 'rtcp.pt', 'Packet type', (_bytes, _at, type) => type, {
      values: {
        192: 'Full INTRA-frame Request',
        193: 'Negative Acknowledgement',
        200: 'Sender Report',
        201: 'Receiver Report',
        202: 'Source description',
        203: 'Goodbye',
        204: 'Application specific',
        205: 'Generic RTP Feedback',
        206: 'Payload-specific',
        207: 'Extended report (RFC 3611)',
        208: 'AVB RTCP packet (IEEE1733)',
        209: 'Receiver Summary Information',
      },
    }),
    ofPackets('uint16', 'rtcp.length', 'Length; in words of four octets, without the first one', (bytes, at) =>
      read16(bytes, at + 2),
    ),
    ofPackets(
      'uint32',
      'rtcp.senderssrc',
      'Sender SSRC',
      (bytes, at, type, end) =>
        (hasCount(type) || type === 205 || type === PAYLOAD_FEEDBACK || type === 207) && at + 8 <= end
          ? read32(bytes, at + 4)
          : -1,
      { base: 'hex' },
    ),
    ofSender('rtcp.timestamp.ntp.msw', 8, 'Timestamp, MSW; seconds since 1900'),
    ofSender('rtcp.timestamp.ntp.lsw', 12, 'Timestamp, LSW'),
    ofSender('rtcp.timestamp.rtp', 16, 'RTP timestamp'),
    ofSender('rtcp.sender.packetcount', 20, "Sender's packet count"),
    ofSender('rtcp.sender.octetcount', 24, "Sender's octet count"),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(RTCP, at)
    packet.payload = packet.end
    return NONE
  },
}

/** Hot: what a datagram of RTCP begins with; Wireshark asks for whole words as well. */
function looksLikeRtcp(packet: Packet, at: number): boolean {
  if (packet.end - at < 4 || packet.bytes[at] >> 6 !== VERSION || (packet.wireEnd - at) % 4 !== 0) return false
  const type = packet.bytes[at + 1]
  return (
    type === SENDER_REPORT ||
    type === RECEIVER_REPORT ||
    type === GOODBYE ||
    type === APPLICATION ||
    type === PAYLOAD_FEEDBACK
  )
}
