/**
 * What TCP and UDP carry that is named by how it begins, and not decoded: no port tells of it. The looks are as strict as
 * Wireshark's own heuristics, since a wrong name is worse than none.
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import { type Protocol, protocolId } from '../protocol.ts'

type Look = (packet: Packet, at: number) => boolean

function named(name: string, title: string, looksLike: Protocol['looksLike']): Protocol {
  const id = protocolId(name)
  return {
    id,
    name,
    title,
    need: 'dissection',
    looksLike,
    fields: [],

    /** Hot. Once seen, it is taken for what the whole conversation carries. */
    decode(packet, at) {
      if (packet.conversation !== null) packet.conversation.protocol = id
      packet.enter(id, at)
      packet.payload = packet.end
      return NONE
    },
  }
}

/** Thrift's strict binary protocol: 0x8001, a message type of 1 to 4 and the length of the method's name; framed, its length comes first. */
const thrift: Look = (packet, at) => isThrift(packet, at) || (packet.end - at >= 4 && isThrift(packet, at + 4))

function isThrift({ bytes, end }: Packet, at: number): boolean {
  if (end - at < 12 || read16(bytes, at) !== 0x8001 || bytes[at + 2] !== 0) return false
  const type = bytes[at + 3]
  return type >= 1 && type <= 4 && read32(bytes, at + 4) <= end - at - 8
}

/** Google's QUIC: public flags with version and connection id, and then `Q0`; or a long header with `Q0`, up to Q046. */
const gquic: Look = ({ bytes, end }, at) => {
  if (end - at >= 13 && (bytes[at] & 0xc0) === 0xc0 && read16(bytes, at + 1) === 0x5130)
    return read16(bytes, at + 3) <= 0x3436
  const hasConnection = (bytes[at] & 0x08) !== 0
  if (end - at < 13 || !hasConnection || (bytes[at] & 0x80) !== 0) return false
  return read16(bytes, at + 9) === 0x5130
}

/** SMPP 3.4 §3.2: length, command id, status, sequence number. */
const smpp: Look = ({ bytes, end }, at) => {
  if (end - at < 16) return false
  const length = read32(bytes, at)
  const command = read32(bytes, at + 4)
  return length >= 16 && length <= 65_536 && (command & 0x7fff_ffff) <= 0x0113 && read32(bytes, at + 8) <= 0x04ff
}

export const namedByLook: readonly Protocol[] = [
  named('thrift', 'Thrift Protocol', { tcp: thrift, udp: thrift }),
  named('gquic', 'GQUIC (Google Quick UDP Internet Connections)', { udp: gquic }),
  named('smpp', 'Short Message Peer to Peer', { tcp: smpp }),
]
