/**
 * SMB versions 2 and 3, [MS-SMB2] §2.2.1. Little-endian. Several messages may follow each other in one (§3.2.4.1.4): each says
 * where the next one begins.
 *
 *    0             4      6        8        12        14        16      20     24           32    36    40        48          64
 *    | 0xfe "SMB" | 64 | charge | status | command | credits | flags | next | message id | pid | tid | session | signature |
 *
 * In a message that is answered later (async), an id of eight octets takes the place of pid and tid. What is encrypted or
 * compressed has another header (§2.2.41, §2.2.42), and what is in it cannot be seen.
 */
import { read16le, read32le, read64le } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, span, when } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { le16, le32, le64, leBits } from '../little-endian.ts'
import { enterSecurity } from '../security/gss-api.ts'
import { ntStatusNames } from './nt-status.ts'
import { smb2BodyFields } from './smb2-body-fields.ts'
import { noteMessage } from './smb2-state.ts'

export const SMB2 = protocolId('smb2')

/** Octets in the header. */
const HEADER_LENGTH = 64

// Octets from the first octet of the header.
const STRUCTURE_SIZE = 4
const CREDIT_CHARGE = 6
const STATUS = 8
const COMMAND = 12
const CREDITS = 14
const FLAGS = 16
const NEXT = 20
const MESSAGE_ID = 24
const PID = 32
const TID = 36
const ASYNC_ID = 32
const SESSION = 40
const SIGNATURE = 48

/** Session id of the header of what is encrypted (§2.2.41). */
const TRANSFORM_SESSION = 44
const TRANSFORM_LENGTH = 52

const RESPONSE = 0x1
const ASYNC = 0x2

const NEGOTIATE = 0
const SESSION_SETUP = 1

/** First octets: of a message, of an encrypted one. */
const PLAIN = 0xfe
const ENCRYPTED = 0xfd

const firstOctet = (packet: Packet, layer: number): number =>
  packet.layerAt[layer] < packet.layerEnd[layer] ? packet.bytes[packet.layerAt[layer]] : 0

function flagsOf(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  return at + FLAGS + 4 <= packet.layerEnd[layer] ? read32le(packet.bytes, at + FLAGS) : 0
}

const isPlain = (packet: Packet, layer: number): boolean => firstOctet(packet, layer) === PLAIN
const isEncrypted = (packet: Packet, layer: number): boolean => firstOctet(packet, layer) === ENCRYPTED
const isRequest = (packet: Packet, layer: number): boolean =>
  isPlain(packet, layer) && (flagsOf(packet, layer) & RESPONSE) === 0
const isResponse = (packet: Packet, layer: number): boolean =>
  isPlain(packet, layer) && (flagsOf(packet, layer) & RESPONSE) !== 0
const isAsync = (packet: Packet, layer: number): boolean =>
  isPlain(packet, layer) && (flagsOf(packet, layer) & ASYNC) !== 0
const isSync = (packet: Packet, layer: number): boolean =>
  isPlain(packet, layer) && (flagsOf(packet, layer) & ASYNC) === 0

const hex: FieldOptions = { base: 'hex' }

function flagBit(name: string, mask: number, description: string): Field {
  return leBits('boolean', name, FLAGS, 4, mask, description, isPlain)
}

/** Calls `each` with the dialects of a negotiation: those offered, or the one chosen. */
function eachDialect(packet: Packet, layer: number, each: (dialect: number) => boolean): boolean {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  const body = at + HEADER_LENGTH
  if (!isPlain(packet, layer) || body + 36 > end || read16le(bytes, at + COMMAND) !== NEGOTIATE) return false
  if (isResponse(packet, layer)) return read16le(bytes, body) === 65 && each(read16le(bytes, body + 4))
  const count = Math.min(read16le(bytes, body + 2), (end - body - 36) >> 1)
  for (let i = 0; i < count; i++) if (each(read16le(bytes, body + 36 + 2 * i))) return true
  return false
}

export const smb2: Protocol = {
  id: SMB2,
  name: 'smb2',
  title: 'SMB2 (Server Message Block Protocol version 2)',
  need: 'dissection',
  fields: [
    le16('smb2.header_len', STRUCTURE_SIZE, 'Header Length; 64', {}, isPlain),
    le16('smb2.credit.charge', CREDIT_CHARGE, 'Credit Charge', {}, isPlain),
    le16('smb2.channel_sequence', STATUS, 'Channel Sequence', {}, isRequest),
    le32('smb2.nt_status', STATUS, 'NT Status', { base: 'hex', values: ntStatusNames }, isResponse),
    le16(
      'smb2.cmd',
      COMMAND,
      'Command',
      {
        values: {
          0: 'Negotiate Protocol',
          1: 'Session Setup',
          2: 'Session Logoff',
          3: 'Tree Connect',
          4: 'Tree Disconnect',
          5: 'Create',
          6: 'Close',
          7: 'Flush',
          8: 'Read',
          9: 'Write',
          10: 'Lock',
          11: 'Ioctl',
          12: 'Cancel',
          13: 'KeepAlive',
          14: 'Find',
          15: 'Notify',
          16: 'GetInfo',
          17: 'SetInfo',
          18: 'Break',
        },
      },
      isPlain,
    ),
    le16('smb2.credits.requested', CREDITS, 'Credits requested', {}, isRequest),
    le16('smb2.credits.granted', CREDITS, 'Credits granted', {}, isResponse),
    le32('smb2.flags', FLAGS, 'Flags', hex, isPlain),
    flagBit('smb2.flags.response', RESPONSE, 'Response'),
    flagBit('smb2.flags.async', ASYNC, 'Async command; will be answered later'),
    flagBit('smb2.flags.chained', 0x4, 'Chained; concerns what the message before it does'),
    flagBit('smb2.flags.signature', 0x8, 'Signing'),
    flagBit('smb2.flags.priority_mask', 0x70, 'Priority'),
    flagBit('smb2.flags.dfs', 0x1000_0000, 'DFS operation'),
    flagBit('smb2.flags.replay', 0x2000_0000, 'Replay operation'),
    le32('smb2.chain_offset', NEXT, 'Chain Offset; from this header to the next one, 0 if there is none', hex, isPlain),
    le64('smb2.msg_id', MESSAGE_ID, 'Message ID; the same in the response', {}, isPlain),
    le64('smb2.aid', ASYNC_ID, 'Async Id; the same in the final response', hex, isAsync),
    le32('smb2.pid', PID, 'Process Id', hex, isSync),
    le32('smb2.tid', TID, 'Tree Id; the share', hex, isSync),
    computed(
      'uint64',
      'smb2.sesid',
      'Session Id',
      (packet, layer, visit) => {
        const offset = isPlain(packet, layer) ? SESSION : isEncrypted(packet, layer) ? TRANSFORM_SESSION : -1
        const at = packet.layerAt[layer] + offset
        return offset >= 0 && at + 8 <= packet.layerEnd[layer] && visit(read64le(packet.bytes, at), 0)
      },
      hex,
    ),
    when(isPlain, span('bytes', 'smb2.signature', SIGNATURE, 16, 'Signature')),
    computed(
      'uint16',
      'smb2.dialect',
      'Dialect; those offered, or the one chosen',
      (packet, layer, visit) => eachDialect(packet, layer, (dialect) => visit(dialect, 0)),
      {
        base: 'hex',
        values: {
          514: 'SMB 2.0.2',
          528: 'SMB 2.1',
          548: 'SMB 2.2.4',
          767: 'SMB2 wildcard',
          768: 'SMB 3.0',
          770: 'SMB 3.0.2',
          784: 'SMB 3.1.0',
          785: 'SMB 3.1.1',
        },
      },
    ),
    when(isEncrypted, span('bytes', 'smb2.header.transform.signature', 4, 16, 'Signature')),
    when(isEncrypted, span('bytes', 'smb2.header.transform.nonce', 20, 16, 'Nonce')),
    le32('smb2.header.transform.msg_size', 36, 'Message size; before it was encrypted', {}, isEncrypted),
    le16('smb2.header.transform.flags', 42, 'Flags', hex, isEncrypted),
    when(
      isEncrypted,
      computed('bytes', 'smb2.header.transform.enc_data', 'Data; encrypted', (packet, layer, visit) => {
        const at = packet.layerAt[layer] + TRANSFORM_LENGTH
        return at < packet.layerEnd[layer] && visit(at, packet.layerEnd[layer] - at)
      }),
    ),
    ...smb2BodyFields,
  ],

  /** Hot. */
  decode(packet, at) {
    const layer = packet.layerCount
    const isFirst = packet.layerProtocol[layer - 1] !== SMB2 && packet.payload !== nextAt
    packet.enter(SMB2, at)
    if (!isFirst) packet.layerRepeats[layer] = 1
    nextAt = -1
    const { bytes, end } = packet
    packet.payload = end
    if (at >= end) return packet.truncated(SMB2)
    if (bytes[at] !== PLAIN) {
      if (bytes[at] === ENCRYPTED && end - at < TRANSFORM_LENGTH) return packet.truncated(SMB2)
      return NONE
    }
    if (end - at < HEADER_LENGTH) return packet.truncated(SMB2)
    const next = read32le(bytes, at + NEXT)
    if (next >= HEADER_LENGTH && at + next < end) {
      packet.layerEnd[layer] = at + next
      packet.layerWireEnd[layer] = at + next
      noteMessage(packet, at, at + next)
      enterBlob(packet, at, at + next)
      packet.payload = at + next
      nextAt = packet.payload
      return SMB2
    }
    noteMessage(packet, at, end)
    enterBlob(packet, at, end)
    return NONE
  },
}

/** Where the next message of the one being decoded begins. */
let nextAt = -1

/** Hot: the layers of the security blob that sessions are set up with (§2.2.4 to §2.2.6). */
function enterBlob(packet: Packet, at: number, end: number): void {
  const { bytes } = packet
  const command = read16le(bytes, at + COMMAND)
  const body = at + HEADER_LENGTH
  if (command > SESSION_SETUP || body + 8 > end) return
  const isAnswer = (bytes[at + FLAGS] & RESPONSE) !== 0
  // The place of the blob's offset and length, in octets from the body.
  const place = command === NEGOTIATE ? (isAnswer ? 56 : -1) : isAnswer ? 4 : 12
  if (place < 0 || body + place + 4 > end) return
  const from = at + read16le(bytes, body + place)
  const to = from + read16le(bytes, body + place + 2)
  if (from >= body && to > from && to <= end) enterSecurity(packet, from, to)
}
