/** Decoding of a DNS message, for all protocols that speak DNS. */
import { read16 } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { endOfMessage, FLAGS, HEADER_LENGTH, IDENTIFIER, messageAt, QUESTIONS, RESPONSE, TYPE } from './message.ts'
import { newPass, skipName } from './name.ts'
import { AXFR, IXFR } from './shapes.ts'
import { forgetTransaction, noteTransaction, noteUnsolicited } from './transactions.ts'

/** Hot: the message at `at` becomes a layer of `protocol`. `states` is the protocol that keeps transactions. */
export function decodeDns(packet: Packet, at: number, protocol: number, states: number): number {
  packet.enter(protocol, at)
  const { bytes, end } = packet
  const layer = packet.layerCount - 1
  const message = messageAt(packet, layer)
  forgetTransaction(layer)
  packet.payload = end
  if (message + HEADER_LENGTH > end) return packet.truncated(protocol)
  const { conversation } = packet
  const isWhole = endOfMessage(bytes, message, end) >= 0
  const isResponse = (read16(bytes, message + FLAGS) & RESPONSE) !== 0
  if (layer >= packet.quotedFrom) {
    if (isResponse) noteUnsolicited(layer)
  } else if (conversation !== null) {
    const id = read16(bytes, message + IDENTIFIER)
    noteTransaction(packet, layer, conversation, states, id, isResponse, asksForTransfer(bytes, message, end))
  }
  if (isWhole) return NONE
  forgetTransaction(layer)
  return packet.truncated(protocol)
}

/** Hot: whether some question is for a zone transfer, which many messages answer. */
function asksForTransfer(bytes: Uint8Array, message: number, end: number): boolean {
  const questions = read16(bytes, message + QUESTIONS)
  const pass = newPass()
  let at = message + HEADER_LENGTH
  for (let i = 0; i < questions; i++) {
    const fixed = skipName(pass, bytes, message, at, end)
    if (fixed < 0 || fixed + 4 > end) return false
    const type = read16(bytes, fixed + TYPE)
    if (type === AXFR || type === IXFR) return true
    at = fixed + 4
  }
  return false
}

/** No query or response of any use has more; Wireshark's limits for payloads that no port tells. */
const MAX_ANSWERS = 100
const MAX_OTHERS = 10
const ANSWERS = 6
const AUTHORITIES = 8
const ADDITIONALS = 10
const OPCODE = 0x7800

/** Hot: whether a UDP payload is likely DNS: a standard query, with numbers of records that make sense. */
export function looksLikeDns(packet: Packet, at: number): boolean {
  if (packet.wireEnd - at <= HEADER_LENGTH || packet.end - at < HEADER_LENGTH) return false
  const { bytes } = packet
  const flags = read16(bytes, at + FLAGS)
  if ((flags & OPCODE) !== 0) return false
  const questions = read16(bytes, at + QUESTIONS)
  const answers = read16(bytes, at + ANSWERS)
  const authorities = read16(bytes, at + AUTHORITIES)
  const isFew =
    (flags & RESPONSE) === 0
      ? questions === 1 && answers === 0 && authorities === 0
      : questions <= 1 && answers <= MAX_ANSWERS && authorities <= MAX_OTHERS
  return isFew && read16(bytes, at + ADDITIONALS) <= MAX_OTHERS
}
