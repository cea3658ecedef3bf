/**
 * SCTP: Stream Control Transmission Protocol, RFC 9260 §3. I-DATA chunks: RFC 8260 §2.1.
 *
 *    0             2                  4  octets
 *  0 | source port | destination port |
 *  4 |        verification tag        |
 *  8 |            checksum            |
 * 12 |  chunks ...
 *
 * Chunk:
 *  0 | type | flags |     length      |    padded to a multiple of 4, which the length does not count
 *  4 |  value ...
 */
import { read16, read32 } from '../packet/bytes.ts'
import { MAX_LAYERS, NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { computed, either, type Field, type FieldOptions, type FieldType, u16, u32 } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const SCTP = protocolId('sctp')

/** Octets before the first chunk. */
const HEADER_LENGTH = 12

// Octets from the first octet of this header.
const SOURCE_PORT = 0
const DESTINATION_PORT = 2
const VERIFICATION_TAG = 4
const CHECKSUM = 8

// Octets from the first octet of a chunk.
const CHUNK_TYPE = 0
const CHUNK_FLAGS = 1
const CHUNK_LENGTH = 2
const CHUNK_HEADER_LENGTH = 4
const DATA_TSN = 4
const DATA_STREAM = 8
const DATA_PAYLOAD_PROTOCOL = 12

// Chunk types that carry data, and octets before it (RFC 9260 §3.3.1, RFC 8260 §2.1).
const CHUNK_DATA = 0
const CHUNK_DATA_HEADER_LENGTH = 16
const CHUNK_I_DATA = 64
const CHUNK_I_DATA_HEADER_LENGTH = 20

/** Both fragment bits set: the chunk holds a whole message (RFC 9260 §3.3.1). */
const WHOLE_MESSAGE = 0x03

const source = u16('sctp.srcport', SOURCE_PORT, 'Source port')
const destination = u16('sctp.dstport', DESTINATION_PORT, 'Destination port')

/** Calls `visit(at, length)` for each chunk whose header was captured; the length is as the chunk says. */
function eachChunk(packet: Packet, layer: number, visit: (at: number, length: number) => boolean): boolean {
  const end = packet.layerEnd[layer]
  for (let at = packet.layerAt[layer] + HEADER_LENGTH; at + CHUNK_HEADER_LENGTH <= end; ) {
    const length = read16(packet.bytes, at + CHUNK_LENGTH)
    if (length < CHUNK_HEADER_LENGTH) return false
    if (visit(at, length)) return true
    at += (length + 3) & ~3
  }
  return false
}

/** A value in the header of data chunks. */
function ofData(type: FieldType, name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachChunk(packet, layer, (at) => {
        if (packet.bytes[at + CHUNK_TYPE] !== CHUNK_DATA || at + CHUNK_DATA_HEADER_LENGTH > packet.layerEnd[layer])
          return false
        return visit(type === 'uint16' ? read16(packet.bytes, at + offset) : read32(packet.bytes, at + offset), 0)
      }),
    options,
  )
}

export const sctp: Protocol = {
  id: SCTP,
  name: 'sctp',
  title: 'Stream Control Transmission Protocol',
  carriedBy: { 'ip.proto': 132 },
  fields: [
    source,
    destination,
    either('sctp.port', 'Source or destination port', source, destination),
    u32('sctp.verification_tag', VERIFICATION_TAG, 'Which association, says its receiver', { base: 'hex' }),
    u32('sctp.checksum', CHECKSUM, 'CRC32c of the packet', { base: 'hex' }),
    computed('uint8', 'sctp.chunk_type', 'Type of each chunk', (packet, layer, visit) =>
      eachChunk(packet, layer, (at) => visit(packet.bytes[at + CHUNK_TYPE], 0)),
    ),
    computed(
      'uint8',
      'sctp.chunk_flags',
      'Flags of each chunk',
      (packet, layer, visit) => eachChunk(packet, layer, (at) => visit(packet.bytes[at + CHUNK_FLAGS], 0)),
      { base: 'hex' },
    ),
    computed('uint16', 'sctp.chunk_length', 'Length of each chunk, without padding', (packet, layer, visit) =>
      eachChunk(packet, layer, (_at, length) => visit(length, 0)),
    ),
    ofData('uint32', 'sctp.data_tsn_raw', DATA_TSN, 'Transmission sequence number of data, as sent'),
    ofData('uint16', 'sctp.data_sid', DATA_STREAM, 'Stream of data', { base: 'hex' }),
    ofData('uint32', 'sctp.data_payload_proto_id', DATA_PAYLOAD_PROTOCOL, 'What the data is, says its sender'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enterTransport(SCTP, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(SCTP)
    decodeChunks(packet, at + HEADER_LENGTH)
    packet.payload = packet.end
    return NONE
  },
}

/** Hot: a layer for the data of each chunk that holds a whole message; a packet may carry several. */
function decodeChunks(packet: Packet, first: number): void {
  const bytes = packet.bytes
  const end = packet.end
  const wireEnd = packet.wireEnd
  for (let at = first; at < end; ) {
    if (at + CHUNK_HEADER_LENGTH > end) {
      packet.truncated(SCTP)
      return
    }
    const length = read16(bytes, at + CHUNK_LENGTH)
    if (length < CHUNK_HEADER_LENGTH || at + length > wireEnd) {
      packet.malformed(SCTP)
      return
    }
    const type = bytes[at + CHUNK_TYPE]
    const header = type === CHUNK_DATA ? CHUNK_DATA_HEADER_LENGTH : CHUNK_I_DATA_HEADER_LENGTH
    if (
      (type === CHUNK_DATA || type === CHUNK_I_DATA) &&
      length > header &&
      at + header < end &&
      (bytes[at + CHUNK_FLAGS] & WHOLE_MESSAGE) === WHOLE_MESSAGE &&
      packet.layerCount < MAX_LAYERS
    ) {
      packet.wireEnd = at + length
      packet.end = Math.min(end, packet.wireEnd)
      packet.enter(DATA, at + header)
      packet.end = end
      packet.wireEnd = wireEnd
    }
    at += (length + 3) & ~3
  }
}
