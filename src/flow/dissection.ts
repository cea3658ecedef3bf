/**
 * Decodes what TCP and UDP carry, as Wireshark does by default: segments are put together where a decoder asks for it,
 * and the decoder is found by conversation, server port, lower port, higher port, or the look of the payload.
 *
 * Runs after the streams are numbered and TCP is analysed, on packets whose payload nothing has decoded yet, and only when
 * something asks for it (the need `dissection`).
 */
import { read16, read32 } from '../packet/bytes.ts'
import type { Conversation } from '../packet/conversation.ts'
import { INCOMPLETE, MAX_LAYERS, NONE, ONE_MORE_SEGMENT, type Packet, REJECTED, UNTIL_FIN } from '../packet/packet.ts'
import { OUT_OF_ORDER, RETRANSMISSION, SPURIOUS_RETRANSMISSION } from '../packet/tcp-facts.ts'
import { applications } from '../protocols/application/index.ts'
import { DATA } from '../protocols/data.ts'
import { applicationByTcpPort, applicationByUdpPort } from '../protocols/handoff.ts'
import { decoders, protocolById } from '../protocols/index.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { ACK, FIN, headerLength, OFFSET_FLAGS, RST, SEQUENCE, SYN, segmentLength, TCP } from '../protocols/tcp.ts'
import { UDP, HEADER_LENGTH as UDP_HEADER_LENGTH } from '../protocols/udp.ts'
import { Conversations } from './conversations.ts'
import { SetAsideLayers } from './set-aside-layers.ts'
import type { StreamTracker } from './streams.ts'
import { UnfinishedMessage } from './unfinished-message.ts'

/** Segments that Wireshark hands to no decoder: copies, and what came too early. Of fast retransmissions the original may be lost. */
const NOT_DISSECTED = RETRANSMISSION | SPURIOUS_RETRANSMISSION | OUT_OF_ORDER
/** A message that begins this far before the end of its segment is not waited for, as in Wireshark. */
const MAX_SEGMENT_TAIL = 1_048_576
/** What "until the sender closes" counts as while it has not: beyond any stream position that follows. */
const ENDLESS = 0x0fff_fffe
/** Octets of unfinished messages kept, over all streams; past it the oldest are given up. */
const MAX_UNFINISHED = 64 * 1_048_576
/** A decoder may enter this many layers before the loop looks again. */
const LAYERS_PER_DECODER = 4

/** Protocols that recognise payloads that no port tells, in the order in which Wireshark asks: the last name first. */
const backwards = [...applications].sort((a, b) => (a.name < b.name ? 1 : -1))
const byLook = {
  tcp: backwards.filter((protocol) => protocol.looksLike?.tcp !== undefined),
  udp: backwards.filter((protocol) => protocol.looksLike?.udp !== undefined),
}

export class Dissection {
  readonly #conversations: Conversations
  readonly #others = new SetAsideLayers()
  /** By row of the stream and direction. */
  readonly #unfinished: (UnfinishedMessage | undefined)[] = []
  /** Those that hold octets, the oldest first. */
  readonly #held = new Map<UnfinishedMessage, number>()
  #octetsHeld = 0

  // Of the call of a decoder under way: where what it did not decode begins, in octets from the start of its payload; -1
  // if it decoded everything.
  #waitsFrom = -1

  readonly #maxUnfinished: number

  /** `streams` numbers the packets that are dissected. */
  constructor(streams: StreamTracker, maxUnfinished = MAX_UNFINISHED) {
    this.#conversations = new Conversations()
    this.#maxUnfinished = maxUnfinished
    streams.tcp.onClose((row) => {
      this.#conversations.close(TCP, row)
      for (const flow of [2 * row, 2 * row + 1]) {
        this.#drop(this.#unfinished[flow])
        this.#unfinished[flow] = undefined
      }
    })
    streams.udp.onClose((row) => this.#conversations.close(UDP, row))
  }

  /** Conversations forgotten to make room: what they said before their later messages is not known there. */
  get forgotten(): number {
    return this.#conversations.forgotten
  }

  /** Adds the layers of what TCP and UDP layers of the packet carry, where nothing has decoded it. */
  dissect(packet: Packet): void {
    for (let layer = packet.layerCount - 1; layer >= 0; layer--) {
      const protocol = packet.layerProtocol[layer]
      if (protocol !== TCP && protocol !== UDP) continue
      const hasData = layer + 1 < packet.layerCount && packet.layerProtocol[layer + 1] === DATA
      // What follows stands aside: a packet tells of several others (sFlow), and each of them may carry something.
      const others = packet.layerCount - layer - (hasData ? 2 : 1)
      if (others > 0) {
        if (!hasData || packet.quotedFrom > layer) continue
        this.#others.take(packet, layer + 2)
      }
      const { transport } = packet
      packet.transport = layer
      if (protocol === TCP) this.#dissectTcp(packet, layer, hasData)
      else if (hasData) this.#dissectUdp(packet, layer)
      packet.transport = transport
      if (others > 0) this.#others.giveBack(packet)
    }
    packet.conversation = null
    packet.canReassemble = false
  }

  #dissectUdp(packet: Packet, layer: number): void {
    packet.layerCount = layer + 1
    packet.canReassemble = false
    const at = packet.layerAt[layer] + UDP_HEADER_LENGTH
    const conversation = packet.layerStream[layer] < 0 ? null : this.#conversations.of(packet, layer)
    this.#dispatch(packet, layer, conversation, at, packet.layerEnd[layer], packet.layerWireEnd[layer])
  }

  #dissectTcp(packet: Packet, layer: number, hasData: boolean): void {
    const { bytes } = packet
    const header = packet.layerAt[layer]
    if (packet.layerStream[layer] < 0 || header + OFFSET_FLAGS + 2 > packet.layerEnd[layer]) return
    const flags = bytes[header + OFFSET_FLAGS + 1]
    const length = segmentLength(packet, layer)
    const isOpening = (flags & SYN) !== 0
    // An idle stream needs no conversation until it carries something.
    if (length === 0 && (flags & (SYN | FIN)) === 0) return
    const conversation = this.#conversations.of(packet, layer)
    if (isOpening) conversation.serverPort = read16(bytes, (flags & ACK) !== 0 ? header : header + 2)
    const isQuoted = layer >= packet.quotedFrom
    const flow = 2 * packet.layerRow[layer] + packet.layerDirection[layer]
    if ((flags & FIN) !== 0 && !isQuoted && this.#closes(packet, layer, flow, conversation)) return
    if (length === 0 || !hasData) return
    // What a reset carries is text that says why (RFC 9293 §3.5.3).
    packet.layerCount = layer + 1
    if ((flags & RST) !== 0) return
    const at = header + headerLength(packet, layer)
    const end = packet.layerEnd[layer]
    const wireEnd = packet.layerWireEnd[layer]
    packet.canReassemble = !isQuoted && end >= wireEnd
    if (packet.canReassemble)
      this.#desegment(
        packet,
        layer,
        flow,
        conversation,
        at,
        (read32(bytes, header + SEQUENCE) + (isOpening ? 1 : 0)) | 0,
      )
    else this.#dispatch(packet, layer, conversation, at, end, wireEnd)
  }

  /** Wireshark's `desegment_tcp`: `at` to the end of the layer is what the segment carries, `sequence` its first octet's number. */
  #desegment(
    packet: Packet,
    layer: number,
    flow: number,
    conversation: Conversation,
    at: number,
    sequence: number,
  ): void {
    const end = packet.layerEnd[layer]
    let position = at
    let next = sequence
    while (position < end && packet.layerCount < MAX_LAYERS - LAYERS_PER_DECODER) {
      const length = end - position
      const known = this.#unfinished[flow]
      const offset = known === undefined ? -1 : (next - known.sequence) | 0
      if (known === undefined || offset < 0 || offset >= known.length) {
        this.#dispatch(packet, layer, conversation, position, end, end)
        if (this.#waitsFrom < 0) return
        const tail = position + this.#waitsFrom
        this.#begin(packet, flow, tail, end, (next + this.#waitsFrom) | 0)
        return
      }
      // The first segment of a message, sent again.
      if (offset === 0 && length <= known.length && known.reached > 0) return
      // A copy of what is there already says nothing of how much the message still takes.
      if (offset + length <= known.reached) return
      const part = known.takesWholeSegment ? length : Math.min(length, known.length - offset)
      const isWhole = this.#add(known, packet, position, part, offset, offset + length >= known.length)
      if (known.takesWholeSegment) {
        known.takesWholeSegment = false
        known.length = Math.max(known.length, offset + length)
      }
      let follows = known.length < offset + length ? known.length - offset : 0
      if (isWhole) {
        const total = known.total
        this.#dispatchMessage(packet, layer, conversation, known)
        if (this.#waitsFrom < 0) this.#finish(known)
        else if (this.#waitsFrom <= total - part) {
          // It did not get to the octets of this segment: more is needed of the same message.
          known.reopen()
          known.length = this.#lengthWith(packet, offset + length, known)
          follows = 0
        } else {
          // The message ended within this segment; another has begun in it.
          const tail = position + part - (total - this.#waitsFrom)
          this.#finish(known)
          this.#begin(packet, flow, tail, end, (next + (tail - position)) | 0)
          return
        }
      }
      if (follows <= 0) return
      position += follows
      next = (next + follows) | 0
    }
  }

  /** The length of a message of which `reached` octets are there, after the decoder asked for more. */
  #lengthWith(packet: Packet, reached: number, message: UnfinishedMessage): number {
    message.takesWholeSegment = packet.missing === ONE_MORE_SEGMENT
    if (packet.missing === ONE_MORE_SEGMENT) return reached + 1
    return packet.missing === UNTIL_FIN ? ENDLESS : Math.min(ENDLESS, reached + packet.missing)
  }

  /** A message begins at `at`, in a segment that ends before it does. */
  #begin(packet: Packet, flow: number, at: number, end: number, sequence: number): void {
    if (end - at > MAX_SEGMENT_TAIL) return
    this.#drop(this.#unfinished[flow])
    const message = new UnfinishedMessage(sequence, 0)
    message.length = this.#lengthWith(packet, end - at, message)
    this.#unfinished[flow] = message
    this.#add(message, packet, at, end - at, 0, false)
  }

  #add(
    message: UnfinishedMessage,
    packet: Packet,
    at: number,
    length: number,
    offset: number,
    isLast: boolean,
  ): boolean {
    const before = this.#held.get(message) ?? 0
    const isWhole = message.add(packet.bytes, at, length, offset, isLast)
    if (message.isDone) return false
    this.#held.set(message, message.size)
    this.#octetsHeld += message.size - before
    if (this.#octetsHeld > this.#maxUnfinished) this.#giveUpOldest(message)
    return isWhole
  }

  #giveUpOldest(except: UnfinishedMessage): void {
    for (const message of this.#held.keys()) {
      if (this.#octetsHeld <= this.#maxUnfinished) return
      if (message !== except) this.#finish(message)
    }
  }

  #finish(message: UnfinishedMessage): void {
    this.#drop(message)
    message.finish()
  }

  #drop(message: UnfinishedMessage | undefined): void {
    if (message === undefined) return
    this.#octetsHeld -= this.#held.get(message) ?? 0
    this.#held.delete(message)
  }

  /** A FIN: ends a message that lasts until then. Returns whether there was one. */
  #closes(packet: Packet, layer: number, flow: number, conversation: Conversation): boolean {
    const message = this.#unfinished[flow]
    if (message === undefined || message.isDone || message.length !== ENDLESS) return false
    const { bytes } = packet
    const header = packet.layerAt[layer]
    const at = header + headerLength(packet, layer)
    const offset = (read32(bytes, header + SEQUENCE) - message.sequence) | 0
    if (offset < 0 || offset > ENDLESS) return false
    const isWhole = this.#add(message, packet, at, Math.max(0, packet.layerEnd[layer] - at), offset, true)
    packet.layerCount = layer + 1
    if (!isWhole) return true
    packet.canReassemble = false
    this.#dispatchMessage(packet, layer, conversation, message)
    this.#finish(message)
    return true
  }

  /** Hands a message put together from several segments to its decoder, in the scratch area. */
  #dispatchMessage(packet: Packet, layer: number, conversation: Conversation, message: UnfinishedMessage): void {
    const at = packet.scratchFree
    const length = message.write(packet.bytes, at)
    packet.scratchFree = at + length
    const { canReassemble } = packet
    // Of a message that does not fit the rest will never be seen: waiting for it would be in vain.
    if (length < message.total) packet.canReassemble = false
    this.#dispatch(packet, layer, conversation, at, at + length, at + message.total)
    packet.canReassemble = canReassemble
  }

  /** Wireshark's `decode_tcp_ports` and `decode_udp_ports`. Sets `#waitsFrom`. */
  #dispatch(
    packet: Packet,
    layer: number,
    conversation: Conversation | null,
    at: number,
    end: number,
    wireEnd: number,
  ): void {
    this.#waitsFrom = -1
    const isTcp = packet.layerProtocol[layer] === TCP
    if (isTcp && layer < packet.quotedFrom) {
      const facts = packet.tcpFacts[layer]
      if (facts !== undefined && (facts.flags & NOT_DISSECTED) !== 0) return
    }
    if (at >= end) return
    packet.conversation = conversation
    if (conversation !== null && conversation.protocol !== NONE) {
      packet.matchPort = 0
      if (this.#call(packet, conversation.protocol, at, end, wireEnd)) return
    }
    const table = isTcp ? applicationByTcpPort : applicationByUdpPort
    const source = read16(packet.bytes, packet.layerAt[layer])
    const destination = read16(packet.bytes, packet.layerAt[layer] + 2)
    const server = isTcp && conversation !== null ? conversation.serverPort : 0
    if (server !== 0 && this.#callPort(packet, table, server, at, end, wireEnd)) return
    if (this.#callPort(packet, table, Math.min(source, destination), at, end, wireEnd)) return
    if (this.#callPort(packet, table, Math.max(source, destination), at, end, wireEnd)) return
    packet.matchPort = 0
    const candidates = isTcp ? byLook.tcp : byLook.udp
    for (let i = 0; i < candidates.length; i++) {
      packet.end = end
      packet.wireEnd = wireEnd
      if (candidates[i].looksLike?.[isTcp ? 'tcp' : 'udp']?.(packet, at) !== true) continue
      if (this.#call(packet, candidates[i].id, at, end, wireEnd)) return
    }
    packet.end = end
    packet.wireEnd = wireEnd
    decoders[DATA](packet, at)
  }

  #callPort(packet: Packet, table: Uint16Array, port: number, at: number, end: number, wireEnd: number): boolean {
    packet.matchPort = port
    return table[port] !== NONE && this.#call(packet, table[port], at, end, wireEnd)
  }

  /** Has `id` decode the payload, message by message. Returns false if it is not that protocol's. */
  #call(packet: Packet, id: number, at: number, end: number, wireEnd: number): boolean {
    const protocol = protocolById[id] as Protocol
    const first = packet.layerCount
    // What comes before in the packet may be a message of the same segment, so the layer before does not tell.
    const messages = packet.layerProtocol[packet.transport] === TCP ? protocol.messages : undefined
    let position = at
    while (position < end && packet.layerCount <= MAX_LAYERS - LAYERS_PER_DECODER) {
      packet.payload = position
      packet.end = end
      packet.wireEnd = wireEnd
      if (messages !== undefined) {
        const length = this.#messageLength(packet, messages, position)
        if (length === INCOMPLETE) {
          this.#waitsFrom = position - at
          return true
        }
        if (length < messages.headerLength) {
          packet.malformed(id)
          return true
        }
        packet.wireEnd = Math.min(wireEnd, position + length)
        packet.end = Math.min(end, packet.wireEnd)
      }
      packet.messageEnd = packet.wireEnd
      const layer = packet.layerCount
      let next = decoders[id](packet, position)
      if (next === REJECTED) return position > at
      if (next === INCOMPLETE) {
        this.#waitsFrom = position - at
        return true
      }
      const { messageEnd } = packet
      if (layer > first && packet.layerCount > layer) packet.layerRepeats[layer] = 1
      while (next !== NONE && packet.layerCount <= MAX_LAYERS - LAYERS_PER_DECODER) {
        const inner = next
        const start = packet.payload
        const innerEnd = packet.end
        const innerWireEnd = packet.wireEnd
        packet.messageEnd = innerWireEnd
        next = decoders[inner](packet, start)
        if (next === REJECTED) next = packet.payload < packet.end ? DATA : NONE
        else if (next === INCOMPLETE) {
          // What is carried within asks for more: all from there on is handed over again.
          if (messages === undefined) this.#waitsFrom = (start > packet.layerAt[layer] ? start : position) - at
          return true
        } else if (
          next === NONE &&
          messages === undefined &&
          packet.messageEnd > start &&
          packet.messageEnd < innerWireEnd
        ) {
          // The same, message by message.
          packet.payload = packet.messageEnd
          packet.end = innerEnd
          packet.wireEnd = innerWireEnd
          next = inner
        }
      }
      if (messageEnd <= position) break
      position = messageEnd
      if (position >= end && position < wireEnd) {
        // Of the next message nothing was captured: as in Wireshark it is no layer, but the packet is cut.
        packet.end = end
        packet.wireEnd = wireEnd
        packet.truncated(id)
      }
    }
    return true
  }

  /** The length of the message at `at` as its header says, or `INCOMPLETE` if it is not all there and can be waited for. */
  #messageLength(packet: Packet, { headerLength, length }: NonNullable<Protocol['messages']>, at: number): number {
    const captured = packet.end - at
    if (captured < headerLength) return packet.canReassemble ? packet.incomplete(ONE_MORE_SEGMENT) : packet.wireEnd - at
    const whole = length(packet.bytes, at, packet)
    if (whole < headerLength) return 0
    const there = packet.wireEnd - at
    return packet.canReassemble && there < whole ? packet.incomplete(whole - there) : whole
  }
}
