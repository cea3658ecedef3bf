/**
 * The conversations of a run: what decoders of application protocols keep for each stream, and announce for others.
 *
 * Bounded over all streams, as what one of them keeps is bounded: past the ceiling those idle longest are forgotten. A later packet
 * of such a stream begins anew, as one that was captured from the middle.
 */
import { read16 } from '../packet/bytes.ts'
import type { Conversation } from '../packet/conversation.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { idlest } from '../tables/idlest.ts'
import { receiverBelow, senderBelow } from './addresses-below.ts'

/** Announcements kept; the oldest are forgotten first. */
const MAX_EXPECTATIONS = 65_536

/**
 * What all conversations together may keep, in units of about a hundred octets: one for the conversation, more as decoders keep
 * something. 400 MB in all.
 */
export const MAX_KEPT = 4_000_000
/** Units of state that a decoder has just begun to keep. */
const STATE = 8
/** With each message it may grow by a unit; the tables of decoders have 4,096 entries at most. */
const MAX_STATE = 4096

class StreamConversation implements Conversation {
  protocol = NONE
  /** The packet for which it was asked for last, and the units that it is taken to keep. */
  lastPacket = 0
  units = 1
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

  get hasState(): boolean {
    return this.#state !== null
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
  readonly #maxKept: number
  #kept = 0
  /** Conversations forgotten to make room. */
  forgotten = 0

  constructor(maxKept = MAX_KEPT) {
    this.#maxKept = maxKept
  }

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
      this.#kept++
    }
    conversation.lastPacket = packet.number
    if (conversation.hasState && conversation.units < MAX_STATE) {
      const more = conversation.units === 1 ? STATE : 1
      conversation.units += more
      this.#kept += more
    }
    if (this.#kept > this.#maxKept) this.#makeRoom(packet.number)
    if (conversation.compared !== this.#announced) {
      conversation.compared = this.#announced
      if (conversation.protocol === NONE) conversation.protocol = this.#expectedBy(packet, layer)
    }
    return conversation
  }

  /** Forgets the conversation of the stream in `row`. */
  close(transport: number, row: number): void {
    const streams = this.#streams.get(transport)
    const conversation = streams?.[row]
    if (streams === undefined || conversation === undefined) return
    this.#kept -= conversation.units
    streams[row] = undefined
  }

  /** Forgets an eighth of the conversations of each transport at a time, so that it is seldom done; never that of the packet in hand. */
  #makeRoom(packetNumber: number): void {
    while (this.#kept > this.#maxKept) {
      let found = 0
      for (const [transport, streams] of this.#streams) {
        const idleFor = (row: number): number => {
          const conversation = streams[row]
          // 0: of the packet in hand.
          return conversation === undefined || conversation.lastPacket === packetNumber
            ? -1
            : packetNumber - conversation.lastPacket
        }
        for (const row of idlest(streams.length, idleFor)) {
          this.close(transport, row)
          found++
        }
      }
      this.forgotten += found
      if (found === 0) return
    }
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
