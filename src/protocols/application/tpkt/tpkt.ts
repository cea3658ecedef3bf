/**
 * TPKT: ISO transport on top of TCP, RFC 1006 §6. Remote Desktop speaks it until encryption begins, and puts its fast-path
 * messages ([MS-RDPBCGR] §2.2.8.1.2) between.
 *
 *    0         1      2        4  octets
 *    | version | 0 | length | COTP ...
 */
import { read16 } from '../../../packet/bytes.ts'
import { MAX_LAYERS, NONE, ONE_MORE_SEGMENT, type Packet, REJECTED } from '../../../packet/packet.ts'
import { computed, u8, u16, when } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { COTP } from './cotp.ts'
import { makeH245 } from './h245.ts'
import { decodeQ931, looksLikeQ931 } from './q931.ts'
import { RDP } from './rdp.ts'
import { looksLikeTpkt, TPKT_HEADER, TPKT_VERSION } from './tpkt-header.ts'

export const TPKT = protocolId('tpkt')

const PORT = 102
const RDP_PORT = 3389

/** By layer: whether it has a header; else it is what Wireshark calls a continuation. */
const hasHeader = new Uint8Array(MAX_LAYERS)

export const tpkt: Protocol = {
  id: TPKT,
  name: 'tpkt',
  title: 'TPKT - ISO on TCP - RFC1006',
  need: 'dissection',
  carriedBy: { 'tcp.application': [PORT, RDP_PORT] },
  looksLike: { tcp: looksLikeQ931 },
  fields: [
    when((_packet, layer) => hasHeader[layer] === 1, u8('tpkt.version', 0, 'Version')),
    when((_packet, layer) => hasHeader[layer] === 1, u8('tpkt.reserved', 1, 'Reserved')),
    when((_packet, layer) => hasHeader[layer] === 1, u16('tpkt.length', 2, 'Length; with these four octets')),
    computed('bytes', 'tpkt.continuation_data', 'Continuation data; where no header is', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return hasHeader[layer] === 0 && at < packet.layerEnd[layer] && visit(at, packet.layerEnd[layer] - at)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes, conversation } = packet
    if (at >= packet.end) return REJECTED
    const isNew = conversation !== null && conversation.protocol !== TPKT && packet.matchPort === RDP_PORT
    // No port tells of H.323's calls.
    if (packet.matchPort === 0 && conversation?.protocol !== TPKT)
      return looksLikeQ931(packet, at) ? decodeQ931(packet, at, enterUnnamed) : REJECTED
    // On Remote Desktop's port TLS may be spoken from the first octet on; it is TPKT if it begins with a header.
    if (isNew && !looksLikeTpkt(packet, at)) return REJECTED
    if (isFastPath(packet, at)) return fastPath(packet, at)
    if (bytes[at] !== TPKT_VERSION) return continuation(packet, at)
    const captured = packet.end - at
    if (captured < TPKT_HEADER) {
      if (packet.canReassemble) return packet.incomplete(ONE_MORE_SEGMENT)
      packet.enter(TPKT, at)
      hasHeader[packet.layerCount - 1] = 1
      return packet.truncated(TPKT)
    }
    const length = read16(bytes, at + 2)
    if (packet.canReassemble && at + length > packet.wireEnd) return packet.incomplete(at + length - packet.wireEnd)
    const layer = packet.layerCount
    packet.enter(TPKT, at)
    hasHeader[layer] = 1
    if (isNew && conversation !== null) {
      conversation.protocol = TPKT
      // Wireshark does not name it in the packet in which it finds out.
      packet.layerRepeats[layer] = 1
    }
    if (length < TPKT_HEADER) return packet.malformed(TPKT)
    packet.endMessage(at + length)
    packet.payload = at + TPKT_HEADER
    return packet.payload < packet.end ? COTP : NONE
  },
}

/** Hot: a header's layer that Wireshark shows but does not name. */
function enterUnnamed(packet: Packet, at: number): void {
  const layer = packet.layerCount
  packet.enter(TPKT, at)
  packet.layerRepeats[layer] = 1
  hasHeader[layer] = 1
}

/** Hot: the whole payload is one fast-path message: an action of 0, and a length of one or two octets. */
function isFastPath(packet: Packet, at: number): boolean {
  const { bytes } = packet
  const length = packet.wireEnd - at
  if ((bytes[at] & 3) !== 0 || packet.end - at < 3) return false
  const first = bytes[at + 1]
  return (first < 0x80 ? first : ((first & 0x7f) << 8) | bytes[at + 2]) === length
}

/** Hot: Wireshark names TPKT there, though it shows none. */
function fastPath(packet: Packet, at: number): number {
  packet.enter(RDP, at)
  packet.payload = packet.end
  return NONE
}

/** Hot. */
function continuation(packet: Packet, at: number): number {
  hasHeader[packet.layerCount] = 0
  packet.enter(TPKT, at)
  packet.payload = packet.end
  return NONE
}

export const h245: Protocol = makeH245(enterUnnamed)
