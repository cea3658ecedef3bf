/**
 * DTLS: TLS over datagrams, RFC 6347 §4.1. Records are told apart; what they carry is not decoded.
 *
 *    0      1         3       5                11       13  octets
 *  0 | type | version | epoch | sequence number | length | fragment ...
 */
import { read16 } from '../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { computed, u8, u16 } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const DTLS = protocolId('dtls')

const HEADER_LENGTH = 13
const TYPE = 0
const VERSION = 1
const EPOCH = 3
const SEQUENCE = 5
const LENGTH = 11

/** Content types: change cipher spec to connection id (RFC 9146). */
const FIRST_TYPE = 20
const LAST_TYPE = 25
/** DTLS 1.0, DTLS 1.2, and OpenSSL's before there was a standard. */
const VERSIONS: readonly number[] = [0xfeff, 0xfefd, 0x0100]

const contentTypes = {
  20: 'Change Cipher Spec',
  21: 'Alert',
  22: 'Handshake',
  23: 'Application Data',
  24: 'Heartbeat',
  25: 'Connection ID',
}
const versions = { 65279: 'DTLS 1.0', 65277: 'DTLS 1.2', 256: 'DTLS 1.0 (OpenSSL pre 0.9.8f)' }

function isRecord(packet: Packet, at: number): boolean {
  const { bytes } = packet
  if (packet.end - at < VERSION + 2) return false
  return bytes[at] >= FIRST_TYPE && bytes[at] <= LAST_TYPE && VERSIONS.includes(read16(bytes, at + VERSION))
}

export const dtls: Protocol = {
  id: DTLS,
  name: 'dtls',
  title: 'Datagram Transport Layer Security',
  need: 'dissection',
  carriedBy: { 'udp.application': [853, 2221, 5684, 5868] },
  looksLike: { udp: isRecord },
  fields: [
    u8('dtls.record.content_type', TYPE, 'Content Type', { values: contentTypes }),
    u16('dtls.record.version', VERSION, 'Version', { base: 'hex', values: versions }),
    u16('dtls.record.epoch', EPOCH, 'Epoch'),
    computed('uint64', 'dtls.record.sequence_number', 'Sequence Number', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + SEQUENCE
      if (at + 6 > packet.layerEnd[layer]) return false
      return visit(
        BigInt(read16(packet.bytes, at)) * 0x1_0000_0000n +
          BigInt(read16(packet.bytes, at + 2) * 65_536 + read16(packet.bytes, at + 4)),
        0,
      )
    }),
    u16('dtls.record.length', LENGTH, 'Length'),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes } = packet
    if (!isRecord(packet, at)) return REJECTED
    if (packet.conversation !== null) packet.conversation.protocol = DTLS
    packet.enter(DTLS, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(DTLS)
    packet.endMessage(at + HEADER_LENGTH + read16(bytes, at + LENGTH))
    packet.payload = packet.end
    return NONE
  },
}
