/**
 * Which answer belongs to which question, as Wireshark tells it: by identifier, within one stream. A question that is
 * asked again within five seconds and without an answer is a retransmission, and so is a second answer.
 */
import type { Conversation } from '../../../packet/conversation.ts'
import { MAX_LAYERS, type Packet } from '../../../packet/packet.ts'
import { computed, type Field } from '../../field.ts'

interface Transaction {
  request: number
  seconds: number
  nanoseconds: number
  /** Number of the packet with the answer; 0 while there is none. */
  reply: number
  /** A zone transfer has many answers. */
  hasMany: boolean
}

/** Transactions kept for a stream; the oldest are forgotten first. */
const MAX_TRANSACTIONS = 4096
/** Wireshark's preference `dns.retransmission_timer`, in seconds. */
const RETRANSMISSION_SECONDS = 5

// What is known of each layer: what it is, the packet that it refers to, and the time since.
const NOTHING = 0
const ANSWER = 1
const REPEATED_QUESTION = 2
const REPEATED_ANSWER = 3
const UNSOLICITED = 4
const kinds = new Uint8Array(MAX_LAYERS)
const others = new Float64Array(MAX_LAYERS)
const seconds = new Float64Array(MAX_LAYERS)
const nanoseconds = new Float64Array(MAX_LAYERS)

/** Nothing is known of the message of a layer. */
export function forgetTransaction(layer: number): void {
  kinds[layer] = NOTHING
}

/** The message of a layer answers no question that was seen. */
export function noteUnsolicited(layer: number): void {
  kinds[layer] = UNSOLICITED
}

/** Notes a message with identifier `id`; `protocol` keeps the state. */
export function noteTransaction(
  packet: Packet,
  layer: number,
  conversation: Conversation,
  protocol: number,
  id: number,
  isResponse: boolean,
  isTransfer: boolean,
): void {
  let known = conversation.state.get(protocol) as Map<number, Transaction> | undefined
  if (known === undefined) {
    known = new Map()
    conversation.state.set(protocol, known)
  }
  const transaction = known.get(id)
  if (isResponse) kinds[layer] = noteResponse(packet, layer, transaction)
  else if (transaction === undefined || transaction.reply > 0 || !isSoonAfter(packet, transaction)) {
    kinds[layer] = NOTHING
    known.delete(id)
    known.set(id, {
      request: packet.number,
      seconds: packet.seconds,
      nanoseconds: packet.nanoseconds,
      reply: 0,
      hasMany: isTransfer,
    })
    if (known.size > MAX_TRANSACTIONS) known.delete(known.keys().next().value as number)
    return
  } else {
    kinds[layer] = REPEATED_QUESTION
    others[layer] = transaction.request
  }
  if (transaction !== undefined) transaction.hasMany = isTransfer
}

function noteResponse(packet: Packet, layer: number, transaction: Transaction | undefined): number {
  if (transaction === undefined) return UNSOLICITED
  if (transaction.reply !== 0 && !transaction.hasMany) {
    others[layer] = transaction.reply
    return REPEATED_ANSWER
  }
  if (transaction.reply === 0) transaction.reply = packet.number
  others[layer] = transaction.request
  let whole = packet.seconds - transaction.seconds
  let rest = packet.nanoseconds - transaction.nanoseconds
  if (rest < 0 && whole > 0) {
    rest += 1e9
    whole--
  } else if (rest > 0 && whole < 0) {
    rest -= 1e9
    whole++
  }
  seconds[layer] = whole
  nanoseconds[layer] = rest
  return ANSWER
}

function isSoonAfter(packet: Packet, { seconds, nanoseconds }: Transaction): boolean {
  return packet.seconds - seconds + (packet.nanoseconds - nanoseconds) / 1e9 < RETRANSMISSION_SECONDS
}

function frame(name: string, kind: number, description: string): Field {
  return computed(
    'framenum',
    name,
    description,
    (_packet, layer, visit) => kinds[layer] === kind && visit(others[layer], 0),
  )
}

export const transactionFields: readonly Field[] = [
  frame('dns.response_to', ANSWER, 'Request In; number of the packet with the question'),
  computed('relative_time', 'dns.time', 'Time; since the question', (_packet, layer, visit) =>
    kinds[layer] === ANSWER ? visit(seconds[layer], nanoseconds[layer]) : false,
  ),
  computed(
    'boolean',
    'dns.retransmission',
    'Retransmission; a question or an answer that was seen before',
    (_packet, layer, visit) => (kinds[layer] === REPEATED_QUESTION || kinds[layer] === REPEATED_ANSWER) && visit(1, 0),
  ),
  frame('dns.retransmit_request_in', REPEATED_QUESTION, 'Retransmitted request. Original request in; that packet'),
  frame('dns.retransmit_response_in', REPEATED_ANSWER, 'Retransmitted response. Original response in; that packet'),
  computed(
    'boolean',
    'dns.unsolicited',
    'Unsolicited; no question was seen',
    (_packet, layer, visit) => kinds[layer] === UNSOLICITED && visit(1, 0),
  ),
]
