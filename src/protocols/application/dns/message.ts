/**
 * A DNS message, RFC 1035 §4.1: header, questions, and three sections of resource records. Dynamic update gives the
 * sections other names (RFC 2136 §2).
 *
 *    0              2             4  octets
 *  0 |  identifier  |    flags    |
 *  4 |  questions   |   answers   |
 *  8 | authorities  | additionals |
 * 12 | questions: name, type, class ...
 *    | records: name, type, class, time to live (4), length of data (2), data ...
 */
import { read16 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { TCP } from '../../tcp.ts'
import { newPass, skipName } from './name.ts'
import { dataFits } from './shapes.ts'

export const HEADER_LENGTH = 12
/** Over TCP two octets with the message's length come first (RFC 1035 §4.2.2). */
export const PREFIX_LENGTH = 2

// Octets from the message's first octet.
export const IDENTIFIER = 0
export const FLAGS = 2
export const QUESTIONS = 4
export const ANSWERS = 6
export const AUTHORITIES = 8
export const ADDITIONALS = 10

// Octets from what follows the name of a question or record.
export const TYPE = 0
export const CLASS = 2
const QUESTION_LENGTH = 4
export const TIME_TO_LIVE = 4
export const DATA_LENGTH = 8
export const DATA = 10

export const RESPONSE = 0x8000
export const OPCODE_MASK = 0x7800
export const UPDATE = 5 << 11
/** DNS stateful operations (RFC 8490): what follows the header is of another form. */
const STATEFUL = 6 << 11

/**
 * Called with where the name of a question or record begins, where what follows it does, and the number of this pass over the names of
 * the message; stops where it returns true.
 */
export type Visitor = (name: number, fixed: number, pass: number) => boolean

/** `scan`: the message is malformed, or cut; a visitor stopped it. */
const BROKEN = -1
const STOPPED = -2

/** Hot: where the message of a layer begins. */
export function messageAt(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  return isOverTcp(packet, layer) ? at + PREFIX_LENGTH : at
}

/** Hot: several messages of a segment follow each other as layers. */
export function isOverTcp(packet: Packet, layer: number): boolean {
  const protocol = packet.layerProtocol[layer]
  let below = layer - 1
  while (below >= 0 && packet.layerProtocol[below] === protocol) below--
  return below >= 0 && packet.layerProtocol[below] === TCP
}

/** Hot: one past the last record of the message from `message` to `end`; negative if it is malformed or cut. */
export function endOfMessage(bytes: Uint8Array, message: number, end: number): number {
  return scan(bytes, message, end, null, null)
}

export function eachQuestion(packet: Packet, layer: number, visit: Visitor): boolean {
  return scan(packet.bytes, messageAt(packet, layer), packet.layerEnd[layer], visit, null) === STOPPED
}

/** Records of all sections, in order; those before the place where the message turns out to be malformed. */
export function eachRecord(packet: Packet, layer: number, visit: Visitor): boolean {
  return scan(packet.bytes, messageAt(packet, layer), packet.layerEnd[layer], null, visit) === STOPPED
}

/** Hot if there are no visitors. */
function scan(
  bytes: Uint8Array,
  message: number,
  end: number,
  onQuestion: Visitor | null,
  onRecord: Visitor | null,
): number {
  if (message + HEADER_LENGTH > end) return BROKEN
  let at = message + HEADER_LENGTH
  const pass = newPass()
  const questions = read16(bytes, message + QUESTIONS)
  for (let i = 0; i < questions; i++) {
    const fixed = skipName(pass, bytes, message, at, end)
    if (fixed < 0 || fixed + QUESTION_LENGTH > end) return BROKEN
    if (onQuestion?.(at, fixed, pass)) return STOPPED
    at = fixed + QUESTION_LENGTH
  }
  const records =
    read16(bytes, message + ANSWERS) + read16(bytes, message + AUTHORITIES) + read16(bytes, message + ADDITIONALS)
  if (questions + records === 0 && (read16(bytes, message + FLAGS) & OPCODE_MASK) === STATEFUL) return end
  for (let i = 0; i < records; i++) {
    const fixed = skipName(pass, bytes, message, at, end)
    if (fixed < 0 || fixed + DATA > end) return BROKEN
    const length = read16(bytes, fixed + DATA_LENGTH)
    // Wireshark shows nothing of a record that says it is longer than the message.
    if (fixed + DATA + length > end) return BROKEN
    if (onRecord?.(at, fixed, pass)) return STOPPED
    if (!dataFits(pass, bytes, message, read16(bytes, fixed + TYPE), fixed + DATA, length, end)) return BROKEN
    at = fixed + DATA + length
  }
  return at
}
