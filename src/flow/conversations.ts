/** The conversations of a run: what decoders of application protocols keep for each stream, and announce for others. */
import { read16 } from '../packet/bytes.ts'
import type { Conversation } from '../packet/conversation.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { receiverBelow, senderBelow } from './addresses-below.ts'

/** Announcements kept; the oldest are forgotten first. */
const MAX_EXPECTATIONS = 65_536

class StreamConversation implements Conversation {
  protocol = NONE
  serverPort = 0
  /** How many announcements there were when the stream was last compared with them. */
  compared = 0
  #state: Map<number, unknown> | null = null
  readonly #all: Conversations

  constructor(all: Conversations) {
    this.#all = all
  }

  get state(): Map<number, unknown> {
    this.#state ??= new Map()
    return this.#state
  }

  expect(transport: number, address: string, port: number, protocol: number): void {
    this.#all.expect(`${transport} ${address} ${port}`, protocol)
  }
}

export class Conversations {
  /** By transport protocol, then by the row of the stream. */
  readonly #streams = new Map<number, (StreamConversation | undefined)[]>()
  readonly #expected = new Map<string, number>()
  #announced = 0

  /** The conversation of the transport layer `layer`, which must have a stream; made if it is new. */
  of(packet: Packet, layer: number): Conversation {
    const transport = packet.layerProtocol[layer]
    let streams = this.#streams.get(transport)
    if (streams === undefined) {
      streams = []
      this.#streams.set(transport, streams)
    }
    const row = packet.layerRow[layer]
    let conversation = streams[row]
    if (conversation === undefined) {
      conversation = new StreamConversation(this)
      streams[row] = conversation
    }
    if (conversation.compared !== this.#announced) {
      conversation.compared = this.#announced
      if (conversation.protocol === NONE) conversation.protocol = this.#expectedBy(packet, layer)
    }
    return conversation
  }

  /** Forgets the conversation of the stream in `row`. */
  close(transport: number, row: number): void {
    const streams = this.#streams.get(transport)
    if (streams?.[row] !== undefined) streams[row] = undefined
  }

  expect(key: string, protocol: number): void {
    this.#announced++
    this.#expected.delete(key)
    this.#expected.set(key, protocol)
    if (this.#expected.size > MAX_EXPECTATIONS) this.#expected.delete(this.#expected.keys().next().value as string)
  }

  #expectedBy(packet: Packet, layer: number): number {
    const transport = packet.layerProtocol[layer]
    const source = senderBelow(packet, layer)
    if (source === null) return NONE
    const destination = receiverBelow(packet, layer)
    const { bytes } = packet
    const ports = packet.layerAt[layer]
    return (
      this.#expected.get(`${transport} ${source} ${read16(bytes, ports)}`) ??
      this.#expected.get(`${transport} ${destination} ${read16(bytes, ports + 2)}`) ??
      NONE
    )
  }
}
