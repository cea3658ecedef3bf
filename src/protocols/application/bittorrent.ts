/**
 * BitTorrent: the protocol between peers, BEP 3; the fast extension, BEP 6; extension messages, BEP 10.
 *
 *   handshake  | 19 | "BitTorrent protocol" | reserved (8) | info hash (20) | peer ID (20) |
 *   message    | length (4) | type (1) | ...
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { layerOnly } from './layer-only.ts'
import { beginsExactly, latin1 } from './lines.ts'

export const BITTORRENT = protocolId('bittorrent')

const GREETING = '\x13BitTorrent protocol'
const HANDSHAKE_LENGTH = 68
const LENGTH_OCTETS = 4

const HAVE = 4
const BITFIELD = 5
const REQUEST = 6
const PIECE = 7
const CANCEL = 8
const PORT = 9
const EXTENDED = 20

const TYPES = {
  0: 'Choke',
  1: 'Unchoke',
  2: 'Interested',
  3: 'Not Interested',
  4: 'Have',
  5: 'Bitfield',
  6: 'Request',
  7: 'Piece',
  8: 'Cancel',
  9: 'Port',
  13: 'Suggest Piece',
  14: 'Have All',
  15: 'Have None',
  16: 'Reject Request',
  17: 'Allowed Fast',
  20: 'Extended',
}

type Read = (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean

/** A field of handshakes. */
function handshake(type: FieldType, name: string, description: string, read: Read): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      const end = packet.layerEnd[layer]
      return end - at >= HANDSHAKE_LENGTH && isHandshake(packet.bytes, at, end) && read(packet.bytes, at, end, visit)
    },
    { need: 'dissection' },
  )
}

/** A field of messages with a type: of those types, or of all. */
function message(
  type: FieldType,
  name: string,
  types: readonly number[],
  description: string,
  read: Read,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const { bytes } = packet
      const at = packet.layerAt[layer]
      const end = packet.layerEnd[layer]
      if (end - at < LENGTH_OCTETS + 1 || isHandshake(bytes, at, end)) return false
      const own = bytes[at + LENGTH_OCTETS]
      if (!(own in TYPES) || (types.length > 0 && !types.includes(own))) return false
      return read(bytes, at + LENGTH_OCTETS + 1, end, visit)
    },
    { ...options, need: 'dissection' },
  )
}

/** An integer of four octets at `offset` of a message's content. */
function word(name: string, types: readonly number[], offset: number, description: string): Field {
  return message(
    'uint32',
    name,
    types,
    description,
    (bytes, at, end, visit) => at + offset + 4 <= end && visit(read32(bytes, at + offset), 0),
    { base: 'hex' },
  )
}

/** Hot. */
function isHandshake(bytes: Uint8Array, at: number, end: number): boolean {
  return beginsExactly(bytes, at, end, GREETING)
}

const BLOCKS = [REQUEST, PIECE, CANCEL, 16]

export const bittorrent: Protocol = {
  id: BITTORRENT,
  name: 'bittorrent',
  title: 'BitTorrent',
  need: 'dissection',
  carriedBy: { 'tcp.application': [6881, 6882, 6883, 6884, 6885, 6886, 6887, 6888, 6889] },
  looksLike: { tcp: looksLikeBittorrent },
  messages: { headerLength: LENGTH_OCTETS, length: messageLength },
  fields: [
    handshake('uint8', 'bittorrent.protocol.name.length', 'Protocol Name Length; 19', (bytes, at, _end, visit) =>
      visit(bytes[at], 0),
    ),
    handshake('string', 'bittorrent.protocol.name', 'Protocol Name', (bytes, at, _end, visit) =>
      visit(latin1(bytes, at + 1, at + 20), 0),
    ),
    handshake('bytes', 'bittorrent.reserved', 'Reserved Extension Bytes', (_bytes, at, _end, visit) =>
      visit(at + 20, 8),
    ),
    handshake('bytes', 'bittorrent.info_hash', 'SHA1 Hash of info dictionary', (_bytes, at, _end, visit) =>
      visit(at + 28, 20),
    ),
    handshake('bytes', 'bittorrent.peer_id', 'Peer ID', (_bytes, at, _end, visit) => visit(at + 48, 20)),
    computed(
      'uint32',
      'bittorrent.msg.length',
      'Message Length; octets after it, 0 in a keepalive',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        const end = packet.layerEnd[layer]
        if (end - at < LENGTH_OCTETS || isHandshake(packet.bytes, at, end)) return false
        const length = read32(packet.bytes, at)
        return (
          (length === 0 || (end - at > LENGTH_OCTETS && packet.bytes[at + LENGTH_OCTETS] in TYPES)) && visit(length, 0)
        )
      },
      { need: 'dissection' },
    ),
    message('uint8', 'bittorrent.msg.type', [], 'Message Type', (bytes, at, _end, visit) => visit(bytes[at - 1], 0), {
      values: TYPES,
    }),
    word('bittorrent.piece.index', [HAVE, 13, 17, ...BLOCKS], 0, 'Piece index'),
    word('bittorrent.piece.begin', BLOCKS, 4, 'Begin offset of piece'),
    word('bittorrent.piece.length', [REQUEST, CANCEL, 16], 8, 'Piece Length'),
    message(
      'bytes',
      'bittorrent.piece.data',
      [PIECE],
      'Data in a piece',
      (_bytes, at, end, visit) => at + 8 < end && visit(at + 8, end - at - 8),
    ),
    message(
      'bytes',
      'bittorrent.msg.bitfield',
      [BITFIELD],
      'Bitfield data',
      (_bytes, at, end, visit) => at < end && visit(at, end - at),
    ),
    message(
      'uint16',
      'bittorrent.port',
      [PORT],
      'Port; of the DHT',
      (bytes, at, end, visit) => at + 2 <= end && visit(read16(bytes, at), 0),
    ),
    message(
      'uint8',
      'bittorrent.extended.id',
      [EXTENDED],
      'Extended Message ID',
      (bytes, at, end, visit) => at < end && visit(bytes[at], 0),
    ),
  ],

  /** Hot: a whole message. */
  decode(packet, at) {
    const { bytes, end } = packet
    packet.enter(BITTORRENT, at)
    packet.payload = end
    // The handshake of the extensions is a dictionary (BEP 10).
    const type = at + LENGTH_OCTETS
    if (type + 2 < end && bytes[type] === EXTENDED && bytes[type + 1] === 0 && !isHandshake(bytes, at, end))
      packet.enter(BENCODE, type + 2)
    return NONE
  },
}

const BENCODE = protocolId('bencode')

export const bencode = layerOnly(BENCODE, 'bencode', 'Bencode')

/** Hot: the greeting of a handshake. The conversation is BitTorrent from then on. */
function looksLikeBittorrent(packet: Packet, at: number): boolean {
  if (!isHandshake(packet.bytes, at, packet.end)) return false
  if (packet.conversation !== null) packet.conversation.protocol = BITTORRENT
  return true
}

/** Hot. */
function messageLength(bytes: Uint8Array, at: number, packet: Packet): number {
  return isHandshake(bytes, at, packet.end) ? HANDSHAKE_LENGTH : LENGTH_OCTETS + read32(bytes, at)
}
